"""Repositories that are released by tagging: which version a rev is, and what to write for another one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from analyzers.checks.dependencies._candidates import Policy, choose
from analyzers.model.facts import GitRefs, Package, Release
from analyzers.model.inventory import Dependency
from analyzers.upstream.tags import TagCatalogue, releases_question
from analyzers.versions.git_tag import SCHEME
from tests.support.dependencies import TODAY, place

A, B, C, D = (letter * 40 for letter in "abcd")
TAGS = {
    "v4.1.0": A,
    "v4.2.0": B,
    "v4": B,
    "v5.0.0": C,
    "v6.0.0-rc.1": D,
    "cli/v1.0.0": A,
    "cli/v9.0.0": D,
    "nightly": D,
}
POLICY = Policy(as_of=TODAY, minimum_age=TODAY - TODAY, prereleases=False, lowest=None)


def catalogue(tags: dict[str, str] = TAGS, *, undated: bool = True) -> TagCatalogue:
    refs = GitRefs("https://example.org/hooks", tags, {"main": D, "v3": A}, "main")
    return TagCatalogue(SCHEME, refs, TODAY, undated=undated)


def rev(value: str, **fields: Any) -> Dependency:  # noqa: ANN401 - fields of Dependency
    given = {"version": SCHEME.pinned(value), **fields}
    return Dependency(
        ecosystem="github",
        name="hooks",
        place=place(".pre-commit-config.yaml"),
        kind="any",
        purl="",
        value=value,
        **given,
    )


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (rev("v4.1.0"), "v4.1.0"),
        (rev("v4"), "v4.2.0"),
        (rev("cli/v1.0.0"), "cli/v1.0.0"),
        (rev("v4.1.7"), "4.1.7"),
        (rev("4.1"), "v4.1.0"),
        (rev("4.1.0"), "v4.1.0"),
        (rev("latest", locked_version="4.1.0"), "v4.1.0"),
        (rev("4", locked_version="4.1.0"), "v4.1.0"),
        (rev("latest", locked_version="4.1.7"), "4.1.7"),
        (rev("main"), None),
        (rev("v3"), None),
        (rev(A, digest=A), "v4.1.0"),
        (rev(A, digest=A, version="cli/v1.0.0"), "cli/v1.0.0"),
        (rev("e" * 40, digest="e" * 40, version="4.1.0"), "v4.1.0"),
        (rev("e" * 40, digest="e" * 40, version="4.1.7"), None),
        (rev("e" * 40, digest="e" * 40), None),
    ],
)
def test_a_rev_is_the_most_precise_tag_at_its_commit(entry: Dependency, expected: str | None) -> None:
    assert catalogue().in_use(entry) == expected


def test_a_short_tag_without_a_commit_stands_for_the_newest_of_its_line() -> None:
    offered = catalogue(dict.fromkeys(TAGS, ""))
    assert offered.in_use(rev("v4")) == "v4.2.0"
    assert offered.in_use(rev("v4.1.0")) == "v4.1.0"


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        ("v4.1.0", "v5.0.0"),
        ("cli/v1.0.0", "cli/v9.0.0"),
        ("v5.0.0", None),
        ("cli/v9.0.0", None),
        ("v6.0.0-beta", "v6.0.0-rc.1"),
    ],
)
def test_only_newer_tags_of_the_same_family_are_candidates(current: str, expected: str | None) -> None:
    found = choose(POLICY, catalogue(), current).release
    assert (found.version if found else None) == expected


@pytest.mark.parametrize(
    ("value", "version", "expected"),
    [
        ("v4.1.0", "v5.0.0", "v5.0.0"),
        ("4.1.0", "v5.0.0", "5.0.0"),
        ("4.0.9", "v5.0.0", "v5.0.0"),
        ("v3.x", "v5.0.0", "v5.x"),
        ("v3", "v4.2.0", "v4"),
        ("v4", "v5.0.0", "v5.0.0"),
        (A, "v5.0.0", C),
        (A, "v7.0.0", None),
        ("v4.1.0", "v7.0.0", None),
    ],
)
def test_what_is_written_is_a_tag_that_exists_or_a_commit(value: str, version: str, expected: str | None) -> None:
    assert catalogue().rewritten(value, version) == expected


def test_no_commit_is_written_that_is_not_known() -> None:
    assert catalogue(dict.fromkeys(TAGS, "")).rewritten(A, "v5.0.0") is None


def test_major_lines_of_other_families_are_not_counted() -> None:
    tags = dict.fromkeys(["v1.0.0", "v2.0.0", "v3.0.0", "zoo-v2.0.0", "cli/v2.5.0"], "")
    assert catalogue(tags).majors("v1.0.0", "v3.0.0") == len({"v2", "v3"})


def test_tags_bear_no_date_so_that_there_are_none_on_a_past_day() -> None:
    assert catalogue(undated=False).visible == []
    assert catalogue().visible[-1].published is None


def test_what_the_host_tells_of_a_tag_counts() -> None:
    told = Package("a/b", (Release("v5.0.0", TODAY, prerelease=True), Release("v4.2.0", date(2026, 1, 2))))
    refs = GitRefs("https://example.org/hooks", TAGS, {}, "main")
    offered = TagCatalogue(SCHEME, refs, TODAY, undated=True, told=told)
    chosen = choose(POLICY, offered, "v4.1.0").release
    assert chosen == Release("v4.2.0", date(2026, 1, 2))
    old = TagCatalogue(SCHEME, refs, date(2026, 6, 1), undated=False, told=told)
    assert [release.version for release in old.visible] == ["v4.2.0"]


def test_only_github_is_asked_for_releases() -> None:
    assert releases_question("https://github.com/a/b").name == "a/b"
