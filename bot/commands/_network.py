"""What the commands need of the network: the user's settings, the cache, one fetcher a run."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from analyzers.cache_file import Summary
from analyzers.config import Config
from analyzers.http import cache
from analyzers.http.credentials import Settings, load_settings
from analyzers.http.fetch import Fetcher
from analyzers.look_up import ask, look_up
from analyzers.model.exchange import Request, Response
from analyzers.model.facts import Facts
from analyzers.model.inventory import Inventory
from analyzers.model.kept import Kept
from analyzers.model.question import Question
from analyzers.repository import clone as copies
from analyzers.repository import kept as kept_file
from analyzers.repository.git import Bring
from analyzers.repository.promised import copy
from bot import VERSION
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


def cache_folder() -> Path:
    """Return where answers and results are kept: ``DEBTSCAN_CACHE_DIR``, else the platform's cache directory."""
    import platformdirs

    configured = os.environ.get("DEBTSCAN_CACHE_DIR")
    return Path(configured) if configured else Path(platformdirs.user_cache_dir("debtscan", appauthor=False))


@contextmanager
def opened(*, offline: bool) -> Iterator[Network]:
    """Yield what asks for any number of repositories; connections are shared until the end."""
    settings = load_settings(os.environ, Path.home())
    answers = cache.Cache(cache_folder())
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
def kept() -> Iterator[Kept]:
    """Yield what earlier runs worked out; it lies beside the answers."""
    with closing(kept_file.KeptFile(cache_folder())) as file:
        yield file
    for message in file.messages:
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


def cache_info() -> str:
    """Say where the cache lies and what is in it: what hosts answered, and what was worked out."""
    folder = cache_folder()
    return f"{_described('answers', cache.summary(folder))}\n{_described('results', kept_file.summary(folder))}"


def _described(what: str, found: Summary) -> str:
    lines = [f"place    {found.path}", f"{what}  {found.entries}", f"size     {found.size / 1_000_000:.1f} MB"]
    if found.oldest is not None:
        lines.append(f"oldest   {datetime.fromtimestamp(found.oldest, tz=UTC).date()}")
    if found.problem:
        lines.append(f"problem  {found.problem}; 'debtscan cache clear' removes it")
    return "\n".join(lines) + "\n"


def cache_clear() -> str:
    """Empty the cache and say what that freed."""
    folder = cache_folder()
    return f"removed {(cache.clear(folder) + kept_file.clear(folder)) / 1_000_000:.1f} MB\n"
