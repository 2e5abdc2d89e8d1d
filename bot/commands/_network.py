"""What the commands need of the network: the user's settings, the cache, one fetcher a run."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from analyzers.config import Config
from analyzers.http.cache import Cache
from analyzers.http.credentials import Settings, load_settings
from analyzers.http.fetch import Fetcher
from analyzers.look_up import ask, look_up
from analyzers.model.exchange import Request, Response
from analyzers.model.facts import Facts
from analyzers.model.inventory import Inventory
from analyzers.model.question import Question
from analyzers.repository import clone as copies
from analyzers.repository.git import Bring
from analyzers.repository.promised import copy
from bot import VERSION
from bot.commands import _cached
from bot.commands._memory import Memory
from bot.commands._progress import Progress, say
from bot.github.address import read_address


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks with the user's settings; connections are shared. Called with an inventory, it asks all that that raises.

    With `anew`, no answer that an earlier run got is taken without asking whether it is still so.
    """

    fetcher: Fetcher
    addresses: Mapping[str, str]
    progress: Progress
    memory: Memory
    anew: bool = False

    def _send(self, request: Request) -> Response:
        return self.fetcher.send(replace(request, fresh_for=0) if self.anew else request)

    def __call__(self, inventory: Inventory, looked_up: date, known: Facts | None = None) -> Facts:
        """Return all Facts of an inventory; what is ``known``, or was asked in this run, is not asked again."""
        facts = look_up(
            inventory,
            fetcher=self._send,
            looked_up=looked_up,
            addresses=self.addresses,
            progress=lambda done, total: self.progress("look_up", done, total),
            known=Facts(looked_up, self.memory.with_known(known)),
        )
        self.memory.remember(facts, known)
        return facts

    def ask(self, questions: Iterable[Question], looked_up: date) -> Facts:
        """Return the answers to these questions and no others; those of this run are not asked again."""
        asked, remembered = set(questions), self.memory.with_known(None)
        held = {question: remembered[question] for question in asked if question in remembered}
        new = ask(asked - held.keys(), fetcher=self._send, looked_up=looked_up, addresses=self.addresses)
        facts = Facts(looked_up, dict(sorted({**held, **new.answers}.items())))
        self.memory.remember(facts, None)
        return facts


class Network:
    """The user's settings, one fetcher and one memory for all repositories of a run."""

    def __init__(self, fetcher: Fetcher, settings: Settings) -> None:
        self._fetcher = fetcher
        self._settings = settings
        self._memories: dict[tuple[tuple[str, str], ...], Memory] = {}

    def of(self, config: Config, progress: Progress) -> Asking:
        """Return what asks for a repository. Its own file may name no addresses, so all ask the same hosts.

        Were the addresses of two others all the same, neither would be given what the other's hosts said.
        """
        addresses = {**self._settings.addresses, **config.addresses}
        key = tuple(sorted(addresses.items()))
        if key not in self._memories:
            self._memories = {key: Memory()}
        return Asking(self._fetcher, addresses, progress, self._memories[key])


@contextmanager
def opened(*, offline: bool) -> Iterator[Network]:
    """Yield what asks for any number of repositories; connections are shared until the end."""
    settings = load_settings(os.environ, Path.home())
    answers = Cache(_cached.folder())
    with Fetcher(
        user_agent=f"debtscan/{VERSION}",
        cache=answers,
        credentials=settings.credentials,
        offline=offline,
        # The user's own machine and network are the user's to ask.
        allow_private=True,
    ) as fetcher:
        yield Network(fetcher, settings)
    for message in (*settings.notes, *answers.messages):
        say(message)


@contextmanager
def asking(config: Config, *, offline: bool, progress: Progress) -> Iterator[Asking]:
    """Yield what asks for one repository."""
    with opened(offline=offline) as network:
        yield network.of(config, progress)


def clone(slug: str, folder: Path) -> Bring | None:
    """Copy OWNER/REPO from GitHub, or from the server that the environment names; return what brings more of it.

    Raises SnapshotError, UsageError.
    """
    url, authorization = _source(slug)
    promised = copy(url, folder, authorization=authorization)
    return promised.bring if promised else None


def fetch(slug: str, folder: Path, branch: str) -> None:
    """Fetch one branch more into a copy, where there is one of that name. Raises SnapshotError, UsageError."""
    url, authorization = _source(slug)
    # A pattern, since git fails where a branch that is named exactly is not there.
    wanted = f"refs/heads/{branch}*"
    copies.fetch(url, folder, {wanted: wanted}, authorization=authorization)


def _source(slug: str) -> tuple[str, str | None]:
    """Return the address to copy from, and the header that goes there."""
    url = f"{read_address(os.environ).web}/{slug}.git"
    return url, load_settings(os.environ, Path.home()).credentials.authorization(url)
