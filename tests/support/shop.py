"""A shop on GitHub with a bit of everything, and the registries that it lives from: all on loopback, all real tools.

Python with ``uv.lock``, npm with ``package-lock.json``, a Dockerfile, an action by its hash with a comment, code that
uses them, and owners.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analyzers.look_up import sources
from tests.support.git_server import GitHost, serve_git
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.http_server import Reply, Script, serve
from tests.support.lockers import as_snapshot, environ, locker, move, written
from tests.support.oci import Registry, running_registry
from tests.support.packages import NpmRegistry, PythonIndex, npm_registry, python_index
from tests.support.repository import RepositoryBuilder

NAME = "acme/shop"
LOGIN = "octobot"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
WORKFLOW = ".github/workflows/ci.yml"
PROJECT = """\
[project]
name = "shop"   # ours
version = "1.0"
requires-python = ">=3.11"
dependencies = [
{dependencies}
]

[[tool.uv.index]]
url = "{url}"
default = true
"""
LIVES = {"python": {"3.14": "2030-10-31", "3.13": "2029-10-31", "3.8": "2024-10-07"}}
CODE = "import red\nimport blue\n\n\ndef sell(what):\n    return red, blue, what\n"


@dataclass(frozen=True, slots=True)
class Shop:
    """The shop at GitHub (`repository`), as its users see it, and the registries."""

    github: GitHubStandIn
    repository: HostedRepository
    python: PythonIndex
    npm: NpmRegistry
    git: GitHost
    images: Registry
    cache: Path

    def forget(self) -> None:
        """Remove what ``debtscan`` remembers, as days that pass would."""
        shutil.rmtree(self.cache, ignore_errors=True)

    @property
    def open_pulls(self) -> dict[str, int]:
        """Branch → number of the open pull requests."""
        return {pull.branch: pull.number for pull in self.repository.pulls if pull.state == "open"}


@contextmanager
def github_at(
    tmp: Path, monkeypatch: pytest.MonkeyPatch, settings: str = "", addresses: Mapping[str, str] | None = None
) -> Iterator[GitHubStandIn]:
    """Run GitHub; the environment leads ``debtscan`` to it, and to ``addresses`` for what it looks up.

    ``settings`` are further lines of the configuration. Nothing else in the world is there. There are a dashboard and a
    history only where these say so: they tell of all that changes, so they would be written wherever a test changes
    something.
    """
    settings += "" if "[posts]" in settings else "\n[posts]\ndashboard = false\n"
    settings += "" if "[history]" in settings else "\n[history]\nenabled = false\n"
    with serve() as nowhere, GitHubStandIn(tmp / "github", enterprise=True) as github:
        github.world.now = NOW
        # A registry's address counts for less than its sources'.
        asked = [name for name in sources() if not name.startswith("oci")]
        named = {**{name: f"{nowhere.url}/{name}" for name in asked}, **(addresses or {})}
        own = "".join(f'"{key}" = "{value}"\n' for key, value in named.items())
        (tmp / "own.toml").write_text(f"{settings}\n[addresses]\n{own}")
        monkeypatch.setenv("DEBTSCAN_CONFIG", str(tmp / "own.toml"))
        monkeypatch.setenv("DEBTSCAN_CACHE_DIR", str(tmp / "cache"))
        monkeypatch.setenv("DEBTSCAN_GITHUB_URL", github.url)
        monkeypatch.setenv("GITHUB_TOKEN", github.token(login=LOGIN))
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
        yield github


@contextmanager
def shop(tmp: Path, monkeypatch: pytest.MonkeyPatch, settings: str = "") -> Iterator[Shop]:
    """Open the shop; ``settings`` are as in `github_at`. Skips the test where a tool is missing."""
    for name, value in environ("uv", "npm").items():
        monkeypatch.setenv(name, value)
    with ExitStack() as stack:
        python, npm = stack.enter_context(python_index()), stack.enter_context(npm_registry())
        lives, git = stack.enter_context(serve()), stack.enter_context(serve_git(tmp / "actions"))
        images = stack.enter_context(running_registry(tmp))
        addresses = {
            "pypi": python.url,
            "npm": npm.url.rstrip("/"),
            "oci:docker.io": images.address,
            "lifecycle": lives.url,
            **git.addresses,
        }
        _tell_lives(lives)
        source = _history(tmp / "source", _files(python, npm, git, images))
        github = stack.enter_context(github_at(tmp, monkeypatch, settings, addresses))
        repository = github.repository(NAME, source=source, collaborators={LOGIN: "write", "ada": "write"})
        yield Shop(github, repository, python, npm, git, images, tmp / "cache")


def _tell_lives(script: Script) -> None:
    for product, lines in LIVES.items():
        told = [
            {"name": name, "releaseDate": "2019-10-14", "isEol": end < "2026", "eolFrom": end, "isLts": False}
            for name, end in lines.items()
        ]
        result = {"name": product, "releases": told}
        document = {"schema_version": "1.2.0", "generated_at": "2026-11-24T00:00:00+00:00", "result": result}
        reply = Reply(headers={"content-type": "application/json"}, body=json.dumps(document).encode())
        script.on(f"/products/{product}/", reply)


def _files(python: PythonIndex, npm: NpmRegistry, git: GitHost, images: Registry) -> dict[str, str | bytes]:
    python.add("green", "1.0").add("red", "1.0.0", requires=["green"]).add("blue", "1.0.0").add("grey", "1.0.0")
    npm.add("left", "1.0.0").add("right", "1.0.0")
    files = {**_python(python, "red", "blue", "grey"), **_node(npm)}
    python.add("red", "1.1.0", requires=["green"]).add("blue", "1.1.0").add("grey", "2.0.0")
    npm.add("left", "1.1.0").add("right", "2.0.0")
    action = git.action("owner/tool", v1_0_0="node16", v2_1_0="node24")
    sha = action.git("rev-parse", "v1.0.0^{commit}").strip()
    steps = f"      - uses: owner/tool@{sha} # v1.0.0\n      - run: make\n"
    files[WORKFLOW] = f"on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n{steps}"
    images.push("library/python", "3.8-slim", "3.13-slim", "3.14-slim")
    files["Dockerfile"] = "FROM python:3.8-slim\nRUN true\n"
    return {**files, "app.py": CODE, "CODEOWNERS": "* @ada @nobody-here\n"}


def _python(index: PythonIndex, *names: str) -> dict[str, str | bytes]:
    wanted = "\n".join(f'    "{name}==1.0.0",' for name in names)
    project = PROJECT.format(dependencies=wanted, url=index.url)
    blank = {"pyproject.toml": project, "uv.lock": 'version = 1\nrevision = 3\nrequires-python = ">=3.11"\n'}
    made = written(blank, locker("uv"), move(as_snapshot(blank), "absent", "1", locks=["uv.lock"]))
    assert not made.problems, made.problems
    return {**blank, "uv.lock": made.files["uv.lock"]}


def _node(registry: NpmRegistry) -> dict[str, str | bytes]:
    manifest = {"name": "shop", "version": "1.0.0", "dependencies": {"left": "^1.0.0", "right": "^1.0.0"}}
    lock = {"name": "shop", "version": "1.0.0", "lockfileVersion": 3, "requires": True, "packages": {}}
    files: dict[str, str | bytes] = {
        ".npmrc": f"registry={registry.url}\n",
        "package.json": json.dumps(manifest, indent=2) + "\n",
        "package-lock.json": json.dumps(lock),
    }
    absent = move(as_snapshot(files), "none", "1.0.0", locks=["package-lock.json"], ecosystem="npm")
    made = written(files, locker("npm"), absent)
    assert not made.problems, made.problems
    return {**files, "package-lock.json": made.files["package-lock.json"]}


def _history(folder: Path, files: dict[str, str | bytes]) -> Path:
    builder = RepositoryBuilder(folder)
    for path, content in files.items():
        builder.write(path, content.decode() if isinstance(content, bytes) else content)
    builder.commit(date="2026-10-05")
    for day in ("2026-10-20", "2026-11-03"):
        builder.write("app.py", f"{CODE}\n# {day}\n").commit(date=day)
    return builder.path
