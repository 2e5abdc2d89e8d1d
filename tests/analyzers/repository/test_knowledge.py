"""What of a folder is lost with whom."""

from __future__ import annotations

import time
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.model.history import FolderKnowledge
from analyzers.repository.counted import Lifetime
from analyzers.repository.knowledge import bus_factor, folders

TODAY = date(2026, 11, 22)
LONG_AGO = date(2024, 1, 1)
PEOPLE = ("Ann", "Bob", "Cho", "Dee", "Eva", "Flo")


def knowledge(by_path: dict[str, dict[int, int]], *gone: int) -> dict[str, FolderKnowledge]:
    last_days = tuple(LONG_AGO if number in gone else TODAY for number in range(len(PEOPLE)))
    history = Lifetime(authors=PEOPLE, last_days=last_days, by_path=by_path)
    found = folders(history, TODAY, frozenset(by_path))
    assert [folder.path for folder in found] == sorted(folder.path for folder in found)
    return {folder.path: folder for folder in found}


def factor(*known_by: str) -> int:
    return bus_factor([frozenset(map(int, people)) for people in known_by], PEOPLE)


@pytest.mark.parametrize(
    ("known_by", "expected"),
    [
        pytest.param(["0", "0", "0"], 1, id="one knows all"),
        pytest.param(["01", "01", "01"], 2, id="two know all"),
        pytest.param(["0", "1", "2"], 2, id="two of three files are more than half"),
        pytest.param(["0", "1"], 2, id="one of two files is half, not more"),
        pytest.param(["0", "1", "2", "3"], 3, id="three of four"),
        pytest.param(["0", "", ""], 0, id="more than half is lost already"),
        pytest.param(["0", "1", "", ""], 1, id="half is lost already"),
        pytest.param(["012345"], 6, id="everybody knows the only file"),
        # Who knows most files (0) knows none alone: to lose three of five, 1 and 2 have to go, and 0 need not.
        pytest.param(["03", "04", "1", "1", "2"], 2, id="who knows most is not always the one to miss"),
    ],
)
def test_the_bus_factor_is_the_smallest_group_that_more_than_half_is_lost_with(
    known_by: list[str], expected: int
) -> None:
    assert factor(*known_by) == expected


@given(st.lists(st.frozensets(st.integers(0, 5)), min_size=1, max_size=9))
def test_the_bus_factor_of_few_people_is_exact(known_by: list[frozenset[int]]) -> None:
    expected = min(
        number
        for number in range(len(PEOPLE) + 1)
        for leaving in combinations(range(len(PEOPLE)), number)
        if 2 * sum(people <= frozenset(leaving) for people in known_by) > len(known_by)
    )
    assert bus_factor(known_by, PEOPLE) == expected
    assert bus_factor(known_by[::-1], PEOPLE) == expected


def test_beyond_the_search_those_who_know_most_files_go_first() -> None:
    names = [f"Person {number}" for number in range(102)]
    known_by = [*([frozenset({0})] * 60), *([frozenset({1})] * 60), *(frozenset({number}) for number in range(2, 102))]
    assert bus_factor(known_by, names) == 2


def test_the_bus_factor_of_very_many_people_is_found_in_time() -> None:
    names = [f"Person {number}" for number in range(2_000)]
    known_by = [frozenset({number % 2_000, number * 7 % 2_000}) for number in range(20_000)]
    begin = time.process_time()
    assert 500 < bus_factor(known_by, names) < 2_000
    assert time.process_time() - begin < 2


@pytest.mark.parametrize(
    ("commits", "expected"),
    [
        pytest.param({0: 90, 1: 10}, 2, id="ten of a hundred"),
        pytest.param({0: 91, 1: 9}, 1, id="nine of a hundred"),
        pytest.param({0: 990, 1: 10}, 2, id="ten of a thousand are enough"),
        pytest.param({0: 9, 1: 1}, 2, id="a tenth"),
        pytest.param({0: 10, 1: 1}, 1, id="less than a tenth"),
    ],
)
def test_a_person_knows_a_file_after_a_tenth_of_its_commits_or_ten(commits: dict[int, int], expected: int) -> None:
    assert knowledge({"a.py": commits})[""].bus_factor == expected


def test_people_who_are_gone_know_nothing_any_more() -> None:
    files = {f"{name}.py": {0: 8, 1: 2} for name in "abc"}
    assert knowledge(files)[""] == FolderKnowledge(path="", files=3, authors=2, gone=0, bus_factor=2)
    assert knowledge(files, 0)[""] == FolderKnowledge(path="", files=3, authors=2, gone=1, bus_factor=1)
    assert knowledge(files, 0, 1)[""] == FolderKnowledge(path="", files=3, authors=2, gone=2, bus_factor=0)


def test_folders_hold_what_lies_below_them() -> None:
    found = knowledge(
        {
            "setup.py": {0: 1},
            **{f"src/app/web/{name}.py": {1: 1} for name in "abc"},
            **{f"src/app/api/{name}.py": {2: 1} for name in "abcd"},
            **{f"src/app/few/{name}.py": {3: 1} for name in "ab"},
        },
        2,
    )
    assert {path: (folder.files, folder.authors, folder.gone) for path, folder in found.items()} == {
        "": (10, 4, 1),
        # `src` holds nothing but `src/app`, and `src/app/few` too little.
        "src/app": (9, 3, 1),
        "src/app/api": (4, 1, 1),
        "src/app/web": (3, 1, 0),
    }


def test_a_folder_that_holds_everything_is_told_as_the_whole() -> None:
    assert set(knowledge({f"src/app/{name}.py": {0: 1} for name in "abc"})) == {""}


def test_folders_end_at_a_depth() -> None:
    deep = "/".join(f"{number}" for number in range(1_000))
    files = {f"{deep}/{name}.py": {0: 1} for name in "abc"}
    found = knowledge({"top.py": {0: 1}, **files})
    assert [path.count("/") + 1 for path in found if path] == [16]


def test_without_code_there_is_no_folder() -> None:
    assert knowledge({}) == {}
