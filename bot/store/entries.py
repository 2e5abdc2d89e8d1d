"""A report to the entry that is kept of it. Pure: the same scan gives the same entry."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping

import msgspec

from analyzers.config import Config
from analyzers.facts_json import facts_to_json
from analyzers.model.facts import Facts
from analyzers.model.finding import Severity
from analyzers.scan import ScanResult
from bot.scorecard import Report
from bot.store.model import Entry, GroupEntry

_ID_DIGITS = 16


def entry_of(report: Report, result: ScanResult) -> Entry:
    """Return what is kept of a scan; ``report`` is what `bot.assemble.build` made of ``result``."""
    card, repository = report.scorecard, report.repository
    facts, config = facts_digest(result.facts), config_digest(result.config)
    commit = repository.commit or ""
    return Entry(
        id=entry_id(commit, report.as_of.isoformat(), report.ruleset, facts, config),
        commit=commit,
        # A name that is no UTF-8 holds half a surrogate pair, which nothing that stores text takes.
        branch=(repository.branch or "").encode(errors="backslashreplace").decode(),
        as_of=report.as_of,
        ruleset=report.ruleset,
        version=report.version,
        score=card.score,
        low=card.low,
        high=card.high,
        grade=card.grade,
        points=card.points,
        unknown=card.unknown,
        size=card.size,
        effort_minutes=card.effort_minutes,
        libyears=card.libyears,
        groups=tuple(
            GroupEntry(group=share.group, score_lost=share.score_lost, findings=share.findings, points=share.points)
            for share in card.groups
        ),
        findings=_by_severity(report),
        facts=facts,
        config=config,
    )


def entry_id(*parts: str) -> str:
    """Return the id of the entry with this commit, date, ruleset, and digests of Facts and configuration."""
    return _sha256("\0".join(parts).encode())[:_ID_DIGITS]


def facts_digest(facts: Facts) -> str:
    """Return the SHA-256 of the Facts as JSON."""
    return _sha256(facts_to_json(facts))


def config_digest(config: Config) -> str:
    """Return the SHA-256 of a configuration; the order in which a file states it does not matter."""
    return _sha256(msgspec.json.encode(config, order="deterministic"))


def _by_severity(report: Report) -> Mapping[Severity, int]:
    counted = Counter(charged.finding.severity for charged in report.findings)
    return {severity: counted[severity] for severity in reversed(Severity)}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
