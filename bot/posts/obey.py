"""Comments that ask debtscan for something: who may, which were dealt with, and the answer.

The mark of a comment that was dealt with is debtscan's own reaction. It comes last: a run that is ended before does
the same again, which changes nothing, and finds the answer that it gave. So each step is safe to be repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from bot.github.host import Host
from bot.github.objects import Comment, ReactionKind
from bot.markup import Raw
from bot.posts.answers import joined
from bot.posts.commands import Asked, parse

Standing: TypeAlias = Literal["done", "refused", "later"]
"""What came of a command: `later` is one that could not be tried yet, and is tried again with the next run."""

NEWEST: Final = 100
"""Of each conversation so many comments are looked at, the newest."""
_DEALT_WITH: Final[Collection[ReactionKind]] = ("+1", "-1", "confused")
_MAY: Final = frozenset({"admin", "write"})
_NOTHING: Final = Raw("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What came of one command, and what is answered: "" where the reaction says it all."""

    standing: Standing
    text: Raw = _NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A comment, on the issue or pull request of that number, from somebody who may ask what it asks."""

    number: int
    comment: Comment
    asked: Asked


@dataclass(slots=True)
class Listener:
    """Listens on one repository. Methods raise HostError. `done` says what was done, in words.

    `may_answer` says whether an answer can be given on an issue or pull request: where not, nobody is heard there.
    """

    host: Host
    may_answer: Callable[[int], bool]
    done: list[str] = field(default_factory=list)
    _allowed: dict[str, bool] = field(default_factory=dict)

    def heard(self, numbers: Iterable[int]) -> Iterator[Heard]:
        """Yield what was not dealt with yet, oldest first; what somebody may not ask gets its reaction."""
        login = self.host.login()
        # A person's own name is no name of debtscan's, though it acts with that person's token.
        names = [login] if login.endswith("[bot]") else []
        for number in numbers:
            for comment in self.host.newest_comments(number)[-NEWEST:]:
                asked = parse(comment.body, names)
                if not asked or _is_own(comment, login) or self._is_dealt_with(comment, login):
                    continue
                if not self.may_answer(number):
                    break
                if self._may(comment.author.login):
                    yield Heard(number=number, comment=comment, asked=asked)
                else:
                    self.host.react(comment.id, "-1")
                    self.done.append(f"did not obey a comment on #{number}: its author may not write here")

    def answer(self, heard: Heard, parts: Collection[Part]) -> None:
        """Answer a comment, and mark it: the reply first, where one is needed."""
        if any(part.standing == "later" for part in parts):
            self.host.react(heard.comment.id, "eyes")
            return
        text = joined(part.text for part in parts if part.text)
        if text:
            self._reply(heard, text)
        refused = any(part.standing == "refused" for part in parts)
        self.host.react(heard.comment.id, "confused" if refused else "+1")
        self.done.append(
            f"{'answered' if text else 'obeyed'} a comment of {heard.comment.author.login} on #{heard.number}"
        )

    def _reply(self, heard: Heard, text: Raw) -> None:
        login, mark = self.host.login(), f"<!-- debtscan:answer={heard.comment.id} -->"
        there = self.host.newest_comments(heard.number)
        if not any(one.author.login == login and mark in one.body for one in there):
            self.host.comment(heard.number, f"{text}\n\n{mark}")

    def _may(self, login: str) -> bool:
        if login not in self._allowed:
            self._allowed[login] = self.host.permission(login) in _MAY
        return self._allowed[login]

    def _is_dealt_with(self, comment: Comment, login: str) -> bool:
        if not comment.reactions and comment.id > 0:
            return False
        given = self.host.reactions(comment.id)
        return any(one.author.login == login and one.kind in _DEALT_WITH for one in given)


def _is_own(comment: Comment, login: str) -> bool:
    """Whether a bot wrote it, or debtscan with a person's token."""
    return comment.author.is_bot or (comment.author.login == login and "<!-- debtscan" in comment.body)
