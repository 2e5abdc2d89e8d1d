from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from analyzers.config import History
from bot.commands._past import hosted_store
from bot.github.dry_run import DryRun
from bot.store.branch import BranchStore
from bot.store.sql import SqlStore
from tests.support.entries import entry_of, facts_of
from tests.support.github import GitHubStandIn
from tests.support.hosts import opened

NAME = "acme/shop"
DAY = date(2026, 11, 23)


def test_a_round_keeps_its_entries_on_the_branch_unless_there_is_a_database(
    github: GitHubStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    github.repository(NAME, {"app.py": "1\n"})
    with opened(github, NAME) as client:
        with hosted_store(client, NAME, History(branch="scores")) as store:
            assert isinstance(store, BranchStore)
            store.append(entry_of(DAY), facts_of(DAY))
        assert list(client.branches("scores")) == ["scores"]
        monkeypatch.setenv("DEBTSCAN_DATABASE", f"sqlite:///{tmp_path / 'history.db'}")
        with hosted_store(client, NAME, History()) as store:
            assert isinstance(store, SqlStore)
        with hosted_store(client, NAME, History(enabled=False)) as store:
            assert store is None


def test_a_dry_run_writes_to_no_database(
    github: GitHubStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    github.repository(NAME, {"app.py": "1\n"})
    monkeypatch.setenv("DEBTSCAN_DATABASE", f"sqlite:///{tmp_path / 'history.db'}")
    said: list[str] = []
    with opened(github, NAME) as client:
        host = DryRun(client, said.append)
        with hosted_store(host, NAME, History(), dry_run=said.append) as store:
            assert store
            assert store.append(entry_of(DAY), facts_of(DAY))
            assert store.entries() == ()
            assert store.prune(History(), DAY) == 0
        with hosted_store(client, NAME, History()) as store:
            assert store
            assert store.append(entry_of(DAY), facts_of(DAY))
        with hosted_store(host, NAME, History(), dry_run=said.append) as store:
            assert store
            assert not store.append(entry_of(DAY), facts_of(DAY))
            assert store.facts(entry_of(DAY)) == facts_of(DAY)
    assert said == ["would store the scorecard of aaaaaaaaaa as of 2026-11-23 in the database"]
