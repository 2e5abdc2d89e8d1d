"""The configuration that is offered: it changes nothing by itself, and every line of it can be taken as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analyzers.config import Config
from analyzers.repository.snapshot import open_snapshot
from analyzers.settings import Inherited, Settings, load
from bot.onboarding.starter import PATH, starter

BELOW = Inherited.of(
    "acme", b'[organization]\nlock = ["upgrades.open-limit", "gate"]\n[upgrades]\nopen-limit = 2\nweekly-limit = 9\n'
)


def settings(folder: Path, content: bytes | None = None, below: Inherited | None = None) -> Settings:
    files = {PATH: content} if content else {}
    snapshot = open_snapshot(folder, Config()).with_files(files)
    return load(snapshot, explicit=None, rules=(), inherited=below)


@pytest.mark.parametrize("below", [None, BELOW])
def test_merged_as_it_is_it_changes_nothing(tmp_path: Path, below: Inherited | None) -> None:
    before = settings(tmp_path, None, below)
    after = settings(tmp_path, starter(before), below)
    assert (after.config, after.overruled) == (before.config, ())
    assert after.path == PATH


@pytest.mark.parametrize("below", [None, BELOW])
def test_each_line_can_be_taken_as_it_is(tmp_path: Path, below: Inherited | None) -> None:
    offered = starter(settings(tmp_path, None, below)).decode()
    taken = re.sub(r"^# ([a-z-]+ = )", r"\1", offered, flags=re.MULTILINE)
    assert taken.count("\n# ") < offered.count("\n# ")
    found = settings(tmp_path, taken.encode(), below)
    assert found.overruled == ()
    unset = {"fail_under": None}
    before = settings(tmp_path, None, below).config
    assert {name: getattr(found.config.gate, name) for name in unset} == unset or below is None
    assert (found.config.upgrades, found.config.posts) == (before.upgrades, before.posts)


def test_it_shows_what_counts_here_and_leaves_out_what_is_locked(tmp_path: Path) -> None:
    text = starter(settings(tmp_path, None, BELOW)).decode()
    assert "as acme/.github: debtscan.toml says, else debtscan's default" in text
    assert "# weekly-limit = 9  #" in text
    assert "open-limit =" not in text
    assert "[gate]" not in text
    assert text.endswith("# The organisation locks: gate, upgrades.open-limit\n")
