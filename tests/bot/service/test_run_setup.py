"""From an empty folder to a page about an organisation: a real process, its printed code, GitHub's own buttons."""

from __future__ import annotations

import re
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from html import unescape
from pathlib import Path

import httpx2
import pytest

from bot.cli import main
from bot.service.secret_files import SecretFiles
from tests.support.github import GitHubStandIn, HostedRepository, pages
from tests.support.github.grants import App
from tests.support.service.running import PATIENCE, Running, free_port, started, written

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the service runs on POSIX systems alone")

# Whoever is asked beyond this machine is asked in vain.
NOBODY = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": "127.0.0.1,localhost"}


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHubStandIn]:
    with GitHubStandIn(tmp_path / "github", enterprise=True) as standin:
        yield standin


@pytest.fixture
def shop(github: GitHubStandIn) -> HostedRepository:
    github.repository("acme/vault", {"README.md": "x"}, organization=True, private=True)
    return github.repository("acme/shop", {"README.md": "Shop"}, private=True, collaborators={"ada": "read"})


@contextmanager
def _served(folder: Path, github: GitHubStandIn) -> Iterator[tuple[Running, httpx2.Client, Path]]:
    address = f"127.0.0.1:{free_port()}"
    file = written(folder, url=f"http://{address}", listen=address, github=github.url)
    with started("serve", file, environ=NOBODY) as service, httpx2.Client(base_url=service.web) as client:
        service.until('"event": "ready"')
        yield service, client, file
        assert service.terminate() == 0
        assert "Traceback" not in service.told()


def _register(service: Running, client: httpx2.Client, github: GitHubStandIn) -> App:
    code = re.search(r"open (\S+)/setup and enter (\S+)", service.told())
    assert code
    assert code[1] == service.web
    asked = client.post("/setup", data={"code": code[2], "organization": "acme", "name": "debtscan acme"}).text
    action, manifest = (unescape(re.findall(f'{name}="([^"]*)"', asked)[-1]) for name in ("action", "value"))
    back = client.get(pages.press(action, {"manifest": manifest}))
    assert (back.status_code, back.headers["location"]) == (303, "/-/setup-done")
    return next(app for app in github.world.apps.values() if app.slug == "debtscan-acme")


def _known(folder: Path, repositories: int) -> None:
    """Wait until the service knows so many repositories."""
    end = time.monotonic() + PATIENCE
    with closing(sqlite3.connect(folder / "data" / "debtscan.sqlite3")) as connection:
        while connection.execute("SELECT count(*) FROM debtscan_repositories").fetchone()[0] < repositories:
            assert time.monotonic() < end, "the installation is not handled"
            time.sleep(0.05)


def test_from_an_empty_folder_to_a_page(
    tmp_path: Path, github: GitHubStandIn, shop: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    with _served(tmp_path, github) as (service, client, file):
        assert client.get("/").headers["location"] == "/setup"
        app = _register(service, client, github)
        github.hooks.listen()
        github.install(app, "acme")
        github.hooks.settle()
        assert {each.status for each in github.hooks.of("installation")} == {202}
        _known(tmp_path, 2)

        visit = client.get("/acme")
        assert visit.headers["location"] == "/-/sign-in?next=%2Facme"
        there = client.get(visit.headers["location"]).headers["location"]
        end = client.get(pages.press(there))
        assert (end.status_code, end.headers["location"]) == (303, "/acme")
        page = client.get("/acme")
        assert page.status_code == 200
        assert "shop" in page.text
        assert "vault" not in page.text
        assert client.get("/acme/vault").status_code == 404

        _replace_hook_secret(tmp_path, app, github, shop)
        assert main(["serve", "--settings", str(file), "--check"]) == 0
        assert "failed" not in capsys.readouterr().out
        told = service.told()
    secrets = [app.client_secret, app.hook_secret, "PRIVATE KEY", "ghu_", "ghs_", *client.cookies.values()]
    assert not [one for one in secrets if one in told]


def _replace_hook_secret(folder: Path, app: App, github: GitHubStandIn, shop: HostedRepository) -> None:
    """Replace it as the documentation says, while the service runs: no delivery is refused."""
    files = SecretFiles(folder / "data" / "secrets", {})
    before, after = app.hook_secret, "another-secret-of-the-webhook"
    for line, secret in ((f"{before}\n{after}", before), (f"{before}\n{after}", after), (after, after)):
        files.write("webhook-secret", line)
        app.hook_secret = secret
        shop.commit({"README.md": f"{line}{secret}"})
        github.hooks.settle()
    assert [each.status for each in github.hooks.of("push")] == [202, 202, 202]
    app.hook_secret = before
    shop.commit({"README.md": "forged"})
    github.hooks.settle()
    assert github.hooks.of("push")[-1].status == 401
    app.hook_secret = after
