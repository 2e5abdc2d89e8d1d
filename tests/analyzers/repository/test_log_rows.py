"""What ``git log`` says, read within bounds whatever it says."""

from __future__ import annotations

from io import BytesIO

from analyzers.config import Hotspots
from analyzers.repository.commits import tokens
from analyzers.repository.log_rows import LogRows
from analyzers.repository.messages import IS_FIX, Messages

NAME = b"1" * 40
CHANGE = b"\n:000000 100644 " + b"0" * 40 + b" " + b"2" * 40 + b" A\0a.py\0"
LONG = 30_000_000


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
