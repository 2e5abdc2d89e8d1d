from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec
import pytest

from analyzers.config import Config
from analyzers.http.credentials import Credentials, Settings
from analyzers.http.fetch import Fetcher
from analyzers.model.facts import Answer, Facts, Known, Package, Release, Unknown
from analyzers.model.question import Question
from bot.rounds.memory import Memory
from bot.rounds.network import Network

TODAY = date(2026, 11, 22)
ANT, BEE, CAT = (Question("pypi", name) for name in ("ant", "bee", "cat"))


def _known(version: str, *, bundled: bool = False) -> Known:
    return Known(Package("demo", (Release(version, TODAY),)), bundled=bundled)


def _facts(answers: Mapping[Question, Answer]) -> Facts:
    return Facts(TODAY, answers)


@pytest.mark.parametrize("answer", [_known("1.0"), Unknown("not-found", "gone")])
def test_what_one_repository_asked_the_next_one_need_not_ask(answer: Answer) -> None:
    memory = Memory()
    memory.remember(_facts({ANT: answer}), None)
    assert memory.with_known(None)[ANT] == answer
    assert BEE not in memory.with_known(None)


@pytest.mark.parametrize(
    "answer", [_known("1.0", bundled=True), Unknown("time-out"), Unknown("offline"), Unknown("too-large")]
)
def test_what_may_be_otherwise_the_next_time_is_asked_again(answer: Answer) -> None:
    memory = Memory()
    memory.remember(_facts({ANT: answer}), None)
    assert ANT not in memory.with_known(None)


def test_what_a_repository_brings_along_counts_for_itself_alone() -> None:
    memory = Memory()
    memory.remember(_facts({ANT: _known("1.0")}), None)
    brought = _facts({ANT: _known("0.1"), BEE: _known("0.2")})
    assert memory.with_known(brought)[ANT] == _known("0.1")
    memory.remember(_facts({**brought.answers, CAT: _known("3.0")}), brought)
    assert dict(memory.with_known(None)) == {ANT: _known("1.0"), CAT: _known("3.0")}


def test_of_too_many_those_go_that_nobody_needed_for_the_longest_time() -> None:
    size = len(msgspec.json.encode(_known("1.0")))
    memory = Memory(most_bytes=2 * size)
    memory.remember(_facts({ANT: _known("1.0"), BEE: _known("1.0")}), None)
    memory.remember(_facts({ANT: _known("1.0"), CAT: _known("1.0")}), None)
    assert set(memory.with_known(None)) == {ANT, CAT}


def test_a_single_answer_that_is_too_large_is_not_held() -> None:
    memory = Memory(most_bytes=10)
    memory.remember(_facts({ANT: _known("1.0")}), None)
    assert not memory.with_known(None)


def test_repositories_share_what_was_asked_unless_their_addresses_differ() -> None:
    with Fetcher(user_agent="test") as fetcher:
        network = Network(fetcher, Settings({"npm": "https://npm.example.org"}, Credentials(), ()))
        first = network.of(Config(), lambda *_told: None)
        first.memory.remember(_facts({ANT: _known("1.0")}), None)
        assert ANT in network.of(Config(), lambda *_told: None).memory.with_known(None)
        other = network.of(Config(addresses={"pypi": "https://other.example.org"}), lambda *_told: None)
        assert other.addresses == {"npm": "https://npm.example.org", "pypi": "https://other.example.org"}
        assert ANT not in other.memory.with_known(None)
