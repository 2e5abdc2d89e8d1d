"""Repositories at a tag: what is asked, and how the general rules judge the answers."""

from __future__ import annotations

import pytest

from analyzers.checks.dependencies import archived_dependency, missing_release, outdated_dependency
from analyzers.config import Config, Dependencies
from analyzers.ecosystems.git.ecosystem import ECOSYSTEM
from analyzers.ecosystems.git.questions import MOST_ASKED, normalise, package
from analyzers.model.facts import Answer, Facts, GitRefs, HostedRepository, Known, Package, Release, Unknown
from analyzers.model.inventory import Dependency, Inventory, Repository
from analyzers.model.question import Question
from analyzers.syntax.text import SourceText
from tests.support.dependencies import TODAY, evidence, run

(PRE_COMMIT,) = ECOSYSTEM.formats
OLD, NEW = "a" * 40, "b" * 40
HOOKS = "https://github.com/pre-commit/hooks"
ASKED = Question("git-refs", HOOKS)
HOSTED = Question("github-repository", "pre-commit/hooks")
REFS = Known(GitRefs(HOOKS, {"v4.1.0": OLD, "v5.0.0": NEW, "v6.0.0b1": NEW, "zoo-v9.0.0": OLD}, {"main": NEW}, "main"))


def read(rev: str, repo: str = HOOKS) -> Inventory:
    text = f"repos:\n- repo: {repo}\n  rev: {rev}\n"
    found = PRE_COMMIT.read(SourceText(".pre-commit-config.yaml", text))
    return Inventory(repository=Repository("x"), dependencies=found.dependencies)


def test_every_example_matches_its_format_and_other_files_do_not() -> None:
    assert all(map(PRE_COMMIT.matches, (*PRE_COMMIT.examples, "sub/.pre-commit-config.yaml")))
    assert not any(
        map(PRE_COMMIT.matches, (".pre-commit-hooks.yaml", "pre-commit-config.yaml", "x.pre-commit-config.yaml"))
    )


@pytest.mark.parametrize(
    ("repo", "asked"),
    [
        (HOOKS, [ASKED, HOSTED]),
        ("git@github.com:pre-commit/hooks.git", [ASKED, HOSTED]),
        ("https://gitlab.com/a/b/c", [Question("git-refs", "https://gitlab.com/a/b/c")]),
        ("https://git.example.org/a/b", [Question("git-refs", "https://git.example.org/a/b")]),
        ("git@git.example.org:a/b", []),
        ("../hooks", []),
    ],
)
def test_the_tags_of_each_repository_are_asked_for_where_it_answers(repo: str, asked: list[Question]) -> None:
    found = read("v1.0.0", repo)
    assert list(ECOSYSTEM.questions(found, Facts(TODAY))) == asked
    assert list(filter(None, map(package, found.dependencies))) == asked[:1]


def test_two_spellings_of_one_repository_are_equal() -> None:
    assert normalise("git@github.com:A/b.git") == normalise("https://github.com/a/B/") == "github.com/a/b"


@pytest.mark.parametrize(
    ("rev", "to", "current"),
    [
        ("v4.1.0", "v5.0.0", "v4.1.0"),
        ("v4.1.0 # a comment", "v5.0.0", "v4.1.0"),
        (f"{OLD} # frozen: v4.1.0", NEW, "v4.1.0"),
        (OLD, NEW, "v4.1.0"),
    ],
)
def test_a_rev_behind_the_newest_tag_is_outdated(rev: str, to: str, current: str) -> None:
    (found,), skipped = run(outdated_dependency.check, evidence(read(rev).dependencies, {ASKED: REFS}))
    assert (found.subject.current, found.subject.latest, found.fix.to) == (current, "v5.0.0", to)
    assert found.subject.ecosystem == "github"
    assert "is pinned at v4.1.0" in found.message
    assert skipped == []


@pytest.mark.parametrize(("rev", "notes"), [("v5.0.0", 0), (NEW, 0), ("v6.0.0b1", 0), ("main", 1), ("c" * 40, 1)])
def test_nothing_is_found_for_the_newest_tag_and_for_what_names_none(rev: str, notes: int) -> None:
    found, skipped = run(outdated_dependency.check, evidence(read(rev).dependencies, {ASKED: REFS}))
    assert found == []
    assert [entry.reason for entry in skipped] == ["unsupported-version"] * notes


def test_a_tag_that_was_deleted_is_missing() -> None:
    (found,), _ = run(missing_release.check, evidence(read("v4.0.0").dependencies, {ASKED: REFS}))
    assert (found.subject.current, found.subject.latest) == ("4.0.0", "v5.0.0")
    for rev in ("v4.1.0", OLD, "c" * 40, "main"):
        assert run(missing_release.check, evidence(read(rev).dependencies, {ASKED: REFS})) == ([], [])


def test_a_version_that_no_tag_is_written_like_is_neither_missing_nor_outdated() -> None:
    given = evidence(read("curl-8.0.0").dependencies, {ASKED: REFS})
    assert run(missing_release.check, given) == ([], [])
    found, (skipped,) = run(outdated_dependency.check, given)
    assert found == []
    assert skipped.reason == "unsupported-version"


@pytest.mark.parametrize(("rev", "asked"), [("v4.1.0", True), (f"{OLD} # frozen: v4.1.0", True), ("v5.0.0", False)])
def test_the_releases_are_asked_for_where_a_newer_tag_is_known(rev: str, *, asked: bool) -> None:
    second = list(ECOSYSTEM.questions(read(rev), Facts(TODAY, {ASKED: REFS})))
    assert second == [ASKED, *[Question("github-releases", "pre-commit/hooks")] * asked, HOSTED]


def test_no_more_repositories_than_the_limit_are_asked_for_releases() -> None:
    rows: list[Dependency] = []
    facts: dict[Question, Answer] = {}
    for number in range(MOST_ASKED + 5):
        url = f"https://github.com/a/b{number}"
        rows.extend(read("v4.1.0", url).dependencies)
        facts[Question("git-refs", url)] = Known(GitRefs(url, {"v5.0.0": NEW}, {}, "main"))
    found = ECOSYSTEM.questions(Inventory(repository=Repository("x"), dependencies=tuple(rows)), Facts(TODAY, facts))
    assert sum(question.source == "github-releases" for question in found) == MOST_ASKED


def test_a_release_too_young_is_held_back_where_its_day_is_known() -> None:
    told = Known(Package("pre-commit/hooks", (Release("v5.0.0", TODAY),)))
    config = Config(dependencies=Dependencies(minimum_release_age_days=7))
    answers: dict[Question | str, Answer] = {ASKED: REFS, Question("github-releases", "pre-commit/hooks"): told}
    found, (skipped,) = run(outdated_dependency.check, evidence(read("v4.1.0").dependencies, answers, config=config))
    assert found == []
    assert skipped.reason == "held-back"


@pytest.mark.parametrize(
    ("answer", "found", "reasons"),
    [
        (Known(HostedRepository("pre-commit/hooks", archived=True)), ["pre-commit/hooks is archived"], []),
        (Known(HostedRepository("pre-commit/hooks", archived=False)), [], []),
        (Unknown("rate-limited"), [], ["rate-limited"]),
    ],
)
def test_an_archived_repository_of_hooks_is_found(answer: Answer, found: list[str], reasons: list[str]) -> None:
    given = evidence(read("v5.0.0").dependencies, {ASKED: REFS, HOSTED: answer})
    findings, skipped = run(archived_dependency.check, given)
    assert [one.title for one in findings] == found
    assert [one.reason for one in skipped] == reasons
