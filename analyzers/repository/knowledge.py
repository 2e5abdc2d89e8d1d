"""What of a folder is lost with whom: its authors, those gone, and its bus factor."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import NamedTuple

from analyzers.model.history import FolderKnowledge
from analyzers.repository.counted import Lifetime
from analyzers.repository.ownership import gone_authors

KNOWING_SHARE = 0.1
KNOWING_COMMITS = 10
"""A person knows a file who made a tenth of its commits, or this many: a few of very many do."""
FEWEST_FILES = 3
DEEPEST = 16
"""Folders within folders; what lies deeper counts for those above it."""
_TRIED = 10_000
"""Comparisons that the search for the smallest group may take; beyond them the greedy answer stands."""

People = frozenset[int]


class _File(NamedTuple):
    authors: People
    known_by: People


def folders(lifetime: Lifetime, as_of: date, code: Collection[str]) -> tuple[FolderKnowledge, ...]:
    """Return the knowledge of each folder of files among ``code``, sorted by path, the whole (``""``) first.

    Folders of fewer than three files are left out, and so are those that hold nothing beside one folder within them.
    """
    gone = gone_authors(lifetime, as_of)
    inside: dict[str, list[_File]] = defaultdict(list)
    for path, commits in lifetime.by_path.items():
        if path in code:
            file = _File(frozenset(commits), _known_by(commits, gone))
            for folder in _folders(path):
                inside[folder].append(file)
    return tuple(_knowledge(folder, inside[folder], gone, lifetime.authors) for folder in _told(inside))


def bus_factor(known_by: Iterable[People], names: Sequence[str]) -> int:
    """Return the smallest number of people without whom more than half of the files have nobody who knows them.

    0 where that is so already. It is exact where few people know few files each; elsewhere people are taken away in the
    order of how many files they know (Avelino and others, "A novel approach for estimating truck factors", 2016), and
    the number can be too high. ``names`` by number settle who of two that know as many goes first.
    """
    files = Counter(known_by)
    missing = files.total() // 2 + 1 - files.pop(frozenset(), 0)
    if missing <= 0:
        return 0
    most = _greedily(files, missing, names)
    for number in range(1, most):
        # Only files that no more people know than leave can be lost.
        near = {people: count for people, count in files.items() if len(people) <= number}
        if sum(near.values()) >= missing:
            leaving = sorted(frozenset().union(*near))
            if math.comb(len(leaving), number) * len(near) > _TRIED:
                break
            if any(_lost(near, frozenset(group)) >= missing for group in combinations(leaving, number)):
                return number
    return most


def _greedily(files: Mapping[People, int], missing: int, names: Sequence[str]) -> int:
    known: Counter[int] = Counter()
    for people, count in files.items():
        for person in people:
            known[person] += count
    order = sorted(known, key=lambda person: (-known[person], names[person], person))
    place = {person: number for number, person in enumerate(order, start=1)}
    # A file is lost with the last of those who know it.
    lost: Counter[int] = Counter()
    for people, count in files.items():
        lost[max(place[person] for person in people)] += count
    for number in sorted(lost):
        missing -= lost[number]
        if missing <= 0:
            return number
    return len(order)


def _lost(files: Mapping[People, int], leaving: People) -> int:
    return sum(count for people, count in files.items() if people <= leaving)


def _known_by(commits: Mapping[int, int], gone: People) -> People:
    enough = min(KNOWING_SHARE * sum(commits.values()), KNOWING_COMMITS)
    return frozenset(author for author, count in commits.items() if count >= enough and author not in gone)


def _knowledge(folder: str, files: Sequence[_File], gone: People, names: Sequence[str]) -> FolderKnowledge:
    authors = frozenset().union(*(file.authors for file in files))
    return FolderKnowledge(
        path=folder,
        files=len(files),
        authors=len(authors),
        gone=len(authors & gone),
        bus_factor=bus_factor((file.known_by for file in files), names),
    )


def _folders(path: str) -> Iterator[str]:
    """Yield the folders around a file, from the whole inwards."""
    yield ""
    parts = path.split("/", DEEPEST)[:-1]
    for depth in range(1, len(parts) + 1):
        yield "/".join(parts[:depth])


def _told(inside: Mapping[str, Sequence[_File]]) -> Iterator[str]:
    """Yield the folders that say something of their own, sorted."""
    sizes = {folder: len(files) for folder, files in inside.items()}
    parents = {folder: folder.rpartition("/")[0] for folder in sizes if folder}
    same = {parent for folder, parent in parents.items() if sizes[folder] == sizes[parent]}
    for folder in sorted(sizes):
        if not folder or (folder not in same and FEWEST_FILES <= sizes[folder] < sizes[""]):
            yield folder
