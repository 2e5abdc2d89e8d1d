"""Moves, pull requests and plans, written as short as a table needs them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, get_args

import msgspec

from analyzers.config import Upgrades
from analyzers.model.advisory import Flaw, Level
from analyzers.model.finding import Confidence, Finding, Severity, Subject
from analyzers.model.scheme import Step
from analyzers.model.subject import SubjectKey
from bot.upgrade.families import known_family
from bot.upgrade.model import Existing, Kind, Move, Plan
from bot.upgrade.names import line_of
from bot.upgrade.plan import plan

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
"""A Wednesday."""
TODAY = NOW.date()


def flaw(name: str = "CVE-2026-1", level: Level | None = "high") -> Flaw:
    """Return a known vulnerability."""
    return Flaw(
        id=name, aliases=(), records=(name,), summary="", level=level, score=None, vector=None, published=TODAY,
        malicious=False,
    )  # fmt: skip


def finding(key: SubjectKey, latest: str, *, minutes: int = 20, flaws: Sequence[Flaw] = ()) -> Finding:
    """Return a finding of which only subject, price and flaws matter."""
    return Finding(
        rule="outdated-dependency",
        group="dependencies",
        severity=Severity.LOW,
        confidence=Confidence.HIGH,
        title="",
        message="",
        path="requirements.txt",
        line=1,
        end_line=1,
        subject=Subject(ecosystem=key.ecosystem, name=key.name, latest=latest),
        key=key,
        minutes=minutes,
        exposure=1.0,
        identity=key.name,
        flaws=tuple(flaws),
    )


def move(text: str, ecosystem: str = "pypi", **fields: Any) -> Move:  # noqa: ANN401 - fields of Move
    """Return a move of ``name old new step [flaw …]``; ``pin`` and ``digest`` are steps as well. Released long ago."""
    name, current, target, word, *flawed = text.split()
    key = SubjectKey(ecosystem, name.lower())
    flaws = [flaw(one) for one in flawed]
    step: Step | None = (
        "patch" if word == "patch" else "minor" if word == "minor" else "major" if word == "major" else None
    )
    kind: Kind = "security" if flaws else next(one for one in get_args(Kind) if one == word)
    known = known_family(ecosystem, name) or ("", "")
    made = Move(
        key=key,
        name=name,
        current=current,
        target=target,
        kind=kind,
        step=step,
        edit=None,
        findings=(finding(key, target, flaws=flaws),),
        files=("requirements.txt",),
        published=date(2026, 6, 1),
        advisories=tuple(flawed),
        line=line_of(target, ecosystem),
        family=known[0],
        family_reason=known[1],
        points=20,
    )
    return replace(made, **fields)


def pull(
    number: int,
    upgrade_id: str,
    state: Literal["open", "closed", "merged"] = "open",
    *,
    days: float = 30,
    person: bool = False,
    closed: datetime | None = None,
    security: bool = False,
    **targets: str,
) -> Existing:
    """Return a pull request that was opened so many days ago; targets by name, of the id's ecosystem."""
    return Existing(
        id=upgrade_id,
        branch=f"debtscan/{upgrade_id}",
        number=number,
        state=state,
        opened=NOW - timedelta(days=days),
        targets={f"{upgrade_id.partition('-')[0]}:{name}": target for name, target in targets.items()},
        closed_by_person=person,
        security=security,
        closed=closed,
    )


@dataclass(frozen=True)
class Situation:
    """What is given, and what the plan has to be. Lists that are not given have to be empty.

    `waiting` are ``id reason``, `left_out` ``name reason``, `says` texts that stand somewhere in its reasons.
    """

    what: str
    moves: Sequence[Move]
    settings: dict[str, Any] | None = None
    existing: Sequence[Existing] = ()
    now: datetime = NOW
    open: Sequence[str] = ()
    waiting: Sequence[str] = ()
    left_out: Sequence[str] = ()
    obsolete: Sequence[int] = ()
    says: Sequence[str] = ()
    withheld: Mapping[str, str] | None = None
    costly: Mapping[str, str] | None = None
    asked: Sequence[str] = ()

    def plan(self) -> Plan:
        """Plan it."""
        return plan(
            self.moves,
            (),
            settings(**self.settings or {}),
            self.existing,
            self.now,
            self.withheld or {},
            costly=self.costly or {},
            asked=self.asked,
        )


def settings(**keys: Any) -> Upgrades:  # noqa: ANN401 - as in TOML
    """Return settings from keys as they stand in TOML (``_`` for ``-``)."""
    return msgspec.convert({name.replace("_", "-"): value for name, value in keys.items()}, Upgrades)


def said(made: Plan) -> str:
    """Return all that a plan says, as one text."""
    upgrades = [*made.open, *(entry.upgrade for entry in made.waiting)]
    told: Iterable[str] = (
        *(text for one in upgrades for text in (one.title, *one.reasons, *one.worth.reasons)),
        *(entry.detail for entry in made.waiting),
        *(entry.detail for entry in made.left_out),
    )
    return "\n".join(told)


def opened(made: Plan, now: datetime) -> list[Existing]:
    """Return the pull requests that stand after a plan was carried out."""
    return [
        Existing(
            id=one.id,
            branch=one.branch,
            number=number,
            state="open",
            opened=now,
            targets=one.targets,
            security=one.security,
        )
        for number, one in enumerate(made.open, 1000)
    ]
