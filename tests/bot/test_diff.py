from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.diff import is_text, unified
from bot.line_changes import hunks
from tests.support.pace import allowed

NAMES = ["a.txt", "a b.txt", "ü/漢.txt", 'quo"te', "back\\slash", "tab\there", "-dash", "new\nline"]
LINES = st.lists(st.sampled_from([b"a", b"b", b"c\r", b"\xff", b"- x", b"+", b"\\ No newline", b""]), max_size=12)


@pytest.mark.parametrize("name", NAMES)
def test_git_applies_whatever_the_name(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    try:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"one\r\ntwo")
    except OSError:
        pytest.skip("this system has no such names")
    apply(tmp_path, unified(name, b"one\r\ntwo", b"one\r\nthree"))
    assert file.read_bytes() == b"one\r\nthree"


@settings(deadline=None, max_examples=25)
@given(LINES, LINES, st.booleans(), st.booleans())
def test_git_applies_whatever_the_bytes(
    tmp_path_factory: pytest.TempPathFactory, before: list[bytes], after: list[bytes], first: bool, second: bool
) -> None:
    folder = tmp_path_factory.mktemp("diff")
    old = b"\n".join(before) + b"\n" * first or b"\n"
    new = b"\n".join(after) + b"\n" * second or b"\n"
    (folder / "file").write_bytes(old)
    diff = unified("file", old, new)
    assert bool(diff) == (old != new)
    if diff:
        apply(folder, diff)
    assert (folder / "file").read_bytes() == new


def apply(folder: Path, diff: bytes) -> None:
    command = ["git", "-c", "core.autocrlf=false", "apply", "--whitespace=nowarn", "-"]
    subprocess.run(command, cwd=folder, input=diff, check=True, timeout=60)


def test_utf_16_is_binary_to_git() -> None:
    assert is_text(b"a")
    assert not is_text("a".encode("utf-16"))


@pytest.mark.parametrize("cut", [0, 1])
def test_files_of_many_alike_lines_take_linear_time(cut: int) -> None:
    lines = [b"# %d\n" % (number % 111) for number in range(40_000)]
    before, after = ([*lines, b"web==%d\n" % major, *lines] for major in (1, 2))
    started = time.process_time()
    found = unified("x", b"".join(before), b"".join(after[cut:]))
    assert time.process_time() - started < allowed(1)
    # Where lines come or go at the other end, too, all between is said to change.
    assert (len(found) < 1000) is (cut == 0)
    assert b"\n-web==1\n" in found
    assert b"\n+web==2\n" in found


def test_what_changes_in_place_stands_in_hunks_of_three_lines_around() -> None:
    before = b"".join(b"%d\n" % number for number in range(30))
    after = before.replace(b"\n5\n", b"\nfive\n").replace(b"\n20\n21\n", b"\ntwenty\ntwenty-one\n")
    assert unified("x", before, after).decode().splitlines()[3:] == [
        *("@@ -3,7 +3,7 @@", " 2", " 3", " 4", "-5", "+five", " 6", " 7", " 8"),
        *("@@ -18,8 +18,8 @@", " 17", " 18", " 19", "-20", "-21", "+twenty", "+twenty-one", " 22", " 23", " 24"),
    ]


def _lock(packages: int, moved: frozenset[int]) -> list[bytes]:
    """Return a lockfile's lines: many are alike, and what moves gets a line more."""
    lines = []
    for number in range(packages):
        lines += [b'"node_modules/p%d": {\n' % number, b'  "version": "1.%d.0",\n' % (number in moved)]
        lines += [b'  "dev": true,\n'] * (number in moved) + [b'  "license": "MIT"\n', b"},\n"]
    return lines


@pytest.mark.parametrize("as_long", [False, True])
def test_of_a_long_file_only_what_moved_is_told(*, as_long: bool) -> None:
    old, new = _lock(5000, frozenset()), _lock(5000, frozenset(range(0, 5000, 100)))
    if as_long:
        # As many lines went at the end as came before it: nothing stands where it stood.
        new = new[:-50]
    changed = [line for line in unified("lock", b"".join(old), b"".join(new)).splitlines()[3:] if line[:1] in b"+-"]
    assert len(changed) == 50 * 3 + 50 * as_long


def test_every_change_of_a_long_file_leads_to_the_other() -> None:
    old, new = _lock(900, frozenset({3, 700})), _lock(900, frozenset({1, 5, 899}))
    new = [*new[2000:], b"between\n", *new[:2000]]
    made, at = [], 0
    for hunk in hunks(old, new, 3):
        for tag, first, last, other_first, other_last in hunk:
            made += old[at:first]
            made += old[first:last] if tag == "equal" else new[other_first:other_last]
            at = last
    assert [*made, *old[at:]] == new
