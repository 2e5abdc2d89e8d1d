"""Hostile packages through a whole run: what GitHub is sent, what is told, and what child processes are given."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import takewhile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from bot.cli import main
from tests.support.git_server import serve_git
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.harmless import assert_harmless, undressed
from tests.support.hasty import hurry
from tests.support.http_server import Reply, Script, serve
from tests.support.shop import LOGIN, NAME, WORKFLOW, github_at

SETTINGS = "[upgrades]\nopen-limit = 99\nweekly-limit = 99\nmajor-limit = 99\n"
# What a package.json may call a package, and a registry then tells of.
NAMES = (
    "<img src=x onerror=alert(1)>",
    "@everyone/x",
    "::set-output name=a::b",
    "##[command]env",
    "[skip ci] closes #12, GH-13",
    "](javascript:alert(1))",
    "<!-- debtscan: {} -->",
    "${{ secrets.TOKEN }}{{7*7}}",
    "$(touch pwned)`touch pwned`",
    "--upload-pack=touch pwned",
    "-x",
    "a..b~1^2:3?*[@{u}.lock",
    "\x1b[31mred\x07",
    "\u202egnp\u2066\u2028x",
    "name\n::error::x\r\n\nCo-authored-by: x <x@example.org>",
    "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef",
)
WORDS = "\n\n".join((*NAMES, "Fixes acme/shop#1 @ada https://github.com/acme/shop/issues/1 www.example.org"))
TAGS = ("-x", "--upload-pack=touch${IFS}pwned", "v2.0.0<img>@everyone", "v3.0.0-\u202eevil", "v2.0.0", "v1.0.0")
_DECEIVING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028-\u202e\u2066-\u2069]")
_ACTED_ON = re.compile(r"@\w|#\d|\bGH-\d|\[(?:skip|ci|no)|^\s*::|##\[|^Co-authored-by", re.IGNORECASE | re.MULTILINE)


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Return the arguments of every child process that is started from now on."""
    seen: list[list[str]] = []
    begin = subprocess.Popen.__init__

    def noted(self: subprocess.Popen[bytes], args: Any, *rest: Any, **named: Any) -> None:  # noqa: ANN401 - as Popen
        seen.append([str(args)] if isinstance(args, str | bytes) else [str(part) for part in args])
        begin(self, args, *rest, **named)

    monkeypatch.setattr(subprocess.Popen, "__init__", noted)
    return seen


@pytest.fixture(params=['["minor", "patch"]', "[]"], ids=["in one group", "each alone"])
def github(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubStandIn]:
    hurry(monkeypatch)
    monkeypatch.chdir(tmp_path)
    with ExitStack() as stack:
        npm, notes = stack.enter_context(serve()), stack.enter_context(serve())
        git = stack.enter_context(serve_git(tmp_path / "actions"))
        for number, name in enumerate(NAMES):
            _tell(npm, name, f"evil/notes-{number}")
        action = git.repository("evil/tool")
        for number, tag in enumerate(reversed(TAGS)):
            action.write("action.yml", f"name: x\nruns:\n  using: node20\n  main: {number}.js\n").commit(tag)
            action.git("update-ref", f"refs/tags/{tag}", "HEAD")
        told = [{"tag_name": tag, "body": WORDS, "published_at": "2026-02-01T00:00:00Z"} for tag in ("v1.1.0", *TAGS)]
        for name in ("evil/tool", *(f"evil/notes-{number}" for number in range(len(NAMES)))):
            for query in ("?per_page=100&page=1", "?per_page=50&page=1"):
                notes.on(f"/repos/{name}/releases{query}", _json(told))
        addresses = {
            "npm": npm.url,
            "github-release-notes": notes.url,
            "github-releases": notes.url,
            **git.addresses,
        }
        settings = f"{SETTINGS}group-kinds = {request.param}\n[posts]\ndashboard = true\n"
        yield stack.enter_context(github_at(tmp_path, monkeypatch, settings, addresses))


def _json(told: object) -> Reply:
    return Reply(headers={"content-type": "application/json"}, body=json.dumps(told).encode())


def _tell(registry: Script, name: str, source: str) -> None:
    repository = {"type": "git", "url": f"git+https://github.com/{source}.git"}
    versions = {
        version: {"name": name, "version": version, "deprecated": words, "repository": repository}
        for version, words in (("1.0.0", WORDS), ("1.1.0", ""))
    }
    told = {
        "name": name,
        "versions": versions,
        "time": dict.fromkeys(versions, "2026-01-01T00:00:00.000Z"),
        "dist-tags": {"latest": "1.1.0"},
        "repository": repository,
    }
    registry.on(f"/{quote(name, safe='@')}", _json(told))


@pytest.fixture
def repository(github: GitHubStandIn) -> HostedRepository:
    steps = "".join(f"      - uses: evil/tool@{tag}\n" for tag in ("v1.0.0", "--upload-pack=touch", "-x"))
    files = {
        "package.json": json.dumps({"name": "shop", "dependencies": dict.fromkeys(NAMES, "1.0.0")}, indent=2),
        WORKFLOW: f"on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n{steps}",
    }
    return github.repository(NAME, files, collaborators={LOGIN: "write"})


def _said(github: GitHubStandIn) -> Iterator[tuple[str, str]]:
    """Yield where and what: every text that GitHub was sent, but the files of commits."""
    for exchange in github.requests:
        body: Any = json.loads(exchange.request.body or b"null") if exchange.template != "git" else None
        yield f"{exchange.name} path", exchange.request.path
        if exchange.name.endswith(("/git/trees", "/git/blobs")):
            yield from ((f"{exchange.name} path", entry["path"]) for entry in body.get("tree", ()))
            continue
        yield from ((f"{exchange.name} {where}", text) for where, text in _texts(body))


def _texts(value: object, where: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, where)


def test_nothing_of_a_hostile_package_acts_anywhere(
    github: GitHubStandIn,
    repository: HostedRepository,
    children: list[list[str]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = ["run", NAME, "--quiet", "--jobs", "1"]
    for command in ([*run, "--dry-run"], run, run, ["offboard", NAME]):
        assert main(command) == 0
        output = capsys.readouterr()
        assert not _DECEIVING.search(output.out + output.err)
        lines = (output.out + output.err).splitlines()
        assert not [line for line in lines if line.lstrip().startswith("::") or "##[" in line]
    assert repository.pulls
    assert len({pull.branch for pull in repository.pulls}) == len(repository.pulls)
    _assert_nothing_acts(github)
    for arguments in children:
        options = takewhile(lambda part: part not in {"--", "--end-of-options"}, arguments)
        assert not [part for part in options if part.startswith("--upload-pack") or part == "-x"], arguments
        assert not [part for part in arguments if _DECEIVING.search(part)], arguments
    assert any("clone" in arguments for arguments in children)
    assert not list(tmp_path.rglob("pwned*"))


def _assert_nothing_acts(github: GitHubStandIn) -> None:
    seen = set()
    for where, text in _said(github):
        field = where.rpartition(" ")[2]
        seen.add(field)
        assert not _DECEIVING.search(text), where
        if field in {"title", "message", "head", "ref", "name", "labels", "path"}:
            assert not _ACTED_ON.search(text.partition("\nDebtscan-")[0]), (where, text)
        if field == "title":
            assert re.fullmatch(r"[\w .,+/()~=-]+", text), text
        if field in {"head", "ref"}:
            assert re.fullmatch(r"(?:refs/heads/)?debtscan/[a-z0-9][a-z0-9._+-]*", text), text
        if field == "body":
            if "<!-- debtscan-dashboard: " in text:
                assert_harmless(undressed(text))
                seen.add("dashboard")
                continue
            before, _begin, note = text.partition("<!-- debtscan:")
            assert_harmless(before)
            assert not note or re.fullmatch(r"[^<>@#`-]+-->", note.strip()), note
    assert {"title", "message", "head", "ref", "body", "labels", "path", "dashboard"} <= seen
