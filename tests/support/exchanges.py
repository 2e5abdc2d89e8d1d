"""Drives a source's generator: with recorded answers, without any network, or through a fetcher."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from analyzers.errors import FetchError
from analyzers.http.fetch import Fetcher
from analyzers.model.exchange import Exchange, Request, Response, Source
from analyzers.model.facts import Answer
from analyzers.model.question import Question


def answer_of(
    source: Source,
    question: Question,
    *replies: Response | FetchError,
    addresses: Mapping[str, str] | None = None,
    asked: list[Request] | None = None,
) -> Answer:
    """Return what the source answers when its requests get ``replies`` in turn; ``asked`` collects the requests."""
    waiting = list(replies)

    def send(request: Request) -> Response:
        if asked is not None:
            asked.append(request)
        reply = waiting.pop(0)
        if isinstance(reply, FetchError):
            raise reply
        return reply

    answer = answer_through(source, question, send, addresses)
    assert not waiting, f"{len(waiting)} replies were not asked for"
    return answer


def answer_through(
    source: Source,
    question: Question,
    send: Callable[[Request], Response],
    addresses: Mapping[str, str] | None = None,
) -> Answer:
    """Return what the source answers when ``send`` sends its requests."""
    return _driven(source.look_up(question, addresses or {}), send)


def _driven(exchange: Exchange, send: Callable[[Request], Response]) -> Answer:
    try:
        request = next(exchange)
        while True:
            try:
                response = send(request)
            except FetchError as error:
                request = exchange.throw(error)
            else:
                request = exchange.send(response)
    except StopIteration as done:
        answer: Answer = done.value
        return answer


def drive(exchange: Exchange, fetcher: Fetcher) -> Answer:
    """Send what the exchange asks through ``fetcher``, until it answers."""
    return _driven(exchange, fetcher.send)


def play(exchange: Exchange, *responses: Response) -> tuple[Answer, list[Request]]:
    """Answer from a list; what was asked is returned beside the answer."""
    requests: list[Request] = []
    try:
        requests.append(next(exchange))
        for response in responses:
            requests.append(exchange.send(response))  # noqa: PERF401 - StopIteration would not leave a generator
    except StopIteration as done:
        return done.value, requests
    raise AssertionError(f"asked once more: {requests[-1]}")
