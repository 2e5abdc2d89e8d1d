from __future__ import annotations

from dataclasses import replace

import pytest

from bot import standing
from bot.scorecard import BestFix, Grade, Scorecard
from tests.support.reports import sample_report

SAMPLE = sample_report()


def card(score: float, grade: Grade, *steps: tuple[float, Grade]) -> Scorecard:
    best = tuple(
        BestFix(
            title="x", fingerprints=("f",), points=1, minutes=1, score_won=1.0, score_after=after, grade_after=letter
        )
        for after, letter in steps
    )
    return replace(SAMPLE.scorecard, score=score, grade=grade, best=best)


@pytest.mark.parametrize(
    ("scorecard", "sentence"),
    [
        (card(50, "D"), ""),
        (card(50, "D", (56, "C")), "This one takes you from D to C."),
        (card(50, "D", (52, "D"), (54, "D"), (56, "C")), "These three take you from D to C."),
        (card(50, "D", (52, "D"), (56, "C"), (57, "C")), "The first two take you from D to C."),
        (card(50, "D", (56, "C"), (57, "C")), "The first one takes you from D to C."),
        (card(50, "D", (51.5, "D")), "This one raises the score from 50 to 51.5."),
        (card(50, "D", (51, "D"), (52, "D")), "These two raise the score from 50 to 52."),
    ],
)
def test_the_promise_of_the_best_fixes_names_the_fewest_steps(scorecard: Scorecard, sentence: str) -> None:
    assert standing.promise(scorecard) == sentence
