"""Facts as JSON and back: a stored scorecard keeps its Facts and is replayed from them."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from analyzers.errors import DebtscanError
from analyzers.look_up import sources
from analyzers.model.facts import Answer, Facts, FactValue, Known, Unknown
from analyzers.model.question import Question
from analyzers.typed import from_json

_VERSION = 1


class FactsFormatError(DebtscanError):
    """The stored facts cannot be read: damaged, of a newer version, or of a source that is not installed."""


class _Known(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    value: msgspec.Raw
    known_since: date | None = None
    bundled: bool = False


class _Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    source: str
    name: str
    address: str = ""
    known: _Known | None = None
    unknown: Unknown | None = None


class _Stored(msgspec.Struct, frozen=True, kw_only=True):
    version: int
    looked_up: date
    answers: tuple[_Entry, ...]


def facts_to_json(facts: Facts) -> bytes:
    """Return the facts as JSON, sorted by question: equal facts give equal bytes."""
    entries = tuple(_entry(question, facts.answers[question]) for question in sorted(facts.answers))
    return msgspec.json.encode(_Stored(version=_VERSION, looked_up=facts.looked_up, answers=entries))


def facts_from_json(content: bytes) -> Facts:
    """Return what `facts_to_json` wrote. Raises FactsFormatError."""
    try:
        stored = from_json(content, _Stored)
        if stored.version != _VERSION:
            raise FactsFormatError(f"the facts are of version {stored.version}, this debtscan reads {_VERSION}")
        answers = {Question(entry.source, entry.name, entry.address): _answer(entry) for entry in stored.answers}
    except ValueError as error:
        raise FactsFormatError(f"the stored facts are damaged: {error}") from error
    return Facts(stored.looked_up, answers)


def _entry(question: Question, answer: Answer) -> _Entry:
    if isinstance(answer, Unknown):
        return _Entry(**question._asdict(), unknown=answer)
    value = msgspec.Raw(msgspec.json.encode(answer.value, order="deterministic"))
    known = _Known(value=value, known_since=answer.known_since, bundled=answer.bundled)
    return _Entry(**question._asdict(), known=known)


def _answer(entry: _Entry) -> Answer:
    if entry.unknown is not None:
        return entry.unknown
    if entry.known is None:
        raise FactsFormatError(f"no answer is stored for {entry.source} {entry.name}")
    known = entry.known
    return Known(_value(entry.source, known.value), known_since=known.known_since, bundled=known.bundled)


def _value(source: str, value: msgspec.Raw) -> FactValue:
    if source not in sources():
        raise FactsFormatError(f"no installed source is called {source!r}, so its stored facts cannot be read")
    kind: Any = sources()[source].value
    decoded: FactValue = from_json(value, kind)
    return decoded
