"""What Renovate would update, beside what ``debtscan scan`` finds outdated, for packages of PyPI and npm.

``python -m benchmarks.renovate_updates --renovate FOLDER PATH...``: both ask the two registries alone, live, each
beginning with an empty cache; the second scan is warm. Both are as installed: a scan that is not measured has compiled
what they load, as pip does. Prints a Markdown table, and below each row the packages on
whose newest release the two disagree, with what each says.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.renovate import Renovate, Run, compiling, copied, measured

_SOURCES = ("pypi", "npm")
_SETTINGS: Mapping[str, Any] = {
    # A range whose lock lags is outdated: by default Renovate says so of some managers and not of others.
    "rangeStrategy": "update-lockfile",
    "packageRules": [
        {"matchDatasources": [f"!{name}" for name in _SOURCES], "enabled": False},
        {"matchDatasources": list(_SOURCES), "enabled": True},
    ],
    "osvVulnerabilityAlerts": False,
    "vulnerabilityAlerts": {"enabled": False},
}
_LOOKED_UP = "packageFiles with updates"

Key = tuple[str, str]
"""The path of a file and the name of a package."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What one of the two says of a package in a file: the newest release to move to (None for none), a remark, and
    the version that a lockfile resolves, where it was read.
    """

    newest: str | None
    remark: str = ""
    locked: str | None = None


def theirs(log: list[dict[str, Any]]) -> dict[Key, Judged]:
    """Return Renovate's word on each package of the two registries that it could look up."""
    found: dict[Key, Judged] = {}
    looked_up = next((entry["config"] for entry in log if entry["msg"] == _LOOKED_UP), None)
    if looked_up is None:
        sys.exit("Renovate looked nothing up; its log format may have changed")
    for files in looked_up.values():
        for file in files:
            for entry in file["deps"]:
                if entry.get("datasource") in _SOURCES and not entry.get("skipReason") and not entry.get("warnings"):
                    key = file["packageFile"], _name(entry.get("packageName") or entry["depName"])
                    versions = [update["newVersion"] for update in entry.get("updates", ()) if update.get("newVersion")]
                    said = Judged(
                        versions[-1] if versions else None, str(entry.get("currentValue")), entry.get("lockedVersion")
                    )
                    # One package may stand twice in a file; who has an update speaks for it.
                    if key not in found or said.newest:
                        found[key] = said
    return found


def ours(report: Mapping[str, Any]) -> dict[Key, Judged]:
    """Return our word on each direct package of the two registries."""
    found = {
        (row["path"], _name(row["name"])): Judged(None, row.get("skip_reason") or "")
        for row in report["inventory"]
        if row["ecosystem"] in _SOURCES and row["direct"]
    }
    for entry in report["findings"]:
        if entry["rule"] in {"outdated-dependency", "yanked-release"}:
            subject = entry["subject"]
            held = entry["facts"].get("held_back") or ""
            found[entry["path"], _name(subject["name"])] = Judged(subject["latest"], held, entry["facts"].get("locked"))
    for entry in report["skipped"]:
        if entry["reason"] == "held-back":
            key = entry["path"], _name(entry["detail"].partition(":")[0])
            found[key] = Judged(None, entry["detail"].partition(": ")[2])
    return found


def _name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.sub(r"\[.*", "", name)).lower()


def disagreements(renovate: Mapping[Key, Judged], debtscan: Mapping[Key, Judged]) -> Iterator[tuple[Key, bool]]:
    """Yield the packages that the two judge differently, and whether a stated reason of ours explains it."""
    for key in sorted(renovate.keys() & debtscan.keys()):
        one, other = renovate[key], debtscan[key]
        if one.newest != other.newest:
            # Who did not read the lockfile cannot know that it lags behind the range.
            yield key, bool(other.remark) or (one.newest is None and one.locked is None and other.locked is not None)


def scanned(path: str, cache: Path, scratch: Path, *wanted: str) -> tuple[Run, dict[str, Any]]:
    """Return what one scan took, and its report; ``metrics`` makes it read code and history as well."""
    output = scratch / "report.json"
    command = (sys.executable, "-m", "benchmarks.packages_scan", path, str(cache), str(output), *wanted)
    taken = measured(command, scratch / "output", compiling(scratch))
    return taken, json.loads(output.read_text(encoding="utf-8"))


def compare(path: str, renovate: Renovate, scratch: Path) -> Iterator[str]:
    """Yield the row of one repository, then what the two disagree on."""
    copy = copied(path, scratch)
    cache = scratch / f"cache-{Path(copy).name}"
    scanned(copy, scratch / f"compiled-{Path(copy).name}", scratch, "metrics")
    whole, _report = scanned(copy, scratch / f"whole-{Path(copy).name}", scratch, "metrics")
    cold, report = scanned(copy, cache, scratch)
    warm, _report = scanned(copy, cache, scratch)
    lookup, log = renovate.run(copy, "lookup", _SETTINGS)
    peer, own = theirs(log), ours(report)
    both = peer.keys() & own.keys()
    differing = list(disagreements(peer, own))
    unexplained = [key for key, explained in differing if not explained]
    cells = (
        Path(copy).name,
        str(len(both)),
        str(len(differing) - len(unexplained)),
        str(len(unexplained)),
        f"{100 * (1 - len(unexplained) / max(1, len(both))):.1f}",
        f"{lookup.seconds:.1f} / {cold.seconds:.1f} = {lookup.seconds / cold.seconds:.1f}",
        f"{lookup.seconds / warm.seconds:.1f}",
        f"{whole.seconds:.1f}",
        f"{lookup.peak:.0f} / {whole.peak:.0f}",
    )
    yield f"| {' | '.join(cells)} |"
    for key, explained in differing:
        state = "explained" if explained else "differs"
        yield f"  {state}  {key[0]}: {key[1]}: Renovate {peer[key]}, debtscan {own[key]}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--renovate", type=Path, required=True, help="the folder that npm installed Renovate into")
    parser.add_argument("--node", default="node")
    parser.add_argument("paths", nargs="+")
    given = parser.parse_args()
    print(
        "| repository | packages | explained | differing | agreement % | cold seconds | × warm | with code | peak MB |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        renovate = Renovate(given.renovate, given.node, scratch)
        for path in given.paths:
            for line in compare(path, renovate, scratch):
                print(line, flush=True)


if __name__ == "__main__":
    main()
