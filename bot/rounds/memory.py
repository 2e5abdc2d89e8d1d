"""The answers of a run over many repositories: what one of them asked, the next one does not ask again."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import Final

import msgspec

from analyzers.model.facts import Answer, Facts, Known
from analyzers.model.question import Question

MOST_BYTES: Final = 64 * 1024 * 1024
"""As JSON; in memory that is about twice as much. What does not fit is asked again, which the cache on disk answers."""


class Memory:
    """Remembers answers that would be the same again; of too many, those that nobody needed for the longest time go.

    A host that was down and a table that stood in for it are not remembered: the next repository tries again.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._held = 0
        self._answers: dict[Question, Answer] = {}
        self._sizes: dict[Question, int] = {}

    def with_known(self, known: Facts | None) -> Mapping[Question, Answer]:
        """Return what needs no asking. What is ``known`` wins: it may be of another day, on purpose."""
        return ChainMap({}, dict(known.answers), self._answers) if known else self._answers

    def remember(self, facts: Facts, known: Facts | None) -> None:
        """Keep the answers of one repository, but none that it brought along as ``known``: those may be anybody's."""
        brought = known.answers if known else {}
        for question, answer in facts.answers.items():
            if question not in brought and _would_be_the_same(answer):
                self._put(question, answer)
        while self._held > self._most:
            oldest = next(iter(self._answers))
            del self._answers[oldest]
            self._held -= self._sizes.pop(oldest)

    def _put(self, question: Question, answer: Answer) -> None:
        # The newest stand last: a dictionary keeps the order in which things came.
        if self._answers.pop(question, None) is None:
            self._sizes[question] = len(msgspec.json.encode(answer))
            self._held += self._sizes[question]
        self._answers[question] = answer


def _would_be_the_same(answer: Answer) -> bool:
    return not answer.bundled if isinstance(answer, Known) else answer.reason == "not-found"
