from __future__ import annotations

from datetime import date

import pytest

from analyzers.checks.docker.outdated_base_image import check
from analyzers.model.facts import ImageManifest, Unknown
from analyzers.model.finding import Fix, Severity
from analyzers.model.question import Question
from tests.support.images import TODAY, evidence, findings, notes

SHA = "sha256:" + "a" * 64
PYTHON = "3.11-slim-bookworm 3.14-slim-bookworm 3.14-slim-trixie 3.15-rc-slim-bookworm 3.11.4 3.11.9 3.14.1 3.14 3.11"


def test_a_newer_line_is_proposed_with_suffix_and_precision() -> None:
    (found,) = findings(check, evidence("FROM python:3.11-slim-trixie\n", tags={"python": PYTHON}))
    assert found.title == "python:3.11-slim-trixie is behind 3.14-slim-trixie"
    assert found.message == (
        "FROM python:3.11-slim-trixie is behind 3.14-slim-trixie, the newest tag that keeps -slim-trixie. "
        "Move to python:3.14-slim-trixie."
    )
    assert found.fix == Fix(available=True, to="3.14-slim-trixie", safe=False)
    assert (found.minutes, found.exposure, found.severity) == (30, 1.0, Severity.LOW)


def test_where_what_it_rests_on_has_ended_the_newest_on_a_supported_one_is_proposed() -> None:
    (found,) = findings(check, evidence("FROM python:3.11-slim-bookworm\n", tags={"python": PYTHON}))
    assert found.message.startswith(
        "FROM python:3.11-slim-bookworm is behind 3.14-slim-trixie, the newest tag on what is still supported."
    )
    assert found.fix.to == "3.14-slim-trixie"


def test_a_newer_line_on_what_has_ended_is_better_than_none() -> None:
    tags = {"python": "3.11-slim-bookworm 3.14-slim-bookworm"}
    (found,) = findings(check, evidence("FROM python:3.11-slim-bookworm\n", tags=tags))
    assert found.fix.to == "3.14-slim-bookworm"


@pytest.mark.parametrize(
    ("base", "tags", "to", "minutes"),
    [
        ("python:3.11.4", PYTHON, "3.14.1", 30),
        ("python:3.14.0", PYTHON, "3.14.1", 10),
        ("python:3.14", PYTHON, None, 0),
        ("node:24", "24 25 26 27", "26", 30),
        ("node:22", "22 24", "24", 30),
        ("node:26", "26 27 28", None, 0),
        ("ubuntu:24.04", "24.04 25.10 26.04", "26.04", 30),
        ("ubuntu:noble", "noble questing resolute", "resolute", 30),
        ("debian:trixie-slim", "trixie-slim bookworm-slim", None, 0),
        ("golang:1.26", "1.26 1.27 1.28", "1.28", 30),
        ("rust:1.97", "1.97 1.98", "1.98", 30),
        ("rust:1.98", "1.97 1.98", None, 0),
        ("own/app:1.2.3", "1.2.3 1.2.4", "1.2.4", 10),
        ("own/app:1.2.3", "1.2.3 1.3.0", "1.3.0", 30),
        ("own/app:v1", "1 2 v2", "v2", 30),
        ("debian:trixie-20260101", "trixie-20260101 trixie-20260601", "trixie-20260601", 10),
    ],
)
def test_what_is_newer_depends_on_the_line(base: str, tags: str, to: str | None, minutes: int) -> None:
    name = base.partition(":")[0]
    full = f"docker.io/{name}" if "/" in name else name
    found = findings(check, evidence(f"FROM {base}\n", tags={full: tags}))
    assert [(one.fix.to, one.minutes) for one in found] == ([(to, minutes)] if to else [])


@pytest.mark.parametrize("base", ["node:18-alpine", "php:8.2", "golang:1.25"])
def test_a_line_that_ends_is_left_to_its_own_rule(base: str) -> None:
    name = base.partition(":")[0]
    tags = "18-alpine 26-alpine 8.2 8.4 1.25 1.27"
    assert findings(check, evidence(f"FROM {base}\n", tags={name: tags})) == []


def test_a_platform_that_the_new_tag_lacks_is_said() -> None:
    manifests = {"node:26": ImageManifest("x", SHA, ("linux/amd64",)), "node:24": ImageManifest("x", SHA, ("a/b",))}
    (found,) = findings(check, evidence("FROM node:24\n", tags={"node": "24 26"}, manifests=manifests))
    assert found.message.endswith("It is not offered for a/b.")


@pytest.mark.parametrize("reason", ["not-found", "refused", "rate-limited", "time-out", "offline"])
def test_an_unanswered_registry_is_named_once_with_its_reason(reason: str) -> None:
    question = Question("oci-tags", "docker.io/library/node")
    unknown = {question: Unknown(reason, "said so")}  # type: ignore[arg-type]  # one of the reasons above
    known = evidence("FROM node:24\nFROM node:26\n", unknown=unknown)
    assert findings(check, known) == []
    (note,) = notes(check, known)
    assert (note.source, note.reason, note.detail) == ("oci-tags", reason, "said so")
    assert note.subject
    assert note.subject.name == "docker.io/library/node"


def test_tags_of_today_say_nothing_of_a_past_day() -> None:
    known = evidence("FROM node:24\n", tags={"node": "24 26"}, as_of=date(2026, 1, 1), looked_up=TODAY)
    assert findings(check, known) == []
    assert [note.reason for note in notes(check, known)] == ["not-dated"]


@pytest.mark.parametrize(
    ("base", "reasons"),
    [
        ("own/app:stable", ["unsupported-version"]),
        ("own/app:1234567", ["unsupported-version"]),
        (f"own/app@{SHA}", ["unsupported-version"]),
        ("own/app:bookworm", []),
        ("own/app", []),
        ("own/app:latest", []),
        ("own/app:$TAG", []),
        ("scratch", []),
    ],
)
def test_a_tag_that_says_nothing_is_unknown_and_not_fine(base: str, reasons: list[str]) -> None:
    known = evidence(f"FROM {base}\n", tags={"docker.io/own/app": "stable 1234567 bookworm"})
    assert findings(check, known) == []
    assert [note.reason for note in notes(check, known)] == reasons


@pytest.mark.parametrize(("offered", "safe"), [(("linux/amd64", "linux/arm64"), True), (("linux/amd64",), False)])
def test_a_newer_build_that_loses_a_platform_is_not_safe(offered: tuple[str, ...], *, safe: bool) -> None:
    manifests = {
        "python:3.11.4": ImageManifest("x", SHA, ("linux/amd64", "linux/arm64")),
        "python:3.11.9": ImageManifest("x", SHA, offered),
    }
    known = evidence("FROM python:3.11.4\n", tags={"python": "3.11.4 3.11.9"}, manifests=manifests)
    (found,) = findings(check, known)
    assert found.fix == Fix(available=True, to="3.11.9", safe=safe)
    assert found.message.endswith("It is not offered for linux/arm64.") is not safe
