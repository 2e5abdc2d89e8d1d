"""The note that debtscan leaves in a pull request's body for itself: an HTML comment that holds JSON.

Nothing else in a body can look like it: whatever comes from packages is escaped, so that it holds no ``<``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

import msgspec

from analyzers.typed import from_json
from bot.hidden import HiddenNote
from bot.upgrade.model import Move, Written, targets_of

_NOTE: Final = HiddenNote("debtscan")
_DIGEST: Final = re.compile(r"[0-9a-f]{20}")
_INPUTS: Final = re.compile(r"(?:[0-9a-f]{20}(?:-\d{4}w\d\d)?)?")
_LONGEST_ID: Final = 300


_BY: Final = "ignored-by"
_UNTIL: Final = "until"
_WHY: Final = "why"
_TAKEN_BACK: Final = "taken-back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """That somebody had debtscan close a pull request: who, the last day on which that counts, and why."""

    by: str
    until: date | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """What a body says to the next run: the upgrade's `id`, each move's target by its mark, and `digest`.

    The `digest` is that of `content_digest`: where it is the same there is nothing to update. `inputs` is what that was
    made from (see bot/upgrade/inputs.py): where it is the same, nothing has to be made again to know; "" is unknown.
    `state` is what publishing has to remember of the pull request, in words of its own. `security` says that it mends a
    known vulnerability: such pull requests have no limits.
    """

    id: str
    targets: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""
    state: Mapping[str, str] = field(default_factory=dict)
    security: bool = False
    inputs: str = ""

    @property
    def ignored(self) -> Ignored | None:
        """What somebody said about it by a command; None where nobody did."""
        by, until = self.state.get(_BY, ""), self.state.get(_UNTIL, "")
        try:
            day = date.fromisoformat(until) if until else None
        except ValueError:
            day = None
        return Ignored(by=by, until=day, why=self.state.get(_WHY, "")) if by else None

    def with_ignored(self, said: Ignored | None) -> dict[str, str]:
        """Return the state with what somebody said, or without."""
        state = {name: value for name, value in self.state.items() if name not in {_BY, _UNTIL, _WHY, _TAKEN_BACK}}
        if said is None:
            return state
        told = {_BY: said.by, _UNTIL: said.until.isoformat() if said.until else "", _WHY: said.why}
        return {**state, **{name: value for name, value in told.items() if value}}

    @property
    def taken_back(self) -> bool:
        """Whether somebody took back that it was closed, and it could not be opened again."""
        return _TAKEN_BACK in self.state

    def with_taken_back(self) -> dict[str, str]:
        """Return the state that says so."""
        return {**self.with_ignored(None), _TAKEN_BACK: "yes"}

    def holds(self, move: Move) -> bool:
        """Whether a move is in the pull request; the targets of one mark (tags of an image) stand with commas."""
        return move.target in self.targets.get(move.mark, "").split(", ")


class _Stored(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    targets: dict[str, str]
    digest: str
    state: dict[str, str] = {}
    security: bool = False
    inputs: str = ""


def marker_of(written: Written) -> Marker:
    """Return the marker of an upgrade as it is written now."""
    refused = {(left_out.name, left_out.target) for left_out in written.refused}
    made = [move for move in written.upgrade.moves if (move.name, move.target) not in refused]
    return Marker(
        id=written.upgrade.id,
        targets=targets_of(made),
        digest=content_digest(written),
        security=any(move.security for move in made),
    )


def draw(marker: Marker) -> str:
    """Return the marker as an HTML comment of one line."""
    stored: dict[str, object] = {
        "id": marker.id,
        "targets": {_whole(mark): _whole(target) for mark, target in marker.targets.items()},
        "digest": marker.digest,
    }
    if marker.security:
        stored["security"] = True
    if marker.inputs:
        stored["inputs"] = marker.inputs
    if marker.state:
        stored["state"] = dict(marker.state)
    return _NOTE.draw(stored)


def parse(body: str) -> Marker | None:
    """Return the marker of a body; None where there is none, several, or one that debtscan would not have drawn."""
    found = _NOTE.found(body)
    try:
        stored = from_json(found, _Stored) if found else None
    except ValueError:
        return None
    if stored is None or not _is_id(stored.id) or not _DIGEST.fullmatch(stored.digest):
        return None
    return Marker(
        id=stored.id,
        targets=stored.targets,
        digest=stored.digest,
        state=stored.state,
        security=stored.security,
        inputs=stored.inputs if _INPUTS.fullmatch(stored.inputs) else "",
    )


def restate(
    body: str, state: Mapping[str, str], targets: Mapping[str, str] | None = None, inputs: str | None = None
) -> str:
    """Return the body with ``state`` (``targets``, ``inputs``) in its marker; without one it comes back as it is."""
    said = parse(body)
    if said is None:
        return body
    told = replace(
        said,
        state=state,
        targets=said.targets if targets is None else targets,
        inputs=said.inputs if inputs is None else inputs,
    )
    return _NOTE.replaced(body, draw(told))


def _whole(text: str) -> str:
    """Return text that JSON can hold: half a character is written out."""
    return text.encode(errors="backslashreplace").decode()


def _is_id(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_ID and text.isprintable()


def content_digest(written: Written) -> str:
    """Return what is the same as long as the upgrade would change the same: files, targets, and what people must know.

    Scores and ages, which move from day to day, take no part.
    """
    digest = hashlib.sha256()
    for path, content in sorted(written.files.items()):
        digest.update(json.dumps([path, hashlib.sha256(content).hexdigest()]).encode())
    facts = [
        [written.upgrade.id, written.upgrade.title],
        [[move.name, move.current, move.target, *sorted(move.advisories)] for move in written.upgrade.moves],
        [[other.lock, other.name, other.before, other.after] for other in written.others],
        [[problem.lock, problem.tool] for problem in written.problems],
        [[left.name, left.target, left.reason] for left in written.refused],
    ]
    digest.update(json.dumps(facts).encode())
    return digest.hexdigest()[:20]
