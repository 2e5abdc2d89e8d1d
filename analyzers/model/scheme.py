"""What a version scheme can do. One file in ``versions/`` states one of these as ``SCHEME``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Step = Literal["patch", "minor", "major"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """Parse, compare, satisfies, rewrite. No function raises on any text; lengths are capped inside.

    `key`: version → a value that sorts, or None for what is no version of this scheme.
    `is_stable`: False for prereleases and development versions.
    `satisfies`: (version, constraint) → bool; an unreadable constraint is satisfied by nothing.
    `is_constraint`: whether the constraint can be read at all; ask this before `satisfies`.
    `pinned`: constraint → the exact version that it pins, without ``v`` or operator, or None for a range.
    `step`: (old, new) → how big the step is; None when either is no version or new is not newer.
    `rewrite`: (constraint, new version) → the constraint that admits the new version, written in the same style
    and precision; None when that cannot be done safely.
    `family`: what two versions must share to be compared at all (tags of several programs in one repository).
    """

    name: str
    key: Callable[[str], Any | None]
    is_stable: Callable[[str], bool]
    is_constraint: Callable[[str], bool]
    satisfies: Callable[[str, str], bool]
    pinned: Callable[[str], str | None]
    step: Callable[[str, str], Step | None]
    rewrite: Callable[[str, str], str | None]
    family: Callable[[str], str] = lambda _version: ""
