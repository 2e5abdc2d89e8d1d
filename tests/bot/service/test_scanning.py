"""Scans as the service does them: a mirror from real git, and a real child."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from analyzers.errors import DebtscanError
from analyzers.facts_json import facts_from_json, facts_to_json
from analyzers.http.credentials import Credentials, Settings
from analyzers.model.facts import Facts
from bot.assemble import build
from bot.github.errors import RateLimitedError, UnreachableError
from bot.report.json import RENDERER
from bot.report.renderer import Options
from bot.rounds.clock import Clock
from bot.rounds.network import Network
from bot.rounds.repository import open_repository
from bot.rounds.scanning import Scanner
from bot.service import effort
from bot.service.child import conversation, messages
from bot.service.errors import ScanFailedError
from bot.store.model import Entry
from tests.support.service.scans import NOW, Workshop, nobody, workshop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workshop]:
    with workshop(tmp_path) as made:
        yield made


class _Past:
    """A history in memory."""

    def __init__(self) -> None:
        self.kept: list[tuple[Entry, Facts]] = []
        self.asked: list[str] = []

    def entries(self) -> tuple[Entry, ...]:
        return tuple(entry for entry, _facts in self.kept)

    def facts(self, entry: Entry) -> Facts | None:
        self.asked.append(entry.id)
        return next((facts for one, facts in self.kept if one.id == entry.id), None)


def test_a_scan_says_what_a_scan_in_this_process_says(shop: Workshop) -> None:
    found = shop.scan()

    class Send:
        send = staticmethod(nobody)

    network = Network(Send(), Settings({}, Credentials(), ()))  # type: ignore[arg-type] # all that it needs
    opened = open_repository(shop.built.path, config=None, commit="HEAD")
    scanner = Scanner(
        clock=Clock(NOW.date(), NOW),
        network=network.of(opened.settings.config, lambda _stage, _done, _total: None),
        progress=lambda _stage, _done, _total: None,
    )
    expected = json.loads(RENDERER.render(build(scanner.scan(opened), scanned_at=NOW), Options()))
    document = json.loads(found.document)
    assert document.pop("repository") == expected.pop("repository") | {"name": "acme/shop"}
    assert document.pop("timings").keys() == expected.pop("timings").keys()
    assert document == expected
    assert [spot["function"] for spot in json.loads(found.hotspots)["hotspots"]] == ["price"]
    assert found.findings == len(expected["findings"]) > 2
    assert found.timings.keys() == {"mirror", "read", "look_up", "check"}


def test_what_is_stored_beside_the_report_says_who_uses_what_and_what_ends(shop: Workshop) -> None:
    found = shop.scan()
    assert [(one.ecosystem, one.name, one.value, one.version, one.path, one.line) for one in found.usages] == [
        ("docker", "python", "3.8-slim-buster", "3.8", "Dockerfile", 1),
        ("pypi", "requests", "==2.19.0", "2.19.0", "requirements.txt", 1),
    ]
    assert [(one.subject, str(one.ends_on)) for one in found.ends] == [
        ("debian 10", "2022-09-10"),
        ("python 3.8", "2024-10-07"),
    ]
    assert (found.entry.commit, found.entry.branch, found.configured) == (shop.built.head, "main", "")


def test_an_unchanged_commit_is_judged_again_without_a_word_to_git(shop: Workshop) -> None:
    first = shop.scan()
    before, asked = len(shop.host.requests), len(shop.asked)
    later = NOW + timedelta(days=40)
    again = shop.scan(known=first.stored, as_of=later.date(), now=later)
    assert (shop.host.requests[before:], shop.asked[asked:]) == ([], [])
    anew = shop.scan(as_of=later.date(), now=later)
    assert (again.inventory, again.entry) == (anew.inventory, anew.entry)
    assert again.inventory != first.inventory


def test_an_inventory_of_another_edition_is_not_trusted(shop: Workshop) -> None:
    first = shop.scan()
    foreign = replace(first.stored, inventory=first.inventory.replace(b"2.19.0", b"9.99.9"))
    assert b"9.99.9" in shop.scan(known=foreign).inventory
    assert b"9.99.9" not in shop.scan(known=replace(foreign, edition="0" * 64)).inventory
    assert shop.scan(known=replace(foreign, inventory=b"junk")).inventory == first.inventory


def test_a_changed_configuration_is_another_edition_and_is_read_anew(shop: Workshop) -> None:
    first = shop.scan()
    shop.built.write("debtscan.toml", '[scan]\nexclude = ["Dockerfile"]\n').commit("Configure", date="2026-05-20")
    second = shop.scan(known=first.stored)
    assert second.edition != first.edition
    assert second.configured == "debtscan.toml"
    assert second.config_digest != first.config_digest
    assert [one.name for one in second.usages] == ["requests"]


def test_the_change_since_the_last_scan_is_told_from_the_past_that_the_service_keeps(shop: Workshop) -> None:
    past = _Past()
    first = shop.scan(past=past)
    past.kept.append((first.entry, facts_from_json(first.facts)))
    shop.built.write("Dockerfile", "FROM scratch\n").commit("Drop Python", date="2026-05-25")
    second = shop.scan(past=past)
    change = json.loads(second.document)["scorecard"]["change"]
    assert change["commit"] == first.entry.commit
    assert change["points_before"] > change["points_after"]
    assert change["unsplit"] is None or not change["unsplit"]
    assert past.asked == [first.entry.id]
    assert second.notes == ()
    assert [one["commit"] for one in json.loads(second.document)["scorecard"]["history"]] == [first.entry.commit]


def test_the_facts_come_back_as_they_were_and_the_digest_is_theirs(shop: Workshop) -> None:
    found = shop.scan()
    facts = facts_from_json(found.facts)
    assert facts.looked_up == NOW.date()
    assert facts_to_json(facts) == found.facts
    assert hashlib.sha256(found.facts).hexdigest() == found.entry.facts


def test_what_acting_depends_on_does_not_change_with_the_day(shop: Workshop) -> None:
    first = shop.scan()
    later = NOW + timedelta(days=1)
    assert shop.scan(as_of=later.date(), now=later).plan_digest == first.plan_digest
    shop.built.write("Dockerfile", "FROM scratch\n").commit("Drop Python", date="2026-05-25")
    assert shop.scan().plan_digest != first.plan_digest


def _telling(
    changed: Callable[[messages.Scanned], messages.Scanned],
) -> Callable[[messages.Task, type[messages.Scanned], conversation.Help, float], messages.Scanned]:
    """Return what has a child work, and changes what it tells."""
    return lambda task, kind, needs, seconds: changed(conversation.work(task, kind, needs, seconds))


@pytest.mark.parametrize("change", [{"commit": "1" * 40}, {"as_of": date(2020, 1, 1)}, {"facts": "1" * 64}])
def test_a_child_that_tells_of_another_scan_is_not_believed(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    def changed(found: messages.Scanned) -> messages.Scanned:
        return msgspec.structs.replace(found, entry=replace(found.entry, **change))

    monkeypatch.setattr(effort, "work", _telling(changed))
    with pytest.raises(ScanFailedError, match="told of another scan") as raised:
        shop.scan()
    assert raised.value.reason == "protocol"


@pytest.mark.parametrize("spoil", [lambda _facts: b"junk", lambda facts: facts + b" "], ids=["junk", "other-bytes"])
def test_facts_that_are_not_as_debtscan_writes_them_are_not_believed(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[bytes], bytes]
) -> None:
    def changed(found: messages.Scanned) -> messages.Scanned:
        facts = spoil(found.facts)
        entry = replace(found.entry, facts=hashlib.sha256(facts).hexdigest())
        return msgspec.structs.replace(found, facts=facts, entry=entry)

    monkeypatch.setattr(effort, "work", _telling(changed))
    with pytest.raises(ScanFailedError, match="nobody could read again") as raised:
        shop.scan()
    assert raised.value.reason == "protocol"


def test_a_wrong_configuration_fails_with_its_file_and_line(shop: Workshop) -> None:
    shop.built.write("debtscan.toml", "[gate]\nfail-undr = 3\n").commit("Misconfigure")
    with pytest.raises(ScanFailedError, match=r"debtscan.toml:2: unknown key 'fail-undr'.*fail-under") as raised:
        shop.scan()
    assert raised.value.reason == "configuration"


def test_a_configuration_with_a_zero_byte_in_a_name_fails_with_what_every_database_takes(shop: Workshop) -> None:
    shop.built.write(".github/debtscan.toml", '"\\u0000key" = 1\n').commit()
    with pytest.raises(ScanFailedError, match="unknown key") as raised:
        shop.scan()
    assert "\0" not in str(raised.value)


def test_a_commit_that_is_nowhere_fails_with_a_sentence(shop: Workshop) -> None:
    with pytest.raises(ScanFailedError, match="cannot be copied") as raised:
        shop.scan(commit="1" * 40)
    assert raised.value.reason == "copy"


@pytest.mark.parametrize("error", [UnreachableError("GitHub does not answer"), RateLimitedError("used up", NOW)])
def test_what_github_refuses_the_source_passes_through(shop: Workshop, error: DebtscanError) -> None:
    def source() -> tuple[str, str | None]:
        raise error

    shop.source = source  # type: ignore[method-assign] # it is this test's to refuse
    with pytest.raises(type(error)) as raised:
        shop.scan()
    assert raised.value is error


def test_a_server_that_sends_all_contents_is_scanned_alike(tmp_path: Path, shop: Workshop) -> None:
    with workshop(tmp_path / "whole", partial=False) as whole:
        assert whole.scan().inventory == shop.scan().inventory


def test_a_score_without_a_judgement_behind_it_is_said_to_mean_nothing(shop: Workshop) -> None:
    assert shop.scan().judged
    for path in shop.built.git("ls-files").split():
        shop.built.remove(path)
    shop.built.write("README", "Nothing here\n").commit("Begin anew", date="2026-05-26")
    found = shop.scan()
    assert (found.judged, found.findings, found.entry.score) == (False, 0, 100.0)


def test_nothing_of_a_hostile_repository_runs_in_the_child(shop: Workshop, tmp_path: Path) -> None:
    mark = tmp_path / "it-ran"
    bad = f"open({str(mark)!r}, 'w')\n"
    for path in ("bot/__init__.py", "analyzers/__init__.py", "sitecustomize.py", "usercustomize.py", "msgspec.py"):
        shop.built.write(path, bad)
    shop.built.write("setup.py", f"{bad}\nfrom setuptools import setup\nsetup(name='x')\n")
    shop.built.write(".gitattributes", "* filter=evil diff=evil\n")
    shop.built.write(".gitmodules", f'[submodule "x"]\n\tpath = x\n\turl = ext::touch {mark}\n')
    shop.built.link("passwd.txt", "/etc/passwd").link("requirements-dev.txt", "../../../../etc/hostname")
    shop.built.commit("Take over")
    found = shop.scan()
    assert not mark.exists()
    assert b"root:" not in found.document
    assert {one.name for one in found.usages} >= {"python", "requests"}
