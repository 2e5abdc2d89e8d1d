"""What posts say of a round: the plan and what came of it, as plain values without the upgrades themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot import wording
from bot.ends import End
from bot.github.objects import Missing, Pull, Repo
from bot.posts.model import Told, UpgradeLine, Urls
from bot.posts.posted import Posted
from bot.posts.told import end_lines
from bot.scorecard import Report
from bot.upgrade import marker
from bot.upgrade.model import LeftOut, Upgrade, Waiting
from bot.upgrade.names import plain
from bot.upgrade.publish import Outcome
from bot.upgrade.rounds import Round

# Findings of which another step goes first, or that no edit mends, are no upgrade.
_NONE: Final = frozenset({"later", "no-edit"})
_BY: Final[Mapping[str, str]] = {
    "ignored": "[[upgrades.ignore]]",
    "denied": "",
    "not-allowed": "",
}


def told(
    repo: Repo, report: Report, ends: Iterable[End], outcome: Round, page: str, elsewhere: Collection[str] = ()
) -> Told:
    """Return what posts say; ``page`` is the address of the repository's page, ``ends`` what has ended or will.

    Ignores of which the plan says what is ``elsewhere`` are left out: the dashboard lists what it keeps itself.
    """
    missing = map(_said, outcome.missing)
    failed = (f"Failed: {sentence}" for sentence in outcome.failed)
    return Told(
        repo=repo.name,
        commit=report.repository.commit or "",
        branch=repo.default_branch,
        as_of=report.as_of,
        report=report,
        entries=report.history,
        upgrades=upgrade_lines(outcome, page, elsewhere),
        ends=end_lines(ends),
        urls=Urls(repository=page),
        notes=(*missing, *failed, *outcome.notes),
    )


def _said(missing: Missing) -> str:
    """Return what a permission's lack means; what no setting gives is no permission that somebody forgot."""
    if missing.never:
        return wording.sentence(f"{missing.withholds}: {missing.remedy}")
    return f"The permission {missing.permission} is missing: {missing.withholds}."


def not_done(outcome: Round, posted: Posted) -> tuple[str, ...]:
    """Return, in sentences, what a round left undone, each once; but not what it said in passing."""
    missing = map(_said, (*outcome.missing, *posted.missing))
    withheld = (sentence for sentence in posted.withheld if sentence not in posted.in_passing)
    return tuple(dict.fromkeys((*missing, *outcome.failed, *posted.failed, *withheld)))


def upgrade_lines(outcome: Round, page: str, elsewhere: Collection[str] = ()) -> tuple[UpgradeLine, ...]:
    """Return a line for each upgrade of the plan, for each that people do not want, and for what could not be made."""
    return tuple(_Lines(outcome, page, elsewhere).lines())


@dataclass(frozen=True, slots=True)
class _Lines:
    outcome: Round
    page: str
    elsewhere: Collection[str]

    def lines(self) -> Iterator[UpgradeLine]:
        plan = self.outcome.plan
        made = {one.id: one for one in self.outcome.outcomes}
        open_before = {pull.branch: pull for pull in self.outcome.pulls if pull.state == "open"}
        for upgrade in plan.open:
            if upgrade.branch not in self.outcome.gone:
                yield from self._planned(upgrade, made.get(upgrade.id), open_before.get(upgrade.branch))
        # What of a group has to wait is not what its pull request holds.
        rest = {upgrade.branch for upgrade in plan.open}
        for entry in plan.waiting:
            branch = entry.upgrade.branch
            yield self._waiting(entry, None if branch in rest else open_before.get(branch))
        yield from self._left_out((*self.outcome.left_out, *plan.left_out))

    def _planned(self, upgrade: Upgrade, came: Outcome | None, before: Pull | None) -> Iterator[UpgradeLine]:
        pull = (came.pull if came else None) or before
        kept = came.kept if came else ""
        if pull:
            yield self._line(upgrade, pull, why=kept, touched=bool(kept))
        elif kept:
            yield _unmade(upgrade, kept)
        elif came is None and not self._blamed(upgrade):
            start = f"{upgrade.title}: "
            failed = (one.removeprefix(start) for one in self.outcome.failed if one.startswith(start))
            yield _unmade(upgrade, next(failed, "the run ended before it"))

    def _blamed(self, upgrade: Upgrade) -> bool:
        """Whether what stands among the left out says why there is none."""
        named = {(move.name, move.target) for move in upgrade.moves}
        return any((entry.name, entry.target) in named for entry in self.outcome.left_out)

    def _waiting(self, entry: Waiting, pull: Pull | None) -> UpgradeLine:
        manual = entry.reason == "withheld"
        if pull:
            return self._line(entry.upgrade, pull, why=entry.detail, manual=manual)
        upgrade = entry.upgrade
        return UpgradeLine(
            id=upgrade.id,
            title=upgrade.title,
            state="waiting",
            why=entry.detail,
            until=_day(entry.until),
            points=upgrade.worth.points,
            security=upgrade.security,
            manual=manual,
        )

    def _line(
        self, upgrade: Upgrade, pull: Pull, *, why: str, touched: bool = False, manual: bool = False
    ) -> UpgradeLine:
        return UpgradeLine(
            id=upgrade.id,
            title=pull.title,
            state="open",
            number=max(0, pull.number),
            url=self._url(pull),
            why=why,
            points=upgrade.worth.points,
            security=upgrade.security,
            draft=pull.draft,
            touched=touched,
            manual=manual,
        )

    def _left_out(self, entries: Iterable[LeftOut]) -> Iterator[UpgradeLine]:
        pulls = {pull.number: pull for pull in self.outcome.pulls}
        seen = set[object]()
        for entry in entries:
            pull = pulls.get(entry.number)
            # Several findings, and several packages of one pull request, are one line.
            key = entry.number if entry.reason == "closed" else (entry.name, entry.target, entry.reason, entry.detail)
            if entry.reason in _NONE or key in seen or (entry.reason == "ignored" and entry.detail in self.elsewhere):
                continue
            seen.add(key)
            yield self._closed(entry, pull) if entry.reason == "closed" and pull else self._set_aside(entry)

    def _closed(self, entry: LeftOut, pull: Pull) -> UpgradeLine:
        said = marker.parse(pull.body)
        ignored = said.ignored if said else None
        closer = pull.closed_by.login if pull.closed_by else "somebody"
        return UpgradeLine(
            id=said.id if said else pull.branch,
            title=pull.title,
            state="ignored",
            number=pull.number,
            url=self._url(pull),
            why=(ignored.why if ignored else "") or "closed it",
            by=ignored.by if ignored else closer,
            until=ignored.until if ignored else None,
            security=any(finding.flaws for finding in entry.findings),
        )

    def _set_aside(self, entry: LeftOut) -> UpgradeLine:
        title = f"{plain(entry.name)} {plain(entry.target or '')}".rstrip()
        if entry.reason == "merged":
            return UpgradeLine(id="", title=title, state="waiting", why=entry.detail, until=entry.until, manual=True)
        if entry.reason in _BY:
            return UpgradeLine(id="", title=title, state="ignored", why=entry.detail, by=_BY[entry.reason])
        owner = next((one.id for one in self.outcome.plan.open if _holds(one, entry)), "")
        return UpgradeLine(id=owner, title=title, state="stuck", why=entry.detail, manual=not owner)

    def _url(self, pull: Pull) -> str:
        return pull.url or (f"{self.page}/pull/{pull.number}" if pull.number > 0 else "")


def _unmade(upgrade: Upgrade, why: str) -> UpgradeLine:
    points = upgrade.worth.points
    return UpgradeLine(id=upgrade.id, title=upgrade.title, state="stuck", why=why, points=points)


def _holds(upgrade: Upgrade, entry: LeftOut) -> bool:
    return any((move.name, move.target) == (entry.name, entry.target) for move in upgrade.moves)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
