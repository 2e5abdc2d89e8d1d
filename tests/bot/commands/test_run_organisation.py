"""``debtscan run --org``, as a GitHub App and with a token: what each repository costs, itself and the others."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.checked import Opening
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.github.exchange import Exchange
from tests.support.shop import LOGIN

NAMES = ("api", "shop", "web")
FILES = {"requirements.txt": "ant==1.0.0\n"}
# Of GitHub's interface, without git. An App's token says what it may; for that of a person six more have to be tried.
# The dashboard is looked for before the scan and after it, and its comments and those of the pull request are read.
QUIET = {"app": 12, "token": 20}
# Tree, commit, branch, pull request, labels, and that all of this is done; only an App writes a check run.
WRITES = {"app": 7, "token": 6}
# The list, and whether a small repository is empty; an App also: itself, its installation, and a token for each.
BESIDES = {"app": 4 + len(NAMES), "token": 3}
SKIPPED = {
    "acme/copy": "it is a fork",
    "acme/empty": "it has no commit",
    "acme/mirror": "it is a mirror",
    "acme/off": "GitHub has disabled it",
    "acme/old": "it is archived",
}
KINDS = pytest.mark.parametrize("kind", ["app", "token"])


def _organisation(opening: Opening, kind: str) -> GitHubStandIn:
    opening(names=["ant"], private=True)
    github = opening.github
    for name in NAMES:
        if name != "shop":
            github.repository(f"acme/{name}", FILES, private=True, collaborators={LOGIN: "write"})
    github.repository("acme/old", FILES, archived=True)
    github.repository("acme/copy", FILES, fork=True)
    github.repository("acme/mirror", FILES, mirror_url="https://example.org/mirror.git")
    github.repository("acme/off", FILES, disabled=True)
    github.repository("acme/empty")
    if kind == "app":
        app = github.app(on=["acme"])
        opening.act_as(DEBTSCAN_APP_ID=str(app.id), DEBTSCAN_APP_PRIVATE_KEY=app.private_key)
    return github


def _run(github: GitHubStandIn, capsys: pytest.CaptureFixture[str], *, code: int = 0) -> tuple[list[Exchange], str]:
    """Return the requests of a run to GitHub's interface, and what it told."""
    before = len(github.requests)
    capsys.readouterr()
    assert main(["run", "--org", "acme", "--quiet", "--jobs", "1"]) == code
    told = " ".join(capsys.readouterr().out.split())
    return [exchange for exchange in github.requests[before:] if exchange.template != "git"], told


def _of(exchanges: list[Exchange]) -> Counter[str]:
    """Return how many requests each repository took; those that belong to none are ``""``."""
    found = (re.match(r"/repos/acme/([^/]+)", exchange.request.path) for exchange in exchanges)
    return Counter(name[1] if name and name[1] in NAMES else "" for name in found)


@KINDS
def test_each_repository_costs_few_requests_and_the_account_tells_them_all(
    opening: Opening, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    github = _organisation(opening, kind)
    first, told = _run(github, capsys)
    assert all(_of(first)[name] <= QUIET[kind] + WRITES[kind] + 2 for name in NAMES)
    assert _of(first)[""] <= BESIDES[kind] + 1
    assert sum(exchange.is_write for exchange in first) <= (WRITES[kind] + 1) * len(NAMES)
    assert f"GitHub: {len(first):,} requests (" in told
    assert f" {WRITES[kind] * len(NAMES):,} writes), " in told
    assert re.search(r"\d,\d{3} of 5,000 left, begins anew at \d\d:\d\d UTC", told)


@KINDS
def test_a_second_run_costs_less_and_writes_nothing(
    opening: Opening, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    github = _organisation(opening, kind)
    _run(github, capsys)
    second, told = _run(github, capsys)
    assert all(_of(second)[name] <= QUIET[kind] for name in NAMES)
    assert len(second) <= QUIET[kind] * len(NAMES) + BESIDES[kind] + 1
    assert not [exchange for exchange in second if exchange.request.method not in {"GET", "POST"}]
    assert ", 0 writes), " in told
    unchanged = sum(exchange.status == 304 for exchange in second)
    assert f"({unchanged:,} unchanged and free" in told
    # What is asked twice within a run is free the second time, whoever asks.
    assert unchanged >= 3 * len(NAMES)


def test_with_a_token_a_run_in_which_nothing_changed_is_free(
    opening: Opening, capsys: pytest.CaptureFixture[str]
) -> None:
    github = _organisation(opening, "token")
    _run(github, capsys)
    _run(github, capsys)
    third, told = _run(github, capsys)
    assert {exchange.status for exchange in third} == {304}
    assert f"GitHub: {len(third)} requests ({len(third)} unchanged and free, 0 writes)" in told


def test_an_app_has_new_tokens_each_time_so_it_pays_anew(opening: Opening, capsys: pytest.CaptureFixture[str]) -> None:
    github = _organisation(opening, "app")
    counts = []
    for _run_number in range(3):
        exchanges, _told = _run(github, capsys)
        counts.append(sum(exchange.status != 304 for exchange in exchanges))
    assert counts[1] == counts[2] < counts[0]


@KINDS
def test_what_is_not_worked_on_is_told_with_the_reason_and_costs_next_to_nothing(
    opening: Opening, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    github = _organisation(opening, kind)
    exchanges, told = _run(github, capsys)
    for name, why in SKIPPED.items():
        assert f"{name}: skipped, {why}" in told
        asked = [exchange for exchange in exchanges if f"/{name}/" in f"{exchange.request.path}/"]
        assert len(asked) <= (name == "acme/empty")


@KINDS
def test_one_that_fails_stops_no_other_and_the_run_is_incomplete(
    opening: Opening, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    github = _organisation(opening, kind)
    broken = github.repository("acme/broken", FILES, private=True, collaborators={LOGIN: "write"})
    _lose(broken, "requirements.txt")
    _exchanges, told = _run(github, capsys, code=4)
    assert all("/acme/broken.git/" in flaw for flaw in github.violations)
    github.violations.clear()
    assert "acme/broken: failed, " in told
    assert told.index("acme/broken: failed") < told.index("acme/web ") < told.rindex("opened #1")
    for name in NAMES:
        assert len(github.world.repositories[f"acme/{name}"].pulls) == 1
    assert "GitHub: " in told


def _lose(repository: HostedRepository, path: str) -> None:
    """Damage a repository at GitHub: it cannot be copied any more."""
    git = repository.settings.git
    sha = git.text("rev-parse", f"HEAD:{path}")
    (Path(git.path) / "objects" / sha[:2] / sha[2:]).unlink()
