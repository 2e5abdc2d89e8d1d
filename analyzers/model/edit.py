"""What an edit is: the new texts of some dependencies, taken all together or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analyzers.model.inventory import Dependency

RefusalReason = Literal[
    # what stands there
    "skipped",
    "nothing-written",
    "escaped",
    "unreadable",
    # what is wanted
    "unchanged",
    "no-rewrite",
    "unwritable",
    "conflicting-edits",
    # what would have to change with it, and is not known here
    "lock-to-remake",
    "hashes-unknown",
    "digest-unknown",
    "comment-unknown",
    "no-room-for-comment",
    # what came of it
    "reads-otherwise",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What stands for one dependency afterwards; None leaves a text as it is.

    `value` takes the place of the row's `value`. `digest` is the row's digest afterwards, put in at `digest_place`
    where the digest stands beside the value. `comment` is the version that the comment beside a digest names; where
    there is no comment yet, one is added behind the value.
    """

    row: Dependency
    value: str | None = None
    digest: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """Changes, in one or several files, of which all are made or none."""

    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """An edit that is not made: why, in one word and in a sentence."""

    edit: Edit
    reason: RefusalReason
    detail: str
