"""Which folders the patterns of a workspace root name."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from fnmatch import translate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.ecosystems.npm._workspaces import Members
from analyzers.ecosystems.npm.ecosystem import ECOSYSTEM
from analyzers.model.ecosystem import Reading
from analyzers.syntax.text import SourceText
from tests.support.pace import allowed

MANY = 2_000


def read(path: str, text: str) -> Reading:
    form = next(form for form in ECOSYSTEM.formats if form.matches(path))
    return form.read(SourceText.decode(path, text.encode()))


@pytest.mark.parametrize(
    ("patterns", "folder", "named"),
    [
        (["a"], "a", True),
        (["./a/"], "a", True),
        (["a"], "a/b", False),
        (["a/*"], "a/b", True),
        (["a/*"], "a", False),
        (["a/**"], "a", True),
        (["a/**/**/z"], "a/z", True),
        (["**/z"], "a/b/z", True),
        (["a/b-?"], "a/b-1", True),
        (["a/[bc]"], "a/c", True),
        (["a/*", "!a/b"], "a/b", False),
        (["a/*", "!a/b"], "a/c", True),
        (["!a/b", "a/*"], "a/b", True),
        (["a/b", "!a/*", "a/b"], "a/b", True),
        (["!**/test/**"], "a", False),
        (["**", "!**/test/**"], "a/test/b", False),
        (["."], "", True),
        (["../x"], "../x", True),
        ([], "a", False),
        (["p/{a,b}"], "p/b", True),
        (["p/{a,b}"], "p/c", False),
        (["p/{a,b}"], "p/{a,b}", False),
        (["{p,q/r}/*"], "q/r/x", True),
        (["{p,q/r}/*"], "q/x", False),
        (["p{,-x}/*"], "p/a", True),
        (["p{,-x}/*"], "p-x/a", True),
        (["p/{a,{b,c}-d}"], "p/c-d", True),
        (["p/v{1..3}"], "p/v2", True),
        (["p/v{3..1}"], "p/v4", False),
        (["p/*", "!p/{a,b*}"], "p/bc", False),
        (["p/*", "!p/{a,b*}"], "p/c", True),
        (["p/*", "!p/{a,b}", "p/b"], "p/b", True),
        # No group: one name alone, one that does not end, a number without another.
        (["p/{a}"], "p/{a}", True),
        (["p/{a,b"], "p/{a,b", True),
        (["p/{1..}"], "p/{1..}", True),
    ],
)
def test_the_last_pattern_that_fits_decides(patterns: list[str], folder: str, named: bool) -> None:
    assert Members.of(patterns).has(folder) is named


def fits(pattern: tuple[str, ...], folder: tuple[str, ...]) -> bool:
    """Match by trying everything: slow, and plain to see."""
    if not pattern:
        return not folder
    if pattern[0] == "**":
        return fits(pattern[1:], folder) or (bool(folder) and fits(pattern, folder[1:]))
    return bool(folder) and bool(re.match(translate(pattern[0]), folder[0])) and fits(pattern[1:], folder[1:])


PARTS = st.lists(st.sampled_from(["a", "b", "ab", "*", "**", "a*", "?", "[ab]", "["]), max_size=4)
SIGNED = st.lists(st.tuples(st.booleans(), PARTS), max_size=5)


@given(SIGNED, st.lists(st.sampled_from(["a", "b", "ab", "["]), max_size=4))
def test_patterns_together_say_what_each_says_alone(signed: list[tuple[bool, list[str]]], folder: list[str]) -> None:
    decided = [negative for negative, parts in signed if fits(tuple(parts), tuple(folder))]
    patterns = ["!" * negative + "/".join(parts) for negative, parts in signed]
    assert Members.of(patterns).has("/".join(folder)) is (bool(decided) and not decided[-1])


@pytest.mark.parametrize(
    "pattern",
    [
        lambda number: f"p/folder-{number}",
        lambda number: f"!p/folder-{number}",
        lambda number: f"p/*{number}",
        lambda number: f"**/*a*{number}/**",
        lambda number: "**/" * 19 + f"*{number}",
        lambda number: f"{'*a' * 90}{number}",
        lambda number: f"p/{{a,b}}{number}",
        lambda number: f"p/{'{a,b}' * 400}{number}",
        lambda number: f"p/{{{','.join('a' * 400)}}}{number}",
        lambda number: f"p/{'{a,' * 400}b{'}' * 400}{number}",
        lambda number: f"p/{'{' * 3900}{number}",
        lambda number: f"p/{'{0..9999}' * 400}{number}",
    ],
    ids=[
        *("plain", "negative", "stars", "double stars", "long", "many stars"),
        *("braces", "many braces", "many alternatives", "deep braces", "open braces", "ranges"),
    ],
)
def test_many_patterns_for_many_folders_take_no_time(pattern: Callable[[int], str]) -> None:
    files = {"package.json": json.dumps({"workspaces": ["p/*", *map(pattern, range(MANY))]})}
    files |= {f"p/folder-{number}/package.json": "{}" for number in range(MANY)}
    readings = {path: read(path, text) for path, text in files.items()}
    started = time.process_time()
    ECOSYSTEM.pair(readings)
    assert time.process_time() - started < allowed(2)


@pytest.mark.parametrize(
    ("path", "text"),
    [("package.json", '{"workspaces": [%s]}'), ("pnpm-workspace.yaml", "packages: [%s]")],
)
def test_patterns_beyond_the_bound_are_said_and_plain_folders_stay(path: str, text: str) -> None:
    patterns = [*(f"p/{number}-*" for number in range(MANY)), "late", "a/" * 30]
    found = read(path, text % ", ".join(f'"{pattern}"' for pattern in patterns))
    assert [(row.reason, row.detail) for row in found.skipped] == [
        ("limit-reached", "patterns of workspaces that are too long or too many, and not followed: 1,801")
    ]
    members = Members.of(found.members)
    folders = ("p/199-x", "p/200-x", "late")
    assert [members.has(folder) for folder in folders] == [True, False, True]


def test_roots_above_one_another_take_no_time() -> None:
    roots = ["/".join(["r"] * depth) for depth in range(1, 60)]
    text = json.dumps({"workspaces": [f"**/*{number}-" for number in range(MANY)]})
    readings = {f"{root}/package.json": read(f"{root}/package.json", text) for root in roots}
    for number in range(MANY):
        path = f"{roots[-1]}/x{number}/package.json"
        readings[path] = read(path, "{}")
    started = time.process_time()
    ECOSYSTEM.pair(readings)
    assert time.process_time() - started < allowed(4)


def test_braces_beyond_the_bound_are_said() -> None:
    text = "packages: ['p/{a,b}', 'p/{0..9999}', 'q/*', 'r/{a,b}']"
    found = read("pnpm-workspace.yaml", text)
    assert [row.detail for row in found.skipped] == [
        "patterns of workspaces that are too long or too many, and not followed: 2"
    ]
    members = Members.of(found.members)
    assert [members.has(folder) for folder in ("p/b", "p/1", "q/x", "r/a")] == [True, False, True, False]


@pytest.mark.parametrize(
    ("path", "text", "named"),
    [
        ("package.json", '{"workspaces": ["!p/a", "p/*"]}', True),
        ("pnpm-workspace.yaml", "packages: ['!p/a', 'p/*']", False),
    ],
)
def test_what_pnpm_leaves_out_stays_out_wherever_it_stands(path: str, text: str, *, named: bool) -> None:
    members = Members.of(read(path, text).members)
    assert (members.has("p/a"), members.has("p/b")) == (named, True)
