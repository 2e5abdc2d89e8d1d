from __future__ import annotations

from typing import get_args

import pytest

from analyzers.model.skipped import SkipReason
from bot.report._remedies import REMEDIES, remedy


@pytest.mark.parametrize("reason", get_args(SkipReason))
def test_every_reason_says_what_it_means_and_how_to_mend_it(reason: SkipReason) -> None:
    found = REMEDIES[reason]
    assert found.meaning
    assert not found.meaning.endswith(".")
    assert found.mend.endswith(".")


def test_a_reason_of_somebody_elses_plugin_is_shown_too() -> None:
    assert remedy("from-a-plugin").mend
