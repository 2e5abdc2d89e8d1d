"""The dashboard's issue made so: found again, opened once, changed where it differs, never reopened.

It is debtscan's where debtscan opened it and its text ends in the marker, or, where people took that away, where title
and labels are those of a dashboard. The repository is the only state: ended at any point, the next run goes on from
what is there. What a person closed stays closed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from analyzers.config import Posts
from bot.github.errors import ForbiddenError
from bot.github.host import Host
from bot.github.objects import Issue, Missing, Repo
from bot.posts import boxes, dashboard
from bot.posts.boxes import Closed, Marker, Wish
from bot.posts.model import Told

# Says to the next run that the word was said: one that ended between comment and closing does not repeat it.
_SAID: Final = "<!-- debtscan: closing -->"
_OFF: Final = "The dashboard was switched off in debtscan's configuration, so I close it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What was done about the dashboard and what was left, in words. `issue` is the one that is shown, if any."""

    issue: Issue | None = None
    done: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    """The open ones, oldest first, and those that were closed by somebody else than debtscan, oldest first."""

    open: tuple[Issue, ...] = ()
    closed: tuple[Issue, ...] = ()


@dataclass(slots=True)
class DashboardIssue:
    """The dashboard of one repository. Methods raise HostError."""

    host: Host
    repo: Repo
    settings: Posts
    missing: Sequence[Missing] = ()
    _done: list[str] = field(default_factory=list)
    _left: list[str] = field(default_factory=list)

    def wishes(self) -> frozenset[Wish]:
        """Return what people ticked."""
        issue = self.standing()
        return boxes.wishes(issue.body) if issue else frozenset()

    def standing(self) -> Issue | None:
        """Return the one that is open, as it is now; None where there is none, or is to be none."""
        if not self.repo.issues or not self.settings.dashboard:
            return None
        return next(iter(self._find().open), None)

    def keep(self, number: int, change: Callable[[Marker], Marker | None]) -> bool:
        """Change what the marker says, now; return whether it is so. One that cannot be read stays as it is."""
        there = self.host.issue(number)
        said = boxes.parse(there.body)
        wanted = change(said) if said else None
        if wanted is None:
            return False
        if wanted != said:
            self.host.update_issue(number, body=boxes.remarked(there.body, wanted))
        return True

    def post(self, told: Told, obeyed: frozenset[Wish] = frozenset()) -> Settled:
        """Make it what it should be. A box whose wish is not among the ``obeyed`` stays ticked."""
        obstacle = self._obstacle()
        if obstacle:
            return Settled(left=(obstacle,))
        found = self._find()
        if not self.settings.dashboard:
            for issue in found.open:
                self._close(issue, "off", _OFF)
            return self._settled(None)
        if found.open:
            return self._settled(self._kept(found.open, told, obeyed))
        if found.closed:
            last = self.host.issue(found.closed[-1].number)
            self._left.append(_closed(last))
            return self._settled(last)
        return self._settled(self._opened(told))

    def offboard(self, word: str) -> Settled:
        """Close what is open with a word."""
        if self.repo.issues:
            for issue in self._find().open:
                self._close(issue, "offboard", word)
        return self._settled(None)

    def _settled(self, issue: Issue | None) -> Settled:
        return Settled(issue=issue, done=tuple(self._done), left=tuple(self._left))

    def _obstacle(self) -> str:
        if not self.settings.dashboard:
            return ""
        if not self.repo.issues:
            return "issues are switched off in this repository; switch them on, or write dashboard = false"
        lacks = next((entry for entry in self.missing if entry.permission == "Issues"), None)
        return f"the permission Issues is missing: {lacks.remedy}" if lacks else ""

    def _find(self) -> _Found:
        """Return what is there: by the labels first, for without them a busy login has opened much else."""
        login, labels = self.host.login(), self.settings.dashboard_labels
        # GitHub takes a comma for the end of a label.
        tries = [tuple(label for label in labels if "," not in label), ()] if labels else [()]
        # Where there is to be none, a look is enough: it costs every run.
        for asked in tries if self.settings.dashboard else tries[:1]:
            listed = self.host.issues(login, asked)
            own = [issue for issue in listed if issue.author.login == login and self._is_dashboard(issue)]
            if own:
                return _Found(
                    open=tuple(issue for issue in own if issue.state == "open"),
                    closed=tuple(issue for issue in own if issue.state == "closed" and not _closed_by_us(issue)),
                )
        return _Found()

    def _is_dashboard(self, issue: Issue) -> bool:
        if boxes.parse(issue.body) is not None:
            return True
        settings = self.settings
        dressed = bool(settings.dashboard_labels) and set(settings.dashboard_labels) <= set(issue.labels)
        return dressed and issue.title == settings.dashboard_title

    def _opened(self, told: Told) -> Issue:
        title, labels = self.settings.dashboard_title, self.settings.dashboard_labels
        text = dashboard.body(told, title)
        made = self.host.create_issue(title=title, body=text, labels=labels)
        # Another run may have opened one in the same moment: the older one stays.
        others = [issue for issue in self._find().open if issue.number < made.number and made.number > 0]
        if others:
            self._close(made, "duplicate", f"#{others[0].number} is the dashboard, so I close this one.")
            return others[0]
        self._done.append(f"opened the dashboard {_named(made)}")
        return made

    def _kept(self, found: tuple[Issue, ...], told: Told, obeyed: frozenset[Wish]) -> Issue:
        first, *others = found
        for issue in others:
            self._close(issue, "duplicate", f"#{first.number} is the dashboard, so I close this one.")
        return self._updated(first.number, told, obeyed)

    def _updated(self, number: int, told: Told, obeyed: frozenset[Wish]) -> Issue:
        # Read once more just before: people tick boxes, and close issues, while a run goes on.
        there = self.host.issue(number)
        if there.state == "closed":
            self._left.append(_closed(there))
            return there
        wanted = self.settings.dashboard_title
        said = boxes.parse(there.body)
        ignores = said.ignores if said else ()
        text = dashboard.body(told, wanted, boxes.wishes(there.body) - obeyed, ignores=ignores)
        # What people call it stays, until the configuration calls it otherwise.
        title = wanted if said is None or said.title != wanted else there.title
        if title == there.title and boxes.same(text, there.body):
            return there
        self.host.update_issue(number, title=title if title != there.title else None, body=text)
        self._done.append(f"updated the dashboard {_named(there)}")
        return replace(there, title=title, body=text)

    def _close(self, issue: Issue, why: Closed, word: str) -> None:
        if not self._was_said(issue):
            try:
                self.host.comment(issue.number, f"{word}\n\n{_SAID}")
            except ForbiddenError:
                if not self.host.issue(issue.number).locked:
                    raise
                self._left.append(f"{_named(issue)} is locked, so why it is closed stands only in its text")
        said = boxes.parse(issue.body)
        marker = Marker(closed=why, ignores=said.ignores if said else ())
        text = f"**Closed.** {word}\n\n{boxes.remarked(issue.body, marker)}"
        self.host.update_issue(issue.number, body=text, open=False)
        self._done.append(f"closed the dashboard {_named(issue)}: {word}")

    def _was_said(self, issue: Issue) -> bool:
        login = self.host.login()
        last = self.host.comments(issue.number)[-1:]
        return any(entry.author.login == login and _SAID in entry.body for entry in last)


def _closed_by_us(issue: Issue) -> bool:
    said = boxes.parse(issue.body)
    return said is not None and bool(said.closed)


def _closed(issue: Issue) -> str:
    who = issue.closed_by.login if issue.closed_by else "somebody"
    return (
        f"the dashboard {_named(issue)} was closed by {who}, so it stays closed;"
        " posting goes on elsewhere as configured (reopen it to have it back)"
    )


def _named(issue: Issue) -> str:
    return f"#{issue.number}" if issue.number > 0 else repr(issue.title)
