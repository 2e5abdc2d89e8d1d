"""What fuzzing looks for is found where it is: readers that break each promise."""

from __future__ import annotations

import itertools
import time

import pytest

from analyzers.errors import InvalidSyntaxError
from analyzers.model.ecosystem import Ecosystem, Format, Reading
from analyzers.model.inventory import Dependency
from analyzers.model.place import Place
from analyzers.syntax.text import SourceText
from tests.support.promises import Outcome, outcome

COUNTER = itertools.count()


def row(start: int, end: int, value: str) -> Reading:
    place = Place("x", 1, 1, start, end)
    return Reading(dependencies=(Dependency(ecosystem="x", name="x", place=place, kind="x", purl="", value=value),))


def crashes(_source: SourceText) -> Reading:
    raise KeyError("x")


def nests(source: SourceText) -> Reading:
    return nests(source)


def refuses(_source: SourceText) -> Reading:
    raise InvalidSyntaxError("is none")


def works(_source: SourceText) -> Reading:
    until = time.process_time() + 0.05
    while time.process_time() < until:
        pass
    return Reading()


def came(read: object, seconds: float = 5) -> Outcome:
    form = Format(name="x", title="x", examples=("x",), matches=lambda path: path == "x", read=read)  # type: ignore[arg-type]  # any of the above
    world = Ecosystem(name="x", title="x", formats=(form,), questions=lambda *_: (), normalise=str)
    return outcome(world, form, "x", b"a==1", seconds=seconds, again=True)


@pytest.mark.parametrize(
    ("read", "kind"),
    [
        (crashes, "crash"),
        (nests, "crash"),
        (lambda _source: row(0, 5, "a==1"), "place"),
        (lambda _source: row(3, 1, "="), "place"),
        (lambda _source: row(0, 4, "a==2"), "value"),
        (lambda _source: row(0, next(COUNTER) % 4, ""), "unsteady"),
    ],
)
def test_a_broken_promise_is_told(read: object, kind: str) -> None:
    complaint = came(read).complaint
    assert complaint
    assert complaint.kind == kind


def test_a_slow_reader_is_told() -> None:
    complaint = came(works, seconds=0.01).complaint
    assert complaint
    assert complaint.kind == "slow"


@pytest.mark.parametrize("read", [refuses, lambda _source: Reading(), lambda _source: row(0, 4, "a==1")])
def test_a_kept_promise_is_none(read: object) -> None:
    assert came(read).complaint is None
