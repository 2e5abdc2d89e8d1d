"""Which folders belong to which workspace root."""

from __future__ import annotations

import functools
import posixpath
import re
from collections.abc import Iterable, Iterator
from fnmatch import translate
from typing import Final

_LONGEST: Final = 200
_MOST_SEGMENTS: Final = 20


def parents(folder: str) -> Iterator[str]:
    """Yield the folders above ``folder``, nearest first, ending with the repository (``""``)."""
    while folder:
        folder = folder.rpartition("/")[0]
        yield folder


def relative(folder: str, root: str) -> str:
    """Return ``folder`` as seen from ``root``, which mostly lies above it or is it (``""``)."""
    if not root or folder == root:
        return "" if root else folder
    if folder.startswith(f"{root}/"):
        return folder[len(root) + 1 :]
    # Rush keeps its lockfile beside what it speaks for.
    return posixpath.relpath(folder or ".", root)


def is_member(folder: str, patterns: Iterable[str]) -> bool:
    """Return whether ``folder`` (relative to the root) is named by the patterns; a later ``!pattern`` takes back."""
    member = False
    for pattern in patterns:
        negative = pattern.startswith("!")
        if member == negative and _matches(_segments(folder), _segments(pattern.removeprefix("!"))):
            member = not negative
    return member


def _segments(path: str) -> tuple[str, ...]:
    return tuple(part for part in path.split("/") if part not in ("", "."))


def _matches(folder: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    """Match segment by segment; ``**`` stands for any number of them."""
    if len(pattern) > _MOST_SEGMENTS or any(len(part) > _LONGEST for part in pattern):
        return False
    reached = {0}
    for part in pattern:
        if part == "**":
            reached = set(range(min(reached, default=len(folder)), len(folder) + 1)) if reached else reached
        else:
            reached = {at + 1 for at in reached if at < len(folder) and _segment(part).fullmatch(folder[at])}
    return len(folder) in reached


@functools.lru_cache(maxsize=512)
def _segment(pattern: str) -> re.Pattern[str]:
    # Stars translate to atomic groups, so no pattern backtracks without bound.
    return re.compile(translate(pattern))
