from __future__ import annotations

import pytest

from analyzers.checks.docker.unpinned_base_image import check
from analyzers.config import Docker
from analyzers.model.finding import Finding
from analyzers.model.skipped import Skipped
from tests.support.images import evidence, findings

SHA = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("base", "message"),
    [
        ("node", "FROM node has no tag, which means latest: it changes with every release. Name a version;"),
        (
            "own/app:latest",
            "FROM own/app:latest has only the tag latest: it changes with every release. Name a version.",
        ),
        ("node:18", None),
        ("node:lts", None),
        (f"node@{SHA}", None),
        (f"node:latest@{SHA}", None),
        ("scratch", None),
        ("$BASE", None),
    ],
)
def test_an_image_needs_a_version_or_a_digest(base: str, message: str | None) -> None:
    found = findings(check, evidence(f"FROM {base}\n"))
    assert [one.message[: len(message or "")] for one in found] == ([message] if message else [])


def test_the_newest_line_is_named_where_it_is_known() -> None:
    (found,) = findings(check, evidence("FROM node\n"))
    assert found.message.endswith("Name a version; the newest line is Node.js 26.")


def test_stages_need_none() -> None:
    assert findings(check, evidence("FROM node:24 AS build\nFROM build\nCOPY --from=build a b\n")) == []


def test_a_digest_is_demanded_only_when_told() -> None:
    found = findings(check, evidence(f"FROM node:18\nFROM node:18@{SHA}\n", docker=Docker(require_digest=True)))
    assert [(one.line, one.title, one.minutes) for one in found] == [(1, "node:18 has no digest", 5)]


def test_a_name_that_docker_hub_gives_to_nobody_is_built_by_hand() -> None:
    given = evidence("FROM myapp-base\nFROM myapp-base:latest\nFROM centos\nFROM docker.io/library/mine\n")
    found = list(check(given))
    assert [one.line for one in found if isinstance(one, Finding)] == [3]
    notes = [one for one in found if isinstance(one, Skipped)]
    assert [(note.reason, note.detail.partition(" is ")[0]) for note in notes] == [
        ("no-registry", "myapp-base"),
        ("no-registry", "docker.io/library/mine"),
    ]
