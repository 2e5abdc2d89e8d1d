"""The bundled table of GitHub Actions: runtimes, commands, runner labels, failing and archived actions, their tags.

Made by hand from the sources that each part of ``actions.json`` names; GitHub publishes no such table.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeAlias

import msgspec

from analyzers.model.facts import ActionDefinition, FactValue, GitRefs, HostedRepository, Known
from analyzers.model.question import Question
from analyzers.typed import from_json
from analyzers.versions import action_ref

PATH = Path(__file__).with_name("actions.json")
_HOST = "https://github.com/"


class Runtime(msgspec.Struct, frozen=True):
    """A runtime of JavaScript actions that runners replace: from `forced_on` on such actions run on `forced_to`."""

    using: str
    announced: date
    forced_to: str
    forced_on: date


class Command(msgspec.Struct, frozen=True):
    """A workflow command given up; `file` names the environment file that replaces it. Disabled ones fail the step."""

    name: str
    deprecated: date
    disabled: date | None
    file: str


class Runner(msgspec.Struct, frozen=True):
    """A runner label with an end. `removed` is the first day without it; `announced` None where nobody recorded it."""

    label: str
    announced: date | None
    removed: date
    successor: str


class Failing(msgspec.Struct, frozen=True):
    """Versions that GitHub's service refuses: major → the first version that works, None where none does."""

    action: str
    lines: dict[str, str | None]
    announced: date | None
    since: date


class _Part(msgspec.Struct, frozen=True):
    source: str
    date: date


class _Runtimes(_Part, frozen=True):
    current: str
    rows: tuple[Runtime, ...]


class _Commands(_Part, frozen=True):
    rows: tuple[Command, ...]


class _Runners(_Part, frozen=True):
    current: tuple[str, ...]
    rows: tuple[Runner, ...]


class _Failing(_Part, frozen=True):
    rows: tuple[Failing, ...]


class _Archived(_Part, frozen=True):
    repositories: frozenset[str]
    successors: dict[str, str]


class _TagRow(msgspec.Struct, frozen=True):
    date: date
    tags: tuple[str, ...]


class _Tags(_Part, frozen=True):
    rows: dict[str, _TagRow]


class _Line(msgspec.Struct, frozen=True):
    newest: str
    using: str


class _Definitions(_Part, frozen=True):
    rows: dict[str, dict[str, _Line]]


class _Outdated(_Part, frozen=True):
    using: str
    rows: frozenset[str]


class _Table(msgspec.Struct, frozen=True):
    runtimes: _Runtimes
    commands: _Commands
    runners: _Runners
    failing: _Failing
    archived: _Archived
    tags: _Tags
    definitions: _Definitions
    outdated: _Outdated


_Dated: TypeAlias = tuple[FactValue, date]


@cache
def _table() -> _Table:
    return from_json(PATH.read_bytes(), _Table)


@cache
def runtimes() -> Mapping[str, Runtime]:
    """Return the runtimes that are forced onto a newer one, by the word that ``runs.using`` holds."""
    return {row.using: row for row in _table().runtimes.rows}


def current_runtime() -> str:
    """Return the newest runtime that the table knows."""
    return _table().runtimes.current


@cache
def commands() -> Mapping[str, Command]:
    """Return the workflow commands that were given up, by name."""
    return {row.name: row for row in _table().commands.rows}


@cache
def _runners() -> Mapping[str, Runner]:
    return {row.label: row for row in _table().runners.rows}


def runner(label: str) -> Runner | None:
    """Return the end of a hosted runner's label; None for one without, and for one not in the table."""
    return _runners().get(label.lower())


def is_known_runner(label: str) -> bool:
    """Whether the table has the label at all."""
    return label.lower() in _runners() or label.lower() in _table().runners.current


def runners_dated() -> date:
    """Return the day up to which the ends of runner labels were observed; later ones are announced."""
    return _table().runners.date


def failing(action: str, ref: str) -> Failing | None:
    """Return why a version of ``owner/repository`` fails; None where it does not, or the ref names no version."""
    version = action_ref.parse(ref)
    if version is None or version.family or version.is_date:
        return None
    for row in _table().failing.rows:
        if row.action == action.lower() and str(version.numbers[0]) in row.lines:
            works = row.lines[str(version.numbers[0])]
            if works is None or _is_below(version, works):
                return row
    return None


def _is_below(version: action_ref.ActionRef, works: str) -> bool:
    """Whether the whole line that a ref names lies below a version: ``v4`` moves, so it does not lie below 4.2.0."""
    first = action_ref.parse(works)
    return first is not None and version.numbers < first.numbers[: version.precision]


def successor(repository: str) -> str | None:
    """Return what to use in place of an archived repository, where somebody named it."""
    return _table().archived.successors.get(repository.lower())


def definition(action: str, ref: str) -> Known | None:
    """Return what is known of ``owner/repository[/path]`` at a version: its runtime, or that runtime's upper bound."""
    found = _definition(action.lower(), ref)
    return Known(found[0], known_since=found[1], bundled=True) if found else None


def _definition(action: str, ref: str) -> _Dated | None:
    version = action_ref.parse(ref)
    # A variant (``v3-node20``) is made to run on something else.
    if version is None or version.suffix:
        return None
    table = _table()
    line = table.definitions.rows.get(action, {}).get(f"v{version.numbers[0]}") if not version.family else None
    name = f"{action}@{ref}"
    if line is not None:
        exact = version.text in (line.newest.removeprefix("v"), str(version.numbers[0]))
        # Runtimes only move forward, so older tags of a line run on what its newest does, or on an older one still.
        # Of the current runtime that says nothing.
        if exact or line.using in runtimes():
            return ActionDefinition(name, line.using, or_older=not exact), table.definitions.date
    whole_line = f"{action}@v{version.numbers[0]}"
    if name in table.outdated.rows or (not version.family and whole_line in table.outdated.rows):
        return ActionDefinition(name, table.outdated.using, or_older=True), table.outdated.date
    return None


def bundled(question: Question) -> Known | None:
    """Answer for the sources ``git-refs``, ``action`` and ``github-repository``; None for what is not known.

    A repository that is not in the list of archived ones is not known to be alive.
    """
    found: _Dated | None = None
    if question.source == "git-refs":
        found = _refs(question.name)
    elif question.source == "github-repository":
        found = _archived(question.name)
    elif question.source == "action":
        action, _, ref = question.name.partition("@")
        found = _definition(action.lower(), ref)
    return Known(found[0], known_since=found[1], bundled=True) if found else None


def _refs(url: str) -> _Dated | None:
    row = _table().tags.rows.get(url.removeprefix(_HOST).lower()) if url.startswith(_HOST) else None
    return (GitRefs(url, dict.fromkeys(row.tags, ""), {}), row.date) if row else None


def _archived(name: str) -> _Dated | None:
    table = _table().archived
    return (HostedRepository(name, archived=True), table.date) if name.lower() in table.repositories else None
