"""Look-ups that scans share, on a registry that counts who asks."""

from __future__ import annotations

import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from analyzers.errors import FetchError
from analyzers.facts_json import facts_from_json
from analyzers.http.cache import Cache
from analyzers.http.fetch import Fetcher
from analyzers.model.exchange import Request, Response
from analyzers.model.facts import Known, Package, Unknown
from analyzers.model.question import Question
from bot.service.hosts import Hosts
from bot.service.lookups import LIFE, Lookups, opened
from bot.service.settings import File, Settings
from tests.support.service.scans import workshop

DAY = date(2026, 6, 1)
PYPI = {"meta": {"api-version": "1.1"}, "name": "x", "versions": ["1.0"], "files": []}
ONE, TWO, THREE = (Question("pypi", name) for name in ("one", "two", "three"))


class _Registry:
    """Answers for every package; `gate` keeps answers back."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.fresh: list[int] = []
        self.gate = threading.Event()
        self.gate.set()
        self.broken = False

    def send(self, request: Request) -> Response:
        self.asked[request.url.rstrip("/").rpartition("/")[2]] += 1
        self.fresh.append(request.fresh_for)
        assert self.gate.wait(30)
        if self.broken:
            raise FetchError("server-error", "it is down")
        headers = {"content-type": "application/vnd.pypi.simple.v1+json"}
        return Response(200, headers, json.dumps(PYPI).encode())


class _Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 6, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def test_what_was_asked_is_not_asked_again_until_it_is_old() -> None:
    registry, clock = _Registry(), _Clock()
    lookups = Lookups(registry.send, {}, clock)
    first = lookups.answers([ONE, TWO], DAY)
    assert isinstance(first[ONE], Known)
    assert lookups.answers([TWO, THREE, ONE], DAY).keys() == {ONE, TWO, THREE}
    assert registry.asked == {"one": 1, "two": 1, "three": 1}
    clock.now += LIFE + timedelta(seconds=1)
    lookups.answers([ONE], DAY)
    assert registry.asked["one"] == 2


def test_who_asks_anew_is_told_what_is_so_now() -> None:
    registry = _Registry()
    lookups = Lookups(registry.send, {}, _Clock())
    lookups.answers([ONE], DAY)
    lookups.answers([ONE], DAY, anew=True)
    assert registry.asked["one"] == 2
    assert registry.fresh[-1] == 0
    assert registry.fresh[0] > 0


def test_two_scans_that_ask_the_same_at_once_ask_once() -> None:
    registry = _Registry()
    registry.gate.clear()
    lookups = Lookups(registry.send, {}, _Clock())
    with ThreadPoolExecutor(8) as pool:
        asking = [pool.submit(lookups.answers, pair, DAY) for pair in ([ONE, TWO], [TWO, THREE], [THREE, ONE])]
        registry.gate.set()
        found = [one.result(timeout=30) for one in asking]
    assert registry.asked == {"one": 1, "two": 1, "three": 1}
    assert [set(answers) for answers in found] == [{ONE, TWO}, {TWO, THREE}, {THREE, ONE}]


def test_a_failure_is_told_to_all_who_wait_and_is_tried_again_by_the_next() -> None:
    registry = _Registry()
    registry.broken = True
    lookups = Lookups(registry.send, {}, _Clock())
    assert lookups.answers([ONE], DAY)[ONE] == Unknown("server-error", "it is down")
    registry.broken = False
    assert isinstance(lookups.answers([ONE], DAY)[ONE], Known)


def test_an_interrupt_leaves_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def ask(*_given: object, **_named: object) -> object:
        begun.set()
        assert go_on.wait(30)
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.service.lookups.ask", ask)
    lookups = Lookups(_Registry().send, {}, _Clock())
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(lookups.answers, [ONE], DAY)
        assert begun.wait(30)
        waiting, own = lookups._divided({ONE})
        go_on.set()
        assert isinstance(first.exception(timeout=30), KeyboardInterrupt)
    assert own == []
    assert waiting[ONE].result(timeout=30) == Unknown("unreachable", "the look-up was ended")


def test_a_host_that_may_not_be_asked_becomes_an_unknown_with_its_reason() -> None:
    registry = _Registry()
    lookups = Lookups(Hosts().guarded(registry.send), {}, _Clock())
    foreign = Question("pypi", "one", "https://index.evil.example/simple")
    image = Question("oci-tags", "evil.example/library/x")
    found = lookups.answers([foreign, image, ONE], DAY)
    assert found[foreign] == Unknown("refused", "index.evil.example is not among the hosts that this service asks")
    assert found[image] == Unknown("refused", "evil.example is not among the hosts that this service asks")
    assert isinstance(found[ONE], Known)
    assert set(registry.asked) == {"one"}


def test_a_source_that_is_not_known_and_a_name_that_is_none_cost_nobody_else_an_answer() -> None:
    registry = _Registry()
    lookups = Lookups(Hosts().guarded(registry.send), {}, _Clock())
    odd = [Question("file", "/etc/passwd"), Question("pypi", "../../etc"), Question("git-refs", "ext::sh -c id")]
    found = lookups.answers([*odd, ONE], DAY)
    assert all(isinstance(found[question], Unknown) for question in odd)
    assert isinstance(found[ONE], Known)


def test_answers_cross_as_facts_in_json() -> None:
    lookups = Lookups(_Registry().send, {}, _Clock())
    facts = facts_from_json(lookups.json([TWO, ONE], DAY))
    assert (facts.looked_up, list(facts.answers)) == (DAY, [ONE, TWO])
    answer = facts.answers[ONE]
    assert isinstance(answer, Known)
    assert isinstance(answer.value, Package)


def test_private_addresses_are_refused_whatever_a_question_says(tmp_path: Path) -> None:
    addresses = ("http://169.254.169.254/latest", "http://127.0.0.1:1/simple", "http://[::1]:1/x", "http://10.0.0.1/")
    with Fetcher(user_agent="test", cache=Cache(tmp_path), environ={}) as fetcher:
        # Even where the operator's own list would let them pass.
        hosts = Hosts.of(("169.254.169.254", "127.0.0.1", "::1", "10.0.0.1"))
        lookups = Lookups(hosts.guarded(fetcher.send), {}, _Clock())
        found = lookups.answers([Question("pypi", "x", address) for address in addresses], DAY)
    for answer in found.values():
        assert isinstance(answer, Unknown)
        assert answer.reason == "refused"
        assert "private or link-local" in answer.detail


def test_scans_of_two_repositories_ask_for_one_package_once(tmp_path: Path) -> None:
    registry = _Registry()
    lookups = Lookups(registry.send, {}, _Clock())
    for name in ("a", "b"):
        with workshop(tmp_path / name) as shop:
            shop.scan(network=lookups)
    assert registry.asked["requests"] == 1


def test_a_services_look_ups_ask_privately_whom_its_operator_names_alone(tmp_path: Path) -> None:
    file = File(url="https://debtscan.example.org", data=str(tmp_path), hosts=("127.0.0.1", ".localhost"))
    settings = Settings(file=file, secrets=tmp_path / "secrets")
    environ = {"PIP_INDEX_URL": "https://user:hunter2@index.example/simple"}
    with opened(settings, environ, tmp_path, _Clock()) as lookups:
        assert lookups.hosts.allowed == (".localhost", "127.0.0.1", "index.example")
        named = Question("pypi", "x", "http://127.0.0.1:1/simple")
        foreign = Question("pypi", "x", "https://elsewhere.example/simple")
        found = lookups.answers([named, foreign], DAY)
    unreachable = found[named]
    assert isinstance(unreachable, Unknown)
    assert unreachable.reason == "unreachable"
    assert found[foreign] == Unknown("refused", "elsewhere.example is not among the hosts that this service asks")
    assert "hunter2" not in repr(lookups.hosts)
