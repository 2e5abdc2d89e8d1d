"""Hostile input, through the command line: it ends in skipped with its reason, in seconds, and executes nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from tests.support.pace import allowed
from tests.support.repository import RepositoryBuilder

SECONDS = 10
FILES = (
    "requirements.txt",
    "pyproject.toml",
    "uv.lock",
    "poetry.lock",
    "pylock.toml",
    ".python-version",
    "package.json",
    "package-lock.json",
    ".nvmrc",
    "Dockerfile",
    "compose.yaml",
    ".github/workflows/ci.yml",
    "action.yml",
    "module.py",
    ".github/CODEOWNERS",
    ".gitattributes",
)
DEEP = 200_000
SHAPES = {
    "empty": b"",
    "nul": b"FROM a\0b\n",
    "random": bytes((index * 7919 + 13) % 256 for index in range(4096)),
    "broken-utf8": b'name: "\xff\xfe\xfa"\nFROM \xc3\x28:1\n',
    "utf16": "requests==1.0\n".encode("utf-16"),
    "long-line": b"a" * 3_000_000,
    "deep-brackets": b"[" * DEEP,
    "deep-braces": b'{"a":' * DEEP,
    "truncated-string": b'{"dependencies": {"a": "^1',
    "many-lines": b"a==1\n" * 20_000,
    "controls": b"FROM \x1b[31mred\x1b[0m:1\nname\x07==1\n\xe2\x80\xae==2\n",
}


def scan(folder: Path, capsys: pytest.CaptureFixture[str], *flags: str) -> tuple[int, dict[str, Any]]:
    """Scan ``folder`` offline and return the exit code and the JSON report."""
    started = time.monotonic()
    code = main(["scan", str(folder), "--offline", "--format", "json", "--quiet", "--as-of", "2026-11-22", *flags])
    out, err = capsys.readouterr()
    assert time.monotonic() - started < allowed(SECONDS)
    assert "Traceback" not in out + err
    assert code in {0, 2}, err
    return code, json.loads(out) if code == 0 else {"error": err}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", FILES)
def test_a_broken_file_costs_itself_and_no_more(
    name: str, shape: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(SHAPES[shape])
    (tmp_path / "Containerfile").write_text("FROM python:3.8-slim-buster\n")
    code, report = scan(tmp_path, capsys)
    assert code == 0
    rules = {finding["rule"] for finding in report["findings"] if finding["path"] == "Containerfile"}
    assert "end-of-life-base-image" in rules
    assert not [entry for entry in report["skipped"] if entry["reason"] in {"reader-failed", "rule-failed"}]


@pytest.mark.parametrize("name", [name for name in FILES if name not in {".github/CODEOWNERS", ".gitattributes"}])
def test_a_binary_file_is_named_with_its_reason(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(SHAPES["nul"])
    _code, report = scan(tmp_path, capsys)
    # Code goes to its language's own parser, which has a word of its own for it.
    reason = "invalid-syntax" if name.endswith(".py") else "binary"
    assert [entry for entry in report["skipped"] if entry["path"] == name and entry["reason"] == reason]


def test_an_alias_bomb_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 30)]
    (tmp_path / "compose.yaml").write_text("\n".join([*lines, "services: {web: {image: *a29}}"]) + "\n")
    _code, report = scan(tmp_path, capsys)
    assert [entry for entry in report["skipped"] if entry["path"] == "compose.yaml"]


def test_a_file_over_the_limit_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "debtscan.toml").write_text("[scan]\nmax-file-bytes = 1000\n")
    (tmp_path / "requirements.txt").write_text("a==1\n" * 1000)
    _code, report = scan(tmp_path, capsys)
    assert [e for e in report["skipped"] if e["path"] == "requirements.txt" and e["reason"] == "too-large"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
def test_links_out_of_the_tree_are_not_followed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "secret.txt").write_text("django==1.0\n")
    inside = RepositoryBuilder(tmp_path / "repository")
    inside.link("requirements.txt", "../secret.txt").link("package.json", "/etc/passwd").link("loop", "loop")
    inside.write("requirements/base.txt", "-r ../../secret.txt\n-r /etc/passwd\nflask==1.0\n").commit()
    _code, report = scan(inside.path, capsys)
    assert [entry["name"] for entry in report["inventory"]] == ["flask"]
    reasons = {(entry["path"], entry["reason"]) for entry in report["skipped"]}
    assert ("requirements.txt", "outside-repository") in reasons
    assert ("requirements/base.txt", "outside-repository") in reasons


NAMES = (
    "<img src=x onerror=alert(1)>",
    "a|b`c",
    "](javascript:alert(1))",
    "@everyone",
    "{{7*7}}",
    "${{ secrets.TOKEN }}",
    "%0A::set-output name=x::y",
    "</script><script>alert(1)</script>",
    "--help",
    "-rf",
)


@pytest.mark.skipif(sys.platform == "win32", reason="these names do not exist on Windows")
@pytest.mark.parametrize("form", ["terminal", "markdown", "html", "sarif", "github", "cyclonedx", "json"])
def test_markup_in_names_stays_text(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in (*NAMES, "new\nline", "\x1b[31mred", "\u202eevil"):
        folder = tmp_path / name.replace("/", "∕")
        folder.mkdir()
        (folder / "Dockerfile").write_text("FROM node:18-alpine\n")
    assert main(["scan", str(tmp_path), "--offline", "--format", form, "--quiet", "--as-of", "2026-11-22"]) == 0
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert not [line for line in out.splitlines() if line.startswith("::set-output")]
    if form in {"html", "markdown"}:
        assert "<img src=x" not in out
        assert "<script>alert(1)" not in out
    if form == "html":
        assert "{{7*7}}" in out.replace("&#123;", "{").replace("&#42;", "*").replace("&#125;", "}")


@pytest.mark.skipif(sys.platform == "win32", reason="file names are UTF-16 there")
def test_a_name_that_is_no_text_is_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/Dockerfile.\xff\xfe")).write_text("FROM node:18\n")
    except OSError:
        pytest.skip("this file system takes UTF-8 names alone")
    _code, report = scan(tmp_path, capsys)
    assert [entry for entry in report["skipped"] if entry["what"] == "file"]


@pytest.mark.skipif(sys.platform == "win32", reason="the marker is written by a shell")
@pytest.mark.parametrize(
    "setting",
    [
        "core.fsmonitor",
        "core.sshCommand",
        "core.pager",
        "core.editor",
        "diff.external",
        "credential.helper",
        "core.gitProxy",
        "uploadpack.packObjectsHook",
        "core.alternateRefsCommand",
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "diff.evil.textconv",
        "diff.evil.command",
        "alias.log",
        "alias.ls-files",
        "gpg.program",
    ],
)
def test_git_settings_of_the_repository_execute_nothing(
    setting: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    marker = tmp_path / "executed"
    repository = RepositoryBuilder(tmp_path / "repository")
    body = "def f(x):\n" + "".join(f"    if x == {number}:\n        return {number}\n" for number in range(12))
    repository.write("module.py", body).write("requirements.txt", "flask==1.0\n").commit()
    for number in range(4):
        repository.write("module.py", f"{body}# {number}\n").commit(f"Change {number}", date=f"2026-10-0{number + 1}")
    repository.write(".gitattributes", "* filter=evil diff=evil\n")
    repository.git("config", setting, f"{'!' if setting.startswith('alias') else ''}sh -c 'touch {marker}; cat'")
    repository.write("module.py", body + "# dirty\n")
    for flags in ((), ("--commit", "HEAD")):
        _code, report = scan(repository.path, capsys, *flags)
        assert [entry["name"] for entry in report["inventory"]] == ["flask"]
    assert not marker.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="hooks are shell scripts")
def test_hooks_of_the_repository_execute_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    marker = tmp_path / "executed"
    repository = RepositoryBuilder(tmp_path / "repository").write("requirements.txt", "flask==1.0\n").commit()
    for hook in ("post-checkout", "post-index-change", "reference-transaction", "pre-commit", "fsmonitor-watchman"):
        script = repository.path / ".git" / "hooks" / hook
        script.parent.mkdir(exist_ok=True)
        script.write_text(f"#!/bin/sh\ntouch {marker}\n")
        script.chmod(0o755)
    scan(repository.path, capsys)
    assert not marker.exists()


def test_a_repository_with_our_own_package_names_is_only_read(tmp_path: Path) -> None:
    """Run as a process from inside the repository, the way users do."""
    evil = "import pathlib\npathlib.Path('executed').touch()\nraise SystemExit(9)\n"
    repository = RepositoryBuilder(tmp_path)
    modules = ("bot/__init__.py", "analyzers/__init__.py", "setup.py", "conftest.py", "sitecustomize.py", "ast.py")
    for name in (*modules, "json.py", "git.py", "packaging/__init__.py", "radon/__init__.py"):
        repository.write(name, evil)
    repository.write("requirements.txt", "flask==1.0\n").commit()
    script = Path(sys.executable).with_name("debtscan")
    done = subprocess.run(
        [script, "scan", "--offline", "--format", "json", "--quiet"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [entry["name"] for entry in json.loads(done.stdout)["inventory"]] == ["flask"]
    assert not (tmp_path / "executed").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[hotspots]\nwindow-month = 3\n", "debtscan.toml:2: unknown key 'window-month' in [hotspots]; did you mean"),
        ("[hotspots\n", "debtscan.toml:1: is not valid TOML"),
        ("[hotspots]\nwindow-months = 'a'\n", "debtscan.toml:2: 'hotspots.window-months'"),
        ("disabled-rules = ['outdated-dependancy']\n", "did you mean 'outdated-dependency'"),
        ("[addresses]\npypi = 'https://evil.example'\n", "may not be set by a scanned repository"),
        ("[[ignore]]\nrule = 'unpinned-action'\nreason = ''\n", "debtscan.toml:3"),
    ],
)
def test_a_wrong_configuration_names_line_and_remedy(
    text: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "debtscan.toml").write_text(text)
    code, report = scan(tmp_path, capsys)
    assert code == 2
    assert message in report["error"]


def test_two_configurations_are_an_error_that_names_both(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "debtscan.toml").write_text("")
    (tmp_path / "pyproject.toml").write_text("[tool.debtscan]\n")
    code, report = scan(tmp_path, capsys)
    assert code == 2
    assert "both debtscan.toml and pyproject.toml" in report["error"]
