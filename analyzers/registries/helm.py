"""Repositories of Helm charts: a server with an ``index.yaml``. Charts in registries of containers are tags there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from analyzers.errors import FetchError
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
from analyzers.model.facts import Answer, Known, Package, Unknown, UnknownReason
from analyzers.model.question import Question
from analyzers.registries._helm_index import NoIndexError, releases

# The index of the largest repositories; it holds every release of every chart.
_MAX_BYTES: Final = 64 * 1024 * 1024
_HOUR: Final = 60 * 60
_LONGEST_NAME: Final = 250
# One request a repository, and far fewer than a look-up may send.
MOST_REPOSITORIES: Final = 150
MOST_TOGETHER: Final = 5000


def look_up(question: Question, addresses: Addresses) -> Exchange:
    """Ask for one chart (``redis``) of the repository at the question's address."""
    answers = yield from look_up_together([question], addresses)
    return answers[question]


def look_up_together(questions: Sequence[Question], addresses: Addresses) -> Together:
    """Ask each repository once, for all of its charts: the index is the same, and large."""
    by_address: dict[str, list[Question]] = defaultdict(list)
    for question in questions:
        by_address[question.address].append(question)
    answers: dict[Question, Answer] = {}
    for number, (address, asked) in enumerate(sorted(by_address.items())):
        if number >= MOST_REPOSITORIES:
            answers |= dict.fromkeys(asked, Unknown("too-large", "not asked: over the limits of a run"))
            continue
        answers |= yield from _ask(address, asked, addresses)
    return answers


def _ask(address: str, asked: Sequence[Question], addresses: Addresses) -> Together:
    if not address:
        return dict.fromkeys(asked, Unknown("not-found", "charts have no repository of their own accord"))
    mirror = addresses.get(f"helm:{host_of(address)}")
    base = base_address(Question("helm", "", mirror or address), {}, "")
    host = host_of(base)
    try:
        response = yield Request(url=f"{base}/index.yaml", credentials=host, max_bytes=_MAX_BYTES, fresh_for=_HOUR)
    except FetchError as error:
        # One repository that fails must not cost the others their answers.
        return dict.fromkeys(asked, Unknown(_reason(error), error.detail))
    refused = refusal(response, host)
    return dict.fromkeys(asked, refused) if refused else _answers(response, asked, host)


def _reason(error: FetchError) -> UnknownReason:
    return error.reason  # type: ignore[return-value]  # FetchError's reasons are those of Unknown


def _answers(response: Response, asked: Sequence[Question], host: str) -> Mapping[Question, Answer]:
    # Unpacked once: a large body is made anew whenever it is asked for.
    body = response.body
    return {question: _answer(body, question.name, host) for question in asked}


def _answer(body: bytes, chart: str, host: str) -> Answer:
    if not chart or len(chart) > _LONGEST_NAME:
        return Unknown("not-found", f"{chart[:100]!r} is no name that a chart can have")
    try:
        found = releases(body, chart)
    except NoIndexError as error:
        return Unknown("malformed-answer", f"{host}: the index {error}"[:300])
    if found is None:
        return Unknown("not-found", f"{host} lists no chart {chart[:100]}")
    return Known(Package(name=chart, releases=found))


SOURCE = Source(
    name="helm",
    title="repositories of Helm charts (index.yaml)",
    value=Package,
    look_up=look_up,
    together=look_up_together,
    most_together=MOST_TOGETHER,
    limits="one request a repository; indexes of large ones are tens of megabytes",
)
