"""Merging without a person: off by default, by rule, and only after checks that passed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from analyzers.config import UpgradeAutomerge
from bot.github.errors import HostError, RateLimitedError, StaleError
from bot.github.host import Host
from bot.github.objects import Checks, Missing, Pull, Repo
from bot.name_patterns import matches_any
from bot.upgrade.model import Move, Upgrade
from bot.upgrade.policy import names_of

# Without these, whether checks passed is not known, or merging is not allowed.
_NEEDED = ("Contents", "Pull requests", "Checks", "Commit statuses")


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of it: `done` says what was done, `waits` why nothing was."""

    done: str = ""
    waits: str = ""
    merged: bool = False


def rule_of(upgrade: Upgrade, rules: Iterable[UpgradeAutomerge]) -> UpgradeAutomerge | None:
    """Return the first rule that every move matches; None for no moves."""
    matching = (rule for rule in rules if all(_matches(rule, move) for move in upgrade.moves))
    return next(matching, None) if upgrade.moves else None


def _matches(rule: UpgradeAutomerge, move: Move) -> bool:
    return (
        (move.step or move.kind) in rule.kinds
        and (not rule.ecosystems or move.key.ecosystem in rule.ecosystems)
        and any(matches_any(name, rule.match) for name in names_of(move))
    )


@dataclass
class Automerger:
    """Merges in one repository. `missing` are the permissions that are not there."""

    host: Host
    repo: Repo
    missing: Sequence[Missing]

    @cached_property
    def _required(self) -> tuple[str, ...] | None:
        return self.host.required_checks(self.repo.default_branch)

    def settle(self, pull: Pull, rule: UpgradeAutomerge, *, fresh: bool) -> Merged:
        """Merge it, let GitHub do so later, or say why not.

        ``pull`` is as debtscan made it, and nobody else. A ``fresh`` one was opened just now: that its first check
        passed would not mean that all did. Raises HostError.
        """
        hindrance = self._hindrance(pull, rule)
        if hindrance:
            return Merged(waits=hindrance)
        checks = Checks(state="none") if fresh else self.host.checks(pull.head)
        if checks.state == "failure":
            return Merged(waits=f"checks failed: {', '.join(checks.failed)}")
        if checks.state == "success":
            return self._merge(pull, rule)
        if pull.auto_merge:
            return Merged()
        if self.repo.auto_merge and self._required:
            return self._enable(pull, rule)
        told = f"checks are pending: {', '.join(checks.pending)}" if checks.pending else "no check has passed yet"
        return Merged(waits=told)

    def _hindrance(self, pull: Pull, rule: UpgradeAutomerge) -> str:
        lacking = [entry.permission for entry in self.missing if entry.permission in _NEEDED]
        if lacking:
            return f"a permission is missing: {', '.join(lacking)}"
        if pull.base != self.repo.default_branch:
            return f"it goes into {pull.base}, which no rule is for"
        if pull.draft:
            return "it is a draft"
        if pull.mergeable is False:
            return "it is in conflict"
        if rule.method not in self.repo.merge_methods:
            return f"the repository does not allow the method {rule.method}"
        return ""

    def _merge(self, pull: Pull, rule: UpgradeAutomerge) -> Merged:
        try:
            self.host.merge(pull.number, sha=pull.head, method=rule.method)
        except StaleError:
            return Merged(waits="somebody changed it meanwhile")
        except RateLimitedError:
            raise
        except HostError as error:
            # Rules of the branch may ask for more than checks, an approval for example.
            return Merged(waits=str(error))
        return Merged(done=f"merged #{pull.number}: {pull.title}", merged=True)

    def _enable(self, pull: Pull, rule: UpgradeAutomerge) -> Merged:
        try:
            self.host.enable_auto_merge(pull, rule.method)
        except RateLimitedError:
            raise
        except HostError as error:
            return Merged(waits=str(error))
        return Merged(done=f"GitHub merges #{pull.number} once its required checks passed: {pull.title}")
