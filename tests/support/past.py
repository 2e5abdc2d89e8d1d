"""A repository and a world that both move on: scans of fresh copies with Facts of the day, and what is kept of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from itertools import count
from pathlib import Path

from analyzers import look_up as looking
from analyzers.errors import FetchError
from analyzers.facts_json import facts_from_json, facts_to_json
from analyzers.model.advisory import Advisories, Advisory, AdvisoryIds, AffectedRange, Event
from analyzers.model.exchange import Request, Response
from analyzers.model.facts import Answer, Cycle, Facts, Known, Lifecycle, Package, Release
from analyzers.model.inventory import Inventory
from analyzers.model.question import Question
from analyzers.read import read
from analyzers.scan import ScanResult, judge
from bot.assemble import build
from bot.change import Change
from bot.rounds.repository import Opened, open_repository
from bot.rounds.since import Today, change_since
from bot.store.entries import entry_of
from bot.store.model import Entry
from tests.support.repository import RepositoryBuilder

World = Mapping[Question, Answer]


def package(name: str, day: date, **published: str) -> World:
    """Return the releases that a package has on a day: ``v1_0="2026-01-05"`` is 1.0 of that day."""
    releases = tuple(
        Release(version[1:].replace("_", "."), published=date.fromisoformat(when))
        for version, when in published.items()
        if date.fromisoformat(when) <= day
    )
    return {Question("pypi", name): Known(Package(name, releases))}


def advisory(name: str, version: str, fixed: str, published: str, day: date) -> World:
    """Return what a database says of a version on a day: one flaw from ``published`` on."""
    is_out = date.fromisoformat(published) <= day
    flaw = Advisory(
        id="GHSA-m2qf-hxjv-5gpq",
        summary="Sessions are shared",
        published=date.fromisoformat(published),
        ranges=(AffectedRange((Event("introduced", "0"), Event("fixed", fixed))),),
    )
    return {
        Question("osv", f"pypi:{name}@{version}"): Known(AdvisoryIds(name, version, (flaw.id,) if is_out else ())),
        Question("osv", f"pypi:{name}@{fixed}"): Known(AdvisoryIds(name, fixed, ())),
        Question("osv-advisories", f"pypi:{name}"): Known(Advisories(name, (flaw,) if is_out else ())),
    }


def lifecycle(product: str, **ends: str) -> World:
    """Return the lines of a product: ``v3_10="2026-10-31"`` has that last day."""
    cycles = tuple(
        Cycle(line[1:].replace("_", "."), date(2021, 1, 1), date.fromisoformat(end)) for line, end in ends.items()
    )
    return {Question("lifecycle", product): Known(Lifecycle(product, cycles, "endoflife.date", date(2026, 1, 1)))}


@dataclass(frozen=True)
class Scan:
    """One scan with what is kept of it. `facts` are the bytes that a store would keep; None once they are pruned."""

    opened: Opened
    result: ScanResult
    entry: Entry
    facts: bytes | None

    def stored(self, entry: Entry) -> Facts | None:
        """Give the Facts back as a store does. Raises FactsFormatError."""
        assert entry == self.entry
        return None if self.facts is None else facts_from_json(self.facts)


@dataclass(frozen=True)
class Past:
    """Scans a repository day after day, each time in a copy made anew: what a run on GitHub sees."""

    repository: RepositoryBuilder
    copies: Path
    world: Callable[[date], World]
    numbers: count[int] = field(default_factory=count)
    asked: list[Inventory] = field(default_factory=list)

    def scan(self, day: date, *options: str) -> Scan:
        """Copy the default branch (git's ``options`` limit the copy), scan it, and keep the entry."""
        folder = self.copies / f"{next(self.numbers)}.git"
        source = self.repository.path.as_uri()
        self.repository.git("clone", "--quiet", "--bare", "--no-tags", "--single-branch", *options, source, str(folder))
        return self._scan(open_repository(folder, config=None, commit="main"), day)

    def scan_work_tree(self, day: date) -> Scan:
        """Scan the files as they are, committed or not."""
        return self._scan(open_repository(self.repository.path, config=None, commit=None), day)

    def _scan(self, opened: Opened, day: date) -> Scan:
        inventory = read(opened.snapshot, opened.settings, as_of=day, jobs=1)
        facts = self.look_up(inventory, Facts(day))
        return self.kept(opened, judge(inventory, facts, opened.settings.config, as_of=day))

    def kept(self, opened: Opened, result: ScanResult) -> Scan:
        """Return a scan with what is kept of it."""
        entry = entry_of(build(result, scanned_at=datetime.combine(result.as_of, time(), UTC)), result)
        return Scan(opened, result, entry, facts_to_json(result.facts))

    def look_up(self, inventory: Inventory, known: Facts) -> Facts:
        """Ask the world of that day, and nobody else."""
        answers = {**self.world(known.looked_up), **known.answers}
        known = Facts(known.looked_up, answers)
        return looking.look_up(inventory, fetcher=_nobody, looked_up=known.looked_up, jobs=1, known=known)

    def change(self, before: Scan, after: Scan) -> Change:
        """Return the change between two scans, from what is kept of the first."""

        def look_up(inventory: Inventory, known: Facts) -> Facts:
            self.asked.append(inventory)
            return self.look_up(inventory, known)

        today = Today(result=after.result, opened=after.opened, look_up=look_up, jobs=1)
        return change_since(before.entry, before.stored, today)


def _nobody(request: Request) -> Response:
    raise FetchError("offline", f"{request.url}: nobody is asked")
