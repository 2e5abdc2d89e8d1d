"""Types are met by one thread at a time; whoever comes meanwhile waits until all of it is known."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from analyzers.typed import converted, from_json, from_msgpack, msgpack_decoder

_ROOT = Path(__file__).resolve().parents[2]


class Inner(msgspec.Struct, frozen=True):
    names: tuple[str, ...] = ()


class Outer(msgspec.Struct, frozen=True):
    number: int
    inner: Inner | None = None


OUTER = Outer(3, Inner(("one", "two")))

# Fresh types in every round, nested, so that meeting one takes a while; threads change places as often as can be.
_RACE = """
import sys, threading
import msgspec
from analyzers.typed import converted, from_json, from_msgpack, schema_components
sys.setswitchinterval(1e-6)
PLAIN = {"a": 1, "b": ["x"], "c": {"a": 2, "c": {"b": ["z"]}}}
JSON, PACKED = msgspec.json.encode(PLAIN), msgspec.msgpack.encode(PLAIN)
def described(kind):
    schema_components([kind], "{name}")
    return from_json(JSON, kind)
WAYS = [
    lambda kind: from_json(JSON, kind),
    lambda kind: from_msgpack(PACKED, kind),
    lambda kind: converted(PLAIN, kind),
    described,
]
failed = []
def met(barrier, kind, way):
    barrier.wait()
    try:
        assert way(kind).c.a == 2
    except BaseException as error:
        failed.append(repr(error))
for _ in range(150):
    kind = None
    for depth in range(8):
        fields = [("a", int, 0), ("b", list[str], ()), ("c", kind | None if kind else None, None)]
        kind = msgspec.defstruct(f"Level{depth}", fields)
    barrier = threading.Barrier(8)
    threads = [threading.Thread(target=met, args=(barrier, kind, WAYS[n % 4])) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
print(failed or "all of them")
"""


@pytest.mark.parametrize("kind", [Outer, Outer | None, list[Outer] | Outer])
def test_each_way_returns_the_value(kind: type[Outer]) -> None:
    assert from_json(msgspec.json.encode(OUTER), kind) == OUTER
    assert from_msgpack(msgspec.msgpack.encode(OUTER), kind) == OUTER
    assert converted(msgspec.to_builtins(OUTER), kind) == OUTER
    assert msgpack_decoder(kind) is msgpack_decoder(kind)


def test_what_is_of_another_type_is_refused() -> None:
    said = r"Expected `int`, got `str` - at `\$.number`"
    with pytest.raises(msgspec.ValidationError, match=said):
        from_json(b'{"number": "3"}', Outer)
    with pytest.raises(msgspec.ValidationError, match=said):
        from_msgpack(msgspec.msgpack.encode({"number": "3"}), Outer)
    with pytest.raises(msgspec.ValidationError, match=said):
        converted({"number": "3"}, Outer)
    assert converted({"number": "3"}, Outer, strict=False) == Outer(3)


def test_threads_that_meet_a_type_at_once_crash_nothing() -> None:
    told = [sys.executable, "-c", _RACE]
    ended = subprocess.run(told, check=False, cwd=_ROOT, capture_output=True, text=True, timeout=120)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "all of them\n", "")
