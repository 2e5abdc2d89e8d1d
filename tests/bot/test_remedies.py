from __future__ import annotations

from typing import get_args

import pytest

from analyzers.model.skipped import Skipped, SkipReason
from bot.remedies import REMEDIES, causes, remedy


@pytest.mark.parametrize("reason", get_args(SkipReason))
def test_every_reason_says_what_it_means_and_how_to_mend_it(reason: SkipReason) -> None:
    found = REMEDIES[reason]
    assert found.meaning
    assert not found.meaning.endswith(".")
    assert found.mend.endswith(".")


def test_a_reason_of_somebody_elses_plugin_is_shown_too() -> None:
    assert remedy("from-a-plugin").mend


def test_what_was_skipped_is_gathered_by_reason_and_the_count_is_kept() -> None:
    many = [Skipped(what="file", path=f"{index:03}", reason="binary") for index in range(100)]
    first, second = causes([*many, Skipped(what="look-up", source="pypi", reason="offline")])
    assert (first.reason, first.count, len(first.entries) + first.more) == ("binary", 100, 100)
    assert (second.reason, second.count) == ("offline", 1)
