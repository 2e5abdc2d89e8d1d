"""Text put together from several places of one file, each character still traceable to where it stands."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spliced:
    """A word whose parts may stand far apart: in an ``ARG`` default, or on both sides of a continued line.

    `joints` are pairs (offset in `text`, offset in the source), ascending; from one joint to the next, text and
    source agree character by character. `gaps` are the ranges of `text` that hold an expression whose value is not
    known, as written.
    """

    text: str
    joints: tuple[tuple[int, int], ...]
    gaps: tuple[tuple[int, int], ...] = ()

    @classmethod
    def at(cls, text: str, start: int) -> Spliced:
        """Return ``text`` as it stands at offset ``start`` of the source."""
        return cls(text, ((0, start),))

    @classmethod
    def join(cls, parts: Iterable[Spliced], *, empty_at: int = 0) -> Spliced:
        """Return the parts one after the other; without any character, the spot ``empty_at``."""
        texts: list[str] = []
        joints: list[tuple[int, int]] = []
        gaps: list[tuple[int, int]] = []
        length = 0
        for part in parts:
            if not part.text:
                continue
            texts.append(part.text)
            joints.extend((length + offset, origin) for offset, origin in part.joints)
            gaps.extend((length + start, length + end) for start, end in part.gaps)
            length += len(part.text)
        return cls("".join(texts), tuple(joints) or ((0, empty_at),), tuple(gaps))

    def part(self, start: int, end: int) -> Spliced:
        """Return ``text[start:end]`` with its origins."""
        if len(self.joints) == 1 and not self.gaps:
            return Spliced(self.text[start:end], ((0, self.joints[0][1] + start),))
        first = bisect.bisect_right(self.joints, start, key=lambda joint: joint[0]) - 1
        after = max(bisect.bisect_left(self.joints, end, key=lambda joint: joint[0]), first + 1)
        joints = tuple((max(at - start, 0), origin + max(start - at, 0)) for at, origin in self.joints[first:after])
        gaps = tuple((max(a, start) - start, min(b, end) - start) for a, b in self.gaps if a < end and b > start)
        return Spliced(self.text[start:end], joints, gaps)

    def unknown(self) -> Spliced:
        """Return the same text, marked as an expression whose value is not known."""
        return Spliced(self.text, self.joints, ((0, len(self.text)),) if self.text else ())

    def origin(self, offset: int) -> int:
        """Return where the character at ``offset`` of `text` stands in the source."""
        index = bisect.bisect_right(self.joints, offset, key=lambda joint: joint[0]) - 1
        at, origin = self.joints[index]
        return origin + offset - at

    def end(self) -> int:
        """Return the offset in the source right behind the last character."""
        return self.origin(len(self.text) - 1) + 1 if self.text else self.joints[0][1]

    def runs(self) -> Iterator[tuple[str, int]]:
        """Yield the longest pieces that stand together in the source: their text and where each begins."""
        start, origin = 0, self.joints[0][1]
        for at, next_origin in self.joints[1:]:
            if next_origin == origin + at - start:
                continue
            yield self.text[start:at], origin
            start, origin = at, next_origin
        yield self.text[start:], origin
