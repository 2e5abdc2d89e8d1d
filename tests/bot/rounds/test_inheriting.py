"""``debtscan run`` and its organisation's configuration: read once, where the credentials can; never half obeyed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import main
from bot.github.app_client import AppClient
from bot.github.client import open_repository
from bot.rounds.hosted_settings import hosted_settings
from bot.rounds.inheriting import inherited
from tests.support.github import GitHubStandIn
from tests.support.github_client import FakeClock, Opener, installed_app, settings_for
from tests.support.hasty import hurry

BELOW = '[organization]\nlock = ["upgrades"]\n[upgrades]\nenabled = false\n[docker]\nending-days = 5\n'
OWN = "[upgrades]\nenabled = true\n"
FILE = "/repos/{owner}/{repo}/contents/{path}"


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHubStandIn]:
    with GitHubStandIn(tmp_path / "github", enterprise=True) as standin:
        yield standin


@pytest.fixture
def opener(github: GitHubStandIn) -> Iterator[Opener]:
    made = Opener(github)
    yield made
    for session in made.sessions:
        session.close()


def organisation(github: GitHubStandIn, text: str | None = BELOW, *, private: bool = False) -> None:
    github.repository("acme/shop", {"debtscan.toml": OWN}, organization=True)
    github.repository("acme/web", {"README.md": "Web\n"})
    if text is not None:
        github.repository("acme/.github", {"debtscan.toml": text}, private=private)


def asked(github: GitHubStandIn) -> int:
    return sum(exchange.request.path.startswith("/repos/acme/.github/") for exchange in github.requests)


def test_a_token_reads_it_once_for_all_repositories(github: GitHubStandIn, opener: Opener) -> None:
    organisation(github)
    session = opener.session()
    for name in ("acme/shop", "acme/web", "acme/.github"):
        found = inherited(open_repository(session, name), environ={})
        assert (found is None) == (name == "acme/.github")
    assert found is None
    assert asked(github) == 1


def test_where_there_is_none_that_costs_one_request(github: GitHubStandIn, opener: Opener) -> None:
    organisation(github, None)
    session = opener.session()
    for name in ("acme/shop", "acme/web"):
        assert inherited(open_repository(session, name), environ={}) is None
    assert asked(github) == 1


def test_a_file_of_the_users_lets_nobody_be_asked(github: GitHubStandIn, opener: Opener) -> None:
    organisation(github)
    client = open_repository(opener.session(), "acme/shop")
    assert inherited(client, environ={"DEBTSCAN_CONFIG": "own.toml"}) is None
    assert inherited(client, config="own.toml", environ={}) is None
    assert github.requests == []


def test_an_app_asks_with_a_token_for_that_repository_alone(github: GitHubStandIn, opener: Opener) -> None:
    organisation(github, private=True)
    session = opener.session(installed_app(github, "acme"))
    found = [inherited(open_repository(session, name), environ={}) for name in ("acme/shop", "acme/web")]
    assert found[0] is not None
    assert (found[0].path, found[0].content) == ("acme/.github: debtscan.toml", BELOW.encode())
    assert found[1] is not None
    assert asked(github) == 1
    made = [token for token in github.world.tokens.values() if token.value.startswith("ghs_")]
    assert [(token.repositories, dict(token.permissions)) for token in made] == [
        ({"acme/.github"}, {"contents": "read", "metadata": "read"})
    ]


def test_an_app_that_is_not_installed_there_goes_on_without(github: GitHubStandIn, opener: Opener) -> None:
    organisation(github, None)
    session = opener.session(installed_app(github, "acme"))
    assert inherited(open_repository(session, "acme/shop"), environ={}) is None
    assert asked(github) == 0


def test_the_service_reads_the_same_file(github: GitHubStandIn) -> None:
    organisation(github)
    with AppClient(installed_app(github, "acme"), settings_for(github, FakeClock())) as client:
        (installation,) = client.installations()
        assert client.file(installation.id, "acme/.github", "debtscan.toml") == BELOW.encode()


def test_settings_of_a_repository_that_is_not_copied_lie_over_it(
    github: GitHubStandIn, opener: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DEBTSCAN_CONFIG", raising=False)
    organisation(github)
    client = opener("acme/shop")
    found = hosted_settings(client, client.repository())
    assert (found.config.upgrades.enabled, found.config.docker.ending_days) == (False, 5)
    assert [entry.line for entry in found.overruled] == [2]


def _run(github: GitHubStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    hurry(monkeypatch)
    monkeypatch.delenv("DEBTSCAN_CONFIG", raising=False)
    for name, value in {
        "DEBTSCAN_GITHUB_URL": github.url,
        "DEBTSCAN_CACHE_DIR": str(tmp_path / "cache"),
        "GITHUB_TOKEN": github.token(),
        "SOURCE_DATE_EPOCH": "1795600000",
    }.items():
        monkeypatch.setenv(name, value)
    return main(["run", "acme/shop", "acme/web", "--quiet", "--jobs", "1", "--dry-run"])


def test_a_run_says_what_is_overruled_and_does_what_the_organisation_says(
    github: GitHubStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    organisation(github)
    assert _run(github, tmp_path, monkeypatch) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "debtscan.toml:2: 'upgrades.enabled' is overruled: acme/.github: debtscan.toml:2 locks it" in told
    assert told.count("no upgrades are offered: [upgrades] enabled is false") == 2
    assert asked(github) == 1


def test_a_broken_file_fails_the_repositories_with_the_organisations_name_and_line(
    github: GitHubStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    organisation(github, "[docker]\nending-day = 5\n")
    assert _run(github, tmp_path, monkeypatch) == 4
    told = " ".join(capsys.readouterr().out.split())
    error = "failed, acme/.github: debtscan.toml:2: unknown key 'ending-day' in [docker]; did you mean 'ending-days'?"
    assert f"acme/shop: {error}" in told
    assert f"acme/web: {error}" in told
    assert not github.writes
