"""endoflife.date: how long each release line of a product is supported. API version 1."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

import msgspec

from analyzers.model.exchange import Addresses, Exchange, Request, Source, base_address, host_of, refusal
from analyzers.model.facts import Cycle, Known, Lifecycle, Unknown
from analyzers.model.question import Question
from analyzers.typed import from_json

ADDRESS = "https://endoflife.date/api/v1"
ORIGIN = "endoflife.date"
_A_DAY = 24 * 60 * 60


class _Latest(msgspec.Struct, frozen=True):
    name: str | None = None


class _Release(msgspec.Struct, frozen=True, rename="camel"):
    """The date fields are None where the source only says yes or no."""

    name: str
    codename: str | None = None
    release_date: date | None = None
    is_lts: bool = False
    lts_from: date | None = None
    is_eol: bool = False
    eol_from: date | None = None
    eoes_from: date | None = None
    latest: _Latest | None = None


class _Product(msgspec.Struct, frozen=True):
    name: str
    releases: tuple[_Release, ...]


class _Document(msgspec.Struct, frozen=True):
    result: _Product
    generated_at: str = ""
    last_modified: str = ""


class _FullDocument(msgspec.Struct, frozen=True):
    result: tuple[_Product, ...]
    generated_at: str = ""


def look_up(question: Question, addresses: Addresses) -> Exchange:
    """Ask for one product by endoflife.date's name for it (``nodejs``)."""
    base = base_address(question, addresses, ADDRESS)
    response = yield Request(url=f"{base}/products/{quote(question.name, safe='')}/", fresh_for=_A_DAY)
    return refusal(response, host_of(base)) or _read_product(response.body, host_of(base))


def full_request(base: str) -> Request:
    """Return the request for all products at once; answered with `read_full`."""
    return Request(url=f"{base.rstrip('/')}/products/full/", cacheable=False)


def read_full(body: bytes) -> tuple[Lifecycle, ...]:
    """Read the document that holds all products. Raises ValueError where it is none or bears no date."""
    document = from_json(body, _FullDocument)
    day = date.fromisoformat(document.generated_at[:10])
    return tuple(_lifecycle(product, day) for product in document.result)


def _read_product(body: bytes, asked: str) -> Known | Unknown:
    try:
        document = from_json(body, _Document)
        day = date.fromisoformat((document.generated_at or document.last_modified)[:10])
    except ValueError as error:
        return Unknown("malformed-answer", f"{asked}: {error}")
    return Known(_lifecycle(document.result, day))


def _lifecycle(product: _Product, day: date) -> Lifecycle:
    cycles = sorted(map(_cycle, product.releases), key=lambda cycle: cycle.released or date.min, reverse=True)
    return Lifecycle(product.name, tuple(cycles), ORIGIN, day)


def _cycle(release: _Release) -> Cycle:
    words = (release.codename or "").lower().split()
    return Cycle(
        name=release.name,
        released=release.release_date,
        end=release.eol_from,
        extended=release.eoes_from,
        codename=words[0] if words else None,
        latest=release.latest.name if release.latest else None,
        lts=release.is_lts or release.lts_from is not None,
        ended=release.is_eol and release.eol_from is None,
        lts_from=release.lts_from,
    )


SOURCE = Source(
    name="lifecycle",
    title="endoflife.date",
    value=Lifecycle,
    look_up=look_up,
    limits="no key; asked once a day a product at most",
)
