"""Braces in patterns of folders: ``packages/{a,b}`` is two patterns, ``v{1..3}`` three; never more than asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

# A group without another one in it. Groups and what lies between them do not overlap, so looking for one is linear.
_GROUP: Final = re.compile(r"\{(?:(?P<list>[^{},]*+(?:,[^{},]*+)++)|(?P<first>[0-9]{1,4})\.\.(?P<last>[0-9]{1,4}))\}")


def expanded(pattern: str, most: int) -> Sequence[str] | None:
    """Return the patterns that ``pattern`` stands for, itself where it has no braces; None where there are too many."""
    found: list[str] = []
    waiting = [pattern]
    while waiting:
        text = waiting.pop()
        group = _GROUP.search(text)
        if group is None:
            found.append(text)
        elif len(found) + len(waiting) + _count(group) > most:
            return None
        else:
            start, end = group.span()
            waiting += [text[:start] + one + text[end:] for one in reversed(_alternatives(group))]
    return found


def _count(group: re.Match[str]) -> int:
    if group["list"] is not None:
        return group["list"].count(",") + 1
    return abs(int(group["last"]) - int(group["first"])) + 1


def _alternatives(group: re.Match[str]) -> Sequence[str]:
    if group["list"] is not None:
        return group["list"].split(",")
    first, last = int(group["first"]), int(group["last"])
    step = 1 if first <= last else -1
    return [str(number) for number in range(first, last + step, step)]
