"""Many patterns of folders matched at once, in one pass over the folder's segments."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import translate

_Segments = tuple[str, ...]
_SEEN_SEGMENTS = 1024


@dataclass(slots=True)
class Globs:
    """Patterns side by side, as the bits of one number: a bit for each segment, and one for the end of each pattern.

    A bit is set where a pattern has come as far as its segment. `literal` and `wild` hold the bits of each segment
    that is written out and of each with wildcards, `stars` those of ``**``, `ends` the positions of the patterns by
    the bit of their end, `seen` which bits fit a segment of a folder. `compiled` is filled when it is asked for: most
    roots speak for no folder.
    """

    starts: int = 0
    stars: int = 0
    accepting: int = 0
    ends: dict[int, int] = field(default_factory=dict)
    literal: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    wild: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    seen: dict[str, int] = field(default_factory=dict)
    compiled: list[tuple[re.Pattern[str], int]] = field(default_factory=list)

    @classmethod
    def of(cls, patterns: Iterable[tuple[int, _Segments]]) -> Globs:
        """Lay out the patterns, each with its position; positions rise."""
        globs, bit = cls(), 0
        for position, parts in patterns:
            globs.starts |= 1 << bit
            for part in _without_doubles(parts):
                globs._add(part, bit)
                bit += 1
            globs.accepting |= 1 << bit
            globs.ends[bit] = position
            bit += 1
        return globs

    def last(self, folder: _Segments) -> int:
        """Return the position of the last pattern that matches ``folder``; -1 where none does."""
        reached = self._past_stars(self.starts)
        for segment in folder:
            if not reached:
                break
            reached = self._past_stars((reached & self._fitting(segment)) << 1 | reached & self.stars)
        return self.ends.get((reached & self.accepting).bit_length() - 1, -1)

    def _add(self, part: str, bit: int) -> None:
        if part == "**":
            self.stars |= 1 << bit
        else:
            (self.wild if wildcards(part) else self.literal)[part].append(bit)

    def _past_stars(self, reached: int) -> int:
        """Add what follows each ``**``, which also stands for no segment at all."""
        return reached | (reached & self.stars) << 1

    def _fitting(self, segment: str) -> int:
        """Return the bits of the segments that match ``segment``."""
        found = self.seen.get(segment)
        if found is None:
            if len(self.seen) >= _SEEN_SEGMENTS:
                self.seen.clear()
            found = self.seen[segment] = self._matched(segment)
        return found

    def _matched(self, segment: str) -> int:
        if not self.compiled:
            self.compiled = [(_compile(part), _bits(bits)) for part, bits in self.wild.items()]
        fitting = _bits(self.literal.get(segment, ()))
        for pattern, bits in self.compiled:
            if pattern.match(segment):
                fitting |= bits
        return fitting


def wildcards(pattern: str) -> int:
    """Return how many characters of ``pattern`` are, or open, a wildcard."""
    return sum(pattern.count(mark) for mark in "*?[")


def _bits(numbers: Iterable[int]) -> int:
    return sum(1 << number for number in numbers)


def _without_doubles(parts: _Segments) -> _Segments:
    """Leave out each ``**`` after another: together they mean no more than one."""
    return tuple(part for at, part in enumerate(parts) if part != "**" or parts[at - 1 : at] != ("**",))


def _compile(pattern: str) -> re.Pattern[str]:
    # Stars translate to atomic groups, so no pattern backtracks without bound. It ends with an anchor.
    return re.compile(translate(pattern))
