"""Pull requests on a dry run: as they would be by now, none of it written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.github.dry_git import DryGit
from bot.github.dry_words import quoted, without_note
from bot.github.errors import AlreadyThereError, NotThereError, StaleError
from bot.github.host import Host
from bot.github.objects import Actor, MergeMethod, Pull


@dataclass(slots=True)
class DryPulls:
    """Passes reads on to ``host``; `would` gets what would be done, `numbers` are those of what is made up.

    `git` has the branches, as they would be.
    """

    host: Host
    would: Callable[[str], None]
    numbers: Iterator[int]
    git: DryGit
    now: Callable[[], datetime]
    # All that were listed, as they would be by now.
    _known: dict[int, Pull] = field(default_factory=dict)

    def of(self, prefix: str) -> tuple[Pull, ...]:
        """Return those of branches whose names begin so, as they would be."""
        for pull in self.host.pulls(prefix):
            self._known.setdefault(pull.number, pull)
        return tuple(pull for _number, pull in sorted(self._known.items()) if pull.branch.startswith(prefix))

    def one(self, number: int) -> Pull:
        """Return one as it would be."""
        return self._known.get(number) or self.host.pull(number)

    def create(self, *, branch: str, base: str, title: str, body: str, draft: bool, author: Actor) -> Pull:
        """Make one up, with a number below zero, which GitHub never gives. Raises AlreadyThereError, NotThereError."""
        if any(pull.branch == branch and pull.state == "open" for pull in self.of(branch)):
            raise AlreadyThereError(f"{branch} has a pull request already")
        head = self.git.branches(branch).get(branch)
        if head is None:
            raise NotThereError(f"the branch {branch} is not there")
        number, now = next(self.numbers), self.now()
        pull = Pull(
            number=number,
            node_id=f"dry-run:{number}",
            title=title,
            body=body,
            state="open",
            draft=draft,
            branch=branch,
            head=head,
            base=base,
            author=author,
            created=now,
            updated=now,
        )
        self._known[number] = pull
        kind = "a draft" if draft else "the"
        self.would(f"open {kind} pull request {title!r} from {branch} into {base}{quoted(body)}")
        return pull

    def update(
        self, number: int, *, title: str | None, body: str | None, draft: bool | None, is_open: bool | None
    ) -> None:
        """Change what is not None."""
        known = self._known.get(number)
        changes: list[str] = []
        if title is not None:
            changes.append(f"set the title {title!r}")
        if body is not None:
            same = bool(known and known.body) and without_note(known.body if known else "") == without_note(body)
            changes.append("set the note at the end of its text" if same else f"set the text{quoted(body)}")
        if draft is not None:
            changes.append("make it a draft" if draft else "mark it ready for review")
        if is_open is not None:
            changes.append("reopen it" if is_open else "close it")
        # Called as it was before.
        if changes:
            self.would(f"change {self.named(number)}: {'; '.join(changes)}")
        if known is not None:
            self._known[number] = replace(
                known,
                title=known.title if title is None else title,
                body=known.body if body is None else body,
                draft=known.draft if draft is None else draft,
                state=known.state if is_open is None else ("open" if is_open else "closed"),
            )

    def merge(self, number: int, *, sha: str, method: MergeMethod) -> None:
        """Merge one. Raises StaleError where the head is another."""
        known = self._known.get(number)
        if known is not None:
            if known.head != sha:
                raise StaleError(f"{self.named(number)} has another head by now")
            self._known[number] = replace(known, state="merged")
        self.would(f"merge {self.named(number)} ({method})")

    def moved(self, branch: str, sha: str) -> None:
        """Show a branch's new commit, as GitHub does at once."""
        for pull in self._known.values():
            if pull.branch == branch:
                self._known[pull.number] = replace(pull, head=sha)

    def deleted(self, branch: str) -> None:
        """Close the open ones of a branch that is gone."""
        for pull in self._known.values():
            if pull.branch == branch and pull.state == "open":
                self._known[pull.number] = replace(pull, state="closed")

    def named(self, number: int) -> str:
        """Return what one is called."""
        if number > 0:
            return f"the pull request #{number}"
        return f"the pull request {self._known[number].title!r}" if number in self._known else "the pull request"
