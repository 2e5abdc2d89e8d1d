"""The commands beside scan, each through the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analyzers.scan import rules
from bot.cli import main
from bot.commands.inventory import HELP
from tests.support.git_server import serve_git
from tests.support.repository import RepositoryBuilder

QUIET = ["--quiet", "--as-of", "2026-11-22"]


def report_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main([*arguments, "--format", "json", *QUIET]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_inventory_lists_what_was_read_without_findings_or_score(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "requirements.txt").write_text("flask==2.0\nrequests>=2\n")
    found = report_of(capsys, "inventory", str(tmp_path))
    assert [(row["name"], row["value"], row["line"]) for row in found["inventory"]] == [
        ("flask", "==2.0", 1),
        ("requests", ">=2", 2),
    ]
    assert not {"findings", "hotspots", "scorecard"} & found.keys()
    assert HELP


def test_inventory_on_a_terminal_and_as_cyclonedx(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "requirements.txt").write_text("flask==2.0\n")
    assert main(["inventory", str(tmp_path), *QUIET]) == 0
    assert "flask" in capsys.readouterr().out
    assert main(["inventory", str(tmp_path), "--format", "cyclonedx", *QUIET]) == 0
    assert json.loads(capsys.readouterr().out)["components"][0]["purl"] == "pkg:pypi/flask@2.0"


def test_inventory_is_strict_on_demand(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text("{")
    assert main(["inventory", str(tmp_path), *QUIET]) == 0
    assert main(["inventory", str(tmp_path), "--strict", *QUIET]) == 4


@pytest.mark.parametrize("form", ["terminal", "markdown", "json"])
def test_rules_lists_every_rule(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--format", form]) == 0
    text = capsys.readouterr().out
    assert all(rule in text for rule in rules())


@pytest.mark.parametrize("rule", sorted(rules()))
def test_every_rule_explains_itself(rule: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", rule]) == 0
    page = capsys.readouterr().out
    assert page.startswith(f"# {rule}\n")
    for heading in ("What it does", "Why that is bad", "How to mend it"):
        assert f"## {heading}\n" in page


def test_config_explain_names_the_line_of_each_value(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "debtscan.toml").write_text("[hotspots]\nbulk-files = 7\n")
    assert main(["config", "explain", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "hotspots.bulk-files = 7  # debtscan.toml:2" in lines
    assert "hotspots.window-months = 12  # default" in lines


def test_config_explain_tells_what_is_the_organisations(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    below = tmp_path / "below.toml"
    below.write_text('[organization]\nlock = ["gate"]\n[gate]\nfail-under = "B"\n[docker]\nending-days = 5\n')
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "debtscan.toml").write_text("[gate]\nfail-under = 'F'\n[hotspots]\nbulk-files = 7\n")
    assert main(["config", "explain", str(folder), "--inherit", str(below)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert f'gate.fail-under = "B"  # {below}:4, locked by the organisation' in lines
    assert 'gate.gate-on = "low"  # default, locked by the organisation' in lines
    assert f"docker.ending-days = 5  # {below}:6" in lines
    assert "hotspots.bulk-files = 7  # debtscan.toml:4" in lines
    assert lines[-1].startswith("# debtscan.toml:2: 'gate.fail-under' is overruled: ")
    assert main(["config", "explain", str(folder), "--inherit", str(tmp_path / "nowhere")]) == 2


def test_config_schema_is_a_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "schema"]) == 0
    assert "window-months" in json.dumps(json.loads(capsys.readouterr().out))
    assert main(["config", "schema", "--organization"]) == 0
    assert "fail-under" in json.dumps(json.loads(capsys.readouterr().out))
    assert main(["config", "schema", "--report"]) == 0
    assert json.loads(capsys.readouterr().out)["title"]
    assert main(["config", "schema", "--roll-up"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "debtscan roll-up"


def test_the_cache_says_where_it_lies_and_can_be_cleared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DEBTSCAN_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "repository").mkdir()
    assert main(["scan", str(tmp_path / "repository"), "--offline", *QUIET]) == 0
    capsys.readouterr()
    assert main(["cache", "info"]) == 0
    told = capsys.readouterr().out
    assert f"place    {tmp_path / 'cache' / 'answers.sqlite3'}\n" in told
    assert f"place    {tmp_path / 'cache' / 'kept.sqlite3'}\n" in told
    assert main(["cache", "clear"]) == 0
    assert capsys.readouterr().out.startswith("removed ")
    assert list((tmp_path / "cache").iterdir()) == []
    assert main(["cache", "info"]) == 0
    told = capsys.readouterr().out
    assert "answers  0\n" in told
    assert "results  0\n" in told


def test_owner_and_name_read_a_copy_that_is_gone_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Against a real git server on loopback in GitHub's place."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with serve_git(tmp_path / "git") as host:
        host.repository("octo/demo").write("requirements.txt", "flask==2.0\n").commit()
        monkeypatch.setenv("GITHUB_SERVER_URL", host.url)
        found = report_of(capsys, "inventory", "octo/demo")
        assert [row["name"] for row in found["inventory"]] == ["flask"]
        assert found["repository"]["name"] == "octo/demo"
        assert main(["inventory", "octo/missing", *QUIET]) == 2
        assert "cannot be copied" in capsys.readouterr().err
        assert main(["scan", "octo/demo", "--offline", *QUIET]) == 2
    assert "--offline asks nobody" in capsys.readouterr().err
    assert not list(tmp_path.glob("debtscan-*"))


def test_a_private_copy_gets_the_token_and_keeps_it_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with serve_git(tmp_path / "git", token="s3cret-token") as host:
        host.repository("octo/demo").write("requirements.txt", "flask==2.0\n").commit()
        monkeypatch.setenv("GITHUB_SERVER_URL", host.url)
        assert main(["inventory", "octo/demo", *QUIET]) == 2
        err = capsys.readouterr().err
        assert "GITHUB_TOKEN" in err
        for server, token in (("GITHUB_SERVER_URL", "GITHUB_TOKEN"), ("DEBTSCAN_GITHUB_URL", "GH_ENTERPRISE_TOKEN")):
            with monkeypatch.context() as set_up:
                set_up.delenv("GITHUB_SERVER_URL")
                set_up.setenv(server, host.url)
                set_up.setenv(token, "s3cret-token")
                assert main(["inventory", "octo/demo", *QUIET]) == 0
                captured = capsys.readouterr()
                err += captured.err + captured.out
    assert "s3cret" not in err


def test_owners_and_projects_of_a_monorepo(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    repository = RepositoryBuilder(tmp_path)
    for name in ("one", "two"):
        repository.write(f"services/{name}/Dockerfile", "FROM node:18-alpine\n")
        repository.write(f"services/{name}/requirements.txt", "flask==2.0\n")
    repository.write(".github/CODEOWNERS", "* @everyone-else\n/services/two/ @team-two\n").commit()
    found = report_of(capsys, "scan", str(tmp_path), "--offline")
    owners = {entry["path"]: entry["owners"] for entry in found["findings"]}
    assert owners["services/one/Dockerfile"] == ["@everyone-else"]
    assert owners["services/two/Dockerfile"] == ["@team-two"]
    assert {share["path"] for share in found["scorecard"]["paths"]} >= {"services/one", "services/two"}


def test_ignores_are_accepted_until_their_day_and_told_when_they_are_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = RepositoryBuilder(tmp_path)
    repository.write(
        "Dockerfile",
        "# debtscan: ignore[end-of-life-base-image] moving in Q1 until=2026-12-31\nFROM node:18-alpine\n"
        "# debtscan: ignore[end-of-life-base-image] was due until=2026-01-31\nFROM node:16-alpine\n"
        "# debtscan: ignore[deprecated-instruction] nothing here until=2026-12-31\nRUN true\n",
    ).commit()
    found = report_of(capsys, "scan", str(tmp_path), "--offline", "--only", "docker")
    assert [(entry["line"], entry["until"]) for entry in found["ignored"]] == [(2, "2026-12-31")]
    whole = report_of(capsys, "scan", str(tmp_path), "--offline")
    told = {entry["rule"]: entry["line"] for entry in whole["findings"]}
    assert told["end-of-life-base-image"] == 4
    assert told["expired-ignore"] == 3


def test_the_job_summary_gets_the_scorecard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "Dockerfile").write_text("FROM node:18-alpine\n")
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert main(["scan", str(tmp_path), "--offline", "--format", "github", *QUIET]) == 0
    assert "::" in capsys.readouterr().out
    assert "node" in summary.read_text(encoding="utf-8")
