"""The table of actions, remade from a real git host on loopback."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from analyzers import refresh as module
from analyzers.errors import FetchError
from analyzers.lifecycles import actions
from analyzers.lifecycles.refresh import RefreshRefusedError
from analyzers.refresh import Refreshed, refresh_actions
from tests.support.fetching import fetcher_with
from tests.support.git_server import serve_git

TODAY = date(2027, 1, 15)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return Path(shutil.copy(actions.PATH, tmp_path / "actions.json"))


def load(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_what_a_host_answers_is_taken_and_the_rest_is_kept(table: Path, tmp_path: Path) -> None:
    before = load(table)
    with serve_git(tmp_path / "git") as host, fetcher_with(allow_private=True) as fetcher:
        host.action("actions/checkout", v7_0_1="node24", v8_0_0="node26", v8_1_0="node26", v9_0_0_beta="node28")
        host.repository("actions/checkout").git("tag", "v8", "v8.1.0^{commit}")
        host.action("actions/cache", v5_0_5="node24")
        host.archived.add("actions/cache")
        done = refresh_actions(fetcher.send, table, today=TODAY, addresses=host.addresses)
    after = load(table)
    assert done.actions == 2
    assert done.unanswered > 0
    assert after["tags"]["rows"]["actions/checkout"] == {"date": "2027-01-15", "tags": ["v7.0.1", "v8", "v8.1.0"]}
    assert after["definitions"]["rows"]["actions/checkout"]["v8"] == {"newest": "v8.1.0", "using": "node26"}
    assert "actions/cache" in after["archived"]["repositories"]
    # Nobody answered for the others: they stay, and so does the date of the whole part.
    assert after["tags"]["rows"]["actions/setup-node"] == before["tags"]["rows"]["actions/setup-node"]
    assert set(before["archived"]["repositories"]) <= set(after["archived"]["repositories"])
    assert after["tags"]["date"] == before["tags"]["date"]
    assert after["runners"] == before["runners"]
    msgspec.json.decode(table.read_bytes(), type=actions._Table)


def test_where_nobody_answers_the_table_stays(table: Path, tmp_path: Path) -> None:
    before = table.read_bytes()
    with (
        serve_git(tmp_path / "git") as host,
        fetcher_with(allow_private=True) as fetcher,
        pytest.raises(RefreshRefusedError, match="stays as it is"),
    ):
        refresh_actions(fetcher.send, table, today=TODAY, addresses=host.addresses)
    assert table.read_bytes() == before
    assert [entry.name for entry in tmp_path.glob("*.new")] == []


def test_the_command_says_what_became_of_each_table(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "refresh", lambda _send: 62)
    monkeypatch.setattr(module, "refresh_actions", lambda _send, _path, *, today: Refreshed(today.day and 3, 2, 1))
    assert module.main() == 0
    told = capsys.readouterr().err
    assert "lifecycles: 62 products" in told
    assert "actions: 3 actions, 2 states; 1 questions without an answer" in told

    def fail(_send: object) -> int:
        raise FetchError("unreachable", "endoflife.date has no known address")

    monkeypatch.setattr(module, "refresh", fail)
    assert module.main() == 1
    told = capsys.readouterr().err
    assert "unreachable: endoflife.date" in told
    assert "actions: 3 actions" in told
