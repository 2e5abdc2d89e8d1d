"""Change coupling: pairs of files of different folders that commits of the window changed together."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, count
from typing import NamedTuple

from analyzers.model.history import Coupling
from analyzers.repository.counted import Counted

SUPPORT = 5
"""Commits that have to change both files: fewer happen by chance."""
CONFIDENCE = 0.5
"""The part of the commits to the one that changed less often, which have to change the other as well."""
MOST_COUPLINGS = 200
WIDEST_COMMIT = 100
"""Files. A commit of more says nothing of two of them, also where bulk commits count."""


class Couplings(NamedTuple):
    """The strongest pairs, sorted by support (most first), and how many more there are."""

    pairs: tuple[Coupling, ...]
    more: int


def couplings(counted: Iterable[Counted], code: Collection[str]) -> Couplings:
    """Return the pairs of files among ``code`` that change together across folders.

    A lockfile, a changelog or a page of documentation goes along with everything; only code can be coupled by mistake.
    """
    changed = [[path for path in commit.paths if path in code] for commit in counted]
    revisions = Counter(chain.from_iterable(changed))
    seen = count()
    # The count goes up by one for each pair that comes by, and so ends at their number.
    pairs = (pair for pair, _ in zip(_pairs(changed, revisions), seen, strict=False))
    strongest = heapq.nsmallest(MOST_COUPLINGS, pairs, key=_strongest_first)
    return Couplings(tuple(strongest), next(seen) - len(strongest))


def _pairs(changed: Iterable[Sequence[str]], revisions: Mapping[str, int]) -> Iterator[Coupling]:
    later: dict[str, list[tuple[list[str], int]]] = defaultdict(list)
    for paths in changed:
        # Without enough commits of its own, no file can have enough together with another.
        often = [path for path in paths if revisions[path] >= SUPPORT]
        for place, path in enumerate(often if len(paths) <= WIDEST_COMMIT else (), start=1):
            later[path].append((often, place))
    # File by file, so that the pairs of one alone are in memory; paths are sorted, so what comes later sorts later.
    for one, commits in later.items():
        together = Counter(chain.from_iterable(paths[place:] for paths, place in commits))
        for other, support in together.items():
            if support >= SUPPORT and _folder(one) != _folder(other):
                rarest = min(revisions[one], revisions[other])
                if support >= CONFIDENCE * rarest:
                    yield Coupling(
                        one=one,
                        other=other,
                        together=support,
                        one_revisions=revisions[one],
                        other_revisions=revisions[other],
                    )


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _strongest_first(pair: Coupling) -> tuple[int, int, str, str]:
    return -pair.together, pair.one_revisions + pair.other_revisions, pair.one, pair.other
