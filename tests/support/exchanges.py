"""Drives a source's generator: with recorded answers, without any network, or through a fetcher."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from analyzers.errors import FetchError
from analyzers.model.exchange import Request, Response, Source
from analyzers.model.facts import Answer, Question


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
    exchange = source.look_up(question, addresses or {})
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
