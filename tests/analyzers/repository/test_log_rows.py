"""What ``git log`` says, read into rows, and within bounds whatever it says."""

from __future__ import annotations

from io import BytesIO

from analyzers.config import Hotspots
from analyzers.repository.commits import tokens
from analyzers.repository.log_rows import LogRows
from analyzers.repository.messages import IS_FIX, Messages
from analyzers.repository.rows import IS_MERGE

NAME = b"1" * 40
CHANGE = b"\n:000000 100644 " + b"0" * 40 + b" " + b"2" * 40 + b" A\0a.py\0"
LONG = 30_000_000
ZERO, ONE, TWO = "0" * 40, "1" * 40, "2" * 40
A, B, C = "a" * 40, "b" * 40, "c" * 40


def read(author: bytes, message: bytes) -> LogRows:
    log = LogRows(Messages(Hotspots()))
    log.read(BytesIO(b"\n".join([b">" + NAME, b"", b"1780000000", author, message]) + b"\0" + CHANGE))
    return log


def test_a_message_without_end_is_read_to_where_it_tells_something() -> None:
    log = read(b"Ada <a@x>", b"Fix it\n\n" + b"x" * LONG)
    ((_, _, _, author, flags, changed, _),) = log.rows({})
    assert (author, flags, list(changed), list(log.paths)) == (0, IS_FIX, [0], [b"a.py"])


def test_a_name_without_end_keeps_its_beginning_and_its_address() -> None:
    (author,) = read(b"Ada " + b"x" * 500_000 + b" <a@x>", b"Fix it").authors
    assert (len(author), author[:4], author[-6:]) == (1000, b"Ada ", b" <a@x>")


def test_what_is_cut_does_not_depend_on_where_it_stands() -> None:
    found = [
        list(tokens(BytesIO(b"y" * before + b"\0" + b"x" * LONG + b"\0z\0"))) for before in (0, 1, 200_000, 300_000)
    ]
    assert {(len(long), last) for _, long, last in found} == {(1 << 20, b"z")}


def of(*parts: str) -> LogRows:
    log = LogRows(Messages(Hotspots()))
    log.read(BytesIO("".join(f"{part}\0" for part in parts).encode()))
    return log


def test_commits_have_their_files_and_their_moves() -> None:
    log = of(
        f">{A}\n{B} {C}\n300\nAda <a@x>\nMerge\n",
        f">{B}\n{C}\n200\nBob <b@x>\nFix it\n\nbody\n",
        f"\n:000000 100644 {ZERO} {ONE} A",
        "new.py",
        f":100644 000000 {ONE} {ZERO} D",
        "old.py",
        f":100644 100644 {ONE} {TWO} M",
        "same.py",
        f">{C}\n\n100\nAda <a@x>\n\n",
    )
    paths = list(log.paths)
    rows = log.rows({})
    assert [(row.name.hex()[0], row.time, row.author, row.flags) for row in rows] == [
        ("a", 300, 0, IS_MERGE),
        ("b", 200, 1, IS_FIX),
        ("c", 100, 0, 0),
    ]
    assert [paths[path] for path in rows[1].changed] == [b"same.py"]
    assert [paths[path] for path in rows[1].moved] == [b"old.py", b"new.py"]


def test_a_parent_is_older_than_its_child_whatever_the_clocks_say() -> None:
    log = of(f">{A}\n{B}\n50\nAda <a@x>\n", f">{C}\n\n100\nAda <a@x>\n", f">{B}\n{C}\n-7\nAda <a@x>\n")
    assert [(row.name.hex()[0], row.corrected, row.time) for row in log.rows({})] == [
        ("a", 102, 50),
        ("b", 101, 0),
        ("c", 100, 100),
    ]


def test_a_time_beyond_all_calendars_is_held_back() -> None:
    assert of(f">{A}\n\n{9**40}\nAda <a@x>\n").rows({})[0].time < 1 << 63


def test_what_is_on_the_other_side_is_gone() -> None:
    log = of(f"<{A}\n{B}\n50\nAda <a@x>\n", f":100644 100644 {ONE} {TWO} M", "a.py", f">{C}\n{B}\n50\nAda <a@x>\n")
    assert (log.gone, list(log.parents)) == ([A.encode()], [C.encode()])
    assert [list(row.changed) for row in log.rows({B.encode(): 1})] == [[]]
