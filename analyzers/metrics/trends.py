"""How complex the weightiest functions were at the end of each month, from contents that git holds, not a checkout."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import groupby

import msgspec

from analyzers.errors import UnreadableError
from analyzers.metrics.earlier import Place
from analyzers.metrics.earlier_work import measure_places, text_key
from analyzers.metrics.edition import edition
from analyzers.metrics.measure import languages
from analyzers.model.history import ComplexityTrend, FunctionVersions
from analyzers.model.inventory import Function, History
from analyzers.model.kept import NOTHING_KEPT, Kept
from analyzers.model.skipped import Skipped
from analyzers.model.snapshot import Snapshot
from analyzers.repository.paths import suffix_of
from analyzers.repository.snapshot import history_of
from analyzers.repository.version_lines import split_lines
from analyzers.typed import from_msgpack

_KIND = "trend"
_KEY_SIZE = 16


def measure_trends(
    snapshot: Snapshot, functions: Iterable[Function], history: History | None, *, kept: Kept = NOTHING_KEPT
) -> tuple[tuple[ComplexityTrend, ...], tuple[Skipped, ...]]:
    """Return the trends of those of the functions whose versions the history names, and what was too much.

    What an earlier run ``kept`` is not measured again; the result does not depend on it.
    """
    source = history_of(snapshot)
    if history is None or source is None or not history.versions:
        return (), ()
    today = {(one.path, one.name, one.line): one for one in functions}
    pasts = [(today[one.path, one.name, one.line], one) for one in history.versions]
    keys = {place: _key(place) for function, past in pasts for place in _places(function, past) if place}
    known = _kept(kept, keys)
    work = [place for place in keys if place not in known]
    measured, unread = measure_places(source[0], work, _texts(snapshot, (function for function, _ in pasts)))
    kept.save(_KIND, {keys[place]: msgspec.msgpack.encode(value) for place, value in measured.items()})
    values = {**known, **measured}
    return tuple(_trend(function, past, values) for function, past in pasts), tuple(_too_much(unread))


def _texts(snapshot: Snapshot, functions: Iterable[Function]) -> dict[bytes, int]:
    """Return the complexity that functions have today by their text."""
    found: dict[bytes, int] = {}
    for path, inside in groupby(functions, key=lambda one: one.path):
        # A file that has gone since tells nothing.
        with contextlib.suppress(UnreadableError):
            lines = split_lines(snapshot.read(path))
            for one in inside:
                found[text_key(path, one.language, lines, (one.line, one.end_line))] = one.complexity
    return found


def _places(function: Function, past: FunctionVersions) -> Iterator[Place | None]:
    # The last month is today's, which is measured already.
    for version in past.months[:-1]:
        yield Place(function.path, function.language, version) if version else None


def _trend(function: Function, past: FunctionVersions, values: Mapping[Place, int | None]) -> ComplexityTrend:
    earlier = (values.get(place) if place else None for place in _places(function, past))
    months = (*earlier, function.complexity)
    return ComplexityTrend(path=function.path, name=function.name, line=function.line, months=months)


def _key(place: Place) -> bytes:
    """Return what the complexity is kept under: all that decides it."""
    # A language may have dialects, told by the end of the name.
    suffix = suffix_of(place.path)
    version = place.version
    about = msgspec.json.encode((suffix, version.blob, version.line, version.end_line))
    return sha256(edition(languages()[place.language]) + about).digest()[:_KEY_SIZE]


def _kept(kept: Kept, keys: Mapping[Place, bytes]) -> dict[Place, int | None]:
    found = kept.load(_KIND, set(keys.values()))
    values: dict[Place, int | None] = {}
    for place, key in keys.items():
        value = _complexity(found.get(key, b""))
        # Damaged is as good as lost.
        values.update({place: value[0]} if value else {})
    return values


def _complexity(packed: bytes) -> Sequence[int | None]:
    """Return the one value that was packed; nothing where that is none."""
    try:
        value = from_msgpack(packed, object)
    except msgspec.DecodeError:
        return ()
    return (value,) if value is None or (type(value) is int and value > 0) else ()


def _too_much(places: int) -> Iterator[Skipped]:
    if places:
        detail = f"{places:,} earlier versions of functions are too much to be measured for their trends"
        yield Skipped(what="history", source="metrics", reason="limit-reached", detail=detail)
