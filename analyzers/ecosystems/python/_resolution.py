"""Which locked version a requirement gets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from analyzers.ecosystems.python._kinds import NEVER_LOCKED
from analyzers.ecosystems.python._markers import first_fitting
from analyzers.ecosystems.python._rows import ECOSYSTEM_NAME, ELSEWHERE, normalise
from analyzers.model.inventory import Dependency
from analyzers.model.place import Place
from analyzers.syntax.purl import package_url
from analyzers.versions.pep440 import SCHEME


@dataclass(frozen=True, slots=True)
class Resolution:
    """The pins of one file, by normalised name; `taken` collects the places of those that a requirement got."""

    path: str
    pins: Mapping[str, list[Dependency]]
    taken: set[Place] = field(default_factory=set)

    @classmethod
    def of(cls, path: str, rows: Iterable[Dependency]) -> Resolution:
        """Collect the rows that resolve something: a range does not."""
        pins: dict[str, list[Dependency]] = defaultdict(list)
        for row in rows:
            if row.ecosystem == ECOSYSTEM_NAME and (row.version or row.skip_reason in ELSEWHERE):
                pins[normalise(row.name)].append(row)
        return cls(path, pins)


def resolved(row: Dependency, resolutions: Iterable[Resolution]) -> Dependency:
    """Return the requirement with what the first resolution that knows its package says."""
    if row.ecosystem != ECOSYSTEM_NAME or row.kind in NEVER_LOCKED:
        return row  # Python itself, what builds and what only limits: no lockfile resolves these.
    for resolution in resolutions:
        pins = resolution.pins.get(normalise(row.name))
        if pins:
            pin = _chosen(row, pins)
            resolution.taken.add(pin.place)
            return _joined(row, pin)
    return row


def _chosen(row: Dependency, pins: list[Dependency]) -> Dependency:
    """Return the pin whose version and marker fit, else the highest that fits in version, else the highest."""
    fitting = [pin for pin in pins if SCHEME.satisfies(pin.version or "", row.value or "")] or pins
    ordered = sorted(fitting, key=_height, reverse=True)
    if len(ordered) == 1:
        return ordered[0]
    at = first_fitting(row.marker, [pin.marker for pin in ordered])
    return ordered[at or 0]


def _height(pin: Dependency) -> tuple[bool, object, Place]:
    key = SCHEME.key(pin.version or "")
    return key is not None, key, pin.place


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
