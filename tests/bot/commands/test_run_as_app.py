"""``debtscan run --org`` as a GitHub App, on a server with its own certificate authority, through a proxy."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from bot.cli import main
from tests.support import http_proxy
from tests.support.github import GitHubStandIn
from tests.support.hasty import hurry

WORKFLOW = "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v2\n"


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def github(authority: trustme.CA, tmp_path: Path) -> Iterator[GitHubStandIn]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with GitHubStandIn(tmp_path / "github", enterprise=True, tls=context) as standin:
        yield standin


def test_an_organisation_is_worked_on_with_one_token_a_repository(
    github: GitHubStandIn,
    authority: trustme.CA,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    files = {".github/workflows/ci.yml": WORKFLOW}
    shop = github.repository("acme/shop", files, private=True, organization=True)
    github.repository("acme/web", files, private=True)
    github.repository("acme/old", files, archived=True)
    app = github.app("debtscan", on=["acme"])
    (tmp_path / "key.pem").write_text(app.private_key)
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    hurry(monkeypatch)
    for name in ("GITHUB_TOKEN", "GH_TOKEN", "no_proxy", "SSL_CERT_FILE", "GIT_SSL_CAINFO"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "DEBTSCAN_GITHUB_URL": github.url,
        "DEBTSCAN_APP_ID": str(app.id),
        "DEBTSCAN_APP_PRIVATE_KEY_FILE": str(tmp_path / "key.pem"),
        "DEBTSCAN_CACHE_DIR": str(tmp_path / "cache"),
        "SOURCE_DATE_EPOCH": "1795600000",
        # Nobody else can be reached, and it takes a proxy a while to say so.
        "NO_PROXY": "github.com,githubusercontent.com,endoflife.date,osv.dev",
        "REQUESTS_CA_BUNDLE": str(tmp_path / "authority.pem"),
    }.items():
        monkeypatch.setenv(name, value)
    with http_proxy.proxy() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        assert main(["run", "--org", "acme", "--quiet"]) == 0
        assert f"CONNECT {github.url.removeprefix('https://')}" in proxy.asked
    told = capsys.readouterr()
    assert "acme/old: skipped, it is archived" in told.out
    assert "missing permission" not in told.out
    assert [pull.author.login for pull in shop.pulls] == ["debtscan[bot]"]
    assert {exchange.request.path.split("/")[3] for exchange in github.writes if exchange.template != "/graphql"} == {
        "shop",
        "web",
    }
    made = [token for token in github.world.tokens.values() if token.value.startswith("ghs_")]
    assert {frozenset(token.repositories or ()) for token in made} == {
        frozenset(),
        frozenset({"acme/shop"}),
        frozenset({"acme/web"}),
    }
    kept = b"".join(path.read_bytes() for path in (tmp_path / "cache").rglob("*") if path.is_file())
    for secret in (*(token.value for token in made), app.private_key):
        assert secret not in told.out + told.err
        assert secret.encode() not in kept
