"""What the service asks of GitHub as an App: where it is installed and on what, and what changed there.

One client, and one session, serve all installations. GitHub counts each by itself, and so does the account of requests:
one whose limit is used up stops none of the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Final, Self

from bot.github import app_reading
from bot.github.app_objects import AppInfo, DeliveryInfo, InstallationInfo, RepositoryInfo
from bot.github.auth import App
from bot.github.client import Client
from bot.github.commits import Commits
from bot.github.errors import HostError, NotCoveredError
from bot.github.heads import Named, heads
from bot.github.installation import READ_ONLY, Scope
from bot.github.objects import Rate
from bot.github.paging import entries
from bot.github.rate import installation_party
from bot.github.session import Session, Settings, check_name, path_of
from bot.github.translate import translated

_LISTING: Final[Mapping[str, str]] = {"metadata": "read"}


class AppClient:
    """Asks as a GitHub App, and as its installations. Methods raise HostError. For many threads.

    Tokens of installations are made for what is at hand, and kept nowhere. Close it at the end, or use it as a context.
    """

    def __init__(self, app: App, settings: Settings) -> None:
        self._session = Session(app, settings)
        self._requester = self._session.installations.requester

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def app(self) -> AppInfo:
        """Return the App as it is registered now."""
        with translated("ask what the GitHub App is"):
            return app_reading.app(self._requester.requestJsonAndCheck("GET", "/app")[1])

    def installations(self) -> tuple[InstallationInfo, ...]:
        """Return where the App is installed, by id; those that are suspended as well."""
        with translated("list the GitHub App's installations"):
            found = tuple(map(app_reading.installation, entries(self._requester, "/app/installations")))
        return tuple(sorted(found, key=lambda each: each.id))

    def installation(self, installation: int) -> InstallationInfo:
        """Return one installation. Raises NotThereError."""
        with translated(f"read the GitHub App's installation {installation}"):
            path = f"/app/installations/{installation:d}"
            return app_reading.installation(self._requester.requestJsonAndCheck("GET", path)[1])

    def repositories(self, installation: int) -> tuple[RepositoryInfo, ...]:
        """Return all repositories that the App is installed on at one account, by id."""
        access = self._session.access_in(installation, Scope(permissions=_LISTING))
        with translated(f"list the repositories of the installation {installation}", "metadata"):
            listed = entries(access.requester, "/installation/repositories", member="repositories")
            found = tuple(map(app_reading.repository, listed))
        return tuple(sorted(found, key=lambda each: each.id))

    def heads(self, installation: int, repositories: Sequence[Named]) -> Iterator[tuple[int, str | HostError]]:
        """Yield id → commit of the default branch, for one request each; see `bot.github.heads.heads`."""
        return heads(self._session, installation, repositories)

    def file(self, installation: int, name: str, path: str, ref: str = "") -> bytes | None:
        """Return a file of ``OWNER/REPO`` at a ref, else on its default branch.

        None where there is none, and where the App is not installed on the repository.
        """
        check_name(name)
        scope = Scope(names=(name.partition("/")[2],), permissions=READ_ONLY)
        access = self._session.access_in(installation, scope)
        try:
            access.token()
        except NotCoveredError:
            return None
        return Commits(access.requester, path_of(name)).file(path, ref)

    def repository(self, installation: int, repository: int, name: str) -> Client:
        """Return the host of one repository (its id and ``OWNER/REPO``), through a token for it alone.

        It shares the connections of this client: leave it open.
        """
        check_name(name)
        return Client(self._session.access_in(installation, Scope(ids=(repository,))), name)

    def deliveries(self, since: datetime) -> tuple[DeliveryInfo, ...]:
        """Return the attempts to deliver webhooks since a moment, oldest first. GitHub remembers three days of them."""
        found = []
        with translated("list what GitHub delivered to the App"):
            for entry in entries(self._requester, "/app/hook/deliveries"):
                delivery = app_reading.delivery(entry)
                # The newest come first.
                if delivery.delivered_at < since:
                    break
                found.append(delivery)
        return tuple(found[::-1])

    def redeliver(self, delivery: int) -> None:
        """Let GitHub deliver once more what one attempt (`DeliveryInfo.id`) was to. Raises NotThereError."""
        with translated("have a webhook delivered again"):
            self._requester.requestJsonAndCheck("POST", f"/app/hook/deliveries/{delivery:d}/attempts")

    def set_hook(self, url: str, secret: str) -> None:
        """Tell GitHub where webhooks go, and the secret that signs them."""
        config = {"url": url, "secret": secret, "content_type": "json", "insecure_ssl": "0"}
        with translated("set the App's webhook"):
            self._requester.requestJsonAndCheck("PATCH", "/app/hook/config", input=config)

    def session(self) -> Session:
        """Return the session below, for `bot.github.client.open_repository`; see `Session.know`."""
        return self._session

    def rate(self, installation: int | None = None) -> Rate:
        """Return the account of one installation's requests, or of all, with the limit of which the least is left."""
        return self._session.rate(None if installation is None else installation_party(installation))

    def rates(self) -> Mapping[str, Rate]:
        """Return party (`bot.github.rate.Account`) → account of its requests."""
        return self._session.rates()
