"""Acting through a child: what `debtscan run` does, with tokens that never leave this process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import cast

import msgspec
import pytest

from analyzers.facts_json import facts_from_json
from analyzers.model.question import Question
from analyzers.settings import Inherited
from bot.github.client import Client
from bot.github.errors import HostError, RateLimitedError
from bot.github.host import Host
from bot.service.child import wire
from bot.service.child.host_calls import methods
from bot.service.errors import ScanFailedError
from tests.support.service.acting import NAME, Bench, bench

WORKFLOW = """\
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v2
      - run: echo "::set-output name=a::b"
"""
FILES: dict[str, str | bytes] = {
    "Dockerfile": "FROM python:3.8-slim-buster\nRUN true\n",
    ".github/workflows/ci.yml": WORKFLOW,
    "README.md": "Shop\n",
}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path, FILES) as made:
        yield made


def test_what_was_scanned_is_acted_on_once(shop: Bench) -> None:
    found = shop.scan()
    first = shop.act(found)
    (pull,) = [one for one in shop.repository.pulls if "actions/checkout" in one.title]
    assert b"actions/checkout@v2\n" not in (shop.repository.file(".github/workflows/ci.yml", pull.branch) or b"")
    assert [issue.title for issue in shop.repository.issues] != []
    assert any(run.name == "debtscan: technical debt" for run in shop.repository.settings.check_runs)
    lines = json.loads(first.upgrades)
    assert (lines[0]["state"], lines[0]["number"]) == ("open", pull.number)
    assert (first.limited, first.failed) == (False, ())
    before = len(shop.github.writes)
    again = shop.act(found)
    assert shop.github.writes[before:] == []
    assert again.upgrades == first.upgrades


def test_what_the_scan_looked_up_is_not_looked_up_again_for_acting(shop: Bench) -> None:
    found = shop.scan()
    asked: list[Question] = []

    def json(questions: Sequence[Question], day: date, *, anew: bool = False) -> bytes:
        asked.extend(questions)
        return answers(questions, day, anew=anew)

    answers = shop.lookups.json
    shop.lookups.json = json  # type: ignore[method-assign] # to see what is asked
    shop.act(found)
    # What a merged upgrade would raise, and the notes of releases, and nothing that the scan has asked.
    assert asked
    assert not facts_from_json(found.facts).answers.keys() & set(asked)


def test_a_token_is_in_no_answer_that_a_child_gets(shop: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[bytes] = []
    send = wire.Channel.send

    def noted(self: wire.Channel, message: object) -> None:
        sent.append(msgspec.msgpack.encode(message))
        send(self, message)

    monkeypatch.setattr(wire.Channel, "send", noted)
    found = shop.scan()
    shop.act(found)
    header = shop.client.clone_source()[1]
    token = shop.client._access.token()
    assert len(sent) > 10
    assert not [one for one in sent if token.encode() in one or header.encode() in one]


def test_the_limit_in_the_middle_ends_it_with_what_was_done_and_when_to_go_on(shop: Bench) -> None:
    found = shop.scan()
    until = shop.now + timedelta(minutes=40)

    class Limited:
        """The client, until an issue is to be opened."""

        def __getattr__(self, name: str) -> object:
            if name == "create_issue":
                raise RateLimitedError("used up", until)
            return getattr(shop.client, name)

    acted = shop.act(found, cast("Client", Limited()))
    assert (acted.limited, acted.again_at) == (True, until)
    assert len(shop.repository.pulls) == 1
    assert json.loads(acted.upgrades)[0]["number"] == shop.repository.pulls[0].number
    assert shop.act(found).limited is False
    assert len(shop.repository.pulls) == 1


def test_the_limit_before_anything_was_done_passes_through(shop: Bench) -> None:
    found = shop.scan()
    met = RateLimitedError("used up", shop.now)

    class Limited:
        def __getattr__(self, name: str) -> object:
            raise met

    with pytest.raises(RateLimitedError) as raised:
        shop.act(found, cast("Client", Limited()))
    assert raised.value is met


def test_what_waits_says_when_it_may_be_due(tmp_path: Path) -> None:
    files = {**FILES, "debtscan.toml": '[upgrades]\nschedule = ["weekly on monday 06:00-12:00"]\n'}
    with bench(tmp_path, files) as shop:
        acted = shop.act(shop.scan())
        assert shop.repository.pulls == []
        # 2026-10-01 is a Thursday.
        assert acted.again_at is not None
        assert acted.again_at.isoformat() == "2026-10-05T06:00:00+00:00"
        lines = json.loads(acted.upgrades)
        assert [line["state"] for line in lines if "checkout" in line["title"]] == ["waiting"]
        shop.now = acted.again_at + timedelta(minutes=1)
        shop.act(shop.scan())
        assert len(shop.repository.pulls) == 1


def test_what_failed_is_tried_again_the_next_day(shop: Bench) -> None:
    found = shop.scan()

    class Broken:
        """The client, which GitHub lets open no issue."""

        def __getattr__(self, name: str) -> object:
            if name == "create_issue":
                raise HostError("it does not work today")
            return getattr(shop.client, name)

    acted = shop.act(found, cast("Client", Broken()))
    assert any("it does not work today" in sentence for sentence in acted.failed)
    assert (acted.limited, acted.again_at) == (False, shop.now + timedelta(days=1))
    assert shop.act(found).again_at is None


def test_a_repository_that_wants_no_upgrades_gets_none(tmp_path: Path) -> None:
    with bench(tmp_path, {**FILES, "debtscan.toml": "[upgrades]\nenabled = false\n"}) as shop:
        found = shop.scan()
        assert found.upgrades is False
        acted = shop.act(found)
        assert (json.loads(acted.upgrades), acted.again_at, shop.repository.pulls) == ([], None, [])


def test_an_organisations_configuration_counts_in_the_child_too(shop: Bench) -> None:
    inherited = Inherited.of("acme", b"[upgrades]\nenabled = false\n")
    found = shop.scan(inherited=inherited)
    assert (found.upgrades, found.configured) == (False, "")
    shop.act(found, inherited=inherited)
    assert shop.repository.pulls == []
    with pytest.raises(ScanFailedError, match=r"acme/.github: debtscan.toml:1: unknown key"):
        shop.scan(inherited=Inherited.of("acme", b"enabld = 1\n"))


def test_the_name_of_today_is_told_after_a_rename(shop: Bench) -> None:
    found = shop.scan()
    again = shop.scan(known=found.stored, name="acme/store", branch="trunk")
    assert json.loads(again.document)["repository"]["name"] == "acme/store"
    assert (again.entry.branch, NAME) == ("trunk", "acme/shop")
    assert replace(again.entry, branch="main") == found.entry


def test_a_host_that_is_none_of_the_protocol_is_not_called(shop: Bench) -> None:
    names = {name for name in dir(shop.client) if not name.startswith("_")}
    # What the client can do beside the protocol: a child cannot have it done.
    assert {"clone_source", "name", "url"} <= names - methods().keys()
    assert methods().keys() == {name for name in vars(Host) if not name.startswith("_")}


def test_a_child_loads_nothing_that_talks_to_github_or_a_database() -> None:
    program = "import sys, bot.service.child.__main__; print(sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-P", "-c", program], check=True, capture_output=True, text=True)
    heavy = {"github", "sqlalchemy", "dbos", "starlette", "prometheus_client", "structlog", "git", "jwt"}
    assert not [name for name in heavy if f"'{name}'" in done.stdout]
