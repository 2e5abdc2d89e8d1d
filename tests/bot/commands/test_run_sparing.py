"""A run does not open what merging would cost: a release that is no better than the one in use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.hasty import hurry
from tests.support.http_server import Reply, Script, serve
from tests.support.packages import python_index
from tests.support.shop import LOGIN, NAME, github_at

SETTINGS = "[upgrades]\ngroup-kinds = []\nopen-limit = 1\n"
FLAW = {
    "id": "PYSEC-2026-1",
    "summary": "Bites",
    "modified": "2026-11-01T00:00:00Z",
    "published": "2026-11-01T00:00:00Z",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "ant"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "1.1.0"}]}],
        }
    ],
    "database_specific": {"severity": "HIGH"},
}


def _json(document: object) -> Reply:
    return Reply(headers={"content-type": "application/json"}, body=json.dumps(document).encode())


def _flawed(script: Script) -> None:
    """Tell of no flaw in the versions in use, of one in ``ant`` 1.1.0, and of none in what is asked then."""
    none: dict[str, object] = {}
    one = {"vulns": [{"id": FLAW["id"]}]}
    script.on("/querybatch", _json({"results": [none, none]}), _json({"results": [one]}), _json({"results": [none]}))
    script.on("/query", _json({"vulns": [FLAW]}))


def test_what_costs_points_waits_and_its_place_goes_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hurry(monkeypatch)
    with python_index() as index, serve() as advisories:
        index.add("ant", "1.0.0", "1.1.0").add("bee", "1.0.0", "1.1.0")
        _flawed(advisories)
        addresses = {"pypi": index.url, "osv": advisories.url, "osv-advisories": advisories.url}
        with github_at(tmp_path, monkeypatch, SETTINGS, addresses) as github:
            repository = _repository(github)
            assert main(["run", NAME, "--quiet"]) == 0
            told = capsys.readouterr().out
            assert [pull.title for pull in repository.pulls] == ["Update bee from 1.0.0 to 1.1.0"]
            assert "merging it adds" in told
            assert "mends nothing that presses: ant 1.1.0" in told
            assert main(["run", NAME, "--quiet"]) == 0
            assert "as it should be" in capsys.readouterr().out
            assert len(repository.pulls) == 1


def _repository(github: GitHubStandIn) -> HostedRepository:
    files = {"requirements.txt": "ant==1.0.0\nbee==1.0.0\n"}
    return github.repository(NAME, files, collaborators={LOGIN: "write"})
