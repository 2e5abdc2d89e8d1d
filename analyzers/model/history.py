"""What git says of a repository's past beside churn: what changes together, who knows what, how code grew."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupling:
    """Two files of different folders that commits of the window changed together; `one` sorts before `other`.

    `together` counts the commits that changed both (the support), `one_revisions` and `other_revisions` those that
    changed each. The confidence that a change of `one` brings one of `other` is ``together / one_revisions``.
    """

    one: str
    other: str
    together: int
    one_revisions: int
    other_revisions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership:
    """Who changed one file since it exists, as far as history reaches; commits that filters leave out do not count.

    `main_share` is the part (0–1) of the `revisions` that are `main_author`'s. `gone` counts those of its `authors`
    of whom the whole repository has no commit in the last year; of the others, `present_author` changed it most (None:
    there are none), with `present_share` of the revisions.
    """

    path: str
    main_author: str
    main_share: float
    authors: int
    gone: int
    revisions: int
    present_author: str | None = None
    present_share: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderKnowledge:
    """The same for the `files` of one folder and those below it (``""`` for the whole).

    `bus_factor` is the smallest number of its authors without whom more than half of its files would have nobody left
    who knows them; 0 where that is so already, since who is gone knows nothing any more.
    """

    path: str
    files: int
    authors: int
    gone: int
    bus_factor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplexityTrend:
    """The complexity of one function at the end of each month of the window, oldest first, as it is today last.

    None where it did not exist yet, or could not be measured. `line` tells functions of one name apart.
    """

    path: str
    name: str
    line: int
    months: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionVersion:
    """Where a function stands in some version of its file: git's name of the blob, lines 1-based and inclusive."""

    blob: str
    line: int
    end_line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionVersions:
    """Where one function stood at the end of each month of the window, oldest first; None before it was written.

    `path`, `name` and `line` are today's.
    """

    path: str
    name: str
    line: int
    months: tuple[FunctionVersion | None, ...]
