"""Drives a source's generator with recorded answers, without any network."""

from __future__ import annotations

from collections.abc import Mapping

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
    exchange = source.look_up(question, addresses or {})
    waiting = list(replies)
    try:
        request = next(exchange)
        while True:
            if asked is not None:
                asked.append(request)
            reply = waiting.pop(0)
            request = exchange.throw(reply) if isinstance(reply, FetchError) else exchange.send(reply)
    except StopIteration as done:
        assert not waiting, f"{len(waiting)} replies were not asked for"
        answer: Answer = done.value
        return answer
