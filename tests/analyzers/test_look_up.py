from __future__ import annotations

import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial

import pytest

from analyzers import look_up as module
from analyzers.errors import FetchError
from analyzers.http.bodies import PackedResponse
from analyzers.look_up import look_up, sources
from analyzers.model.ecosystem import Ecosystem
from analyzers.model.exchange import Addresses, Exchange, Request, Response, Source
from analyzers.model.facts import Facts, ImageTags, Known, Lifecycle, Package, Unknown
from analyzers.model.inventory import Inventory, Repository
from analyzers.model.question import Question

TODAY = date(2026, 11, 22)
INVENTORY = Inventory(repository=Repository("demo"))
Ask = Callable[[Question, Addresses], Exchange]


def world(questions: Callable[[Inventory, Facts], Iterable[Question]]) -> Ecosystem:
    return Ecosystem(name="demo", title="Demo", formats=(), questions=questions, normalise=str)


def asking(*questions: Question) -> Ecosystem:
    return world(lambda _inventory, _facts: questions)


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch) -> Callable[[Ask], None]:
    """Install one source, called demo."""

    def install(ask: Ask) -> None:
        source = Source(name="demo", title="Demo", value=Package, look_up=ask)
        monkeypatch.setattr(module, "sources", lambda: {"demo": source})

    return install


def simple(question: Question, addresses: Addresses) -> Exchange:
    response = yield Request(url=f"{addresses.get('demo', 'https://demo.example')}/{question.name}")
    return Known(Package(response.body.decode(), ()))


def echo(request: Request) -> Response:
    return Response(200, {}, request.url.rpartition("/")[2].encode())


def ask(
    *worlds: Ecosystem, fetcher: Callable[[Request], Response] = echo, **options: object
) -> Mapping[Question, object]:
    return look_up(INVENTORY, fetcher=fetcher, looked_up=TODAY, ecosystems=worlds, **options).answers  # type: ignore[arg-type] # passed through


A, B, C = (Question("demo", name) for name in "abc")


def test_every_question_is_asked_once_and_answers_are_sorted(demo: Callable[[Ask], None]) -> None:
    demo(simple)
    urls: list[str] = []

    def fetcher(request: Request) -> Response:
        urls.append(request.url)
        return echo(request)

    answers = ask(asking(C, A, A), asking(B, C), fetcher=fetcher)
    assert list(answers) == [A, B, C]
    assert answers[A] == Known(Package("a", ()))
    assert sorted(urls) == ["https://demo.example/a", "https://demo.example/b", "https://demo.example/c"]


def test_answers_may_raise_new_questions(demo: Callable[[Ask], None]) -> None:
    demo(simple)
    rounds: list[int] = []

    def questions(_inventory: Inventory, facts: Facts) -> Iterable[Question]:
        rounds.append(len(facts.answers))
        return [A] if A not in facts.answers else [A, B] if B not in facts.answers else [A, B, C]

    assert list(ask(world(questions))) == [A, B, C]
    assert rounds == [0, 1, 2, 3]


def test_what_is_known_is_not_asked_again_and_what_nobody_asks_any_more_is_left_out(
    demo: Callable[[Ask], None],
) -> None:
    demo(simple)
    urls: list[str] = []

    def fetcher(request: Request) -> Response:
        urls.append(request.url)
        return echo(request)

    failed = Unknown("time-out", "it was slow")
    known = Facts(TODAY, {A: Known(Package("earlier", ())), C: failed, Question("demo", "gone"): failed})
    answers = ask(asking(A, B, C), fetcher=fetcher, known=known)
    assert answers == {A: Known(Package("earlier", ())), B: Known(Package("b", ())), C: failed}
    assert urls == ["https://demo.example/b"]


def test_questions_can_be_asked_beside_a_scan(demo: Callable[[Ask], None]) -> None:
    demo(simple)
    found = module.ask([B, A, B], fetcher=echo, looked_up=TODAY)
    assert found == Facts(TODAY, {A: Known(Package("a", ())), B: Known(Package("b", ()))})
    assert module.ask([], fetcher=echo, looked_up=TODAY).answers == {}


def test_a_chain_without_end_is_ended(demo: Callable[[Ask], None]) -> None:
    demo(simple)
    answers = ask(world(lambda _inventory, facts: [Question("demo", f"{len(facts.answers):03}")]))
    *known, last = answers.values()
    assert len(known) == module._MOST_ROUNDS
    assert last == Unknown("too-large", "not asked: over the limits of a run")


def test_more_questions_than_a_run_may_ask_are_named(
    demo: Callable[[Ask], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    demo(simple)
    monkeypatch.setattr(module, "_MOST_QUESTIONS", 2)
    answers = ask(asking(A, B, C))
    assert [isinstance(answer, Known) for answer in answers.values()] == [True, True, False]


def test_addresses_of_the_user_are_handed_on(demo: Callable[[Ask], None]) -> None:
    demo(simple)
    urls: list[str] = []

    def fetcher(request: Request) -> Response:
        urls.append(request.url)
        return echo(request)

    ask(asking(A), fetcher=fetcher, addresses={"demo": "https://corp.example"})
    assert urls == ["https://corp.example/a"]


@pytest.mark.parametrize("reason", ["not-found", "refused", "time-out", "offline"])
def test_a_failure_keeps_its_reason(demo: Callable[[Ask], None], reason: str) -> None:
    demo(simple)

    def fetcher(request: Request) -> Response:
        raise FetchError(reason, f"said {request.url}")

    assert ask(asking(A), fetcher=fetcher)[A] == Unknown(reason, "said https://demo.example/a")  # type: ignore[arg-type] # a table


def test_a_source_may_go_another_way_after_a_failure(demo: Callable[[Ask], None]) -> None:
    def stubborn(question: Question, addresses: Addresses) -> Exchange:
        try:
            yield Request(url="https://down.example/x")
        except FetchError:
            return (yield from simple(question, addresses))
        raise AssertionError

    demo(stubborn)

    def fetcher(request: Request) -> Response:
        if "down" in request.url:
            raise FetchError("unreachable", "down")
        return echo(request)

    assert ask(asking(A), fetcher=fetcher)[A] == Known(Package("a", ()))


def test_a_source_that_breaks_on_an_answer_does_not_end_the_run(demo: Callable[[Ask], None]) -> None:
    def fragile(question: Question, addresses: Addresses) -> Exchange:
        response = yield Request(url=f"https://demo.example/{question.name}")
        if question.name == "b":
            raise KeyError("releases")
        return (yield from simple(question, addresses)) if not response.body else Known(Package("ok", ()))

    demo(fragile)
    answers = ask(asking(A, B))
    assert answers[A] == Known(Package("ok", ()))
    assert answers[B] == Unknown("malformed-answer", "demo: KeyError: 'releases'")


def test_a_source_that_never_comes_to_an_end_is_ended(demo: Callable[[Ask], None]) -> None:
    def endless(question: Question, _addresses: Addresses) -> Exchange:
        while True:
            yield Request(url=f"https://demo.example/{question.name}")

    demo(endless)
    answer = ask(asking(A))[A]
    assert isinstance(answer, Unknown)
    assert answer.reason == "too-large"


def test_a_source_may_answer_without_asking(demo: Callable[[Ask], None]) -> None:
    def certain(_question: Question, _addresses: Addresses) -> Exchange:
        yield from ()
        return Unknown("not-found", "no name")

    demo(certain)
    assert ask(asking(A))[A] == Unknown("not-found", "no name")


def test_a_question_for_no_source_is_named() -> None:
    question = Question("no-such-source", "x")
    answer = ask(asking(question))[question]
    assert isinstance(answer, Unknown)
    assert "no-such-source" in answer.detail


def test_a_host_that_is_down_costs_little_and_every_question_keeps_a_reason(demo: Callable[[Ask], None]) -> None:
    demo(simple)
    asked: list[str] = []

    def fetcher(request: Request) -> Response:
        asked.append(request.url)
        raise FetchError("time-out", "slow")

    questions = [Question("demo", f"{number:03}") for number in range(100)]
    answers = ask(asking(*questions), fetcher=fetcher, jobs=4)
    assert len(asked) <= 8
    assert all(isinstance(answer, Unknown) and answer.reason == "time-out" for answer in answers.values())


def test_questions_are_asked_side_by_side(demo: Callable[[Ask], None]) -> None:
    demo(simple)
    together = threading.Barrier(3, timeout=5)

    def fetcher(request: Request) -> Response:
        together.wait()
        return echo(request)

    assert len(ask(asking(A, B, C), fetcher=fetcher, jobs=3)) == 3


def test_large_answers_are_read_in_one_thread_only(demo: Callable[[Ask], None]) -> None:
    threads: list[str] = []

    def noting(question: Question, _addresses: Addresses) -> Exchange:
        response = yield Request(url=f"https://demo.example/{question.name}")
        threads.append(threading.current_thread().name)
        return Known(Package(response.body.decode()[:3], ()))

    demo(noting)
    packed = zlib.compress(b"all of it", wbits=31)
    answers = ask(asking(A, B, C), fetcher=lambda _request: PackedResponse(200, {}, packed), jobs=3)
    assert set(answers.values()) == {Known(Package("all", ()))}
    assert set(threads) == {"debtscan-reader_0"}


# Readings of answers that came before


class Keeping:
    """Answers like a fetcher whose cache holds the same answer ever after."""

    def __init__(self) -> None:
        self.kept: dict[bytes, bytes] = {}
        self.requests: list[Request] = []

    def __call__(self, request: Request) -> Response:
        """Answer with the end of the address."""
        self.requests.append(request)
        keep = partial(self.kept.__setitem__, request.reading) if request.reading else None
        read = self.kept.get(request.reading)
        return Response(200, {}, b"" if read is not None else echo(request).body, read, keep)


def test_an_answer_that_was_read_before_is_not_read_again(demo: Callable[[Ask], None]) -> None:
    read: list[bytes] = []

    def noting(question: Question, _addresses: Addresses) -> Exchange:
        response = yield Request(url=f"https://demo.example/{question.name}")
        read.append(response.body)
        return Known(Package(response.body.decode(), ())) if question != B else Unknown("not-found", "no b")

    demo(noting)
    fetcher = Keeping()
    first = ask(asking(A, B), fetcher=fetcher)
    assert ask(asking(A, B), fetcher=fetcher) == first == {A: Known(Package("a", ())), B: Unknown("not-found", "no b")}
    assert sorted(read) == [b"a", b"b"]
    ask(asking(A), fetcher=fetcher, addresses={"demo": "https://other.example"})
    assert len(read) == 3


def test_a_damaged_reading_is_read_again(demo: Callable[[Ask], None]) -> None:
    demo(simple)
    fetcher = Keeping()
    first = ask(asking(A), fetcher=fetcher)
    for name in fetcher.kept:
        fetcher.kept[name] = b"damaged"
    assert ask(asking(A), fetcher=fetcher) == first


def test_what_took_several_requests_is_not_kept(demo: Callable[[Ask], None]) -> None:
    def twice(question: Question, _addresses: Addresses) -> Exchange:
        first = yield Request(url="https://demo.example/first")
        second = yield Request(url=f"https://demo.example/{question.name}")
        return Known(Package((first.body + second.body).decode(), ()))

    demo(twice)
    fetcher = Keeping()
    assert ask(asking(A), fetcher=fetcher) == ask(asking(A), fetcher=fetcher) == {A: Known(Package("firsta", ()))}
    assert fetcher.kept == {}
    assert len(fetcher.requests) == 4


def test_what_went_another_way_is_not_kept(demo: Callable[[Ask], None]) -> None:
    def persistent(question: Question, _addresses: Addresses) -> Exchange:
        try:
            yield Request(url="https://down.example/")
        except FetchError:
            response = yield Request(url=f"https://demo.example/{question.name}")
        return Known(Package(response.body.decode(), ()))

    demo(persistent)
    keeping = Keeping()

    def fetcher(request: Request) -> Response:
        if "down" in request.url:
            raise FetchError("unreachable", "down")
        return keeping(request)

    assert ask(asking(A), fetcher=fetcher) == {A: Known(Package("a", ()))}
    assert keeping.kept == {}


def test_progress_is_told(demo: Callable[[Ask], None], monkeypatch: pytest.MonkeyPatch) -> None:
    demo(simple)
    monkeypatch.setattr(module, "_PROGRESS_EVERY", 0.01)
    going_on = threading.Event()
    told: list[tuple[int, int]] = []

    def fetcher(request: Request) -> Response:
        if request.url.endswith("c"):
            going_on.wait(5)
        return echo(request)

    def progress(done: int, total: int) -> None:
        told.append((done, total))
        if done == 2:
            going_on.set()

    ask(asking(A, B, C), fetcher=fetcher, progress=progress)
    assert told == sorted(told)
    assert (2, 3) in told
    assert told[-1] == (3, 3)


def test_an_interrupt_ends_the_run(demo: Callable[[Ask], None]) -> None:
    demo(simple)

    def interrupt(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask(asking(*(Question("demo", str(number)) for number in range(50))), progress=interrupt, jobs=2)


# Bundled tables


def unanswered(reason: str) -> Callable[[Request], Response]:
    def fetcher(_request: Request) -> Response:
        raise FetchError(reason, "no")

    return fetcher


@pytest.mark.parametrize("reason", ["offline", "unreachable", "not-found"])
def test_a_lifecycle_comes_from_the_table_where_nobody_answers(reason: str) -> None:
    question = Question("lifecycle", "nodejs")
    answer = ask(asking(question), fetcher=unanswered(reason))[question]
    assert isinstance(answer, Known)
    assert answer.bundled
    assert isinstance(answer.value, Lifecycle)


def test_tags_of_an_action_come_from_the_table_where_nobody_answers() -> None:
    question = Question("git-refs", "https://github.com/actions/checkout")
    answer = ask(asking(question), fetcher=unanswered("offline"))[question]
    assert isinstance(answer, Known)
    assert answer.bundled


def test_a_product_that_no_table_knows_stays_unknown() -> None:
    question = Question("lifecycle", "no-such-product")
    assert ask(asking(question), fetcher=unanswered("offline"))[question] == Unknown("offline", "no")


def test_a_repository_that_is_gone_is_not_brought_back_by_a_table() -> None:
    question = Question("git-refs", "https://github.com/actions/checkout")
    answer = ask(asking(question), fetcher=lambda _request: Response(404, {}, b""))[question]
    assert isinstance(answer, Unknown)


# Discovery


def test_every_source_is_found_by_its_name() -> None:
    found = sources()
    assert {"pypi", "npm", "lifecycle"} <= found.keys()
    assert list(found) == sorted(found)
    for name, source in found.items():
        assert source.name == name
        assert source.title
        assert source.value is not ImageTags or name.startswith("oci")


def test_many_threads_may_fall_back_on_the_tables_at_once() -> None:
    """In a fresh interpreter, since the first meeting with a table's type is what once crashed it."""
    code = (
        "from datetime import date\n"
        "from analyzers.errors import FetchError\n"
        "from analyzers.look_up import look_up\n"
        "from analyzers.model.ecosystem import Ecosystem\n"
        "from analyzers.model.facts import Question\n"
        "from analyzers.model.inventory import Inventory, Repository\n"
        "import sys, threading\n"
        "sys.setswitchinterval(1e-6)\n"
        "together = threading.Barrier(4)\n"
        "def refuse(request):\n    together.wait(20)\n    raise FetchError('unreachable', 'nobody there')\n"
        "questions = [Question('action', f'actions/checkout@v{n}') for n in range(4)]\n"
        "world = Ecosystem(name='toy', title='', formats=(), normalise=str,\n"
        "                  questions=lambda inventory, facts: questions)\n"
        "inventory = Inventory(repository=Repository('x'))\n"
        "facts = look_up(inventory, fetcher=refuse, looked_up=date(2026, 1, 1), ecosystems=[world], jobs=4)\n"
        "print(len(facts.answers))\n"
    )
    for _time in range(3):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
        assert (done.returncode, done.stdout, done.stderr) == (0, "4\n", "")
