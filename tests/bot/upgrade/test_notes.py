"""Which releases lie between two versions, what they announce, and the page that compares them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from analyzers.model.facts import Answer, Facts, Known, Package, ProjectPage, Unknown
from analyzers.model.question import Question
from analyzers.model.scheme import Scheme
from analyzers.versions.npm import SCHEME as NPM
from analyzers.versions.pep440 import SCHEME as PEP440
from bot.upgrade.notes import MOST_HINTS, MOST_RELEASES, Notes, gather, notes, questions, version_of
from tests.support.harmless import assert_harmless
from tests.support.upgrades import AS_OF, move, note_facts


def found(texts: dict[str, str], scheme: Scheme | None = PEP440) -> Notes:
    return notes(move(), note_facts(texts), scheme)


@pytest.mark.parametrize(
    ("tag", "name", "version"),
    [
        ("v2.32.3", "requests", "2.32.3"),
        ("2.32.3", "requests", "2.32.3"),
        ("requests-2.32.3", "requests", "2.32.3"),
        ("requests/v2.32.3", "requests", "2.32.3"),
        ("requests==2.32.3", "requests", "2.32.3"),
        ("release-2.32.3", "requests", "2.32.3"),
        ("@babel/core@7.1.0", "@babel/core", "7.1.0"),
        ("core@7.1.0", "@babel/core", "7.1.0"),
        ("v7.1.0-rc.1", "x", "7.1.0-rc.1"),
        ("other-2.32.3", "requests", None),
        ("nightly", "requests", None),
        ("", "requests", None),
        ("--upload-pack=x", "requests", None),
        ("v1.0\n", "requests", None),
    ],
)
def test_a_tag_stands_for_a_version_of_its_own_package(tag: str, name: str, version: str | None) -> None:
    assert version_of(tag, name) == version


def test_the_releases_after_the_current_one_up_to_the_target_are_told_newest_first() -> None:
    told = found(
        {"v2.33.0": "later", "v2.32.3": "target", "v2.20.0": "between", "v2.9.0": "old", "v2.19.0": "current", "x": "y"}
    )
    assert [release.version for release in told.releases] == ["2.32.3", "2.20.0"]
    assert told.compare == "https://github.com/psf/requests/compare/v2.19.0...v2.32.3"
    assert told.missing == ""


def test_without_a_scheme_the_target_alone_is_told() -> None:
    told = found({"v2.32.3": "target", "v2.20.0": "between"}, None)
    assert [release.version for release in told.releases] == ["2.32.3"]
    assert told.compare is None


def test_long_ways_are_cut_and_counted() -> None:
    texts = {f"v2.32.{minor}": "x" for minor in range(3, -1, -1)} | {
        f"v2.{minor}.0": "x" for minor in range(31, 19, -1)
    }
    texts |= {f"v2.20.{patch}": "x" for patch in range(30, 0, -1)}
    told = found(texts)
    assert len(told.releases) == MOST_RELEASES
    assert told.left_out == len(texts) - MOST_RELEASES


@pytest.mark.parametrize(
    ("text", "hints"),
    [
        ("- BREAKING: the default changed", ["BREAKING&#58; the default changed"]),
        ("- feat!: x\n- Drop support for Python 3.7", ["Drop support for Python 3.7"]),
        ("## Breaking changes\n- a\n- b\n## Fixes\n- c", ["a", "b"]),
        ("## Removals\n* `x()` by @a", ["<code>x&#40;&#41;</code> by &#64;&#8203;a"]),
        ("Support for Node 16 has been removed.", ["Support for Node 16 has been removed."]),
        ("- requires Python 3.9", ["requires Python 3.9"]),
        ("- see the migration guide", ["see the migration guide"]),
        ("- `old` was renamed to `new`", ["<code>old</code> was renamed to <code>new</code>"]),
        ("- this no longer accepts x", ["this no longer accepts x"]),
        ("- this no longer crashes", []),
        ("- a fix\n- another", []),
        ("```\nremove everything\n```", []),
    ],
)
def test_what_announces_a_break_is_picked_out(text: str, hints: list[str]) -> None:
    told = found({"v2.32.3": text})
    assert [hint.text for hint in told.hints] == hints
    for hint in told.hints:
        assert_harmless(f"- {hint.text}\n")


def test_hints_are_bounded() -> None:
    told = found({"v2.32.3": "- removed " + "x " * 500 + "\n" + "- removed y\n" * 50})
    assert len(told.hints) == MOST_HINTS
    assert len(told.hints[0].text) < 400


@pytest.mark.parametrize(
    ("tags", "compare"),
    [
        (("v2.19.0", "v2.32.3"), "https://github.com/psf/requests/compare/v2.19.0...v2.32.3"),
        (
            ("requests/2.19.0", "requests/2.32.3"),
            "https://github.com/psf/requests/compare/requests%2F2.19.0...requests%2F2.32.3",
        ),
        (("v2.32.3",), None),
        (("v2.19.0", "2.32.3", "--output=2.32.3"), "https://github.com/psf/requests/compare/v2.19.0...2.32.3"),
    ],
)
def test_a_comparison_needs_both_tags(tags: tuple[str, ...], compare: str | None) -> None:
    assert found(dict.fromkeys(tags, "x")).compare == compare


def test_versions_of_npm_are_ordered_by_its_own_rules() -> None:
    told = found({"v2.32.3": "x", "v2.32.3-beta.1": "y", "v2.19.0": "z"}, NPM)
    assert [release.version for release in told.releases] == ["2.32.3", "2.32.3-beta.1"]


def test_why_there_are_none_is_said() -> None:
    assert notes(move(repository=None), Facts(AS_OF), PEP440).missing == "nobody says where its source lies"
    assert notes(move(repository="gitlab.com/a/b"), Facts(AS_OF), PEP440).missing == "its source is not on GitHub"
    refused = Facts(AS_OF, {Question("github-release-notes", "psf/requests"): Unknown("rate-limited")})
    assert notes(move(), refused, PEP440).missing == "GitHub gave none: rate-limited"
    assert found({"v1.0": "x"}).missing == "its releases on GitHub say nothing about these versions"


def test_each_repository_is_asked_about_once() -> None:
    moves = [move(), move("x", repository="https://github.com/psf/requests.git"), move("y", repository=None)]
    assert questions(moves, Facts(AS_OF)) == (Question("github-release-notes", "psf/requests"),)


def test_a_package_of_pypi_is_asked_first_where_its_source_lies() -> None:
    moved = move(repository=None)
    page = Question("pypi-project", "https://files.example.org/requests.whl.metadata")
    package = Package("requests", (), metadata=page.name)
    known = Facts(AS_OF, {Question("pypi", "requests"): Known(package)})
    answers: dict[Question, Answer] = {
        page: Known(ProjectPage("requests", "https://github.com/psf/requests")),
        **note_facts({"v2.32.3": "- a fix"}).answers,
    }
    asked: list[Question] = []

    def ask(wanted: Sequence[Question]) -> Facts:
        asked.extend(wanted)
        return Facts(AS_OF, {question: answers[question] for question in wanted})

    facts = gather([moved], known, ask)
    assert asked == [page, Question("github-release-notes", "psf/requests")]
    assert facts.answers.keys() == {*known.answers, *asked}
    assert [release.version for release in notes(moved, facts, PEP440).releases] == ["2.32.3"]
    assert gather([moved], facts, ask) == facts
    assert len(asked) == 2
