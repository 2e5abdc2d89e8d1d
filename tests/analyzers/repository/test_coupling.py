"""Change coupling from commits that count: what is a pair, how strong it is, and what it costs."""

from __future__ import annotations

import random
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.model.history import Coupling
from analyzers.repository.counted import Counted
from analyzers.repository.coupling import CONFIDENCE, MOST_COUPLINGS, SUPPORT, WIDEST_COMMIT, couplings

DAY = date(2026, 11, 22)
FILES = ("api/a.py", "api/b.py", "app.py", "web/a.js", "web/sub/a.js")


def commits(*each: tuple[int, str]) -> list[Counted]:
    """Return commits from (how many alike, paths)."""
    return [
        Counted(day=DAY, author=0, is_fix=False, paths=tuple(sorted(paths.split())))
        for number, paths in each
        for _ in range(number)
    ]


def found(*each: tuple[int, str], code: str = " ".join(FILES)) -> list[tuple[str, str, int, int, int]]:
    return [
        (pair.one, pair.other, pair.together, pair.one_revisions, pair.other_revisions)
        for pair in couplings(commits(*each), frozenset(code.split())).pairs
    ]


def test_a_pair_has_its_support_and_what_its_confidence_is_made_of() -> None:
    seen = found((6, "api/a.py web/a.js"), (4, "api/a.py"), (1, "web/a.js"))
    assert seen == [("api/a.py", "web/a.js", 6, 10, 7)]


@pytest.mark.parametrize(
    ("each", "pairs"),
    [
        pytest.param([(5, "api/a.py web/a.js")], 1, id="five together"),
        pytest.param([(4, "api/a.py web/a.js")], 0, id="four may be chance"),
        pytest.param([(5, "api/a.py web/a.js"), (5, "api/a.py"), (5, "web/a.js")], 1, id="half of each"),
        pytest.param([(5, "api/a.py web/a.js"), (6, "api/a.py"), (6, "web/a.js")], 0, id="less than half of both"),
        pytest.param([(5, "api/a.py web/a.js"), (5, "api/a.py"), (90, "web/a.js")], 1, id="half of the rarer one"),
        pytest.param([(9, "api/a.py api/b.py")], 0, id="one folder"),
        pytest.param([(9, "web/a.js web/sub/a.js")], 1, id="a folder within"),
        pytest.param([(9, "app.py web/a.js")], 1, id="the top folder"),
        pytest.param([(9, "api/a.py docs/a.md")], 0, id="no code"),
    ],
)
def test_only_pairs_across_folders_that_are_no_chance_are_told(each: list[tuple[int, str]], pairs: int) -> None:
    assert len(found(*each)) == pairs


def test_the_most_frequent_pair_comes_first_and_then_the_closer_one() -> None:
    seen = found(
        (5, "api/a.py web/a.js"),
        (5, "api/b.py web/sub/a.js"),
        (6, "app.py web/sub/a.js"),
        (5, "api/a.py"),
        (5, "web/a.js"),
    )
    assert [pair[:3] for pair in seen] == [
        ("app.py", "web/sub/a.js", 6),
        ("api/b.py", "web/sub/a.js", 5),
        ("api/a.py", "web/a.js", 5),
    ]


def test_a_commit_of_very_many_files_says_nothing_of_two() -> None:
    wide = [f"folder{number}/a.py" for number in range(WIDEST_COMMIT + 1)]
    assert found((9, " ".join(wide)), code=" ".join(wide)) == []
    narrow = wide[:-1]
    seen = couplings(commits((9, " ".join(narrow))), frozenset(narrow))
    assert len(seen.pairs) + seen.more == WIDEST_COMMIT * (WIDEST_COMMIT - 1) // 2


def test_what_is_more_than_the_most_is_counted() -> None:
    paths = [f"folder{number:02}/a.py" for number in range(21)]
    seen = couplings(commits((5, " ".join(paths))), frozenset(paths))
    assert (len(seen.pairs), seen.more) == (MOST_COUPLINGS, 21 * 20 // 2 - MOST_COUPLINGS)
    assert (seen.pairs[-1].one, seen.pairs[-1].other) == ("folder15/a.py", "folder20/a.py")


HISTORIES = st.lists(st.sets(st.sampled_from(FILES)), max_size=40).map(
    lambda each: [Counted(DAY, 0, is_fix=False, paths=tuple(sorted(paths))) for paths in each]
)


@given(HISTORIES, st.randoms(use_true_random=False))
def test_pairs_are_those_that_counting_one_by_one_finds(history: list[Counted], chance: random.Random) -> None:
    expected = []
    for one, other in combinations(FILES, 2):
        first = [commit for commit in history if one in commit.paths]
        second = [commit for commit in history if other in commit.paths]
        both = sum(other in commit.paths for commit in first)
        confidence = both / max(1, min(len(first), len(second)))
        if both >= SUPPORT and confidence >= CONFIDENCE and one.split("/")[:-1] != other.split("/")[:-1]:
            expected.append(
                Coupling(one=one, other=other, together=both, one_revisions=len(first), other_revisions=len(second))
            )
    shuffled = chance.sample(history, len(history))
    seen = couplings(shuffled, frozenset(FILES))
    assert sorted(seen.pairs, key=lambda pair: (pair.one, pair.other)) == expected
    assert seen == couplings(history, frozenset(FILES))
    assert all(pair.together <= min(pair.one_revisions, pair.other_revisions) for pair in seen.pairs)
