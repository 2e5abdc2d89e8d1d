"""What a run over several repositories gathers, repository by repository, and the roll-up that it writes of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from analyzers.errors import UsageError
from bot import output
from bot.commands import _reports, _workflow
from bot.commands._progress import say
from bot.output import Target
from bot.report import rollup_html, rollup_json, rollup_markdown
from bot.rollup import RollUp, Unscanned, UnscannedState, roll_up
from bot.rollup_member import Member
from bot.rounds.clock import Clock

_FORMATS: Final[Mapping[str, tuple[str, Callable[[RollUp], str]]]] = {
    "html": (".html", rollup_html.render),
    "json": (".json", rollup_json.render),
    "markdown": (".md", rollup_markdown.render),
}


def planned(outputs: Iterable[str]) -> tuple[Target, ...]:
    """Return what ``--output`` asks for. Raises UsageError, also for a folder that is not there.

    They are written when all repositories are done, which is too late to learn that.
    """
    targets = output.plan((), tuple(outputs), {name: suffix for name, (suffix, _render) in _FORMATS.items()})
    for path in (target.path for target in targets if target.path):
        if not path.parent.is_dir():
            raise UsageError(f"{path}: cannot be written (there is no such folder); choose another --output")
    return targets


@dataclass(slots=True)
class Gathered:
    """The repositories of one run, as far as it has come. Of each, no more is held than the roll-up needs."""

    _members: dict[str, Member] = field(default_factory=dict)
    _left_out: list[Unscanned] = field(default_factory=list)
    _failed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, member: Member) -> None:
        """Add a repository that was scanned, in place of what was known of it earlier in the run."""
        self._members[member.name] = member

    def leave(self, name: str, state: UnscannedState, why: str) -> None:
        """Note that a repository was passed over, or that the work on it ended: before its scan, or after it."""
        if name in self._members:
            self._failed[name].append(why)
        else:
            self._left_out.append(Unscanned(name=name, state=state, why=why))

    def rolled(self, owner: str, clock: Clock) -> RollUp:
        """Return the roll-up of all of them."""
        members = (
            replace(member, failed=(*member.failed, *self._failed[name])) for name, member in self._members.items()
        )
        return roll_up(members, self._left_out, owner=owner, scanned_at=clock.now, as_of=clock.as_of)


def write(rolled: RollUp, targets: Iterable[Target]) -> None:
    """Write each file, and the job's page where this runs in a workflow. Raises UsageError."""
    wanted = tuple(targets)
    for target in wanted:
        output.write(target, _FORMATS[target.format][1](rolled))
        say(f"wrote {target.path}")
    _workflow.tell(lambda: rollup_markdown.render(rolled), {"report": _reports.listed(wanted)})
