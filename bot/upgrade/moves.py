"""From findings to moves: one for each thing that can be upgraded, with all that its order needs. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from analyzers.model.ecosystem import Ecosystem
from analyzers.model.finding import Finding
from analyzers.model.subject import SubjectKey
from analyzers.scan import ScanResult
from bot.proposals import Proposal, proposals
from bot.upgrade.ground import Ground
from bot.upgrade.lockstep import Common, in_step
from bot.upgrade.model import LeftOut, Move
from bot.upgrade.packages import of_package
from bot.upgrade.places import of_place


def moves(result: ScanResult, worlds: Sequence[Ecosystem]) -> tuple[tuple[Move, ...], tuple[LeftOut, ...]]:
    """Return what can be upgraded, sorted by subject and target, and the findings with a fix that become no move.

    A package's rows in all files are one move. What something else brings in, with a known vulnerability, is a move
    of its lockfile alone.
    """
    ground = Ground.of(result, worlds)
    found: list[Move] = []
    left_out: list[LeftOut] = []
    subjects = _by_subject(result, worlds)
    common = in_step(ground, {key: [entry.finding for entry in entries] for key, entries in subjects.items()})
    for key, entries in sorted(subjects.items()):
        for outcome in _of_subject(ground, key, entries, common.get(key)):
            if isinstance(outcome, Move):
                found.append(outcome)
            else:
                left_out.append(outcome)
    return tuple(sorted(found, key=lambda move: (move.key, move.target))), tuple(left_out)


def _by_subject(result: ScanResult, worlds: Iterable[Ecosystem]) -> dict[SubjectKey, list[Proposal]]:
    found: dict[SubjectKey, list[Proposal]] = defaultdict(list)
    for proposal in proposals(result.findings, result.inventory.dependencies, worlds):
        found[proposal.finding.key].append(proposal)
    for finding in result.findings:
        if _is_indirect(finding):
            found[finding.key].append(Proposal(finding, None))
    return found


def _is_indirect(finding: Finding) -> bool:
    """Whether a release would mend it, but only in a lockfile: nobody wrote a requirement that an edit could change."""
    return bool(finding.flaws and finding.details.get("direct") is False and finding.details.get("fixed"))


def _of_subject(
    ground: Ground, key: SubjectKey, entries: Sequence[Proposal], common: Common | None
) -> Iterable[Move | LeftOut]:
    findings = [entry.finding for entry in entries]
    scheme = ground.releases.scheme(key.ecosystem)
    # Runtimes and images have other ways to tell versions; these have releases to choose from.
    if scheme and any(_has_releases(ground, finding) for finding in findings):
        return of_package(ground, key, scheme, findings, common)
    return of_place(ground, key, entries)


def _has_releases(ground: Ground, finding: Finding) -> bool:
    rows = ground.rows(finding)
    return _is_indirect(finding) or any(ground.releases.catalogue(row) for row in rows)
