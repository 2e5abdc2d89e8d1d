"""Rows that several endpoints give. Pure."""

from __future__ import annotations

from bot.service.api.parts import RepositoryRow
from bot.service.reading.repositories import Listed


def repository_row(one: Listed, url: str) -> RepositoryRow:
    """Return a repository as the interface tells of it; ``url`` is where the service's pages are."""
    return RepositoryRow(
        id=one.id,
        name=one.name,
        url=f"{url}/{one.name}",
        private=one.private,
        default_branch=one.default_branch,
        state=one.state,
        phase=one.phase,
        skip_reason=one.skip,
        score=one.score,
        low=one.low,
        high=one.high,
        grade=one.grade,
        findings=one.findings,
        effort_minutes=one.minutes,
        commit=one.commit,
        head=one.head,
        scanned_at=one.scanned_at,
        judged_on=one.judged_on,
        error=one.error,
        error_at=one.error_at,
    )
