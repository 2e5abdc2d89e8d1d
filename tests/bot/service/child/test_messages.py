"""What a child may send much of: it is checked whole, and the service does not stand still meanwhile."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import date
from typing import cast

import msgspec
import pytest

from analyzers.typed import from_msgpack
from bot.service.child.messages import Bring, Compared, Ending, FromChild, Invited, Played, Scanned, Usage
from tests.support.entries import entry_of

USAGE: Mapping[str, object] = {
    "ecosystem": "npm",
    "name": "left-pad",
    "kind": "lock",
    "path": "packages/one/package-lock.json",
    "line": 7,
    "direct": False,
    "value": "^1.2.3",
    "version": "1.2.3",
}
MANY = 100_000
# A union, which is no type to the checker.
SAID = cast("type[object]", FromChild)


@pytest.fixture
def swift() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.0005)
    yield
    sys.setswitchinterval(before)


def _array(count: int, one: object) -> bytes:
    return b"\xdd" + count.to_bytes(4, "big") + msgspec.msgpack.encode(one) * count


def _turns(content: bytes, kind: type[object], said: str) -> int:
    """Return how often another thread gets a turn while this one reads something that is refused at its end."""
    turns, over = 0, threading.Event()

    def take_turns() -> None:
        nonlocal turns
        while not over.is_set():
            time.sleep(0.001)
            turns += 1

    other = threading.Thread(target=take_turns)
    other.start()
    try:
        before = turns
        with pytest.raises(msgspec.ValidationError, match=said):
            from_msgpack(content, kind)
        return turns - before
    finally:
        over.set()
        other.join()


@pytest.mark.usefixtures("swift")
def test_other_threads_get_their_turns_while_usages_are_read() -> None:
    content = b"\x81\xa6usages" + _array(MANY, USAGE)
    # Of a time in which there are a hundred. In one go there were three: before it began, and when it was over.
    assert _turns(content, Scanned, "missing required field") > 10


@pytest.mark.usefixtures("swift")
def test_other_threads_get_their_turns_while_names_are_read() -> None:
    part = {"names": ["1" * 40] * 500}
    content = b"\x82\xa4type\xa5bring\xa5parts" + _array(MANY // 500, part)[:-1] + b"!"
    assert _turns(content, SAID, "a name that no object has") > 10


def test_names_go_in_parts_and_come_out_as_they_were() -> None:
    names = (*(f"{number:040x}" for number in range(1201)), "a" * 64)
    sent = Bring.of(names)
    assert [len(part.names) for part in sent.parts] == [500, 500, 202]
    assert from_msgpack(msgspec.msgpack.encode(sent), Bring).names == names
    assert Bring.of(()).names == ()


@pytest.mark.parametrize("name", ["", "1" * 39, "1" * 41, "1" * 63, "1" * 65, "A" * 40, "g" * 40, "1" * 40 + "\n"])
def test_what_is_no_name_of_an_object_is_refused_wherever_it_stands(name: str) -> None:
    for names in ([name], ["1" * 40, name], [name, "1" * 40]):
        content = msgspec.msgpack.encode({"type": "bring", "parts": [{"names": []}, {"names": names}]})
        with pytest.raises(msgspec.ValidationError):
            from_msgpack(content, SAID)


def test_more_than_what_may_be_brought_or_told_is_refused_before_it_is_read() -> None:
    bring = b"\x82\xa4type\xa5bring\xa5parts"
    with pytest.raises(msgspec.ValidationError, match="length <= 500 "):
        from_msgpack(bring + _array(1, {"names": ["1" * 40] * 501}), SAID)
    with pytest.raises(msgspec.ValidationError, match="length <= 2000 "):
        from_msgpack(bring + _array(2001, {"names": []}), SAID)
    with pytest.raises(msgspec.ValidationError, match="length <= 500000 "):
        from_msgpack(b"\x81\xa6usages" + _array(500_001, {}), Scanned)


@pytest.mark.parametrize("name", ["ecosystem", "name", "kind", "path", "value", "version"])
def test_a_usage_with_a_zero_byte_or_too_long_a_text_is_refused(name: str) -> None:
    assert from_msgpack(msgspec.msgpack.encode(USAGE), Usage).name == "left-pad"
    for text in ("\0", "x\0", "\0x", "x" * 4001):
        with pytest.raises(msgspec.ValidationError):
            from_msgpack(msgspec.msgpack.encode({**USAGE, name: text}), Usage)


@pytest.mark.parametrize("name", ["subject", "path"])
def test_an_ending_with_a_zero_byte_or_too_long_a_text_is_refused(name: str) -> None:
    ending = {"subject": "Python 3.9", "ends_on": "2025-10-31", "path": "setup.py"}
    assert from_msgpack(msgspec.msgpack.encode(ending), Ending).path == "setup.py"
    for text in ("x\0", "x" * 4001):
        with pytest.raises(msgspec.ValidationError):
            from_msgpack(msgspec.msgpack.encode({**ending, name: text}), Ending)


SCANNED = Scanned(
    document=b"",
    hotspots=b"",
    inventory=b"",
    edition="",
    facts=b"",
    entry=entry_of(date(2026, 3, 1)),
    usages=(),
    ends=(),
    skipped=0,
    configured="",
    upgrades=True,
    notes=("x",),
    timings={"read": 0.5},
    plan_digest="0" * 64,
    judged=True,
)


@pytest.mark.parametrize(
    "came",
    [
        SCANNED,
        Played(upgrades=b"", done=("x",), withheld=("x",), failed=("x",), again_at=None),
        Invited(standing="silent", pull=0, done=("x",), left=("x",)),
        Compared(conclusion="", done=("x",), withheld=("x",), failed=("x",), fresh=0, mended=0, score_won=0),
    ],
)
def test_a_sentence_with_a_zero_byte_or_too_long_is_refused(came: msgspec.Struct) -> None:
    told = msgspec.to_builtins(came, builtin_types=(bytes,))
    named = {"notes", "done", "withheld", "failed", "left"} & {*told}
    assert named
    assert from_msgpack(msgspec.msgpack.encode(told), type(came)) == came
    for name in named:
        for text in ("x\0", "x" * 4001):
            with pytest.raises(msgspec.ValidationError):
                from_msgpack(msgspec.msgpack.encode({**told, name: ["x", text]}), type(came))
