from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzers.checks.docker import end_of_life_base_image, outdated_base_image, stale_base_digest
from analyzers.config import Config
from analyzers.ecosystems.docker.ecosystem import ECOSYSTEM
from analyzers.ecosystems.docker.questions import questions
from analyzers.edits import Editor
from analyzers.http.fetch import Fetcher
from analyzers.look_up import look_up
from analyzers.manifests import read_manifests
from analyzers.model.edit import Change, Edit
from analyzers.model.facts import Facts
from analyzers.model.finding import Evidence, Finding
from analyzers.model.question import Question
from analyzers.syntax.text import SourceText
from tests.support.formats import snapshot
from tests.support.images import TODAY, evidence
from tests.support.oci import Registry, needs_registry, running_registry

SHA = "sha256:" + "a" * 64


def _asked(text: str, **known: str) -> list[tuple[str, str]]:
    told = evidence(text, tags=known)
    return list(dict.fromkeys((question.source, question.name) for question in questions(told.inventory, told.facts)))


def test_the_first_round_asks_for_lifecycles_tags_and_pinned_digests() -> None:
    bare = evidence(f"FROM python:3.8-slim-buster\nFROM own/app:1@{SHA}\nFROM node\nFROM $X\nFROM scratch\n")
    assert list(questions(bare.inventory, Facts(TODAY))) == [
        Question("lifecycle", "python"),
        Question("lifecycle", "debian"),
        Question("lifecycle", "python"),
        Question("oci-tags", "docker.io/library/python"),
        Question("oci-tags", "docker.io/own/app"),
        Question("oci-manifest", "docker.io/own/app:1"),
        Question("lifecycle", "nodejs"),
    ]


@pytest.mark.parametrize(
    ("text", "tags", "manifests"),
    [
        ("FROM node:18", "18 24", ["24", "18"]),
        ("FROM node:24", "24 26", ["26", "24"]),
        ("FROM node:26", "24 26", []),
    ],
)
def test_the_second_round_asks_what_the_chosen_tag_offers(text: str, tags: str, manifests: list[str]) -> None:
    asked = _asked(text, node=tags)
    wanted = [("oci-manifest", f"docker.io/library/node:{tag}") for tag in manifests]
    assert [question for question in asked if question[0] == "oci-manifest"] == wanted


def test_two_spellings_of_one_image_are_equal() -> None:
    assert (
        ECOSYSTEM.normalise("node") == ECOSYSTEM.normalise("index.docker.io/library/node") == "docker.io/library/node"
    )


def test_examples_match_their_own_format_alone() -> None:
    for form in ECOSYSTEM.formats:
        for example in form.examples:
            assert [other.name for other in ECOSYSTEM.formats if other.matches(example)] == [form.name]


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with running_registry(tmp_path_factory.mktemp("registry")) as running:
        yield running


@needs_registry
def test_a_real_registry_leads_from_ended_and_old_tags_to_better_ones(registry: Registry) -> None:
    both = ("linux/amd64", "linux/arm64")
    registry.push("library/node", "18-alpine", "24-alpine", "25-alpine", platforms=both)
    registry.push("library/python", "3.11-slim-bookworm", "3.14-slim-bookworm", "3.15-rc-slim-bookworm", platforms=both)
    registry.push("library/python", "3.14-slim-bookworm", platforms=("linux/amd64",), content="rebuilt")
    stale = registry.push("library/redis", "8", content="old")
    fresh = registry.push("library/redis", "8", content="new")
    text = f"FROM node:18-alpine\nFROM python:3.11-slim-bookworm\nFROM redis:8@{stale}\n"
    read = evidence(text)
    with Fetcher(user_agent="test", allow_private=True, environ={}) as fetcher:
        facts = look_up(
            read.inventory,
            fetcher=fetcher.send,
            looked_up=TODAY,
            addresses={"oci:docker.io": registry.address, "lifecycle": f"{registry.address}/none"},
            ecosystems=(ECOSYSTEM,),
        )
    known = Evidence(inventory=read.inventory, facts=facts, config=Config(), as_of=TODAY)
    found = {
        rule.RULE.id: [item for item in rule.check(known) if isinstance(item, Finding)]
        for rule in (end_of_life_base_image, outdated_base_image, stale_base_digest)
    }
    assert [(one.line, one.fix.to) for one in found["end-of-life-base-image"] if "Node" in one.title] == [
        (1, "24-alpine")
    ]
    (outdated,) = found["outdated-base-image"]
    assert (outdated.line, outdated.fix.to) == (2, "3.14-slim-bookworm")
    assert outdated.message.endswith("It is not offered for linux/arm64.")
    (digest,) = found["stale-base-digest"]
    assert (digest.line, digest.fix.to) == (3, fresh)


@pytest.mark.parametrize("fixture", ["everything.dockerfile", "everything.compose.yml"])
def test_every_place_reads_the_same_again(fixture: str) -> None:
    path = Path(__file__).parent / "fixtures" / fixture
    form = next(form for form in ECOSYSTEM.formats if form.matches(fixture.replace("everything.compose", "compose")))
    content = path.read_bytes()
    for row in form.read(SourceText.decode(fixture, content)).dependencies:
        if row.value and not row.skip_reason and row.value[0].isdigit():
            longer = content[: row.place.end] + b"9" + content[row.place.end :]
            again = form.read(SourceText.decode(fixture, longer)).dependencies
            assert [one.value for one in again if one.place.start == row.place.start] == [f"{row.value}9"]


@pytest.mark.parametrize(
    ("files", "name", "changed"),
    [
        (
            {"compose.yaml": 'services: {a: {image: "postgres:${PG:-13}-alpine"}}\n', ".env": "PG=14 # why\n"},
            "postgres",
            {".env": "PG=99 # why\n"},
        ),
        (
            {"compose.yaml": "services:\n  a:\n    build:\n      dockerfile_inline: |\n        FROM node:18\n"},
            "node",
            {"compose.yaml": "services:\n  a:\n    build:\n      dockerfile_inline: |\n        FROM node:99\n"},
        ),
        (
            {".gitlab-ci.yml": 'variables: {V: "3.9"}\nimage: python:$V\n'},
            "python",
            {".gitlab-ci.yml": 'variables: {V: "99"}\nimage: python:$V\n'},
        ),
        (
            {".devcontainer.json": '{/* é */ "features": {"ghcr.io/a/b/c:1": {},}}'},
            "ghcr.io/a/b/c",
            {".devcontainer.json": '{/* é */ "features": {"ghcr.io/a/b/c:99": {},}}'},
        ),
    ],
)
def test_an_edit_changes_the_text_that_holds_the_version(
    files: dict[str, str], name: str, changed: dict[str, str]
) -> None:
    taken = snapshot({path: text.encode() for path, text in files.items()})
    (row,) = (row for row in read_manifests(taken, (ECOSYSTEM,)).dependencies if row.name == name)
    applied = Editor(taken, (ECOSYSTEM,)).apply([Edit((Change(row=row, value="99"),))])
    assert applied.refused == ()
    assert {path: content.decode() for path, content in applied.files.items()} == changed
