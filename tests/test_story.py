"""The example that everyone tries first, online against real servers on loopback, then offline, then on other days."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from tests.support.git_server import GitHost, serve_git
from tests.support.http_server import Reply, Script, serve
from tests.support.oci import Registry, needs_registry, running_registry
from tests.support.repository import RepositoryBuilder

pytestmark = needs_registry

WORKFLOW = """\
on: push
jobs:
  build:
    runs-on: ubuntu-20.04
    steps:
      - uses: actions/checkout@v2
      - run: echo "::set-output name=version::1"
"""
DOCKERFILE = "FROM node:18-alpine AS web\nFROM python:3.8-slim-buster\nCOPY --from=web /srv /srv\n"
REQUIREMENTS = "flask==2.0.1\n"
SIMPLE = "application/vnd.pypi.simple.v1+json"
TODAY = "2026-11-22"
NAMED = {
    ("outdated-dependency", "requirements.txt"),
    ("vulnerable-dependency", "requirements.txt"),
    ("end-of-life-base-image", "Dockerfile"),
    ("forced-action-runtime", ".github/workflows/ci.yml"),
    ("outdated-action", ".github/workflows/ci.yml"),
    ("retired-runner", ".github/workflows/ci.yml"),
    ("deprecated-workflow-command", ".github/workflows/ci.yml"),
}


@dataclass(frozen=True)
class World:
    """A repository, and the servers that answer for the world."""

    repository: Path
    config: Path
    index: Script
    git: GitHost

    def scan(self, capsys: pytest.CaptureFixture[str], *flags: str) -> dict[str, Any]:
        """Scan and return the JSON report."""
        common = ["--format", "json", "--quiet", "--config", str(self.config)]
        dates = [] if "--as-of" in flags else ["--as-of", TODAY]
        assert main(["scan", str(self.repository), *common, *dates, *flags]) == 0
        report: dict[str, Any] = json.loads(capsys.readouterr().out)
        return report


def release(version: str, day: str) -> dict[str, Any]:
    name = f"flask-{version}.tar.gz"
    return {"filename": name, "url": name, "hashes": {}, "upload-time": f"{day}T00:00:00Z", "yanked": False}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")  # 2026-11-22
    monkeypatch.setenv("DEBTSCAN_CACHE_DIR", str(tmp_path / "cache"))
    repository = RepositoryBuilder(tmp_path / "repository")
    repository.write(".github/workflows/ci.yml", WORKFLOW).write("Dockerfile", DOCKERFILE)
    repository.write("requirements.txt", REQUIREMENTS).commit(date="2026-01-05")
    with serve() as index, serve_git(tmp_path / "git") as git, running_registry(tmp_path) as images:
        _fill(index, git, images)
        config = tmp_path / "own.toml"
        addresses = {
            "pypi": f"{index.url}/simple",
            "lifecycle": f"{index.url}/eol",
            "osv": f"{index.url}/osv",
            "pypi-project": f"{index.url}/pypi",
            "oci:docker.io": images.address,
            **git.addresses,
        }
        config.write_text("[addresses]\n" + "".join(f'"{key}" = "{value}"\n' for key, value in addresses.items()))
        yield World(repository.path, config, index, git)


def _fill(index: Script, git: GitHost, images: Registry) -> None:
    document = {
        "meta": {"api-version": "1.4"},
        "name": "flask",
        "files": [release("2.0.1", "2021-05-21"), release("3.1.2", "2025-08-19")],
        "versions": ["2.0.1", "3.1.2"],
    }
    index.on("/simple/flask/", Reply(headers={"content-type": SIMPLE}, body=json.dumps(document).encode()))
    index.on("/pypi/flask/json", _json({"info": {"name": "Flask", "classifiers": [], "project_urls": None}}))
    index.on("/osv/querybatch", _json({"results": [{"vulns": [{"id": LEAK["id"], "modified": LEAK["modified"]}]}]}))
    index.on("/osv/query", _json({"vulns": [LEAK]}))
    for product, releases in LIVES.items():
        body = json.dumps(
            {
                "schema_version": "1.2.0",
                "generated_at": f"{TODAY}T00:00:00+00:00",
                "result": {"name": product, "releases": releases},
            }
        ).encode()
        index.on(f"/eol/products/{product}/", Reply(headers={"content-type": "application/json"}, body=body))
    git.action("actions/checkout", v1_0_0="node12", v2_0_0="node12", v7_0_1="node24")
    checkout = git.repository("actions/checkout")
    for major, full in (("v2", "v2.0.0"), ("v7", "v7.0.1")):
        checkout.git("tag", major, f"{full}^{{commit}}")
    images.push("library/node", "18-alpine", "22-alpine", "24-alpine", "24", "25-alpine")
    images.push("library/python", "3.8-slim-buster", "3.13-slim-bookworm", "3.14-slim-bookworm", "3.14-slim-trixie")


def _json(document: object) -> Reply:
    return Reply(headers={"content-type": "application/json"}, body=json.dumps(document).encode())


# Made after https://ossf.github.io/osv-schema/; ids, versions, vector and day are those of the published record.
LEAK = {
    "id": "GHSA-m2qf-hxjv-5gpq",
    "aliases": ["CVE-2023-30861"],
    "summary": "Session cookies may be shared by a proxy",
    "published": "2023-05-01T19:22:20Z",
    "modified": "2023-05-01T19:22:20Z",
    "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"}],
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "flask"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.2.5"}]}],
        }
    ],
}
LIVES = {
    "nodejs": [
        {"name": "24", "releaseDate": "2025-05-06", "isEol": False, "eolFrom": "2028-04-30", "isLts": True},
        {"name": "18", "releaseDate": "2022-04-19", "isEol": True, "eolFrom": "2025-04-30", "isLts": True},
    ],
    "python": [
        {"name": "3.14", "releaseDate": "2025-10-07", "isEol": False, "eolFrom": "2030-10-31", "isLts": False},
        {"name": "3.8", "releaseDate": "2019-10-14", "isEol": True, "eolFrom": "2024-10-07", "isLts": False},
    ],
    "debian": [
        {
            "name": "12",
            "codename": "Bookworm",
            "releaseDate": "2023-06-10",
            "isEol": False,
            "eolFrom": "2026-06-10",
            "isLts": False,
        },
        {
            "name": "10",
            "codename": "Buster",
            "releaseDate": "2019-07-06",
            "isEol": True,
            "eolFrom": "2022-09-10",
            "isLts": False,
        },
    ],
}


def named(report: dict[str, Any]) -> set[tuple[str, str]]:
    return {(finding["rule"], finding["path"]) for finding in report["findings"]}


def about(report: dict[str, Any], rule: str, word: str = "") -> dict[str, Any]:
    (found,) = (entry for entry in report["findings"] if entry["rule"] == rule and word in entry["title"])
    return dict(found)


def test_online_each_is_named_with_date_reason_and_fix(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    report = world.scan(capsys)
    assert named(report) >= NAMED
    assert "2025-04-30" in about(report, "end-of-life-base-image", "Node.js")["message"]
    assert "2024-10-07" in about(report, "end-of-life-base-image", "Python")["message"]
    assert "2022-09-10" in about(report, "end-of-life-base-image", "Debian")["message"]
    assert about(report, "end-of-life-base-image", "Node.js")["fix"]["to"] == "24-alpine"
    outdated = about(report, "outdated-dependency")
    assert (outdated["subject"]["current"], outdated["subject"]["latest"]) == ("2.0.1", "3.1.2")
    assert outdated["fix"]["to"] == "==3.1.2"
    flaw = about(report, "vulnerable-dependency")
    assert "CVE-2023-30861 (GHSA-m2qf-hxjv-5gpq, high 7.5)" in flaw["message"]
    assert (flaw["severity"], flaw["subject"]["latest"]) == ("high", "3.1.2")
    assert about(report, "outdated-action")["fix"]["to"] == "v7"
    assert "2026-06-16" in about(report, "forced-action-runtime")["message"]
    assert "2025-04-15" in about(report, "retired-runner")["message"]
    assert "GITHUB_OUTPUT" in about(report, "deprecated-workflow-command")["message"]
    assert [entry["detail"] for entry in report["skipped"] if entry["what"] == "look-up"] == []


def test_each_package_is_asked_once(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.scan(capsys)
    for path in ("/simple/flask/", "/pypi/flask/json", "/osv/querybatch", "/osv/query"):
        assert len(world.index.asked(path)) == 1
    paths = [entry for entry in world.git.requests if entry.startswith("POST")]
    assert len(paths) == len(set(paths))


def test_offline_from_a_warm_cache_the_same_is_named(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    online = world.scan(capsys)
    before = len(world.index.seen) + len(world.git.requests)
    offline = world.scan(capsys, "--offline")
    assert named(offline) == named(online)
    assert len(world.index.seen) + len(world.git.requests) == before


def test_offline_with_a_cold_cache_tables_judge_and_the_requirement_is_skipped(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    report = world.scan(capsys, "--offline")
    # Without the index nobody knows which releases there are; the tables still know what has ended.
    unknowable = {("outdated-dependency", "requirements.txt"), ("vulnerable-dependency", "requirements.txt")}
    assert named(report) >= NAMED - unknowable
    assert ("outdated-dependency", "requirements.txt") not in named(report)
    assert {
        ("requirements.txt", "pypi", "offline"),
        ("requirements.txt", "osv", "offline"),
    } <= {(entry["path"], entry["source"], entry["reason"]) for entry in report["skipped"]}
    assert report["scorecard"]["low"] < report["scorecard"]["score"]


def test_the_same_scan_twice_gives_the_same_bytes(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = world.scan(capsys), world.scan(capsys)
    for report in (first, second):
        report.pop("scanned_at")
        report.pop("timings")
    assert json.dumps(first) == json.dumps(second)


@pytest.mark.parametrize("flags", [(), ("--offline",)])
def test_the_last_supported_day_has_no_finding_and_the_day_after_has_one(
    flags: tuple[str, ...], world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    def ended(day: str) -> set[str]:
        report = world.scan(capsys, "--as-of", day, *flags)
        return {entry["title"] for entry in report["findings"] if entry["rule"] == "end-of-life-base-image"}

    assert not [title for title in ended("2025-04-30") if "Node.js" in title]
    assert [title for title in ended("2025-05-01") if "Node.js" in title]


def test_a_release_of_tomorrow_does_not_exist_today(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    report = world.scan(capsys, "--as-of", "2025-08-18")
    assert ("outdated-dependency", "requirements.txt") not in named(report)


@pytest.mark.parametrize(("day", "known"), [("2023-04-30", False), ("2023-05-01", True)])
def test_an_advisory_of_tomorrow_does_not_exist_today(
    day: str, known: bool, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    report = world.scan(capsys, "--as-of", day)
    assert (("vulnerable-dependency", "requirements.txt") in named(report)) is known


def test_a_refusal_a_missing_package_and_a_silent_host_are_three_reasons(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    (world.repository / "requirements.txt").write_text("flask==2.0.1\nsecret==1.0\nghost==1.0\nbroken==1.0\n")
    world.index.on("/simple/secret/", Reply(status=403))
    world.index.on("/simple/broken/", Reply(body=b"<html>"))
    report = world.scan(capsys)
    reasons = {
        entry["detail"].split(":")[0]: entry["reason"] for entry in report["skipped"] if entry["source"] == "pypi"
    }
    found = {entry["reason"] for entry in report["skipped"] if entry["source"] == "pypi"}
    assert found == {"refused", "not-found", "malformed-answer"}, reasons
    assert [entry["subject"]["name"] for entry in report["findings"] if entry["rule"] == "outdated-dependency"] == [
        "flask"
    ]


def test_the_baseline_marks_what_is_new(world: World, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    baseline = tmp_path / "baseline.json"
    flags = ["--quiet", "--config", str(world.config), "--as-of", TODAY]
    assert main(["baseline", str(world.repository), "--output", str(baseline), *flags]) == 0
    gate = ["--baseline", str(baseline), "--fail-on", "new", "--gate-on", "score"]
    assert main(["scan", str(world.repository), *gate, *flags]) == 0
    (world.repository / "Dockerfile").write_text("\n" + DOCKERFILE + "FROM openjdk:17\n")
    assert main(["scan", str(world.repository), *gate, *flags]) == 1
    assert "new finding" in capsys.readouterr().err
    base = ["--base", "HEAD", "--fail-on", "new", "--gate-on", "score"]
    assert main(["scan", str(world.repository), *base, *flags]) == 1
