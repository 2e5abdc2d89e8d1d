"""The table of choices: a tag or ref as it is called, what its registry offers, what is proposed, and why.

Each row goes through the code that the rules go through. Of Docker's official images the tags are those that were
published; of others they are made by hand after the publisher's naming. The same holds for actions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path

import msgspec
import pytest

from analyzers.checks.actions import outdated_action
from analyzers.ecosystems.docker.images import images
from analyzers.ecosystems.docker.judgement import newer, way_out
from analyzers.http.fetch import Fetcher
from analyzers.model.facts import Answer, Cycle, Facts, GitRefs, ImageTags, Known, Lifecycle
from analyzers.model.question import Question
from analyzers.registries.oci import look_up_tags
from analyzers.syntax.image_reference import canonical_name
from tests.support import images as image_support
from tests.support import workflows
from tests.support.exchanges import drive
from tests.support.oci import Registry, needs_registry, running_registry

HERE = Path(__file__).parent
PUBLISHED = HERE / "published"
DAY = date(2026, 8, 22)
ENDING_DAYS = 90
NOTHING = "-"


def _lines(path: Path) -> Iterator[str]:
    yield from (line for line in path.read_text().splitlines() if line and not line.startswith("#"))


def _rows(name: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.rsplit(" | ", line.count(" | "))] for line in _lines(HERE / name)]


IMAGES = _rows("images.txt")
ACTIONS = _rows("actions.txt")


def _by_name(path: Path) -> Mapping[str, tuple[str, ...]]:
    """Return words by the name before them; an indented line goes on."""
    text = "\n".join(_lines(path)).replace("\n  ", " ")
    return {name: tuple(words.split()) for name, _, words in (line.partition(":") for line in text.split("\n"))}


@cache
def _tags(image: str) -> tuple[str, ...]:
    others = _by_name(PUBLISHED / "other-images.txt")
    return others[image] if image in others else tuple(" ".join(_lines(PUBLISHED / f"{image}.txt")).split())


@cache
def _lifecycles() -> Mapping[Question, Answer]:
    table = msgspec.json.decode((HERE / "lifecycles.json").read_bytes(), type=dict[str, object])
    products = {name: rows for name, rows in table.items() if not name.startswith("_")}
    return {
        Question("lifecycle", name): Known(Lifecycle(name, msgspec.convert(rows, tuple[Cycle, ...]), "a table", DAY))
        for name, rows in products.items()
    }


def _choices(image: str, tag: str, tags: tuple[str, ...]) -> tuple[str, str]:
    """Return what is newer, and what leaves the layers that have ended."""
    name = canonical_name(image)
    facts = Facts(DAY, {**_lifecycles(), Question("oci-tags", name): Known(ImageTags(name, tags))})
    (named,) = images(image_support.evidence(f"FROM {image}:{tag}\n").inventory)
    choice = newer(named, facts, DAY, "regular", ENDING_DAYS)
    return choice.tag if choice else NOTHING, way_out(named, facts, DAY, "regular", ENDING_DAYS) or NOTHING


def test_the_table_has_at_least_150_rows_and_each_says_why() -> None:
    assert len(IMAGES) + len(ACTIONS) >= 150
    assert all(row[-1] for row in (*IMAGES, *ACTIONS))
    assert len({tuple(row[:2]) for row in IMAGES}) == len(IMAGES)


@pytest.mark.parametrize(("image", "tag", "expected", "leaving", "why"), IMAGES)
def test_the_tag_of_the_table_is_chosen(image: str, tag: str, expected: str, leaving: str, why: str) -> None:
    assert tag in _tags(image)
    assert _choices(image, tag, _tags(image)) == (expected, leaving), why


def test_what_is_chosen_for_an_image_has_nothing_newer_of_its_kind() -> None:
    for image, _tag, expected, _leaving, _why in IMAGES:
        if expected != NOTHING:
            again, _ = _choices(image, expected, _tags(image))
            assert again == NOTHING, (image, expected, again)


@cache
def _refs() -> Mapping[str, GitRefs]:
    found: dict[str, GitRefs] = {}
    for line in _lines(PUBLISHED / "actions.txt"):
        name, kind, ref, commit = line.split()
        refs = found.setdefault(name, GitRefs(name, {}, {}))
        known = refs.tags if kind == "tag" else refs.branches
        assert isinstance(known, dict)
        known[ref] = commit
    for name, words in _by_name(PUBLISHED / "other-actions.txt").items():
        branches = {"main", "master"}.intersection(words)
        found[name] = GitRefs(name, dict.fromkeys(set(words) - branches, ""), dict.fromkeys(branches, ""))
    return found


@pytest.mark.parametrize(("uses", "expected", "why"), ACTIONS)
def test_the_ref_of_the_table_is_chosen(uses: str, expected: str, why: str) -> None:
    call, _, ref = uses.partition(" #")[0].partition("@")
    name = "/".join(call.split("/")[:2])
    known = _refs()[name]
    answers = workflows.refs(name, known.tags, known.branches)
    findings, _ = workflows.judge(outdated_action.check, workflows.evidence(workflows.steps(uses), answers))
    latest = findings[0].subject.latest if findings else None
    assert (latest or NOTHING) == expected, why
    if findings and latest and ref in known.tags.values():
        assert findings[0].fix.to == known.tags[latest]


SAMPLE = (
    "python",
    "alpine",
    "debian",
    "busybox",
    "memcached",
    "rockylinux",
    "mysql",
    "archlinux",
    "bitnami/redis",
    "minio/minio",
    "prom/prometheus",
    "hexpm/elixir",
    "selenium/standalone-chrome",
    "apache/airflow",
    "nvidia/cuda",
)


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with running_registry(tmp_path_factory.mktemp("registry")) as running:
        yield running


@needs_registry
@pytest.mark.parametrize("image", SAMPLE)
def test_a_real_registry_leads_to_the_same_choices(image: str, registry: Registry) -> None:
    name = canonical_name(image)
    rows = [row for row in IMAGES if row[0] == image]
    wanted = {cell for row in rows for cell in row[1:4]} - {NOTHING}
    # Each push is a request: of long lists every so many.
    step = 1 + len(_tags(image)) // 80
    tags = tuple(tag for index, tag in enumerate(_tags(image)) if tag in wanted or index % step == 0)
    registry.push(name.partition("/")[2], *tags)
    with Fetcher(user_agent="test", allow_private=True, environ={}) as fetcher:
        answer = drive(look_up_tags(Question("oci-tags", name), {"oci:docker.io": registry.address}), fetcher)
    assert isinstance(answer, Known)
    assert isinstance(answer.value, ImageTags)
    assert sorted(answer.value.tags) == sorted(tags)
    for _image, tag, expected, leaving, why in rows:
        assert _choices(image, tag, answer.value.tags) == (expected, leaving), why
