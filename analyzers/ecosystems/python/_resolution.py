"""Which locked version a requirement gets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from analyzers.ecosystems.python._files import ECOSYSTEM_NAME
from analyzers.ecosystems.python._kinds import NEVER_LOCKED
from analyzers.ecosystems.python._markers import first_meeting, where_it_holds
from analyzers.ecosystems.python._rows import ELSEWHERE, normalise
from analyzers.model.inventory import Dependency
from analyzers.model.place import Place
from analyzers.syntax.purl import package_url
from analyzers.versions.pep440 import SCHEME

# More versions of one package than any honest lockfile holds side by side; no more are compared for one requirement.
_MOST: Final = 50


class _Offer:
    """The pins of one name. What a requirement gets is remembered: hostile files repeat both without end."""

    def __init__(self) -> None:
        self.pins: list[Dependency] = []
        self._chosen: dict[tuple[str | None, str | None, str | None], Dependency] = {}
        self._environments: dict[int, int] = {}

    def chosen(self, row: Dependency) -> Dependency:
        """Return the pin whose version and marker fit, else the highest that fits in version, else the highest."""
        asked = (row.version, row.value, row.marker)
        if asked not in self._chosen:
            self._chosen[asked] = self._choose(row)
        return self._chosen[asked]

    def _choose(self, row: Dependency) -> Dependency:
        near = self._near(row)
        fitting = [at for at in near if SCHEME.satisfies(self._ordered[at].version or "", row.value or "")] or near
        if len(fitting) == 1:
            return self._ordered[fitting[0]]
        first = first_meeting(where_it_holds(row.marker), [self._held(at) for at in fitting])
        return self._ordered[fitting[first or 0]]

    def _near(self, row: Dependency) -> list[int]:
        """Return where the pins to compare lie in the order: all; of very many, those of the version or the highest."""
        every = list(range(min(len(self._ordered), _MOST)))
        if len(self._ordered) <= _MOST or row.version is None:
            return every
        return self._of_version.get(SCHEME.key(row.version), every)[:_MOST]

    @cached_property
    def _ordered(self) -> list[Dependency]:
        return sorted(self.pins, key=_height, reverse=True)

    def _held(self, at: int) -> int:
        if at not in self._environments:
            self._environments[at] = where_it_holds(self._ordered[at].marker)
        return self._environments[at]

    @cached_property
    def _of_version(self) -> Mapping[object, list[int]]:
        found: dict[object, list[int]] = defaultdict(list)
        for at, pin in enumerate(self._ordered):
            found[SCHEME.key(pin.version or "")].append(at)
        return dict(found)


def _height(pin: Dependency) -> tuple[bool, object, Place]:
    key = SCHEME.key(pin.version or "")
    return key is not None, key, pin.place


@dataclass(frozen=True, slots=True)
class Resolution:
    """The pins of one file, by normalised name; `taken` collects the places of those that a requirement got."""

    path: str
    offers: Mapping[str, _Offer]
    taken: set[Place] = field(default_factory=set)

    @classmethod
    def of(cls, path: str, rows: Iterable[Dependency]) -> Resolution:
        """Collect the rows that resolve something: a range does not."""
        offers: dict[str, _Offer] = defaultdict(_Offer)
        for row in rows:
            if row.ecosystem == ECOSYSTEM_NAME and (row.version or row.skip_reason in ELSEWHERE):
                offers[normalise(row.name)].pins.append(row)
        return cls(path, dict(offers))


def resolved(row: Dependency, resolutions: Iterable[Resolution]) -> Dependency:
    """Return the requirement with what the first resolution that knows its package says."""
    if row.ecosystem != ECOSYSTEM_NAME or row.kind in NEVER_LOCKED:
        return row  # Python itself, what builds and what only limits: no lockfile resolves these.
    name = normalise(row.name)
    for resolution in resolutions:
        if name in resolution.offers:
            pin = resolution.offers[name].chosen(row)
            resolution.taken.add(pin.place)
            return _joined(row, pin)
    return row


def _joined(row: Dependency, pin: Dependency) -> Dependency:
    reason = row.skip_reason or (pin.skip_reason if pin.skip_reason in ELSEWHERE else None)
    return replace(
        row,
        locked_version=pin.version,
        purl=package_url(ECOSYSTEM_NAME, row.name, row.version or pin.version),
        skip_reason=reason,
        digest=row.digest or (pin.digest if reason == "version-control" else None),
        index=row.index or pin.index,
    )
