"""Look-ups of all scans of one process: what one of them asks, no other asks again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import structlog

from analyzers.facts_json import facts_to_json
from analyzers.http.cache import Cache
from analyzers.http.credentials import load_settings
from analyzers.http.fetch import Fetcher
from analyzers.look_up import ask, sources
from analyzers.model.exchange import Request, Response
from analyzers.model.facts import Answer, Facts, Known, Unknown
from analyzers.model.question import Question
from bot import VERSION
from bot.rounds.memory import Memory
from bot.service import metrics
from bot.service.hosts import Hosts, Send
from bot.service.settings import Settings

_LOG: Final = structlog.get_logger(__name__)

LIFE: Final = timedelta(hours=4)
"""So long an answer counts. What is asked again then, the cache on disk mostly answers without a download."""


class Lookups:
    """Answers questions, from any number of threads. ``send`` asks the network, and refuses whom nobody may ask.

    ``addresses`` are those of the operator's own settings; lock tools may ask `hosts` beside the public ones as well.
    """

    def __init__(
        self,
        send: Send,
        addresses: Mapping[str, str],
        now: Callable[[], datetime],
        *,
        hosts: Hosts | None = None,
        life: timedelta = LIFE,
        jobs: int = 16,
    ) -> None:
        self._send = send
        self._addresses = addresses
        self._now = now
        self._life = life
        self._jobs = jobs
        self.hosts = hosts or Hosts()
        self._lock = threading.Lock()
        self._begun = now()
        self._memory = Memory()
        self._asked: dict[Question, Future[Answer]] = {}

    def json(self, questions: Sequence[Question], day: date, *, anew: bool = False) -> bytes:
        """Return the answers as Facts of a day, in JSON (`analyzers.facts_json`)."""
        return facts_to_json(Facts(day, self.answers(questions, day, anew=anew)))

    def answers(self, questions: Sequence[Question], day: date, *, anew: bool = False) -> Mapping[Question, Answer]:
        """Return the answers to all of these; those that are being asked already are waited for.

        With ``anew``, no answer of before is taken without asking whether it is still so.
        """
        wanted = set(questions)
        found = {} if anew else self._held(wanted)
        others, own = self._divided(wanted - found.keys())
        _count("shared", wanted.difference(own))
        if own:
            found |= self._answered(own, day, anew=anew)
        found |= {question: answer.result() for question, answer in others.items()}
        return found

    def _held(self, wanted: set[Question]) -> dict[Question, Answer]:
        with self._lock:
            if self._now() - self._begun > self._life:
                self._begun, self._memory = self._now(), Memory()
            known = self._memory.with_known(None)
            return {question: known[question] for question in wanted if question in known}

    def _divided(self, wanted: set[Question]) -> tuple[dict[Question, Future[Answer]], list[Question]]:
        """Return what others are asking, and what nobody is: that is then asked here."""
        with self._lock:
            others = {question: self._asked[question] for question in wanted if question in self._asked}
            own = sorted(wanted - others.keys())
            self._asked |= {question: Future() for question in own}
        return others, own

    def _answered(self, own: Sequence[Question], day: date, *, anew: bool) -> Mapping[Question, Answer]:
        found: Mapping[Question, Answer] = {}
        try:
            send = self._anew if anew else self._send
            found = ask(own, fetcher=send, looked_up=day, addresses=self._addresses, jobs=self._jobs).answers
        finally:
            # Who waits for an answer gets one, whatever happened here.
            lost = Unknown("unreachable", "the look-up was ended")
            _count("known", (one for one, answer in found.items() if isinstance(answer, Known)))
            _count("unknown", (one for one in own if not isinstance(found.get(one), Known)))
            with self._lock:
                self._memory.remember(Facts(day, found), None)
                for question in own:
                    self._asked.pop(question).set_result(found.get(question, lost))
        return found

    def _anew(self, request: Request) -> Response:
        return self._send(replace(request, fresh_for=0))


@contextmanager
def opened(
    settings: Settings, environ: Mapping[str, str], home: Path, now: Callable[[], datetime]
) -> Iterator[Lookups]:
    """Yield the look-ups of a process: those hosts alone that the operator allows.

    Those that the operator names may lie on a private network, all others may not. Registries and credentials are those
    that the operator's own tools are set to use (``environ``, ``home``).
    """
    own = load_settings(environ, home)
    for note in own.notes:
        _LOG.warning("of the operator's own settings", note=note)
    hosts = Hosts.of(settings.file.hosts, own.addresses.values())
    cache = Cache(settings.folder / "cache")

    def fetcher(*, allow_private: bool) -> Fetcher:
        return Fetcher(
            user_agent=f"debtscan/{VERSION}",
            cache=cache,
            credentials=own.credentials,
            environ=environ,
            allow_private=allow_private,
        )

    with fetcher(allow_private=False) as public, fetcher(allow_private=True) as private:
        yield Lookups(hosts.guarded(public.send, private.send), own.addresses, now, hosts=hosts)


def _count(outcome: str, questions: Iterable[Question]) -> None:
    for question in questions:
        # A source's name comes from a child, which may say anything.
        source = question.source if question.source in sources() else metrics.OTHER
        metrics.LOOK_UPS.labels(source=source, outcome=outcome).inc()
