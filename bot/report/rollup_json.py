"""The roll-up of many repositories as JSON, byte for byte the same for the same facts."""

from __future__ import annotations

from bot.report import _rollup_document as document
from bot.report._document import Tool
from bot.report._encoded import encoded, same, schema_of
from bot.rollup import Moved, RollUp, Shared
from bot.rollup_member import Member


def render(rolled: RollUp) -> str:
    """Return the whole document."""
    return encoded(
        document.RollUpDocument(
            schema_version=document.SCHEMA_VERSION,
            tool=Tool(name="debtscan", version=rolled.version, ruleset=rolled.ruleset),
            scanned_at=rolled.scanned_at,
            as_of=rolled.as_of,
            owner=rolled.owner,
            repositories=tuple(_repository(member) for member in rolled.members),
            left_out=tuple(same(entry, document.LeftOutPart) for entry in rolled.left_out),
            grades=tuple(document.GradePart(grade=grade, repositories=count) for grade, count in rolled.grades),
            median=rolled.median,
            points=rolled.points,
            effort_minutes=rolled.minutes,
            libyears=rolled.libyears,
            findings=rolled.findings,
            upgrades=same(rolled.upgrades, document.UpgradesPart),
            improved=tuple(_moved(one) for one in rolled.improved),
            fallen=tuple(_moved(one) for one in rolled.fallen),
            shared=tuple(_shared(one) for one in rolled.shared),
            more_shared=rolled.more_shared,
            ends=tuple(same(end, document.EndPart) for end in rolled.ends),
            more_ends=rolled.more_ends,
        )
    )


def schema() -> str:
    """Return the JSON Schema of the document, as docs/schemas/roll-up-1.json holds it."""
    return schema_of(document.RollUpDocument, "debtscan roll-up")


def _repository(member: Member) -> document.RepositoryPart:
    return document.RepositoryPart(
        name=member.name,
        url=member.url,
        commit=member.commit,
        unjudged=member.unjudged,
        score=member.score,
        low=member.low,
        grade=member.grade,
        points=member.points,
        effort_minutes=member.minutes,
        libyears=member.libyears,
        findings=member.findings,
        unknown=member.unknown,
        since=same(member.since, document.SincePart) if member.since else None,
        upgrades=same(member.upgrades, document.UpgradesPart),
        failed=member.failed,
    )


def _moved(moved: Moved) -> document.MovedPart:
    return document.MovedPart(
        name=moved.name,
        since=moved.since.day,
        score_before=moved.since.score,
        score_after=moved.score,
        grade_before=moved.since.grade,
        grade_after=moved.grade,
    )


def _shared(shared: Shared) -> document.SharedPart:
    return document.SharedPart(
        ecosystem=shared.ecosystem,
        name=shared.name,
        kinds=shared.kinds,
        versions=shared.versions,
        target=shared.target,
        repositories=shared.repositories,
        points=shared.points,
        effort_minutes=shared.minutes,
    )
