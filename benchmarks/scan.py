"""Whole scans as processes: cold, warm and offline, with what they found.

``python benchmarks/scan.py PATH...`` prints a Markdown table. Cold means an empty cache of its own; nothing of the
user's cache is touched. Peak memory is the largest process's.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any


def scan(path: str, cache: str, *flags: str) -> tuple[float, float, dict[str, Any]]:
    """Return seconds, peak MB and the report of one scan."""
    output = Path(cache) / "report.json"
    command = [sys.executable, "-m", "bot", "scan", path, "--quiet", "--output", f"json={output}", *flags]
    started = time.perf_counter()
    with subprocess.Popen(
        command, env={**os.environ, "DEBTSCAN_CACHE_DIR": cache}, stderr=subprocess.DEVNULL
    ) as process:
        _pid, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{path}: the scan ended with {process.returncode}")
    return seconds, usage.ru_maxrss / 1024, json.loads(output.read_text(encoding="utf-8"))


def row(path: str) -> str:
    """Return one line of the table."""
    with tempfile.TemporaryDirectory() as cache:
        cold, peak, report = scan(path, cache)
        warm, _peak, _report = scan(path, cache)
    with tempfile.TemporaryDirectory() as cache:
        offline, _peak, _report = scan(path, cache, "--offline")
    groups = Counter(entry["group"] for entry in report["findings"])
    skipped = Counter(entry["reason"] for entry in report["skipped"])
    card = report["scorecard"]
    cells = (
        report["repository"]["name"],
        f"{cold:.1f}",
        f"{warm:.1f}",
        f"{offline:.1f}",
        f"{peak:.0f}",
        str(len(report["inventory"])),
        ", ".join(f"{group} {count}" for group, count in sorted(groups.items())),
        ", ".join(f"{reason} {count}" for reason, count in skipped.most_common()),
        f"{card['score']:.1f} {card['grade']} ({card['low']:.1f} to {card['high']:.1f})",
    )
    return f"| {' | '.join(cells)} |"


def main(paths: list[str]) -> None:
    """Print the table."""
    print("| repository | cold s | warm s | offline s | peak MB | inventory | findings | skipped | score |")
    print("|---|---|---|---|---|---|---|---|---|")
    for path in paths:
        print(row(path), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
