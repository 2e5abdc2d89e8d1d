"""Remakes the bundled tables from their live sources: ``python -m analyzers.refresh``.

Lifecycles come from endoflife.date. Of the table of actions, tags, runtimes by major and archived repositories come
from their git host and its API; what stands in announcements alone (forced runtimes, commands, runner labels, failing
versions) is kept by hand, and the table's own dates say how old that is. What nobody answers keeps its old row.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from analyzers.errors import DebtscanError
from analyzers.http.credentials import load_settings
from analyzers.http.fetch import Fetcher
from analyzers.lifecycles import actions
from analyzers.lifecycles.refresh import RefreshRefusedError, refresh
from analyzers.look_up import look_up
from analyzers.model.ecosystem import Ecosystem
from analyzers.model.exchange import Addresses, Request, Response
from analyzers.model.facts import ActionDefinition, Facts, FactValue, GitRefs, HostedRepository, Known
from analyzers.model.inventory import Inventory, Repository
from analyzers.model.question import Question
from analyzers.versions import action_ref

Send = Callable[[Request], Response]
_HOST = "https://github.com"


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How many actions and archived repositories were answered live, and how many questions nobody answered."""

    actions: int
    archived: int
    unanswered: int


def refresh_actions(send: Send, path: Path, *, today: date, addresses: Addresses | None = None) -> Refreshed:
    """Remake the table of actions at ``path``. Raises RefreshRefusedError where nobody answers."""
    table: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    facts = _ask(table, send, today, addresses or {})
    refs = {name: value for name in table["tags"]["rows"] if isinstance(value := _live(facts, _refs(name)), GitRefs)}
    if not refs:
        raise RefreshRefusedError("no git host answered; the table of actions stays as it is")
    lines = {name: _newest_of_majors(found.tags) for name, found in refs.items()}
    for name, found in refs.items():
        table["tags"]["rows"][name] = {"date": today.isoformat(), "tags": _telling_tags(lines[name], found.tags)}
    _take_definitions(table["definitions"]["rows"], lines, facts)
    archived = _take_archived(table, facts)
    unanswered = sum(_live(facts, question) is None for question in facts.answers)
    if not unanswered:
        # A part is as old as its oldest row.
        for part in ("tags", "definitions", "archived"):
            table[part]["date"] = today.isoformat()
    _replace(path, json.dumps(table, indent=2, ensure_ascii=False) + "\n")
    return Refreshed(len(refs), archived, unanswered)


def _ask(table: Mapping[str, Any], send: Send, today: date, addresses: Addresses) -> Facts:
    """Ask for refs and states at once, then for the definition at the newest tag of each major."""

    def questions(_inventory: Inventory, facts: Facts) -> Iterator[Question]:
        for name in table["tags"]["rows"]:
            yield _refs(name)
            found = _live(facts, _refs(name))
            if isinstance(found, GitRefs) and name in table["definitions"]["rows"]:
                yield from (_definition(name, tag) for tag in _newest_of_majors(found.tags).values())
        for name in _named(table):
            yield Question("github-repository", name)

    world = Ecosystem(name="tables", title="Tables", formats=(), questions=questions, normalise=str.lower)
    nothing = Inventory(repository=Repository("tables"))
    return look_up(nothing, fetcher=send, looked_up=today, addresses=addresses, ecosystems=(world,))


def _named(table: Mapping[str, Any]) -> list[str]:
    return sorted({*table["archived"]["repositories"], *table["tags"]["rows"]})


def _refs(name: str) -> Question:
    return Question("git-refs", f"{_HOST}/{name}")


def _definition(name: str, tag: str) -> Question:
    return Question("action", f"{name}@{tag}")


def _live(facts: Facts, question: Question) -> FactValue | None:
    """Return what a live source said; the bundled table's own answer is none."""
    answer = facts.get(question)
    return answer.value if isinstance(answer, Known) and not answer.bundled else None


def _newest_of_majors(tags: Iterable[str]) -> dict[int, str]:
    """Return major → its newest whole version's tag, prereleases and variants left out."""
    newest: dict[int, tuple[tuple[int, ...], str]] = {}
    for tag in tags:
        version = action_ref.parse(tag)
        if version and not version.suffix and not version.family and action_ref.is_stable(tag):
            major = version.numbers[0]
            # The longer of two equal ones says more: v4.2.0 rather than v4.
            newest[major] = max(newest.get(major, ((), "")), (version.numbers, tag))
    return {major: tag for major, (_numbers, tag) in sorted(newest.items())}


def _telling_tags(newest: Mapping[int, str], tags: Mapping[str, str]) -> list[str]:
    """Return each major's moving tag, where there is one, and its newest whole version."""
    return [tag for major, whole in newest.items() for tag in dict.fromkeys((f"v{major}", whole)) if tag in tags]


def _take_definitions(rows: dict[str, Any], lines: Mapping[str, Mapping[int, str]], facts: Facts) -> None:
    for name, known in rows.items():
        for major, tag in lines.get(name, {}).items():
            found = _live(facts, _definition(name, tag))
            if isinstance(found, ActionDefinition):
                known[f"v{major}"] = {"newest": tag, "using": found.using}


def _take_archived(table: dict[str, Any], facts: Facts) -> int:
    """Write the archived repositories; return how many were answered live."""
    found = {name: _live(facts, Question("github-repository", name)) for name in _named(table)}
    before = set(table["archived"]["repositories"])
    table["archived"]["repositories"] = [
        name
        for name, state in found.items()
        if (state.archived if isinstance(state, HostedRepository) else name in before)
    ]
    return sum(isinstance(state, HostedRepository) for state in found.values())


def _replace(path: Path, text: str) -> None:
    beside = path.with_suffix(".new")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)


def main() -> int:
    """Refresh both tables, each as far as its sources answer; 1 where one stays as it is."""
    credentials = load_settings(os.environ, Path.home()).credentials
    with Fetcher(user_agent="debtscan-refresh", credentials=credentials) as fetcher:
        done = [
            _told("lifecycles", lambda: f"{refresh(fetcher.send)} products"),
            _told("actions", lambda: _actions(fetcher)),
        ]
    return 0 if all(done) else 1


def _actions(fetcher: Fetcher) -> str:
    found = refresh_actions(fetcher.send, actions.PATH, today=datetime.now(UTC).date())
    return f"{found.actions} actions, {found.archived} states; {found.unanswered} questions without an answer"


def _told(name: str, remake: Callable[[], str]) -> bool:
    """Remake one table and say how that went; the other one goes on either way."""
    try:
        sys.stderr.write(f"{name}: {remake()}\n")
    except DebtscanError as error:
        sys.stderr.write(f"{name}: {error}\n")
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
