"""Findings as alerts: sent once for the same results of the same commit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.github.client import Client
from bot.github.errors import ForbiddenError, HostError
from bot.posts import code_scanning
from bot.posts.code_scanning import Upload, prepared, settle
from bot.report import sarif
from bot.report.renderer import Options
from bot.scorecard import Report
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.github_client import Opener
from tests.support.reports import perfect_report, sample_report


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHubStandIn]:
    with GitHubStandIn(tmp_path / "github") as running:
        yield running


@pytest.fixture
def repository(github: GitHubStandIn) -> HostedRepository:
    return github.repository("acme/shop", {"a.txt": "1\n"})


@pytest.fixture
def client(github: GitHubStandIn, repository: HostedRepository) -> Iterator[Client]:
    opener = Opener(github)
    yield opener(repository.name)
    opener.close()


def _upload(report: Report) -> Upload:
    return prepared(sarif.RENDERER.render(report, Options()))


def test_the_same_results_of_a_commit_are_sent_once(
    github: GitHubStandIn, repository: HostedRepository, client: Client
) -> None:
    upload, first = _upload(sample_report()), repository.head
    assert "uploaded" in settle(client, first, "main", upload)
    assert settle(client, first, "main", upload) == ""
    later = replace(sample_report(), as_of=sample_report().as_of + timedelta(days=1))
    later = replace(later, scanned_at=later.scanned_at + timedelta(days=1))
    assert settle(client, first, "main", _upload(later)) == ""
    assert len(github.writes) == 1
    assert settle(client, first, "main", _upload(perfect_report()))
    assert settle(client, first, "main", upload)
    assert settle(client, repository.commit({"a.txt": "2\n"}), "main", upload)
    assert len(github.writes) == 4


def test_what_is_sent_is_the_report_with_its_digest_behind_the_version() -> None:
    report = sample_report()
    upload = _upload(report)
    run = json.loads(upload.sarif)["runs"][0]
    assert len(run["results"]) == len(report.findings)
    assert run["tool"]["driver"]["version"] == upload.version
    version, plus, digest = upload.version.partition("+")
    assert (version, plus, len(digest)) == (report.version, "+", 16)
    assert run["tool"]["driver"]["semanticVersion"] == report.version


def test_of_more_results_than_github_takes_the_worst_are_sent_and_the_rest_is_said(
    repository: HostedRepository, client: Client
) -> None:
    upload = prepared(sarif.RENDERER.render(sample_report(), Options()), most=10)
    assert "without the last 50 results" in settle(client, repository.head, "main", upload)
    assert len(repository.settings.analyses[0].sarif["runs"][0]["results"]) == 10


def test_one_that_is_too_large_is_not_sent(
    github: GitHubStandIn, repository: HostedRepository, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code_scanning, "_LARGEST", 1000)
    with pytest.raises(HostError, match="10 MB"):
        settle(client, repository.head, "main", _upload(sample_report()))
    assert github.writes == []


def test_where_it_is_off_the_way_out_is_said(repository: HostedRepository, client: Client) -> None:
    repository.settings.code_scanning = False
    with pytest.raises(ForbiddenError, match="code-scanning = false"):
        settle(client, repository.head, "main", _upload(sample_report()))
