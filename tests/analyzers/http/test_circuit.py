from __future__ import annotations

import pytest

from analyzers.errors import FetchError
from analyzers.http.circuit import Circuit
from analyzers.model.exchange import Request, Response

OK = Response(200, {}, b"")


class Host:
    """Answers as scripted; True is an answer, a word is the reason of a failure."""

    def __init__(self, *script: bool | str) -> None:
        self.script = list(script)
        self.asked: list[str] = []

    def send(self, request: Request) -> Response:
        self.asked.append(request.url)
        turn = self.script.pop(0)
        if isinstance(turn, str):
            raise FetchError(turn, f"said {turn}")
        return OK


def outcomes(circuit: Circuit, *urls: str) -> list[str]:
    results = []
    for url in urls:
        try:
            circuit(Request(url=url))
            results.append("ok")
        except FetchError as error:
            results.append(error.reason)
    return results


@pytest.mark.parametrize("reason", ["unreachable", "time-out", "server-error", "rate-limited"])
def test_a_host_that_fails_in_a_row_is_not_asked_again(reason: str) -> None:
    host = Host(reason, reason)
    circuit = Circuit(host.send, tolerated=2)
    assert outcomes(circuit, *["https://a.example/x"] * 4) == [reason] * 4
    assert len(host.asked) == 2
    with pytest.raises(FetchError, match=f"said {reason}$"):
        circuit(Request(url="https://a.example/y"))


def test_one_answer_closes_it_again() -> None:
    host = Host("time-out", True, "time-out", True)
    assert outcomes(Circuit(host.send, tolerated=2), *["https://a.example/"] * 4) == [
        "time-out",
        "ok",
        "time-out",
        "ok",
    ]


def test_hosts_are_counted_apart() -> None:
    host = Host("time-out", "time-out", True)
    circuit = Circuit(host.send, tolerated=2)
    urls = ["https://a.example/", "https://a.example/", "https://a.example/", "https://b.example/"]
    assert outcomes(circuit, *urls) == ["time-out", "time-out", "time-out", "ok"]


@pytest.mark.parametrize("reason", ["offline", "too-large", "malformed-answer", "refused"])
def test_what_says_nothing_of_the_host_does_not_count(reason: str) -> None:
    host = Host(reason, reason, reason)
    assert outcomes(Circuit(host.send, tolerated=2), *["https://a.example/"] * 3) == [reason] * 3
    assert len(host.asked) == 3
