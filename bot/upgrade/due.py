"""An upgrade made ready to be published: written, previewed, told. What stands there already is not made again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Final

from analyzers.config import Upgrades
from analyzers.model.ecosystem import Ecosystem
from analyzers.model.facts import Facts
from analyzers.model.inventory import Inventory
from analyzers.model.kept import NOTHING_KEPT, Kept
from analyzers.model.question import Question
from analyzers.model.snapshot import Snapshot
from analyzers.scan import ScanResult
from analyzers.settings import Settings
from bot.upgrade import groups, inputs, marker, trial
from bot.upgrade.body import MOST, Background, body
from bot.upgrade.dress import dress
from bot.upgrade.largest import largest
from bot.upgrade.locks.locker import Locker
from bot.upgrade.made import Maker, unmade
from bot.upgrade.model import LeftOut, Upgrade, Written
from bot.upgrade.notes import gather, notes_of
from bot.upgrade.preview import Preview, preview
from bot.upgrade.publish import Offer, Outcome, Publisher, is_draft
from bot.upgrade.trial import Course
from bot.upgrade.usage import usages_of

# Room in the text for what publishing keeps there, beside what is kept of a trial.
_STATE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """The scan that a round acts on: `result` of `snapshot` under `settings`."""

    snapshot: Snapshot
    settings: Settings
    result: ScanResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a round works with. `look_up` asks what a merged tree asks anew, `ask` what is not of an inventory.

    `kept` is what earlier runs worked out.
    """

    worlds: Sequence[Ecosystem]
    locker: Locker
    look_up: Callable[[Inventory, Facts], Facts]
    ask: Callable[[Sequence[Question]], Facts]
    now: datetime
    kept: Kept = NOTHING_KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What is to be there: an offer to be published, or the outcome where it stands already.

    `upgrade` holds the moves that could be made, `digest` is that of the content, `draft` says that it is not to be
    merged as it is.
    """

    what: Offer | Outcome
    upgrade: Upgrade
    digest: str
    draft: bool


@dataclass
class Preparer:
    """Prepares what a round publishes, for one `organisation`. `unmade` is that of which nothing could be written."""

    scanned: Scanned
    means: Means
    settings: Upgrades
    organisation: str
    unmade: list[LeftOut] = field(default_factory=list)

    @cached_property
    def maker(self) -> Maker:
        """What writes upgrades and previews them."""
        scanned, means, snapshot = self.scanned, self.means, self.scanned.snapshot
        return Maker(
            lambda one: largest(
                one, snapshot, means.worlds, means.locker, self.settings, means.now, test_data=self._test_data
            ),
            lambda made: preview(scanned.result, snapshot, scanned.settings, made, means.look_up, means.kept),
        )

    def due(self, course: Course, publisher: Publisher) -> Due | None:
        """Return what a course comes to; None where that is nothing. Raises HostError."""
        upgrade = course.upgrade
        if upgrade is None:
            return None
        digest, today = self._inputs(upgrade), self.means.now.date()
        standing = publisher.standing(upgrade.branch, inputs.accepted(digest, today), trial.kept(course))
        if standing:
            outcome, said = standing
            moves = tuple(move for move in upgrade.moves if said.holds(move))
            return Due(what=outcome, upgrade=replace(upgrade, moves=moves), digest=said.digest, draft=is_draft(said))
        written, seen = self.maker.take(upgrade)
        if not written.files:
            self.unmade += unmade(written)
            return None
        offer = replace(self._offer(course, written, seen), inputs=inputs.kept(digest, written, today))
        return Due(what=offer, upgrade=written.upgrade, digest=offer.digest, draft=offer.draft)

    def _inputs(self, upgrade: Upgrade) -> str:
        units = groups.units(upgrade.moves, self.settings)
        snapshot, means = self.scanned.snapshot, self.means
        return inputs.inputs(upgrade, units, snapshot, means.worlds, means.locker, test_data=self._test_data)

    def _offer(self, course: Course, written: Written, seen: Preview | None) -> Offer:
        scanned, means, result = self.scanned, self.means, self.scanned.result
        moves = written.upgrade.moves
        background = Background(
            as_of=result.as_of,
            commit=scanned.snapshot.repository.commit,
            preview=seen,
            notes=notes_of(moves, gather(moves, result.facts, means.ask), means.worlds),
            usages=usages_of(moves, result.inventory, scanned.snapshot),
            trial=course.told(),
        )
        kept = trial.kept(course)
        text = body(written, background, MOST, state=_STATE + 2 * len(kept))
        if course.is_searching:
            # What is not on the branch just now belongs to the pull request all the same.
            text = marker.restate(text, {}, course.targets)
        people = dress(written, result.inventory, self.settings, self.organisation)
        return Offer(written=written, body=text, dress=people, trial=kept, hold=course.is_stopped)

    @property
    def _test_data(self) -> bool:
        return self.scanned.settings.config.scan.include_test_data
