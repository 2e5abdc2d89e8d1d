"""What counts otherwise between two judgements, finding by finding. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from analyzers.model.finding import Finding
from bot import score
from bot.assemble import fingerprints

Prices: TypeAlias = Mapping[str, tuple[Finding, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A finding that counts otherwise afterwards: its points `before` and `after`, 0 where it is not there.

    `finding` is as it is afterwards, unless it is gone.
    """

    finding: Finding
    before: int
    after: int
    fingerprint: str

    @property
    def won(self) -> int:
        """The points that it counts fewer; negative where it counts more."""
        return self.before - self.after


def priced(findings: Sequence[Finding]) -> Prices:
    """Return findings and their points by fingerprint."""
    prices = score.price(findings)
    return {
        name: (finding, price.points)
        for name, finding, price in zip(fingerprints(findings), findings, prices, strict=True)
    }


def weighed(old: Prices, new: Prices) -> tuple[Weighed, ...]:
    """Return what counts otherwise in ``new``, the largest change first."""
    changed = []
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        points = before[1] if before else 0, after[1] if after else 0
        told = after or before
        if told and points[0] != points[1]:
            changed.append(Weighed(finding=told[0], before=points[0], after=points[1], fingerprint=name))
    return tuple(sorted(changed, key=lambda one: -abs(one.before - one.after)))
