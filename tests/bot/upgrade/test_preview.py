"""What an upgrade wins equals a scan of the merged commit, to the last finding: real git, real servers on loopback."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from analyzers import scan as stages
from analyzers import settings as configuration
from analyzers.config import Config
from analyzers.look_up import look_up, sources
from analyzers.model.exchange import Request, Response
from analyzers.model.facts import Facts
from analyzers.model.inventory import Inventory
from analyzers.read import read
from analyzers.repository.snapshot import FileSnapshot, open_snapshot
from analyzers.scan import ScanResult
from analyzers.settings import Settings
from bot.assemble import build
from bot.upgrade.model import Written
from bot.upgrade.preview import preview
from tests.support.fetching import fetcher_with
from tests.support.git_server import GitHost, serve_git
from tests.support.http_server import Reply, Script, serve
from tests.support.oci import Registry, needs_registry, running_registry
from tests.support.reports import SCANNED_AT
from tests.support.repository import RepositoryBuilder
from tests.support.upgrades import move, upgrade

pytestmark = needs_registry

AS_OF = date(2026, 11, 22)
SIMPLE = "application/vnd.pypi.simple.v1+json"
BOT = "debtscan[bot] <1+debtscan[bot]@users.noreply.github.com>"
# Complicated enough for a hotspot, and changed often enough below.
CODE = "import flask\n\n\ndef f(a):\n" + "".join(f"    if a == {at}:\n        return {at}\n" for at in range(30))
LEAK = {
    "id": "GHSA-m2qf-hxjv-5gpq",
    "summary": "Session cookies may be shared by a proxy",
    "published": "2023-05-01T19:22:20Z",
    "modified": "2023-05-01T19:22:20Z",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "flask"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.2.5"}]}],
        }
    ],
}


@dataclass(frozen=True)
class World:
    """A repository, and what asks the servers that stand in for the world; `asked` are the paths that it asked for."""

    repository: RepositoryBuilder
    addresses: Mapping[str, str]
    commits: Mapping[str, str]
    index: Script
    asked: list[str] = field(default_factory=list)

    def look_up(self, inventory: Inventory, known: Facts | None = None) -> Facts:
        with fetcher_with() as fetcher:

            def send(request: Request) -> Response:
                self.asked.append(request.url)
                return fetcher.send(request)

            return look_up(inventory, fetcher=send, looked_up=AS_OF, addresses=self.addresses, known=known)

    def open(self) -> tuple[FileSnapshot, Settings]:
        snapshot = open_snapshot(self.repository.path, Config(), commit="HEAD")
        return snapshot, configuration.load(snapshot, explicit=None, rules=stages.rules())

    def scan(self) -> ScanResult:
        """Scan what is committed, asking everything anew."""
        snapshot, settings = self.open()
        return stages.scan(partial(read, snapshot, settings, as_of=AS_OF), self.look_up, settings.config, as_of=AS_OF)


def pypi(index: Script, name: str, *versions: str) -> None:
    files = [
        {"filename": f"{name}-{version}.tar.gz", "url": "x", "hashes": {}, "upload-time": f"202{at}-01-01T00:00:00Z"}
        for at, version in enumerate(versions)
    ]
    document = {"meta": {"api-version": "1.4"}, "name": name, "files": files, "versions": list(versions)}
    index.on(f"/pypi/{name}/", Reply(headers={"content-type": SIMPLE}, body=json.dumps(document).encode()))


def npm(index: Script, name: str, *versions: str) -> None:
    times = {version: f"202{at}-01-01T00:00:00Z" for at, version in enumerate(versions)}
    document = {
        "name": name,
        "versions": {one: {} for one in versions},
        "time": times,
        "dist-tags": {"latest": versions[-1]},
    }
    index.on(f"/npm/{name}", Reply(body=json.dumps(document).encode()))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with serve() as index, serve_git(tmp_path / "git") as git, running_registry(tmp_path) as images:
        _fill(index, git, images)
        action = git.repository("owner/tool")
        commits = {tag: action.git("rev-parse", f"{tag}^{{commit}}").strip() for tag in ("v1.0.0", "v2.1.0")}
        others = {name: f"{index.url}/{name}" for name in sources()}
        addresses = {**others, "oci:docker.io": images.address, **git.addresses}
        repository = RepositoryBuilder(tmp_path / "repository").write("app.py", CODE).write("CODEOWNERS", "* @ada\n")
        repository.commit(date="2026-01-05")
        for month in range(2, 11):
            changed = CODE.replace("return 15", f"return 15 + {month}")
            repository.write("app.py", changed).commit(date=f"2026-{month:02}-05")
        yield World(repository, addresses, commits, index)


def _fill(index: Script, git: GitHost, images: Registry) -> None:
    pypi(index, "flask", "2.0.1", "2.3.0", "3.1.2")
    pypi(index, "werkzeug", "2.0.0", "3.1.0")
    pypi(index, "blinker", "1.8.0", "1.9.0")
    npm(index, "left-pad", "1.0.0", "1.3.0")
    npm(index, "deep", "1.0.0", "1.1.0", "2.0.0")
    # One answer to the first question of advisories, and none for what comes later.
    found = [{"vulns": [{"id": LEAK["id"], "modified": LEAK["modified"]}]}, {}, {}, {}]
    index.on("/osv/query", Reply(body=json.dumps({"vulns": [LEAK]}).encode()))
    index.on("/osv/querybatch", Reply(body=json.dumps({"results": found[:1]}).encode()))
    git.action("owner/tool", v1_0_0="node16", v2_1_0="node24")
    images.push("library/python", "3.8-slim", "3.12-slim", "3.14-slim")


UV = """\
version = 1
requires-python = ">=3.12"

[[package]]
name = "shop"
version = "1.0"
source = {{ virtual = "." }}
dependencies = [{{ name = "flask" }}]

[[package]]
name = "flask"
version = "{flask}"
source = {{ registry = "https://pypi.org/simple" }}
dependencies = [{{ name = "werkzeug" }}]

[[package]]
name = "werkzeug"
version = "{werkzeug}"
source = {{ registry = "https://pypi.org/simple" }}
{more}"""
BLINKER = '\n[[package]]\nname = "blinker"\nversion = "1.8.0"\nsource = { registry = "https://pypi.org/simple" }\n'
PYPROJECT = '[project]\nname = "shop"\nversion = "1.0"\nrequires-python = ">=3.12"\ndependencies = ["flask=={flask}"]\n'
IGNORED = """
[[tool.debtscan.ignore]]
rule = "outdated-dependency"
name = "werkzeug"
reason = "waits"
"""
PACKAGE_LOCK = {
    "name": "shop",
    "lockfileVersion": 3,
    "packages": {"": {"dependencies": {"left-pad": "^1.0.0"}}, "node_modules/left-pad": {"version": "1.0.0"}},
}


def _package_lock(version: str, *, deep: bool) -> str:
    packages = {**PACKAGE_LOCK["packages"], "node_modules/left-pad": {"version": version}}  # type: ignore[dict-item]
    if deep:
        packages["node_modules/deep"] = {"version": "1.0.0"}
    return json.dumps({**PACKAGE_LOCK, "packages": packages}, indent=2)


def _workflow(world: World, tag: str) -> str:
    uses = f"owner/tool@{world.commits[tag]} # {tag}"
    return f"on: push\njobs:\n  build:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: {uses}\n"


Files = Mapping[str, str]
Case = Callable[[World], tuple[Files, Files]]


def python_lock(_world: World) -> tuple[Files, Files]:
    return (
        {
            "pyproject.toml": PYPROJECT.format(flask="2.0.1"),
            "uv.lock": UV.format(flask="2.0.1", werkzeug="2.0.0", more=""),
        },
        {
            "pyproject.toml": PYPROJECT.format(flask="3.1.2"),
            "uv.lock": UV.format(flask="3.1.2", werkzeug="3.1.0", more=BLINKER),
        },
    )


def python_lock_with_ignores(world: World) -> tuple[Files, Files]:
    before, after = python_lock(world)
    return (
        {**before, "pyproject.toml": before["pyproject.toml"] + IGNORED},
        {**after, "pyproject.toml": "# moved down\n\n" + after["pyproject.toml"] + IGNORED},
    )


def npm_lock(_world: World) -> tuple[Files, Files]:
    manifest = json.dumps({"name": "shop", "private": True, "dependencies": {"left-pad": "^1.0.0"}}, indent=2)
    return (
        {"package.json": manifest, "package-lock.json": _package_lock("1.0.0", deep=False)},
        {"package.json": manifest.replace("^1.0.0", "^1.3.0"), "package-lock.json": _package_lock("1.3.0", deep=True)},
    )


def dockerfile(_world: World) -> tuple[Files, Files]:
    return {"Dockerfile": "FROM python:3.8-slim\n"}, {"Dockerfile": "FROM python:3.14-slim\n"}


def action(world: World) -> tuple[Files, Files]:
    path = ".github/workflows/ci.yml"
    return {path: _workflow(world, "v1.0.0")}, {path: _workflow(world, "v2.1.0")}


def compiled(_world: World) -> tuple[Files, Files]:
    head = "# debtscan: ignore[abandoned-dependency] until 2027-01-01 -- we know\n"
    return (
        {"requirements.in": "flask\n", "requirements.txt": f"{head}flask==2.0.1\nwerkzeug==2.0.0\n    # via flask\n"},
        {"requirements.txt": f"{head}flask==3.1.2\nwerkzeug==3.1.0\n    # via flask\n"},
    )


def setup_file(_world: World) -> tuple[Files, Files]:
    text = 'from setuptools import setup\n\nsetup(name="shop", install_requires=["flask==2.0.1"])\n'
    return {"setup.py": text}, {"setup.py": text.replace("2.0.1", "3.1.2").replace("\n\n", "\n# moved\n\n\n")}


def worse(_world: World) -> tuple[Files, Files]:
    return {"requirements.txt": "flask==3.1.2\n"}, {"requirements.txt": "flask==2.0.1\nwerkzeug==2.0.0\n"}


def everything(world: World) -> tuple[Files, Files]:
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for case in (python_lock, npm_lock, dockerfile, action):
        old, new = case(world)
        before |= old
        after |= new
    return before, after


@pytest.mark.parametrize(
    "case",
    [python_lock, python_lock_with_ignores, npm_lock, dockerfile, action, compiled, setup_file, worse, everything],
    ids=lambda case: case.__name__,
)
def test_the_preview_equals_a_scan_of_the_merged_commit(world: World, case: Case) -> None:
    before, after = case(world)
    for path, text in before.items():
        world.repository.write(path, text)
    world.repository.commit(date="2026-10-20")
    base = world.scan()
    assert any(finding.rule == "complexity-hotspot" for finding in base.findings)
    snapshot, settings = world.open()
    files = {path: text.encode() for path, text in after.items()}
    made = Written(upgrade=upgrade(move("flask")), files=files, commits=(("Move", files),))
    told = preview(base, snapshot, settings, made, world.look_up)

    for path, content in files.items():
        world.repository.write(path, content)
    world.repository.commit(date="2026-11-20", author=BOT)
    merged = world.scan()
    assert told.result.findings == merged.findings
    assert told.result.ignored == merged.ignored
    assert told.result.skipped == merged.skipped
    card = build(merged, scanned_at=SCANNED_AT).scorecard
    assert (told.after.points, told.after.score, told.after.grade) == (card.points, card.score, card.grade)
    earlier = build(base, scanned_at=SCANNED_AT).scorecard
    assert (told.before.points, told.before.score, told.before.grade) == (earlier.points, earlier.score, earlier.grade)
    assert told.won == earlier.points - card.points == sum(change.won for change in told.weighed)
    assert told.won < 0 if case is worse else told.won > 0
    assert told.mended or case is worse
    assert told.fresh or case is not worse


def test_only_what_is_new_is_looked_up(world: World) -> None:
    before, after = python_lock(world)
    after = {**after, "pyproject.toml": after["pyproject.toml"].replace('"]', '", "blinker==1.8.0"]')}
    for path, text in before.items():
        world.repository.write(path, text)
    world.repository.commit(date="2026-10-20")
    base = world.scan()
    snapshot, settings = world.open()
    world.asked.clear()
    files = {path: text.encode() for path, text in after.items()}
    made = Written(upgrade=upgrade(move("flask")), files=files, commits=(("Move", files),))
    told = preview(base, snapshot, settings, made, world.look_up)
    asked = {url.removeprefix(world.index.url) for url in world.asked}
    assert {path for path in asked if path.startswith("/pypi/")} == {"/pypi/blinker/"}
    answers = told.result.facts.answers
    assert {question.name for question in answers if question.source == "pypi"} == {"flask", "blinker"}
