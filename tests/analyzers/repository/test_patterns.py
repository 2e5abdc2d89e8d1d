"""Path patterns: as git reads them, and never slow."""

from __future__ import annotations

import subprocess
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.repository.patterns import MAX_LENGTH, PathPatterns, path_pattern
from tests.support.pace import allowed
from tests.support.repository import RepositoryBuilder


@pytest.mark.parametrize(
    ("pattern", "path", "covers"),
    [
        ("*.py", "a.py", True),
        ("*.py", "x/a.py", True),
        ("*.py", "a.pyc", False),
        ("docs", "docs/a/b.md", True),
        ("docs/", "docs/a/b.md", True),
        ("docs/", "docs", False),
        ("/docs", "x/docs/a", False),
        ("x/docs", "x/docs/a", True),
        ("x/docs", "y/x/docs/a", False),
        ("**/docs", "y/x/docs", True),
        ("**/x/**/b", "a/x/b", True),
        ("**/x/**/b", "a/x/c/d/b/e", True),
        ("a/**", "a/b/c", True),
        ("a/**", "a", False),
        ("a/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b", True),
        ("a/**/b", "ab", False),
        ("**", "a", True),
        ("a*c", "abc", True),
        ("a*c", "a/c", False),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("[ab].py", "a.py", True),
        ("[!ab].py", "a.py", False),
        ("[^ab].py", "c.py", True),
        ("[a-c]x", "bx", True),
        ("[]x]", "]", True),
        ("[[:digit:]]x", "7x", True),
        ("[", "[", True),
        (r"\*.py", "*.py", True),
        (r"\*.py", "a.py", False),
        (r"\!a", "!a", True),
        ("a b", "a b", True),
        ("a.b", "axb", False),
        ("foo**bar", "fooxbar", True),
        ("x/*", "x/a/b", True),
        ("", "a", False),
        ("/", "a", False),
        ("!a", "a", True),
    ],
)
def test_a_pattern_covers_what_git_ignores(pattern: str, path: str, covers: bool) -> None:
    assert path_pattern(pattern).covers(path) is covers


@pytest.mark.parametrize(
    ("pattern", "path", "names"),
    [
        ("docs", "docs/a", False),
        ("docs/*", "docs/a", True),
        ("docs/*", "docs/a/b", False),
        ("docs/**", "docs/a/b", True),
        ("docs/", "docs", False),
        ("*.py", "x/a.py", True),
    ],
)
def test_an_attribute_names_files_and_not_what_lies_below(pattern: str, path: str, names: bool) -> None:
    assert path_pattern(pattern).names(path) is names


def test_the_last_match_wins() -> None:
    patterns = PathPatterns.read(["# comment", "", "*.py", "!keep/", "keep/not.py", "trailing  ", "kept\\ "])
    paths = ("a.py", "keep/a.py", "keep/not.py", "b.js", "trailing", "kept ")
    assert [patterns.match(path) for path in paths] == [True, False, True, False, True, True]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> RepositoryBuilder:
    return RepositoryBuilder(tmp_path_factory.mktemp("patterns"))


def git_ignores(repository: RepositoryBuilder, pattern: str, paths: list[str]) -> set[str]:
    repository.write(".git/info/exclude", pattern + "\n")
    done = subprocess.run(
        ["git", "check-ignore", "--no-index", "-z", "--stdin"],
        cwd=repository.path,
        input="\0".join(paths).encode(),
        capture_output=True,
        check=False,
    )
    return set(done.stdout.decode().split("\0")) - {""}


SEGMENT = st.text(alphabet="ab.", min_size=1, max_size=3).filter(lambda text: text.strip(".") != "")
PATHS = st.lists(st.lists(SEGMENT, min_size=1, max_size=4).map("/".join), min_size=1, max_size=8, unique=True)
NAME = st.lists(st.sampled_from(["a", "b", ".", "*", "?", "[ab]", "[!a]", "\\a"]), min_size=1, max_size=4).map("".join)
# Two stars beside other characters, and several such segments in a row, are read by git now so, now so.
NAME = NAME.filter(lambda name: "**" not in name)
PATTERN = st.tuples(
    st.sampled_from(["", "/", "**/"]),
    st.lists(NAME, min_size=1, max_size=3).flatmap(
        lambda names: st.sampled_from(["/", "/**/"]).map(lambda between: between.join(names))
    ),
    st.sampled_from(["", "/", "/**"]),
).map("".join)


@settings(max_examples=250, deadline=None)
@given(PATTERN, PATHS)
def test_git_agrees(repository: RepositoryBuilder, pattern: str, paths: list[str]) -> None:
    mine = {path for path in paths if path_pattern(pattern).covers(path)}
    assert mine == git_ignores(repository, pattern, paths)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 200 + "b", "a" * 4000),
        ("**/a/" * 100 + "b", "a/" * 2000),
        ("*a*/" * 100 + "b", "aaaa/" * 800),
        ("a*" * 300 + "/" + "*b" * 100, "a" * 2000 + "/" + "b" * 2000),
        ("?" * 500 + "*" * 500, "x" * 4000),
        ("[a-z]*" * 150 + "!", "a" * 4000),
        ("**/*a**/" * 100, "a/" * 2000),
    ],
)
def test_no_pattern_is_slow(pattern: str, path: str) -> None:
    start = time.process_time()
    found = path_pattern(pattern)
    found.covers(path)
    found.names(path)
    assert time.process_time() - start < allowed(2)


def test_a_pattern_that_is_too_long_matches_nothing() -> None:
    assert not path_pattern("a" * (MAX_LENGTH + 1)).covers("a" * (MAX_LENGTH + 1))


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_is_a_pattern(pattern: str, path: str) -> None:
    assert path_pattern(pattern).covers(path) in {True, False}
