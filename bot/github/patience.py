"""One request, sent again while a failure may pass, at the pace that GitHub asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.github.errors import LostAnswerError, UnreachableError
from bot.github.heard import Heard, Listener, unheard
from bot.github.rate import (
    GIVEN,
    Account,
    Bounds,
    is_too_much,
    is_used_up,
    too_much,
    used_up,
    wait_after_too_much,
)
from bot.github.transport import Answer, PassingFailure, Transport

_PASSING = {500, 502, 503, 504}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request. `resource` is the limit it counts for.

    `once` is a write that must not be sent again when its answer is lost: done twice it would show twice.
    `party` is whom GitHub counts it for.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = None
    resource: str = "core"
    is_write: bool = False
    once: bool = False
    party: str = GIVEN


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends for all requesters of a run."""

    transport: Transport
    account: Account
    bounds: Bounds
    heard: Listener = unheard

    def send(self, ask: Ask) -> Answer:
        """Return the answer. Raises RateLimitedError, LostAnswerError, UnreachableError."""
        last = self.bounds.attempts - 1
        for attempt in range(self.bounds.attempts):
            self.account.before(ask.resource, is_write=ask.is_write, party=ask.party)
            try:
                answer = self.transport.send(ask.method, ask.url, ask.headers, ask.body)
            except PassingFailure as failure:
                self._note(ask, 0, {})
                wait = self._after_failure(ask, failure.detail, attempt, sent=failure.sent)
            else:
                self._note(ask, answer.status, answer.headers)
                if is_too_much(answer.status, answer.headers, answer.body):
                    self._hold_back(answer, ask.party, attempt)
                    continue
                if answer.status in _PASSING:
                    wait = self._after_failure(ask, f"GitHub answered with status {answer.status}", attempt, sent=True)
                else:
                    return answer
            if attempt < last:
                self.account.clock.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _note(self, ask: Ask, status: int, headers: Mapping[str, str]) -> None:
        self.account.after(status, headers, is_write=ask.is_write, party=ask.party)
        told = Heard(
            method=ask.method, url=ask.url, party=ask.party, status=status, is_write=ask.is_write, headers=headers
        )
        self.heard(told)

    def _after_failure(self, ask: Ask, detail: str, attempt: int, *, sent: bool) -> float:
        """Return the seconds before the next attempt; raise where there is none."""
        if sent and ask.once:
            raise LostAnswerError(f"{detail}, so it is not known whether it was done; run debtscan again")
        if attempt + 1 == self.bounds.attempts:
            remedy = "try again later; https://www.githubstatus.com tells of outages"
            kind = LostAnswerError if sent and ask.is_write else UnreachableError
            raise kind(f"{detail} ({self.bounds.attempts} times asked); {remedy}")
        return min(self.bounds.first_delay * 2.0**attempt, self.bounds.longest_wait)

    def _hold_back(self, answer: Answer, party: str, attempt: int) -> None:
        """Let the party wait; raise where the limit is used up, or the wait would be too long."""
        now = self.account.clock.now()
        if is_used_up(answer.headers):
            reset = answer.headers.get("x-ratelimit-reset", "")
            raise used_up(float(reset[:12]) if reset.isdecimal() else None)
        wait = wait_after_too_much(answer.headers, attempt, self.bounds, now)
        self.account.hold(wait, party)
        if wait > self.bounds.longest_wait or attempt + 1 == self.bounds.attempts:
            raise too_much(wait, now)
