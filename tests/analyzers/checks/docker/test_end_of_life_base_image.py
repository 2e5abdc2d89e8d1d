from __future__ import annotations

from datetime import date, timedelta

import pytest

from analyzers.checks.docker.end_of_life_base_image import check
from analyzers.config import Docker
from analyzers.model.facts import ImageManifest, Unknown
from analyzers.model.finding import Fix, Severity
from analyzers.model.question import Question
from analyzers.model.subject import SubjectKey
from tests.support.images import TODAY, evidence, findings, notes

SHA, NEW = "sha256:" + "a" * 64, "sha256:" + "b" * 64
NODE_TAGS = "18-alpine 20-alpine 22-alpine 24-alpine 25-alpine 26-alpine 24 24-alpine3.24"
PYTHON_TAGS = (
    "3.8-slim-buster 3.8-slim-bookworm 3.11-slim-bookworm 3.12-slim-bookworm 3.12-slim-trixie 3.14-slim-trixie"
)


@pytest.mark.parametrize(
    ("base", "ended"),
    [
        ("node:18-alpine", ["Node.js 18 ended on 2025-04-30"]),
        ("node:18.20.8-alpine3.19", ["Node.js 18 ended on 2025-04-30", "Alpine Linux 3.19 ended on 2025-11-01"]),
        (
            "python:3.8-slim-buster",
            ["Python 3.8 ended on 2024-10-07", "Debian 10 (buster) ended on 2022-09-10"],
        ),
        ("python:2-slim", ["Python 2.7 ended on 2020-01-01"]),
        ("python:3-slim", []),
        ("python:3.15-rc-buster", ["Debian 10 (buster) ended on 2022-09-10"]),
        ("golang:1.25-alpine3.24", ["Go 1.25 ended on 2026-08-19"]),
        ("golang:1.26-alpine3.24", []),
        # Rust supports its newest few weeks' release alone: an old one is outdated, and that is all.
        ("rust:1.97", []),
        ("rust:1.97-slim-buster", ["Debian 10 (buster) ended on 2022-09-10"]),
        ("debian:bullseye-slim", ["Debian 11 (bullseye) ended on 2024-08-14"]),
        ("debian:bullseye-20240101-slim", ["Debian 11 (bullseye) ended on 2024-08-14"]),
        ("debian:11.7", ["Debian 11 ended on 2024-08-14"]),
        ("debian:trixie", []),
        ("ubuntu:focal", ["Ubuntu 20.04 (focal) ended on 2025-05-31"]),
        ("ubuntu:20.04", ["Ubuntu 20.04 ended on 2025-05-31"]),
        ("public.ecr.aws/docker/library/node:18", ["Node.js 18 ended on 2025-04-30"]),
        ("own/app:1-buster", ["Debian 10 (buster) ended on 2022-09-10"]),
        ("nvidia/cuda:12.2.0-devel-ubuntu20.04", ["Ubuntu 20.04 ended on 2025-05-31"]),
        ("bitnami/redis:7.2.0-debian-11-r5", ["Debian 11 ended on 2024-08-14"]),
        ("node:bookworm", ["Debian 12 (bookworm) ended on 2026-07-11"]),
        ("node:lts-alpine", []),
        ("node", []),
        (f"node@{SHA}", []),
    ],
)
def test_each_ended_layer_is_named_with_its_date(base: str, ended: list[str]) -> None:
    assert [found.title for found in findings(check, evidence(f"FROM {base}\n"))] == ended


def test_the_message_says_what_since_when_and_where_to_go() -> None:
    known = evidence("FROM node:18-alpine\n", tags={"node": NODE_TAGS})
    (found,) = findings(check, known)
    assert found.message == (
        "FROM node:18-alpine rests on Node.js 18, which ended on 2025-04-30 (571 days ago). "
        "It gets no more security fixes. Move to node:24-alpine."
    )
    assert found.fix == Fix(available=True, to="24-alpine", safe=False)
    assert (found.line, found.column, found.minutes, found.exposure) == (1, 11, 120, 4.0)
    assert found.key == SubjectKey("docker", "docker.io/library/node")
    assert found.identity == "docker.io/library/node:18-alpine|nodejs|18"
    assert (found.subject.current, found.subject.latest) == ("18-alpine", "24-alpine")
    assert found.details == {"product": "nodejs", "cycle": "18", "end_of_life": "2025-04-30", "days_past": 571}


BOTH = "3.8-slim-buster 3.8-slim-trixie 3.12-slim-buster 3.12-slim-trixie 3.14-slim-trixie"


def test_of_two_ended_layers_each_is_dated_and_the_tags_that_leave_one_or_both_are_named() -> None:
    python, debian = findings(check, evidence("FROM python:3.8-slim-buster\n", tags={"python": BOTH}))
    assert python.message == (
        "FROM python:3.8-slim-buster rests on Python 3.8, which ended on 2024-10-07 (776 days ago). It gets no more "
        "security fixes. Debian 10 (buster) in it ended on 2022-09-10. Move to python:3.12-slim-trixie, which leaves "
        "both behind (3.12-slim-buster Python 3.8 alone, 3.8-slim-trixie Debian 10 (buster) alone)."
    )
    assert "Python 3.8 in it ended on 2024-10-07." in debian.message
    figures = {
        "leaves_all": "3.12-slim-trixie",
        "end_of_python": "2024-10-07",
        "leaves_python": "3.12-slim-buster",
        "end_of_debian": "2022-09-10",
        "leaves_debian": "3.8-slim-trixie",
    }
    assert figures.items() <= python.details.items()
    assert figures.items() <= debian.details.items()
    assert {python.fix.to, debian.fix.to} == {"3.12-slim-trixie"}


@pytest.mark.parametrize(
    ("tags", "python", "debian"),
    [
        ("3.8-slim-buster 3.8-slim-trixie", None, "3.8-slim-trixie"),
        ("3.8-slim-buster 3.12-slim-buster", "3.12-slim-buster", None),
        ("3.8-slim-buster", None, None),
        # One place, one edit.
        ("3.8-slim-buster 3.8-slim-trixie 3.12-slim-buster", "3.12-slim-buster", None),
    ],
)
def test_where_no_tag_leaves_both_behind_one_is_left(tags: str, python: str | None, debian: str | None) -> None:
    found = findings(check, evidence("FROM python:3.8-slim-buster\n", tags={"python": tags}))
    assert [one.fix.to for one in found] == [python, debian]
    assert all(one.details["leaves_all"] is None for one in found)


def test_a_layer_that_ends_soon_is_left_with_the_one_that_has_ended() -> None:
    tags = "8.2-fpm-alpine3.19 8.4-fpm-alpine3.19 8.4-fpm-alpine3.24 8.2-fpm-alpine3.24"
    (found,) = findings(check, evidence("FROM php:8.2-fpm-alpine3.19\n", tags={"php": tags}))
    assert "PHP 8.2 in it ends on 2026-12-31. Move to php:8.4-fpm-alpine3.24, which leaves both behind" in found.message


def test_the_name_of_an_image_may_say_what_has_ended() -> None:
    (found,) = findings(check, evidence("FROM gcr.io/distroless/base-debian10\n"))
    assert found.title == "Debian 10 ended on 2022-09-10"
    assert found.message.endswith("Move to Debian 13 (supported until 2028-08-09).")
    assert found.fix == Fix()


def test_a_code_name_of_a_runtime_leads_to_another() -> None:
    (found,) = findings(
        check, evidence("FROM node:hydrogen-alpine\n", tags={"node": "hydrogen-alpine krypton-alpine 24-alpine"})
    )
    assert found.title == "Node.js 18 (hydrogen) ended on 2025-04-30"
    assert found.fix.to == "krypton-alpine"


def test_without_tags_the_way_out_is_told_in_words() -> None:
    (found,) = findings(check, evidence("FROM node:18-alpine\n"))
    assert found.message.endswith("Move to Node.js 24 (supported until 2028-04-30).")
    assert found.fix == Fix()


@pytest.mark.parametrize(
    ("text", "name", "tags", "to", "line"),
    [
        ("FROM python:3.8-slim-buster", "python", PYTHON_TAGS, "3.12-slim-trixie", 1),
        ("FROM python:3.11-slim-buster", "python", PYTHON_TAGS + " 3.11-slim-trixie", "3.11-slim-trixie", 1),
        ("FROM debian:bullseye-slim", "debian", "bullseye-slim trixie-slim bookworm-slim", "trixie-slim", 1),
        ("FROM debian:11-slim", "debian", "11-slim 12-slim 13-slim 14-slim", "13-slim", 1),
        ("FROM ubuntu:20.04", "ubuntu", "20.04 24.04 25.10 26.04", "24.04", 1),
        (
            "FROM golang:1.25-alpine3.19",
            "golang",
            "1.26-alpine3.19 1.26-alpine3.23 1.27-alpine3.24",
            "1.27-alpine3.24",
            1,
        ),
        ("FROM golang:1.25-alpine3.19", "golang", "1.26-alpine3.23", "1.26-alpine3.23", 1),
        ("FROM node:18.20-alpine", "node", "24.0-alpine 24.11-alpine 24.11.1-alpine 26.1-alpine", "24.11-alpine", 1),
        ("FROM node:18-alpine", "node", "22-alpine 26-alpine", "26-alpine", 1),
        ("FROM node:18-alpine", "node", "20-alpine 18-alpine", None, 1),
        ("FROM node:18-alpine", "node", "24 24-slim 24.1-alpine", None, 1),
        ("ARG V=18\nFROM node:${V}-alpine", "node", NODE_TAGS, "24", 1),
        ("ARG T=18-alpine\n\nFROM node:$T", "node", NODE_TAGS, "24-alpine", 1),
        ("FROM node:1\\\n8-alpine", "node", NODE_TAGS, None, 1),
    ],
)
def test_the_fix_keeps_variant_and_precision(text: str, name: str, tags: str, to: str | None, line: int) -> None:
    found = findings(check, evidence(text + "\n", tags={name: tags}))
    assert found
    assert {(one.fix.to, one.fix.available, one.line) for one in found} == {(to, to is not None, line)}


@pytest.mark.parametrize(
    ("offset", "titles"), [(-1, []), (0, []), (1, ["Node.js 18 ended on 2025-04-30"])], ids=["before", "on", "after"]
)
def test_the_last_supported_day_is_no_debt_and_the_next_one_is(offset: int, titles: list[str]) -> None:
    day = date(2025, 4, 30) + timedelta(days=offset)
    known = evidence("FROM node:18-alpine\n", as_of=day, looked_up=TODAY)
    assert [found.title for found in findings(check, known)] == titles


def test_what_ended_after_the_table_was_made_is_judged_by_the_clock() -> None:
    known = evidence("FROM php:8.2\n", as_of=date(2027, 1, 1), looked_up=date(2027, 1, 1), bundled=True)
    assert [found.title for found in findings(check, known)] == ["PHP 8.2 ended on 2026-12-31"]


@pytest.mark.parametrize(
    ("end", "exposure"), [("2026-11-21", 1.0), ("2026-08-23", 2.0), ("2025-11-23", 2.0), ("2025-11-22", 4.0)]
)
def test_the_longer_ago_the_heavier(end: str, exposure: float) -> None:
    day = TODAY + (date(2025, 4, 30) - date.fromisoformat(end))
    (found,) = findings(check, evidence("FROM node:18\n", as_of=day, looked_up=day))
    assert found.exposure == exposure


@pytest.mark.parametrize(
    ("base", "support", "severity"),
    [
        ("debian:bookworm", "regular", Severity.MEDIUM),
        ("debian:bookworm", "lts", None),
        ("debian:bullseye", "lts", Severity.HIGH),
        ("prom/prometheus:v3.7.1", "regular", Severity.LOW),
        ("node:18", "regular", Severity.HIGH),
    ],
)
def test_long_term_support_counts_when_told_and_softens_when_not(
    base: str, support: str, severity: Severity | None
) -> None:
    settings = Docker(support="lts" if support == "lts" else "regular")
    found = findings(check, evidence(f"FROM {base}\n", docker=settings))
    assert [one.severity for one in found] == ([severity] if severity else [])
    if base == "debian:bookworm" and found:
        assert "support goes on until 2028-06-30" in found[0].message


def test_five_places_are_five_findings_of_one_subject() -> None:
    text = (
        "FROM node:18 AS a\nFROM node:18\nCOPY --from=node:18 a b\nRUN --mount=from=node:18 x\nFROM docker.io/node:18\n"
    )
    found = findings(check, evidence(text))
    assert [one.line for one in found] == [1, 2, 3, 4, 5]
    assert {one.key for one in found} == {SubjectKey("docker", "docker.io/library/node")}
    assert found[2].message.startswith("COPY --from=node:18 rests on")


def test_a_table_alone_is_said_once_a_subject() -> None:
    known = evidence("FROM node:18\nFROM node:24-alpine3.24\nFROM golang:1.26\n", bundled=True)
    assert [(note.reason, note.source, note.subject and note.subject.name) for note in notes(check, known)] == [
        ("bundled-table", "lifecycle", "docker.io/library/node"),
        ("bundled-table", "lifecycle", "docker.io/library/golang"),
    ]
    assert notes(check, known)[0].detail == "judged by the bundled table of 2026-08-22"


def test_a_line_that_the_table_does_not_know_is_unknown_and_not_ended() -> None:
    known = evidence("FROM python:3.15-slim\nFROM python:3.15\nFROM node:99\n")
    assert findings(check, known) == []
    assert [(note.reason, note.detail) for note in notes(check, known)] == [
        ("unknown-cycle", "Python has no line '3.15' in the table of 2026-08-22"),
        ("unknown-cycle", "Node.js has no line '99' in the table of 2026-08-22"),
    ]


def test_a_version_before_the_first_line_of_the_table_has_ended() -> None:
    (found,) = findings(check, evidence("FROM python:2.4-slim\n"))
    assert found.title == "Python 2.4 has ended"
    assert "which has ended. It gets no more security fixes. Move to Python 3.12" in found.message
    assert found.details["end_of_life"] is None


def test_an_unanswered_question_is_named_once_with_its_reason() -> None:
    unknown = {Question("lifecycle", "nodejs"): Unknown("time-out", "endoflife.date did not answer")}
    known = evidence("FROM node:18\nFROM node:20\n", unknown=unknown)
    assert findings(check, known) == []
    (note,) = notes(check, known)
    assert (note.what, note.source, note.reason, note.path) == ("look-up", "lifecycle", "time-out", "dockerfile")
    assert note.subject == SubjectKey("docker", "docker.io/library/node")


def test_a_platform_that_the_new_tag_lacks_is_said() -> None:
    manifests = {
        "node:18-alpine": ImageManifest("x", SHA, ("linux/amd64", "linux/arm/v7", "linux/arm64")),
        "node:24-alpine": ImageManifest("x", SHA, ("linux/amd64", "linux/arm64")),
    }
    known = evidence("FROM node:18-alpine\n", tags={"node": NODE_TAGS}, manifests=manifests)
    (found,) = findings(check, known)
    assert found.message.endswith("Move to node:24-alpine. It is not offered for linux/arm/v7.")
    assert found.fix.available


@pytest.mark.parametrize(
    ("platform", "available"), [("linux/amd64", True), ("linux/arm64/v8", True), ("linux/s390x", False)]
)
def test_a_platform_that_the_file_asks_for_has_to_be_offered(platform: str, available: bool) -> None:
    manifests = {"node:24-alpine": ImageManifest("x", SHA, ("linux/amd64", "linux/arm64"))}
    text = f"FROM --platform={platform} node:18-alpine\n"
    (found,) = findings(check, evidence(text, tags={"node": NODE_TAGS}, manifests=manifests))
    assert found.fix.available == available


def test_a_pinned_digest_moves_with_the_tag_or_not_at_all() -> None:
    text = f"FROM node:18-alpine@{SHA}\n"
    (without,) = findings(check, evidence(text, tags={"node": NODE_TAGS}))
    assert (without.fix, without.subject.latest) == (Fix(), "24-alpine")
    manifests = {"node:24-alpine": ImageManifest("x", NEW)}
    (found,) = findings(check, evidence(text, tags={"node": NODE_TAGS}, manifests=manifests))
    assert (found.fix.to, found.details["new_digest"]) == ("24-alpine", NEW)


def test_what_a_registry_says_today_is_no_fact_of_a_past_day() -> None:
    known = evidence("FROM node:18-alpine\n", tags={"node": NODE_TAGS}, as_of=date(2025, 6, 1))
    (found,) = findings(check, known)
    assert found.fix == Fix()
    assert found.message.endswith("Move to Node.js 22 (supported until 2027-04-30).")


def test_images_of_compose_files_count_as_well() -> None:
    text = "services: {a: {image: 'node:18-alpine'}, b: {image: 'node:18', build: .}}\n"
    (found,) = findings(check, evidence(text, form="compose", tags={"node": NODE_TAGS}))
    assert found.message.startswith("node:18-alpine rests on")
    assert found.fix.to == "24-alpine"
