"""Ways through a source's generator: with a real Fetcher, or with answers from a list."""

from __future__ import annotations

from analyzers.errors import FetchError
from analyzers.fetch import Fetcher
from analyzers.model.exchange import Exchange, Request, Response
from analyzers.model.facts import Answer


def drive(exchange: Exchange, fetcher: Fetcher) -> Answer:
    """Send what the exchange asks, until it answers."""
    try:
        request = next(exchange)
        while True:
            try:
                response = fetcher.send(request)
            except FetchError as error:
                request = exchange.throw(error)
            else:
                request = exchange.send(response)
    except StopIteration as done:
        answer: Answer = done.value
        return answer


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
