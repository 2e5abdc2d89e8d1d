"""What templates are given makes finished Markdown of any text, whoever calls it with what."""

from __future__ import annotations

from datetime import date

import pytest

from bot.posts.template_values import nowrap
from bot.upgrade.template_values import step
from tests.support.upgrades import move


@pytest.mark.parametrize("text", ["<b>x</b>", "a | b", "@all #1", "[x](https://evil.example)"])
def test_a_text_of_strangers_stays_text(text: str) -> None:
    assert not set("<>|[]@") & set(nowrap(text))
    shown = step(move(step=text)).removeprefix("<br>")
    assert not set("<>|[]") & set(shown)


def test_a_date_is_not_broken() -> None:
    assert nowrap(date(2026, 1, 15)) == "2026&#8209;01&#8209;15"
