"""What the reading of history hands to those who judge it: commits that count, and who changed what ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class Counted(NamedTuple):
    """One commit of the window that no filter leaves out.

    `paths` are sorted, as files are called today, and hold only files of the snapshot that are not vendored, generated
    or tests (where the configuration leaves those out). `author` numbers people in the window.
    """

    day: date
    author: int
    is_fix: bool
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """The same over all of history that is here, in figures.

    `authors` are names by number, and `last_days` the days of their newest commits anywhere in the repository, bots
    left out. `by_path` maps the path of a file, as it is called today, to its authors and how many commits each made.
    """

    authors: tuple[str, ...]
    last_days: tuple[date, ...]
    by_path: Mapping[str, Mapping[int, int]]
