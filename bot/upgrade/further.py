"""What the planner wants to know and no rule asks: how old actions are, and where packages of PyPI have their source.

Only what is behind, or may move with it, is asked about, so the price is small; the texts of pull requests need most
of it anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from packaging.utils import canonicalize_name

from analyzers.model.facts import Facts, Known, Package
from analyzers.model.question import Question
from analyzers.scan import ScanResult
from analyzers.upstream.asked import page_question
from bot import wording
from bot.upgrade import action_days

# GitHub lets 60 requests pass in an hour without a token; each kind is bounded alike.
_MOST_ASKED: Final = 40


def further(result: ScanResult, ask: Callable[[Sequence[Question]], Facts]) -> ScanResult:
    """Return the scan with more facts, as far as somebody tells them. Its findings stay as they are."""
    kinds = (action_days.questions(result), _pages(result))
    new = [
        asked
        for kind in kinds
        for asked in islice((one for one in kind if one not in result.facts.answers), _MOST_ASKED)
    ]
    if not new:
        return result
    facts = replace(result.facts, answers={**result.facts.answers, **ask(new).answers})
    return replace(result, facts=facts)


def unasked(result: ScanResult) -> str:
    """Return a sentence on actions whose age was not asked, so that they do not wait; "" where there are none."""
    left = sum(question not in result.facts.answers for question in action_days.questions(result))
    if not left or not result.config.upgrades.minimum_release_age_days:
        return ""
    return (
        f"the age of {wording.count(left, 'action')} was not asked ({_MOST_ASKED} a run are), so "
        "minimum-release-age-days does not hold for them"
    )


def _pages(result: ScanResult) -> Iterator[Question]:
    """Yield what asks for the pages of packages that PyPI itself has, and that a newer release would help.

    After them come those that begin with the same word: one may be of the same repository, and hold the others back.
    """
    behind = {
        finding.key.name for finding in result.findings if finding.key.ecosystem == "pypi" and finding.fix.available
    }
    words = {name.partition("-")[0] for name in behind}
    rows = (row for row in result.inventory.dependencies if row.ecosystem == "pypi" and row.direct)
    beside = {name for name in map(canonicalize_name, (row.name for row in rows)) if name.partition("-")[0] in words}
    for name in (*sorted(behind), *sorted(beside - behind)):
        # One of another index is asked for under that index's address, and is no matter of PyPI's.
        answer = result.facts.get(Question("pypi", name))
        if isinstance(answer, Known) and isinstance(answer.value, Package):
            yield page_question(answer.value)
