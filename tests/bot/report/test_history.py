from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.report import history, json
from bot.report.renderer import Options
from bot.store.model import Entry
from tests.support.entries import entry_of
from tests.support.reports import AS_OF
from tests.support.snapshots import assert_snapshot

FIXTURES = Path(__file__).parent / "fixtures"
HOSTILE = "2|\x1b[31m<script>alert(1)</script> @octocat #1 [x](https://example.com)"


def _entries() -> list[Entry]:
    scores = (61.25, 64.0, 63.9999, 75.3)
    made = [
        entry_of(AS_OF - timedelta(weeks=4 - week), score, commit=f"{week + 1}" * 40)
        for week, score in enumerate(scores)
    ]
    return [*made, entry_of(AS_OF, 74.0, commit="", ruleset=HOSTILE)]


@pytest.mark.parametrize("width", [60, 100])
def test_the_table_looks_as_it_did(width: int) -> None:
    text = history.render_terminal("example/shop", _entries(), Options(width=width))
    assert "\x1b" not in text
    assert_snapshot(FIXTURES / "terminal" / f"history-{width}.txt", text)


def test_the_markdown_looks_as_it_did() -> None:
    text = history.render_markdown("example/shop", _entries())
    assert "<script" not in text
    assert "@octocat" not in text
    assert_snapshot(FIXTURES / "markdown" / "history.md", text)


def test_the_document_holds_the_entries_oldest_first() -> None:
    text = json.render_history("example/shop", _entries())
    assert text == json.render_history("example/shop", _entries())
    assert text.index("2026-10-25") < text.index("2026-11-22")
    assert '"repository": "example/shop"' in text
    assert "\x1b" not in text
