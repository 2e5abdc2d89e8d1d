"""Single questions to GitHub, beside any session: as nobody, or as a person who has just signed in.

Somebody waits for the answer in front of a browser, so nothing is waited for long.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from github.Auth import Token as TokenAuth

from bot.github.address import Address
from bot.github.patience import Sender
from bot.github.rate import Account
from bot.github.remembered import Remembered
from bot.github.requester import ClientRequester, Way
from bot.github.session import Settings
from bot.github.transport import Transport

_ATTEMPTS, _LONGEST_WAIT = 2, 5.0
_LONGEST_REQUEST = 20.0


@contextmanager
def sending(settings: Settings) -> Iterator[Sender]:
    """Yield what sends requests over connections of its own, with an account of its own."""
    patience = replace(settings.patience, total=min(settings.patience.total, _LONGEST_REQUEST))
    transport = Transport(settings.environ, patience)
    try:
        bounds = replace(settings.bounds, attempts=_ATTEMPTS, longest_wait=_LONGEST_WAIT)
        yield Sender(transport, Account(settings.clock, bounds.spacing, bounds.longest_wait), bounds)
    finally:
        transport.close()


@contextmanager
def asking_unnamed(address: Address, settings: Settings) -> Iterator[ClientRequester]:
    """Yield a requester that asks as nobody."""
    with sending(settings) as sender:
        yield ClientRequester(None, address.api, Way(sender, Remembered()))


@contextmanager
def asking_as(token: str, address: Address, settings: Settings) -> Iterator[ClientRequester]:
    """Yield a requester that asks as the person whose token it is. GitHub counts each person by themselves."""
    with sending(settings) as sender:
        yield ClientRequester(TokenAuth(token), address.api, Way(sender, Remembered()))
