"""OSV.dev, the database of security advisories. API version 1.

Two sources. `osv` says which advisories touch one version of a package; a thousand such questions go into one request.
`osv-advisories` gets all advisories of one package with their documents: asked for those that are touched only, it
costs one request a package, tells the versions that are free of all of them, and can be judged on any day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from analyzers.model.advisory import Advisories, AdvisoryIds
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
from analyzers.model.facts import Answer, Known, Unknown
from analyzers.model.question import Question
from analyzers.registries._osv_records import Named, Record, advisories
from analyzers.typed import from_json

ADDRESS: Final = "https://api.osv.dev/v1"
MOST_TOGETHER: Final = 1000
_AN_HOUR: Final = 60 * 60
_BAD_REQUEST: Final = 400

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


class _Id(msgspec.Struct, frozen=True):
    id: str


class _Result(msgspec.Struct, frozen=True):
    vulns: tuple[_Id, ...] = ()
    next_page_token: str = ""


class _Batch(msgspec.Struct, frozen=True):
    results: tuple[_Result | None, ...] = ()


class _Page(msgspec.Struct, frozen=True):
    vulns: tuple[Record, ...] = ()
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
        results = from_json(response.body, _Batch).results
    except ValueError as error:
        return Unknown("malformed-answer", f"{asked}: {error}")
    if len(results) != count:
        return Unknown("malformed-answer", f"{asked} gave {len(results)} answers to {count} questions")
    return tuple(result or _Result() for result in results)


def look_up_package(question: Question, addresses: Addresses) -> Exchange:
    """Ask for all advisories of a package, page by page."""
    base = base_address(question, {"osv-advisories": addresses.get("osv", ""), **addresses}, ADDRESS)
    records: list[Record] = []
    token = ""
    while True:
        response = yield _post(f"{base}/query", _query(question, token))
        unknown = refusal(response, host_of(base))
        if unknown:
            return unknown
        try:
            page = from_json(response.body, _Page)
        except ValueError as error:
            return Unknown("malformed-answer", f"{host_of(base)}: {error}")
        records.extend(page.vulns)
        token = page.next_page_token
        if not token:
            return Known(Advisories(question.name, advisories(records, _named(question.name))))


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


def _named(package: str) -> Named:
    ecosystem, _, name = package.partition(":")
    return Named(ECOSYSTEMS.get(ecosystem, ecosystem), name)


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
