"""Comments and check runs that are not written: what would be there is read back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Final

from bot.github.dry_words import quoted
from bot.github.errors import NotThereError
from bot.github.host import Host
from bot.github.objects import Actor, Annotation, CheckRun, CheckText, Comment, Reaction, ReactionKind

_SIGNS: Final[Mapping[ReactionKind, str]] = {"+1": "👍", "-1": "👎", "confused": "😕", "eyes": "👀"}


@dataclass(slots=True)
class DryComments:
    """Comments as they would be. `would` gets what would be done, `named` names an issue or a pull request."""

    host: Host
    would: Callable[[str], None]
    named: Callable[[int], str]
    _new: dict[int, list[Comment]] = field(default_factory=dict)
    # By id; None is deleted.
    _changed: dict[int, str | None] = field(default_factory=dict)
    _ids: count[int] = field(default_factory=lambda: count(-1, -1))
    _reactions: dict[int, list[Reaction]] = field(default_factory=dict)

    def of(self, number: int) -> tuple[Comment, ...]:
        """Return those of an issue or a pull request."""
        return self._shown(number, self.host.comments(number) if number > 0 else ())

    def newest(self, number: int) -> tuple[Comment, ...]:
        """Return the newest of them."""
        return self._shown(number, self.host.newest_comments(number) if number > 0 else ())

    def reactions(self, comment: int) -> tuple[Reaction, ...]:
        """Return the reactions to one."""
        return (*(self.host.reactions(comment) if comment > 0 else ()), *self._reactions.get(comment, ()))

    def react(self, comment: int, kind: ReactionKind, author: Actor) -> None:
        """React to one."""
        made = Reaction(author=author, kind=kind)
        if made not in self.reactions(comment):
            self._reactions.setdefault(comment, []).append(made)
            self.would(f"react to the comment {comment} with {_SIGNS[kind]}")

    def _shown(self, number: int, there: tuple[Comment, ...]) -> tuple[Comment, ...]:
        shown = ((one, self._changed.get(one.id, one.body)) for one in (*there, *self._new.get(number, ())))
        return tuple(replace(one, body=body) for one, body in shown if body is not None)

    def add(self, number: int, body: str, author: Actor) -> None:
        """Add one, with an id below zero, which GitHub never gives."""
        self._new.setdefault(number, []).append(Comment(id=next(self._ids), author=author, body=body))
        self.would(f"comment on {self.named(number)}{quoted(body)}")

    def edit(self, comment: int, body: str) -> None:
        """Give one another text. Raises NotThereError where it would be deleted."""
        if self._changed.get(comment, "") is None:
            raise NotThereError(f"the comment {comment} is gone")
        self._changed[comment] = body
        self.would(f"change the comment {comment}{quoted(body)}")

    def delete(self, comment: int) -> None:
        """Delete one."""
        self._changed[comment] = None
        self.would(f"delete the comment {comment}")


@dataclass(slots=True)
class DryCheckRuns:
    """Check runs as they would be."""

    host: Host
    would: Callable[[str], None]
    _new: dict[tuple[str, str], list[CheckRun]] = field(default_factory=dict)
    _changed: dict[int, CheckText] = field(default_factory=dict)
    _ids: count[int] = field(default_factory=lambda: count(-1, -1))

    def named(self, sha: str, name: str) -> tuple[CheckRun, ...]:
        """Return those of a name on a commit."""
        there = (*self.host.check_runs(sha, name), *self._new.get((sha, name), ()))
        return tuple(_changed(run, self._changed.get(run.id)) for run in there)

    def create(self, sha: str, name: str, said: CheckText, author: str) -> CheckRun:
        """Write one, with an id below zero, which GitHub never gives."""
        done = said.conclusion is not None
        made = CheckRun(id=next(self._ids), name=name, external_id=said.external_id, author=author, is_done=done)
        self._new.setdefault((sha, name), []).append(made)
        self.would(f"write the check run {name!r} of {sha[:10]}, {_told(said)}")
        return made

    def update(self, run: CheckRun, said: CheckText) -> None:
        """Change one."""
        self._changed[run.id] = said
        self.would(f"change the check run {run.name!r}, {_told(said)}")


def _changed(run: CheckRun, said: CheckText | None) -> CheckRun:
    if said is None:
        return run
    return replace(run, external_id=said.external_id, is_done=said.conclusion is not None)


def _told(said: CheckText) -> str:
    lines = [f"{said.conclusion or 'not done yet'}: {said.title}", said.summary, *map(_line, said.annotations)]
    return quoted("\n".join(lines)).removeprefix(":\n    ")


def _line(one: Annotation) -> str:
    # A path may hold a line end, and the next line would be a command to a workflow.
    return f"{one.level} at {one.path!r}:{one.line}: {one.title}: {one.message}"
