"""A repository under its organisation's configuration: what reports say of it, and what they do not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from analyzers.model.facts import Facts
from analyzers.read import read, read_on
from analyzers.scan import judge
from analyzers.settings import Inherited
from bot.rounds.repository import Opened, open_repository

TODAY = date(2026, 11, 22)
BELOW = """disabled-rules = ["outdated-dependency"]
[organization]
lock = ["disabled-rules"]
[[ignore]]
rule = "unpinned-action"
reason = "agreed"
[[ignore]]
rule = "unpinned-base-image"
reason = "agreed once"
until = 2026-01-01
"""


def opened(folder: Path, own: str) -> Opened:
    (folder / "debtscan.toml").write_text(own)
    return open_repository(folder, config=None, commit=None, inherited=Inherited.of("acme", BELOW.encode()))


def test_what_is_overruled_stands_in_skipped_with_its_line(tmp_path: Path) -> None:
    found = opened(tmp_path, "\ndisabled-rules = []\n")
    inventory = read(found.snapshot, found.settings, as_of=TODAY, metrics=False)
    (entry,) = (entry for entry in inventory.skipped if entry.reason == "overruled")
    assert (entry.path, entry.source) == ("debtscan.toml", "configuration")
    assert entry.detail == (
        "line 2: 'disabled-rules' is overruled: acme/.github: debtscan.toml:3 locks it, and "
        '["outdated-dependency"] counts'
    )
    assert found.settings.config.disabled_rules == ("outdated-dependency",)


def test_what_was_overruled_once_is_not_told_under_another_configuration(tmp_path: Path) -> None:
    before = opened(tmp_path, "disabled-rules = []\n")
    inventory = read(before.snapshot, before.settings, as_of=TODAY, metrics=False)
    today = opened(tmp_path, "")
    again = read_on(today.snapshot, today.settings, inventory, as_of=TODAY)
    assert not any(entry.reason == "overruled" for entry in again.skipped)


def test_an_organisations_ignore_that_covers_nothing_here_or_has_ended_is_no_finding(tmp_path: Path) -> None:
    found = opened(tmp_path, "")
    inventory = read(found.snapshot, found.settings, as_of=TODAY, metrics=False)
    assert [ignore.scope for ignore in inventory.ignores] == ["inherited", "inherited"]
    assert judge(inventory, Facts(TODAY), found.settings.config, as_of=TODAY).findings == ()
    (tmp_path / "debtscan.toml").write_text(BELOW[BELOW.index("[[ignore]]") :])
    own = open_repository(tmp_path, config=None, commit=None)
    alone = read(own.snapshot, own.settings, as_of=TODAY, metrics=False)
    rules = {finding.rule for finding in judge(alone, Facts(TODAY), own.settings.config, as_of=TODAY).findings}
    assert rules == {"unused-ignore", "expired-ignore"}
