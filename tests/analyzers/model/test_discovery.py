"""Plugins of installed packages, as processes: what they add, and that one that fails costs itself alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from analyzers.model.discovery import plugins

RULE = """
from analyzers.model.finding import Confidence, Finding, Rule, Severity, Subject
from analyzers.model.subject import SubjectKey

RULE = Rule(
    id="banned-gadget", group="dependencies", title="A gadget is banned", what="w", why="y", remediation="r",
    minutes=5, severity=Severity.HIGH,
)


def check(evidence):
    for row in evidence.inventory.dependencies:
        if row.ecosystem == "gadget":
            yield Finding(
                rule=RULE.id, group=RULE.group, severity=RULE.severity, confidence=Confidence.HIGH, title="t",
                message="m", path=row.place.path, line=row.place.line, end_line=row.place.line,
                subject=Subject(ecosystem="gadget", name=row.name), key=SubjectKey("gadget", row.name), minutes=5,
                exposure=1.0, identity=row.name,
            )
"""
ECOSYSTEM = """
from analyzers.model.ecosystem import Ecosystem, Format, Reading
from analyzers.model.inventory import Dependency


def read(source):
    end = len(source.text.rstrip())
    row = Dependency(
        ecosystem="gadget", name="gizmo", place=source.place(0, end), kind="gadget", purl="pkg:gadget/gizmo",
        value=source.text[:end] or None,
    )
    return Reading(dependencies=(row,))


ECOSYSTEM = Ecosystem(
    name="gadget", title="Gadgets", questions=lambda *_: (), normalise=str.lower,
    formats=(Format(name="gadget", title="gadgets", examples=("gadgets.txt",), matches=lambda p: p == "gadgets.txt",
                    read=read),),
)
"""
BAD_WORK = (
    ECOSYSTEM.replace('"gadget"', '"broken"')
    .replace("questions=lambda *_: ()", "questions=fail")
    .replace("normalise=str.lower", "normalise=fail, pair=fail")
    .replace("def read", "def fail(*_):\n    raise RuntimeError('no')\n    yield\n\n\ndef read")
)


def install(site: Path, name: str, files: Mapping[str, str], points: Mapping[str, Mapping[str, str]]) -> Path:
    """Put a package where Python finds it: its modules and the folder that a wheel leaves behind."""
    package = site / name
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    for file, text in files.items():
        (package / f"{file}.py").write_text(text)
    information = site / f"{name}-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    lines = [
        f"[{group}]\n" + "".join(f"{key} = {value}\n" for key, value in found.items())
        for group, found in points.items()
    ]
    (information / "entry_points.txt").write_text("\n".join(lines))
    return site


def run(site: Path, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the installed command, ``site`` on its path, standing in ``folder``."""
    script = [sys.executable, "-P", "-c", "import sys; from bot.cli import main; sys.exit(main())"]
    here = str(Path(__file__).parents[3])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([here, str(site)]), "NO_COLOR": "1"}
    done = subprocess.run(
        [*script, *arguments],
        cwd=folder or site,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def scan(site: Path, folder: Path, command: str = "scan") -> dict[str, Any]:
    flags = ["--offline"] if command == "scan" else []
    done = run(
        site, command, str(folder), "--format", "json", "--quiet", "--as-of", "2026-11-22", *flags, folder=folder
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "gadgets.txt").write_text("1.0\n")
    (folder / "requirements.txt").write_text("flask==1.0\n")
    return folder


def test_an_installed_package_adds_a_rule_and_an_ecosystem(tmp_path: Path, repository: Path) -> None:
    points = {"debtscan.rules": {"banned": "gadgets.rule"}, "debtscan.ecosystems": {"gadget": "gadgets.world"}}
    site = install(tmp_path / "site", "gadgets", {"rule": RULE, "world": ECOSYSTEM}, points)
    report = scan(site, repository)
    assert [row["name"] for row in report["inventory"]] == ["gizmo", "flask"]
    assert [found["rule"] for found in report["findings"] if found["subject"]["ecosystem"] == "gadget"] == [
        "banned-gadget"
    ]
    assert [entry for entry in report["skipped"] if entry["what"] == "plugin"] == []
    listed = run(site, "rules", folder=repository).stdout
    assert "A gadget is banned (from gadgets)" in listed
    assert "Group **dependencies**" in run(site, "explain", "banned-gadget", folder=repository).stdout
    stated = {
        rule["id"]: rule["package"]
        for rule in json.loads(run(site, "rules", "--format", "json", folder=repository).stdout)
    }
    assert (stated["banned-gadget"], stated["outdated-dependency"]) == ("gadgets", None)


BROKEN = {
    "raises": ("raise RuntimeError('at import')", "cannot be loaded (RuntimeError: at import)"),
    "leaves": ("raise SystemExit(3)", "cannot be loaded (SystemExit: 3)"),
    "imports": ("import nowhere_to_be_found", "cannot be loaded (ModuleNotFoundError"),
    "states nothing": ("", "states no RULE of the type Rule"),
    "has no check": (RULE.partition("\n\n\ndef check")[0], "has no function check"),
    "is taken": (RULE.replace("banned-gadget", "outdated-dependency"), "its RULE 'outdated-dependency' exists already"),
    "has no id": (RULE.replace("banned-gadget", "Banned Gadget"), "its rule has the id 'Banned Gadget'"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_rule_that_cannot_be_loaded_is_named_and_costs_itself(what: str, tmp_path: Path, repository: Path) -> None:
    text, detail = BROKEN[what]
    site = install(tmp_path / "site", "gadgets", {"rule": text}, {"debtscan.rules": {"banned": "gadgets.rule"}})
    report = scan(site, repository)
    assert [row["name"] for row in report["inventory"]] == ["flask"]
    (skipped,) = (entry for entry in report["skipped"] if entry["what"] == "plugin")
    assert (skipped["source"], skipped["reason"]) == ("gadgets", "plugin-failed")
    assert detail in skipped["detail"]


def test_an_ecosystem_that_fails_at_work_is_named_and_costs_itself(tmp_path: Path, repository: Path) -> None:
    points = {"debtscan.ecosystems": {"broken": "gadgets.world", "gone": "gadgets.gone", "value": "gadgets.world:read"}}
    site = install(tmp_path / "site", "gadgets", {"world": BAD_WORK}, points)
    report = scan(site, repository)
    assert [row["name"] for row in report["inventory"]] == ["gizmo", "flask"]
    details = [entry["detail"] for entry in report["skipped"] if entry["what"] == "plugin"]
    assert [detail.partition("gadgets ")[2][:20] for detail in details] == [
        "failed at work (Runt",
        "cannot be loaded (Mo",
        "names no module",
    ]
    assert scan(site, repository, "inventory")["inventory"] == report["inventory"]


def test_nothing_is_loaded_from_the_current_folder_or_the_scanned_one(tmp_path: Path, repository: Path) -> None:
    marker = tmp_path / "executed"
    evil = f"open({str(marker)!r}, 'w')\n{RULE}"
    points = {"debtscan.rules": {"banned": "gadgets.rule"}}
    for site in (repository, repository / "src"):
        install(site, "gadgets", {"rule": evil}, points)
    for site in (repository, repository / "src"):
        for folder in (repository, tmp_path):
            script = run(site, "scan", str(repository), "--offline", "--quiet", folder=folder)
            assert script.returncode == 0, script.stderr
    assert not marker.exists()


def test_other_folders_take_no_plugins() -> None:
    assert plugins("analyzers.registries") == ()
