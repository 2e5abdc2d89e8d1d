"""OSV.dev, the database of security advisories. API version 1.

Two sources. `osv` says which advisories touch one version of a package; a thousand such questions go into one request.
`osv-advisories` gets all advisories of one package with their documents: asked for those that are touched only, it
costs one request a package, tells the versions that are free of all of them, and can be judged on any day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import msgspec
from packaging.utils import canonicalize_name

from analyzers.model.advisory import Advisories, Advisory, AdvisoryIds, AffectedRange, Event, Level, VersionKey, holds
from analyzers.model.exchange import (
    Addresses,
    Exchange,
    Request,
    Response,
    Source,
    Together,
    base_address,
    host_of,
    refusal,
)
from analyzers.model.facts import Answer, Known, Question, Unknown
from analyzers.versions import npm, pep440

ADDRESS: Final = "https://api.osv.dev/v1"
MOST_TOGETHER: Final = 1000
_AN_HOUR: Final = 60 * 60
_BAD_REQUEST: Final = 400
_LONGEST_SUMMARY: Final = 200
_LONGEST_VECTOR: Final = 300

# purl type → OSV's name of the ecosystem (https://ossf.github.io/osv-schema/#affectedpackage-field).
ECOSYSTEMS: Final[Mapping[str, str]] = {
    "cargo": "crates.io",
    "composer": "Packagist",
    "gem": "RubyGems",
    "githubactions": "GitHub Actions",
    "golang": "Go",
    "hex": "Hex",
    "maven": "Maven",
    "npm": "npm",
    "nuget": "NuGet",
    "pub": "Pub",
    "pypi": "PyPI",
}
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


class _Id(msgspec.Struct, frozen=True):
    id: str


class _Result(msgspec.Struct, frozen=True):
    vulns: tuple[_Id, ...] = ()
    next_page_token: str = ""


class _Batch(msgspec.Struct, frozen=True):
    results: tuple[_Result | None, ...] = ()


class _Severity(msgspec.Struct, frozen=True):
    type: str = ""
    score: str = ""


class _Range(msgspec.Struct, frozen=True):
    type: str = ""
    events: tuple[dict[str, str], ...] = ()


class _Named(msgspec.Struct, frozen=True):
    ecosystem: str = ""
    name: str = ""


class _Affected(msgspec.Struct, frozen=True):
    package: _Named = _Named()
    ranges: tuple[_Range, ...] = ()
    versions: tuple[str, ...] = ()
    severity: tuple[_Severity, ...] = ()


class _Record(msgspec.Struct, frozen=True):
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


class _Page(msgspec.Struct, frozen=True):
    vulns: tuple[_Record, ...] = ()
    next_page_token: str = ""


def version_question(ecosystem: str, name: str, version: str) -> Question:
    """Return the question which advisories touch one version; ``ecosystem`` is a purl type of `ECOSYSTEMS`."""
    return Question("osv", f"{ecosystem}:{name}@{version}")


def package_question(ecosystem: str, name: str) -> Question:
    """Return the question for all advisories of a package."""
    return Question("osv-advisories", f"{ecosystem}:{name}")


def look_up(question: Question, addresses: Addresses) -> Exchange:
    """Ask for one version alone."""
    answers = yield from look_up_together([question], addresses)
    return answers[question]


def look_up_together(questions: Sequence[Question], addresses: Addresses) -> Together:
    """Ask for up to a thousand versions at once; of answers in pages, only those that go on are asked again."""
    found: dict[Question, list[str]] = {question: [] for question in questions}
    answers: dict[Question, Answer] = {}
    waiting: dict[Question, str] = dict.fromkeys(questions, "")
    while waiting:
        asked = list(waiting)
        base = base_address(asked[0], addresses, ADDRESS)
        response = yield _post(f"{base}/querybatch", {"queries": [_query(one, waiting[one]) for one in asked]})
        if response.status == _BAD_REQUEST and len(asked) > 1:
            # One name that the service does not take spoils the answer for all of them.
            half = len(asked) // 2
            for part in (asked[:half], asked[half:]):
                answers |= yield from look_up_together(part, addresses)
            break
        results = _results(response, host_of(base), len(asked))
        if isinstance(results, Unknown):
            answers |= dict.fromkeys(asked, results)
            break
        waiting = {}
        for question, result in zip(asked, results, strict=True):
            found[question].extend(one.id for one in result.vulns)
            if result.next_page_token:
                waiting[question] = result.next_page_token
    return {question: answers.get(question) or _ids(question, found[question]) for question in questions}


def _ids(question: Question, ids: Iterable[str]) -> Known:
    package, _, version = question.name.rpartition("@")
    return Known(AdvisoryIds(package, version, tuple(sorted(set(ids)))))


def _results(response: Response, asked: str, count: int) -> tuple[_Result, ...] | Unknown:
    unknown = refusal(response, asked)
    if unknown:
        return unknown
    try:
        results = msgspec.json.decode(response.body, type=_Batch).results
    except ValueError as error:
        return Unknown("malformed-answer", f"{asked}: {error}")
    if len(results) != count:
        return Unknown("malformed-answer", f"{asked} gave {len(results)} answers to {count} questions")
    return tuple(result or _Result() for result in results)


def look_up_package(question: Question, addresses: Addresses) -> Exchange:
    """Ask for all advisories of a package, page by page."""
    base = base_address(question, {"osv-advisories": addresses.get("osv", ""), **addresses}, ADDRESS)
    records: list[_Record] = []
    token = ""
    while True:
        response = yield _post(f"{base}/query", _query(question, token))
        unknown = refusal(response, host_of(base))
        if unknown:
            return unknown
        try:
            page = msgspec.json.decode(response.body, type=_Page)
        except ValueError as error:
            return Unknown("malformed-answer", f"{host_of(base)}: {error}")
        records.extend(page.vulns)
        token = page.next_page_token
        if not token:
            return Known(_advisories(question, records))


def _post(url: str, body: object) -> Request:
    headers = {"accept": "application/json", "content-type": "application/json"}
    return Request(url=url, method="POST", headers=headers, body=msgspec.json.encode(body), fresh_for=_AN_HOUR)


def _query(question: Question, token: str) -> dict[str, object]:
    package, version = question.name, ""
    if question.source == "osv":
        package, _, version = question.name.rpartition("@")
    named = _named(package)
    query: dict[str, object] = {"package": {"ecosystem": named.ecosystem, "name": named.name}}
    if version:
        query["version"] = version
    if token:
        query["page_token"] = token
    return query


def _named(package: str) -> _Named:
    ecosystem, _, name = package.partition(":")
    return _Named(ECOSYSTEMS.get(ecosystem, ecosystem), name)


def _advisories(question: Question, records: Iterable[_Record]) -> Advisories:
    wanted = _named(question.name)
    by_id = {record.id: record for record in records}
    return Advisories(question.name, tuple(_advisory(by_id[name], wanted) for name in sorted(by_id)))


def _advisory(record: _Record, wanted: _Named) -> Advisory:
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
        published=_day(record.published),
        modified=_day(record.modified),
        withdrawn=_day(record.withdrawn),
        ranges=ranges,
        versions=_beyond(ranges, affected, wanted.ecosystem),
        malicious=record.id.startswith("MAL-"),
    )


def _is_same(package: _Named, wanted: _Named) -> bool:
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


def _summary(record: _Record) -> str:
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


def _day(timestamp: str) -> date | None:
    try:
        return date.fromisoformat(timestamp[:10]) if timestamp else None
    except ValueError:
        return None


_LIMITS: Final = "none published for reading; a thousand versions a request, answers over 32 MiB come in pages"
SOURCES: Final = (
    Source(
        name="osv",
        title="OSV.dev (advisories on a version)",
        value=AdvisoryIds,
        look_up=look_up,
        together=look_up_together,
        most_together=MOST_TOGETHER,
        limits=_LIMITS,
    ),
    Source(
        name="osv-advisories",
        title="OSV.dev (advisories on a package)",
        value=Advisories,
        look_up=look_up_package,
        limits=_LIMITS,
    ),
)
