"""The part of d3-hierarchy that draws the map: what is committed is what the lock file names, with its licence."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / ".ci" / "map"
BUNDLE = ROOT / "templates" / "d3-hierarchy.js"


def test_the_bundle_names_the_locked_version_and_carries_the_licence() -> None:
    wanted = json.loads((SOURCE / "package.json").read_text())["dependencies"]["d3-hierarchy"]
    locked = json.loads((SOURCE / "package-lock.json").read_text())["packages"]["node_modules/d3-hierarchy"]
    text = BUNDLE.read_text(encoding="ascii")
    assert locked["version"] == wanted
    assert text.startswith(f"/*! d3-hierarchy {wanted} (ISC), https://d3js.org/d3-hierarchy/")
    for words in ("Mike Bostock", "this permission notice appear in all copies", "THE AUTHOR DISCLAIMS ALL WARRANTIES"):
        assert words in text
    assert len(text) < 10_000
    assert "</" not in text


@pytest.mark.online
@pytest.mark.skipif(not shutil.which("npm"), reason="npm is not installed")
def test_a_fresh_bundle_is_the_committed_one(tmp_path: Path) -> None:
    place = shutil.copytree(SOURCE, tmp_path / "map")
    for command in (
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"],
        ["node", "bundle.mjs", str(tmp_path / "fresh.js")],
    ):
        subprocess.run(command, cwd=place, check=True)
    assert (tmp_path / "fresh.js").read_bytes() == BUNDLE.read_bytes()
