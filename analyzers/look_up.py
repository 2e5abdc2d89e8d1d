"""Inventory → Facts: asks the world in rounds until no new question arises. A failing source becomes Unknown."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from itertools import groupby
from typing import TypeAlias, cast, get_args

from analyzers.advisories import asked as advisories
from analyzers.errors import FetchError
from analyzers.http.bodies import PackedResponse
from analyzers.http.circuit import Circuit
from analyzers.lifecycles import actions, frameworks, table
from analyzers.model.discovery import modules
from analyzers.model.ecosystem import Ecosystem
from analyzers.model.exchange import Addresses, Request, Response, Source
from analyzers.model.facts import Answer, Facts, Known, Unknown, UnknownReason
from analyzers.model.inventory import Inventory
from analyzers.model.question import Question
from analyzers.readings import Readings
from analyzers.upstream import asked as upstream

# A composite action names others, a parent names a bill of materials; no honest chain is longer.
_MOST_ROUNDS = 12
_MOST_QUESTIONS = 20_000
_MOST_REQUESTS = 200
_PROGRESS_EVERY = 0.1

_Exchange: TypeAlias = Generator[Request, Response, Mapping[Question, Answer]]
Progress: TypeAlias = Callable[[int, int], None]
Bundled: TypeAlias = Callable[[Question], Known | None]

READING = threading.Lock()
"""Held while answers are read, by all look-ups of a process: the interpreter's lock binds that anyway, and one at a
time keeps a single large one in memory.
"""

# Tables that stand in for a source which was not asked or did not answer.
_TABLES: tuple[Bundled, ...] = (table.bundled, actions.bundled)


@cache
def sources() -> Mapping[str, Source]:
    """Return every source by its name, sorted. A module of ``registries/`` states SOURCE, or several in SOURCES."""
    stated = [module.SOURCE for module in modules("analyzers.registries", states="SOURCE")]
    for module in modules("analyzers.registries", states="SOURCES"):
        stated.extend(module.SOURCES)
    return dict(sorted((source.name, source) for source in stated))


def look_up(
    inventory: Inventory,
    *,
    fetcher: Callable[[Request], Response],
    looked_up: date,
    addresses: Addresses | None = None,
    ecosystems: Sequence[Ecosystem] | None = None,
    jobs: int = 16,
    progress: Progress | None = None,
    known: Facts | None = None,
) -> Facts:
    """Ask all that the ecosystems want to know, each question once.

    What ``known`` answers already is taken from there, failures included, and nobody is asked again.

    ``fetcher`` sends one request (``Fetcher.send``) and may raise FetchError; it is called from ``jobs`` threads.
    ``addresses`` come from the user's settings. ``progress`` is told (answered, asked so far) now and then, in this
    thread.
    """
    with (
        ThreadPoolExecutor(max_workers=1, thread_name_prefix="debtscan-reader") as reader,
        ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="debtscan-look-up") as pool,
    ):
        asker = _Asker(Circuit(fetcher), addresses or {}, sources(), _TABLES, reader, Readings(addresses or {}))
        return look_up_by(
            inventory,
            lambda asked, before: _round(pool, asker, asked, before, progress),
            looked_up=looked_up,
            ecosystems=ecosystems,
            known=known,
        )


def look_up_by(
    inventory: Inventory,
    answer: Callable[[Sequence[Question], int], Mapping[Question, Answer]],
    *,
    looked_up: date,
    ecosystems: Sequence[Ecosystem] | None = None,
    known: Facts | None = None,
) -> Facts:
    """Ask as `look_up` does, where somebody else has the network.

    ``answer`` gets the questions of one round, sorted, and how many have an answer by then; it answers all of them.
    """
    worlds = _ecosystems() if ecosystems is None else ecosystems
    answers: dict[Question, Answer] = {}
    chosen: advisories.Chosen = {}
    before = known.answers if known else {}
    for number in range(_MOST_ROUNDS + 1):
        new = _questions(worlds, inventory, Facts(looked_up, answers), chosen) - answers.keys()
        if not new:
            break
        asked = sorted(new)[: max(0, _MOST_QUESTIONS - len(answers)) if number < _MOST_ROUNDS else 0]
        answers |= dict.fromkeys(new.difference(asked), Unknown("too-large", "not asked: over the limits of a run"))
        answers |= {question: before[question] for question in asked if question in before}
        answers |= answer([one for one in asked if one not in before], len(answers))
    return Facts(looked_up, dict(sorted(answers.items())))


def ask(
    questions: Iterable[Question],
    *,
    fetcher: Callable[[Request], Response],
    looked_up: date,
    addresses: Addresses | None = None,
    jobs: int = 16,
) -> Facts:
    """Ask these questions and no others: what is wanted beside a scan, such as the notes of releases."""
    with (
        ThreadPoolExecutor(max_workers=1, thread_name_prefix="debtscan-reader") as reader,
        ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="debtscan-look-up") as pool,
    ):
        asker = _Asker(Circuit(fetcher), addresses or {}, sources(), _TABLES, reader, Readings(addresses or {}))
        asked = sorted(set(questions))
        return Facts(looked_up, _round(pool, asker, asked, 0, None))


@cache
def _ecosystems() -> tuple[Ecosystem, ...]:
    return tuple(module.ECOSYSTEM for module in modules("analyzers.ecosystems", states="ECOSYSTEM"))


def _questions(
    worlds: Sequence[Ecosystem], inventory: Inventory, facts: Facts, chosen: advisories.Chosen
) -> set[Question]:
    asked = {question for world in worlds for question in world.questions(inventory, facts)}
    return asked.union(
        frameworks.questions(inventory, worlds),
        advisories.questions(inventory, facts, worlds, chosen),
        upstream.questions(inventory, facts, worlds),
    )


def _round(
    pool: ThreadPoolExecutor, asker: _Asker, asked: Sequence[Question], before: int, progress: Progress | None
) -> dict[Question, Answer]:
    """Ask all questions of one round at once, as far as the pool goes."""
    under_way = [pool.submit(asker.ask, part) for part in asker.parts(asked)]
    total = before + len(asked)
    try:
        for answer in under_way:
            # This thread wakes now and then and not for each answer: it would only take turns from the others.
            while not wait([answer], timeout=_PROGRESS_EVERY).done:
                if progress:
                    progress(min(asker.answered, total), total)
        if progress and asked:
            progress(total, total)
    except BaseException:
        # An interrupt: what has not begun shall not hold the end up.
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    return {question: answer for part in under_way for question, answer in part.result().items()}


@dataclass(slots=True)
class _Asker:
    """Runs one exchange after the other in each thread. `tables` are asked where a source has no answer."""

    send: Callable[[Request], Response]
    addresses: Addresses
    sources: Mapping[str, Source]
    tables: Sequence[Bundled]
    # Large answers are read in a thread of their own: the C library keeps freed memory for each thread that had some,
    # and sixteen threads that each read a document of megabytes would hold hundreds of them.
    reader: ThreadPoolExecutor
    readings: Readings
    reading: threading.Lock = READING
    answered: int = 0

    def parts(self, asked: Iterable[Question]) -> Iterator[Sequence[Question]]:
        """Yield what goes into one exchange: a single question, or as many as a source answers together."""
        for name, group in groupby(asked, key=lambda question: question.source):
            source = self.sources.get(name)
            size = source.most_together if source and source.together else 1
            questions = list(group)
            yield from (questions[start : start + size] for start in range(0, len(questions), size))

    def ask(self, asked: Sequence[Question]) -> Mapping[Question, Answer]:
        """Return the live answers, else the bundled ones, else why there is none."""
        answers = self._live(asked)
        with self.reading:
            self.answered += len(asked)
        return {question: self._settled(question, answers[question]) for question in asked}

    def _settled(self, question: Question, answer: Answer) -> Answer:
        if isinstance(answer, Known) or _is_certain(question, answer):
            return answer
        return next(filter(None, (bundled(question) for bundled in self.tables)), None) or answer

    def _live(self, asked: Sequence[Question]) -> Mapping[Question, Answer]:
        name = asked[0].source
        source = self.sources.get(name)
        if source is None:
            return dict.fromkeys(asked, Unknown("refused", f"no installed source is called {name!r}"))
        try:
            return self._run(source, asked)
        except FetchError as error:
            return dict.fromkeys(asked, Unknown(_reason(error), error.detail))
        except Exception as error:  # noqa: BLE001 - whatever a host sends must not end the scan
            return dict.fromkeys(asked, Unknown("malformed-answer", f"{name}: {type(error).__name__}: {error}"[:300]))

    def _run(self, source: Source, asked: Sequence[Question]) -> Mapping[Question, Answer]:
        """Drive a source's generator; a FetchError is thrown into it, so that it may go another way.

        Where one request is all it takes, what is read in the answer is kept beside it for the next run.
        """
        exchange = _exchange(source, asked, self.addresses)
        resume: Callable[[], Request] = partial(next, exchange)
        is_large, keep = False, None
        for count in range(_MOST_REQUESTS):
            # Each turn waits for the lock once: it is what sixteen threads queue for.
            with self.reading:
                try:
                    request = self.reader.submit(resume).result() if is_large else resume()
                except StopIteration as done:
                    answers = cast("Mapping[Question, Answer]", done.value)
                    packed = self.readings.pack(list(answers.values())) if keep else b""
                    break
                name = b"" if count else self.readings.name(asked)
            try:
                response = self._sent(source, asked, request, name) if name else self.send(request)
            except FetchError as error:
                resume, is_large, keep = partial(exchange.throw, error), False, None
                continue
            if not isinstance(response, Response):
                exchange.close()
                return response
            resume, is_large = partial(exchange.send, response), isinstance(response, PackedResponse)
            keep = None if count else response.keep
        else:
            exchange.close()
            raise FetchError("too-large", f"not answered after {_MOST_REQUESTS} requests")
        if keep:
            keep(packed)
        return answers

    def _sent(
        self, source: Source, asked: Sequence[Question], request: Request, name: bytes
    ) -> Response | Mapping[Question, Answer]:
        """Send the first request of an exchange, or return what was read in its answer before."""
        response = self.send(replace(request, reading=name))
        if response.read is None:
            return response
        with self.reading:
            answers = self.readings.unpack(source, asked, response.read)
        return self.send(request) if answers is None else answers


def _exchange(source: Source, asked: Sequence[Question], addresses: Addresses) -> _Exchange:
    """Return the exchange that answers all of ``asked``: one question, or several of a source that can."""
    if source.together is None:
        return {asked[0]: (yield from source.look_up(asked[0], addresses))}
    answers = yield from source.together(asked, addresses)
    return {question: answers[question] for question in asked}


def _is_certain(question: Question, answer: Unknown) -> bool:
    """Whether a table must not contradict: what is gone is gone, unless a lifecycle has just another name now."""
    return answer.reason == "not-found" and question.source != "lifecycle"


def _reason(error: FetchError) -> UnknownReason:
    return cast("UnknownReason", error.reason) if error.reason in get_args(UnknownReason) else "malformed-answer"
