"""The documents of OSV.dev (https://ossf.github.io/osv-schema/), read into what counts for one package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
from packaging.utils import canonicalize_name

from analyzers.model.advisory import Advisory, AffectedRange, Event, Level, VersionKey, holds
from analyzers.model.exchange import day_of
from analyzers.versions import npm, pep440

_LONGEST_SUMMARY: Final = 200
_LONGEST_VECTOR: Final = 300

# Where versions can be compared, the lists of versions that only spell out a range are not kept.
_KEYS: Final[Mapping[str, VersionKey]] = {"PyPI": pep440.SCHEME.key, "npm": npm.SCHEME.key}
_LEVELS: Final[Mapping[str, Level]] = {
    "low": "low",
    "moderate": "medium",
    "medium": "medium",
    "high": "high",
    "critical": "critical",
}
_BANDS: Final[tuple[tuple[float, Level], ...]] = ((9.0, "critical"), (7.0, "high"), (4.0, "medium"), (0.0, "low"))
_EVENTS: Final = ("introduced", "fixed", "last_affected", "limit")


class _Severity(msgspec.Struct, frozen=True):
    type: str = ""
    score: str = ""


class _Range(msgspec.Struct, frozen=True):
    type: str = ""
    events: tuple[dict[str, str], ...] = ()


class Named(msgspec.Struct, frozen=True):
    """A package: OSV's name of its ecosystem, and its name there."""

    ecosystem: str = ""
    name: str = ""


class _Affected(msgspec.Struct, frozen=True):
    package: Named = Named()
    ranges: tuple[_Range, ...] = ()
    versions: tuple[str, ...] = ()
    severity: tuple[_Severity, ...] = ()


class Record(msgspec.Struct, frozen=True):
    """One document: an advisory on any number of packages."""

    id: str
    aliases: tuple[str, ...] = ()
    summary: str = ""
    details: str = ""
    published: str = ""
    modified: str = ""
    withdrawn: str = ""
    severity: tuple[_Severity, ...] = ()
    affected: tuple[_Affected, ...] = ()
    database_specific: Any = None


def advisories(records: Iterable[Record], wanted: Named) -> tuple[Advisory, ...]:
    """Return the advisories on a package, sorted by id; of a record given twice the last one counts."""
    by_id = {record.id: record for record in records}
    return tuple(_advisory(by_id[name], wanted) for name in sorted(by_id))


def _advisory(record: Record, wanted: Named) -> Advisory:
    affected = [entry for entry in record.affected if _is_same(entry.package, wanted)]
    ranges = tuple(found for entry in affected for one in entry.ranges if (found := _range(one)))
    stated = [*(one for entry in affected for one in entry.severity), *record.severity]
    score, vector = _scored(stated)
    return Advisory(
        id=record.id,
        aliases=tuple(sorted(set(record.aliases) - {record.id})),
        summary=_summary(record),
        level=_level(record.database_specific, score),
        score=score,
        vector=vector,
        published=day_of(record.published),
        modified=day_of(record.modified),
        withdrawn=day_of(record.withdrawn),
        ranges=ranges,
        versions=_beyond(ranges, affected, wanted.ecosystem),
        malicious=record.id.startswith("MAL-"),
    )


def _is_same(package: Named, wanted: Named) -> bool:
    """Compare names; an ecosystem may carry a suffix (``Packagist:https://…``)."""
    if package.ecosystem.partition(":")[0] != wanted.ecosystem:
        return False
    if wanted.ecosystem == "PyPI":
        return canonicalize_name(package.name) == canonicalize_name(wanted.name)
    return package.name == wanted.name


def _range(stated: _Range) -> AffectedRange | None:
    """Return a range of versions; one of commits is none."""
    if stated.type not in ("SEMVER", "ECOSYSTEM"):
        return None
    return AffectedRange(
        tuple(Event(kind, event[kind]) for event in stated.events for kind in _EVENTS if kind in event)
    )


def _beyond(ranges: Sequence[AffectedRange], affected: Iterable[_Affected], ecosystem: str) -> tuple[str, ...]:
    """Return the listed versions that no range holds: most lists only spell the ranges out, in hundreds of lines."""
    listed = dict.fromkeys(version for entry in affected for version in entry.versions)
    key = _KEYS.get(ecosystem)
    if key is None:
        return tuple(listed)
    return tuple(
        version for version in listed if (at := key(version)) is None or not any(holds(one, at, key) for one in ranges)
    )


def _summary(record: Record) -> str:
    """Return one line: the summary, or where a database gives none (PYSEC) the description's first sentence."""
    text = " ".join((record.summary or record.details[: 4 * _LONGEST_SUMMARY].partition(". ")[0]).split())
    return text if len(text) <= _LONGEST_SUMMARY else f"{text[: _LONGEST_SUMMARY - 1].rstrip()}…"


def _level(said: object, score: float | None) -> Level | None:
    word = said.get("severity") if isinstance(said, Mapping) else None
    known = _LEVELS.get(word.lower()) if isinstance(word, str) else None
    if known or score is None:
        return known
    return next(level for floor, level in _BANDS if score >= floor)


def _scored(stated: Iterable[_Severity]) -> tuple[float | None, str | None]:
    """Return score and vector of the newest CVSS version that can be read."""
    for severity in sorted(stated, key=lambda one: one.type, reverse=True):
        score = _score(severity)
        if score is not None:
            return score, severity.score
    return None, None


def _score(severity: _Severity) -> float | None:
    from cvss import CVSS2, CVSS3, CVSS4, CVSSError

    reader = {"CVSS_V2": CVSS2, "CVSS_V3": CVSS3, "CVSS_V4": CVSS4}.get(severity.type)
    if reader is None or len(severity.score) > _LONGEST_VECTOR:
        return None
    try:
        return float(reader(severity.score).base_score)
    except CVSSError:
        return None
