"""Issues on a dry run: as they would be by now, none of it written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.github.dry_words import quoted
from bot.github.host import Host
from bot.github.objects import Actor, Issue


@dataclass(slots=True)
class DryIssues:
    """Passes reads on to ``host``; `would` gets what would be done, `numbers` are those of what is made up."""

    host: Host
    would: Callable[[str], None]
    numbers: Iterator[int]
    _known: dict[int, Issue] = field(default_factory=dict)

    def of(self, creator: str, labels: Sequence[str]) -> tuple[Issue, ...]:
        """Return the issues of a login as they would be."""
        for issue in self.host.issues(creator, labels):
            self._known.setdefault(issue.number, issue)
        wanted = set(labels)
        own = (issue for issue in self._known.values() if issue.author.login == creator)
        return tuple(sorted((one for one in own if wanted <= set(one.labels)), key=lambda one: one.number))

    def one(self, number: int) -> Issue:
        """Return one issue as it would be."""
        if number not in self._known:
            self._known[number] = self.host.issue(number)
        return self._known[number]

    def create(self, *, title: str, body: str, labels: Sequence[str], author: Actor) -> Issue:
        """Make an issue up, with a number below zero, which GitHub never gives."""
        number = next(self.numbers)
        made = Issue(number=number, title=title, body=body, state="open", author=author, labels=tuple(labels))
        self._known[number] = made
        labelled = f", labelled {', '.join(labels)}" if labels else ""
        self.would(f"open the issue {title!r}{labelled}{quoted(body)}")
        return made

    def update(self, number: int, *, title: str | None, body: str | None, is_open: bool | None) -> None:
        """Change what is not None."""
        there, named = self.one(number), self.named(number)
        changes: list[str] = []
        if title is not None:
            changes.append(f"set the title {title!r}")
        if is_open is not None:
            changes.append("reopen it" if is_open else "close it")
        if body is not None:
            changes.append(f"set the text{quoted(body)}")
        if changes:
            self.would(f"change {named}: {'; '.join(changes)}")
        self._known[number] = replace(
            there,
            title=there.title if title is None else title,
            body=there.body if body is None else body,
            state=there.state if is_open is None else ("open" if is_open else "closed"),
        )

    def named(self, number: int) -> str:
        """Return what an issue is called; "" for a number that is none."""
        known = self._known.get(number)
        if known is None:
            return ""
        return f"the issue #{number}" if number > 0 else f"the issue {known.title!r}"
