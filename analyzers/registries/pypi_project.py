"""What a Python release says about itself: classifiers, and where its source is.

From the metadata file beside a wheel (PEP 658), which every index may serve; for a package without wheels from PyPI's
own JSON API. The simple API, which has all releases, has neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from analyzers.model.exchange import Addresses, Exchange, Request, Source, base_address, host_of, refusal
from analyzers.model.facts import Answer, Known, ProjectPage, Unknown
from analyzers.model.question import Question
from analyzers.typed import from_json

ADDRESS: Final = "https://pypi.org/pypi"
_MAX_BYTES: Final = 8 * 1024 * 1024
_A_DAY: Final = 24 * 60 * 60
_LONGEST: Final = 300
_MOST_CLASSIFIERS: Final = 200
# Labels of links to the source, in the order of how surely they are one.
_LABELS: Final = ("source", "sourcecode", "repository", "code", "github", "homepage")


class _Info(msgspec.Struct, frozen=True):
    name: str = ""
    classifiers: tuple[str, ...] | None = None
    project_urls: dict[str, str | None] | None = None
    home_page: str | None = None


class _Document(msgspec.Struct, frozen=True):
    info: _Info


def look_up(question: Question, addresses: Addresses) -> Exchange:
    """Ask for a metadata file by its address, or for a normalised name by PyPI's API.

    No credentials are sent: an index may name any host for its files.
    """
    base = base_address(question, addresses, ADDRESS)
    is_file = question.name.startswith(("https://", "http://"))
    url = question.name if is_file else f"{base}/{question.name}/json"
    response = yield Request(url=url, max_bytes=_MAX_BYTES, fresh_for=_A_DAY)
    unknown = refusal(response, host_of(url))
    if unknown:
        return unknown
    return _from_file(response.body, host_of(url)) if is_file else _from_api(response.body, host_of(url))


def _from_file(body: bytes, asked: str) -> Answer:
    # It takes longer to load than many such files to read, and most of them were read before.
    from packaging.metadata import parse_email

    said, _odd = parse_email(body)
    name = said.get("name")
    if not name:
        return Unknown("malformed-answer", f"{asked}: the file is no metadata of a package")
    return _page(name, said.get("project_urls") or {}, said.get("home_page"), said.get("classifiers") or ())


def _from_api(body: bytes, asked: str) -> Answer:
    try:
        info = from_json(body, _Document).info
    except ValueError as error:
        return Unknown("malformed-answer", f"{asked}: {error}")
    return _page(info.name, info.project_urls or {}, info.home_page, info.classifiers or ())


def _page(
    name: str, links: Mapping[str, str | None], home: str | None, classifiers: tuple[str, ...] | list[str]
) -> Known:
    repository = next(_addresses(links, home), None)
    return Known(ProjectPage(name, repository, tuple(classifiers)[:_MOST_CLASSIFIERS]))


def _addresses(links: Mapping[str, str | None], home: str | None) -> Iterator[str]:
    """Yield the links to the source, the surest first."""
    by_label = {_plain(label): url for label, url in links.items()}
    for url in (*(by_label.get(label) for label in _LABELS), home):
        if url and len(url) <= _LONGEST and "://" in url:
            yield url


def _plain(label: str) -> str:
    return "".join(char for char in label.lower() if char.isalnum())


SOURCE = Source(
    name="pypi-project",
    title="Python metadata files, else PyPI's JSON API (packages without a release for a year)",
    value=ProjectPage,
    look_up=look_up,
    limits="none published; served by a cache",
    seen_live=True,
)
