"""What Renovate extracts, beside what ``debtscan inventory`` lists: recall, time and memory, in one run.

``python -m benchmarks.renovate --renovate FOLDER PATH...`` where FOLDER holds ``node_modules/renovate`` (from npm, 44
or newer) and ``--node`` names a Node.js that it runs on. Prints a Markdown table, and below each row every dependency
that Renovate has and the inventory lacks at the same file and value: those argued in ``renovate.toml`` are counted,
the rest is named. Nothing is looked up; both read work trees, Renovate with ``platform=local``. Both are as installed:
an inventory that is not measured has compiled what they load, as pip does.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
EXTRACTED = "Extracted dependencies"
WARNING = 40
_OWN_SETTINGS = ("renovate.json*", ".renovaterc*", ".github/renovate.json*", ".gitlab/renovate.json*")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One dependency as Renovate extracts it."""

    manager: str
    path: str
    names: tuple[str, ...]
    value: str
    digest: str
    kind: str

    def __str__(self) -> str:
        """One line for people."""
        return f"{self.manager}: {self.path}: {self.names[0]} {self.value or self.digest} ({self.kind})"


@dataclass(frozen=True, slots=True)
class Run:
    """One process: seconds of wall time, and the peak memory in MB of its largest process."""

    seconds: float
    peak: float


def measured(command: Sequence[str], output: Path, environment: Mapping[str, str], folder: str | None = None) -> Run:
    """Run a command with its standard output in a file. Ends the benchmark where the command fails."""
    started = time.perf_counter()
    with (
        output.open("wb") as stream,
        subprocess.Popen(command, env=environment, cwd=folder, stdout=stream, stderr=subprocess.DEVNULL) as process,
    ):
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command[0]} … {command[-1]} ended with {process.returncode}")
    return Run(time.perf_counter() - started, usage.ru_maxrss / 1024)


def compiling(scratch: Path) -> dict[str, str]:
    """Return this environment, in which Python keeps bytecode below ``scratch`` whatever the environment says."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(scratch / "bytecode")}


class Renovate:
    """Renovate from a folder that npm installed it into."""

    def __init__(self, folder: Path, node: str, scratch: Path) -> None:
        """Write the configuration: every manager that is off by default is on."""
        self._command = (node, str(folder / "node_modules" / "renovate" / "dist" / "renovate.js"), "--platform=local")
        self._scratch = scratch
        self._node = str(Path(node).resolve().parent)

    def run(self, path: str, mode: str, settings: Mapping[str, Any]) -> tuple[Run, list[dict[str, Any]]]:
        """Return what one run took, and the entries of its log. ``mode`` is ``extract`` or ``lookup``."""
        config, output = self._scratch / "config.json", self._scratch / "renovate.log"
        config.write_text(json.dumps({**_CONFIG, **settings}), encoding="utf-8")
        environment = {
            "PATH": f"{self._node}:{os.environ['PATH']}",
            "HOME": str(self._scratch),
            "RENOVATE_CONFIG_FILE": str(config),
            "RENOVATE_BASE_DIR": str(self._scratch / "base"),
            "LOG_LEVEL": "debug",
            "LOG_FORMAT": "json",
        }
        kept = {name: value for name, value in os.environ.items() if name.lower().endswith(("_proxy", "_ca_certs"))}
        taken = measured((*self._command, f"--dry-run={mode}"), output, {**kept, **environment}, path)
        lines = output.read_text(encoding="utf-8").splitlines()
        return taken, [json.loads(line) for line in lines if line.startswith("{")]

    def extract(self, path: str) -> tuple[Run, list[Wanted]]:
        """Return what it extracts from a work tree."""
        taken, log = self.run(path, "extract", {})
        files = [entry["packageFiles"] for entry in log if entry["msg"] == EXTRACTED]
        if not files:
            worst = [entry["msg"] for entry in log if entry["level"] >= WARNING]
            sys.exit(f"{path}: Renovate extracted nothing: {'; '.join(worst) or 'it says not why'}")
        return taken, sorted(set(_wanted(files[-1], Path(path).resolve())), key=str)


# Off by default, or told apart by names that it does not know: what debtscan reads by itself is asked of it as well.
_CONFIG: Mapping[str, Any] = {
    "onboarding": False,
    "requireConfig": "ignored",
    "githubTokenWarn": False,
    "ignorePaths": [],
    "pre-commit": {"enabled": True},
    "kubernetes": {"managerFilePatterns": ["/\\.ya?ml$/"]},
    "argocd": {"managerFilePatterns": ["/\\.ya?ml$/"]},
}


def _wanted(files: Mapping[str, Sequence[Mapping[str, Any]]], top: Path) -> Iterator[Wanted]:
    for manager, found in files.items():
        for file in found:
            for entry in file["deps"]:
                yield Wanted(
                    manager=manager,
                    # A link is read once, where it leads.
                    path=(top / (entry.get("packageFile") or file["packageFile"]))
                    .resolve()
                    .relative_to(top)
                    .as_posix(),
                    names=_names(entry),
                    value=_value(entry),
                    digest=str(entry.get("currentDigest") or ""),
                    kind=str(entry.get("depType") or entry.get("skipReason") or entry.get("datasource") or ""),
                )


_TOOLS = {"dotnet-sdk": "dotnet", "erlang/otp": "erlang", "kubernetes/kubernetes": "kubectl"}


def _names(entry: Mapping[str, Any]) -> tuple[str, ...]:
    names = [str(entry[key]) for key in ("depName", "packageName") if entry.get(key)]
    if entry.get("depType") == "github-runner":
        # A runner is its whole label.
        names = [_value(entry)]
    if entry.get("depType") == "uses-with":
        # Of a tool, the repository that releases it; the inventory names the tool as people do.
        names += [_TOOLS.get(name, name.rpartition("/")[2]) for name in names]
    if entry.get("registryUrls") and entry.get("datasource") in {"docker", "terraform-module", "terraform-provider"}:
        names += [f"{url.partition('//')[2]}/{name}" for url in entry["registryUrls"] for name in names]
    return tuple(dict.fromkeys(names)) or ("",)


def _value(entry: Mapping[str, Any]) -> str:
    value = str(entry.get("currentValue") or "")
    return f"{entry['depName']}-{value}" if entry.get("depType") == "github-runner" else value


def copied(path: str, scratch: Path) -> str:
    """Return a copy of a repository's commit without Renovate's settings, which may extend others from the network."""
    copy = scratch / Path(path).resolve().name
    subprocess.run(["git", "clone", "--quiet", "--shared", path, str(copy)], check=True)
    # Out of the index as well: Renovate lists files there, and ends where one of its own is missing.
    subprocess.run(["git", "-C", str(copy), "rm", "--quiet", "--ignore-unmatch", "--", *_OWN_SETTINGS], check=True)
    return str(copy)


def inventory(path: str, scratch: Path) -> tuple[Run, list[dict[str, Any]]]:
    """Return what one ``debtscan inventory`` took, and its rows."""
    output = scratch / "inventory.json"
    command = (sys.executable, "-m", "bot", "inventory", path, "--format", "json")
    taken = measured(command, output, {**compiling(scratch), "DEBTSCAN_CACHE_DIR": str(scratch)})
    return taken, json.loads(output.read_text(encoding="utf-8"))["inventory"]


def missing(wanted: Iterable[Wanted], rows: Iterable[Mapping[str, Any]]) -> list[Wanted]:
    """Return what Renovate has and the inventory lacks at the same file, name and value."""
    known: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        texts = {_plain(row.get(key)) for key in ("value", "version", "digest") if row.get(key)} or {""}
        known.setdefault((row["path"], _name(row["name"])), set()).update(texts)
    return [entry for entry in wanted if not _is_known(entry, known)]


def _is_known(entry: Wanted, known: Mapping[tuple[str, str], set[str]]) -> bool:
    texts = set[str]().union(*(known.get((entry.path, _name(name)), set()) for name in entry.names))
    if not entry.value and not entry.digest:
        return any((entry.path, _name(name)) in known for name in entry.names)
    # A tag with a digest in one input is cut up in the inventory.
    tag = _plain(entry.value).partition("@sha256:")[0]
    values = {_plain(entry.value), tag, tag.removeprefix("v")} - {""}
    # Of a digest with a version beside it, either may be what the inventory shows as the value.
    return bool(texts & values) or bool(entry.digest and _plain(entry.digest) in texts)


def _plain(text: object) -> str:
    # PEP 508 allows a constraint in parentheses, which are no part of it.
    return re.sub(r"[\s\"'()]+", "", str(text or ""))


# Said or left out at will: of one thing, the two name it with them or without.
_HOSTS = (
    *("git+", "ssh://", "git@", "https://", "http://", "github-com/", "github-com:", "gitlab-com/"),
    *("registry-1-docker-io/", "index-docker-io/", "docker-io/", "library/", "hashicorp/"),
)


def _name(name: str) -> str:
    short = re.sub(r"\[.*", "", name.lower()).replace("_", "-").replace(".", "-")
    for prefix in _HOSTS:
        short = short.removeprefix(prefix)
    return short.removesuffix("-git").removesuffix("/")


@dataclass(frozen=True, slots=True)
class Argued:
    """One argued difference: patterns that have to match in full, and why the inventory is right to differ."""

    manager: str
    why: str
    path: str = ".*"
    name: str = ".*"
    value: str = ".*"
    kind: str = ".*"

    def covers(self, entry: Wanted) -> bool:
        """Whether this argument is about the entry."""
        pairs = (
            (self.manager, entry.manager),
            (self.path, entry.path),
            (self.name, entry.names[0]),
            (self.value, entry.value or entry.digest),
            (self.kind, entry.kind),
        )
        return all(re.fullmatch(pattern, text) for pattern, text in pairs)


def argued() -> tuple[list[Argued], frozenset[str]]:
    """Return the argued differences, and the managers of formats that debtscan does not read."""
    document = tomllib.loads((HERE / "renovate.toml").read_text(encoding="utf-8"))
    return [Argued(**entry) for entry in document["difference"]], frozenset(document["unread"])


def compare(path: str, renovate: Renovate, scratch: Path, rounds: int) -> Iterator[str]:
    """Yield the row of one repository, of its fastest rounds, and then what differs without an argument."""
    copy = copied(path, scratch)
    inventory(copy, scratch)
    ours_taken: list[Run] = []
    theirs_taken: list[Run] = []
    # In turns, so that what else goes on here meets both.
    for _ in range(rounds):
        run, rows = inventory(copy, scratch)
        ours_taken.append(run)
        run, wanted = renovate.extract(copy)
        theirs_taken.append(run)
    ours, theirs = _fastest(ours_taken), _fastest(theirs_taken)
    arguments, unread = argued()
    both = [entry for entry in wanted if entry.manager not in unread]
    absent = missing(both, rows)
    unexplained = [entry for entry in absent if not any(argument.covers(entry) for argument in arguments)]
    excluded = len(absent) - len(unexplained)
    recall = 1 - len(unexplained) / max(1, len(both) - excluded)
    others = Counter(entry.manager for entry in wanted if entry.manager in unread)
    cells = (
        Path(path).name,
        str(len(both)),
        str(len(rows)),
        str(excluded),
        str(len(unexplained)),
        f"{100 * recall:.2f}",
        f"{theirs.seconds:.1f} / {ours.seconds:.1f} = {theirs.seconds / ours.seconds:.1f}",
        f"{theirs.peak:.0f} / {ours.peak:.0f} = {theirs.peak / ours.peak:.1f}",
        ", ".join(f"{name} {count}" for name, count in sorted(others.items())) or "none",
    )
    yield f"| {' | '.join(cells)} |"
    yield from (f"  missing  {entry}" for entry in unexplained)


def _fastest(runs: Sequence[Run]) -> Run:
    # What else goes on here only ever adds to a time.
    return Run(seconds=min(run.seconds for run in runs), peak=max(run.peak for run in runs))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--renovate", type=Path, required=True, help="the folder that npm installed Renovate into")
    parser.add_argument("--node", default="node")
    parser.add_argument("--rounds", type=int, default=3, help="how often each repository is read by both")
    parser.add_argument("paths", nargs="+")
    given = parser.parse_args()
    print("| repository | Renovate | inventory | argued | missing | recall % | seconds | peak MB | not read |")
    print("|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        renovate = Renovate(given.renovate, given.node, scratch)
        for path in given.paths:
            for line in compare(path, renovate, scratch, given.rounds):
                print(line, flush=True)


if __name__ == "__main__":
    main()
