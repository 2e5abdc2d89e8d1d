"""Findings with a ready fix, as edits: what could be written today, in the order in which it is tried. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from analyzers.model.ecosystem import Ecosystem
from analyzers.model.edit import Change, Edit
from analyzers.model.finding import Finding
from analyzers.model.inventory import Dependency
from analyzers.model.place import Place

_Spot = tuple[str, int, int]
# What only repairs how the present version is written gives way to what moves to another one.
_LATER = {"unpinned-action": 1, "stale-base-digest": 2, "mismatched-action-comment": 2}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A finding, and the edit that would mend it; None where nothing is written that an edit could change."""

    finding: Finding
    edit: Edit | None


def proposals(
    findings: Iterable[Finding], dependencies: Iterable[Dependency], worlds: Iterable[Ecosystem]
) -> Iterator[Proposal]:
    """Yield a proposal for each finding that has a fix."""
    spots = _Spots(dependencies, worlds)
    mendable = [found for found in findings if found.fix.available and found.fix.to]
    for found in sorted(mendable, key=lambda found: _LATER.get(found.rule, 0)):
        changes = tuple(spots.changes(found, found.fix.to or ""))
        yield Proposal(found, Edit(changes) if changes else None)


class _Spots:
    """The rows by where their texts stand."""

    def __init__(self, dependencies: Iterable[Dependency], worlds: Iterable[Ecosystem]) -> None:
        self._values: Mapping[_Spot, list[Dependency]] = defaultdict(list)
        self._digests: dict[_Spot, Dependency] = {}
        self._comments: dict[_Spot, Dependency] = {}
        self._files: Mapping[tuple[str, str], list[Dependency]] = defaultdict(list)
        self._worlds = {world.name: world for world in worlds}
        for row in dependencies:
            self._values[_spot(row.place)].append(row)
            self._files[row.place.path, row.ecosystem].append(row)
            if row.digest_place:
                self._digests.setdefault(_spot(row.digest_place), row)
            if row.comment:
                self._comments.setdefault(_spot(row.comment), row)

    def changes(self, finding: Finding, to: str) -> Iterator[Change]:
        spot = finding.path, finding.line, finding.column
        if spot in self._comments:
            yield Change(row=self._comments[spot], comment=to)
        elif spot in self._digests:
            yield Change(row=self._digests[spot], digest=to)
        else:
            for row in self._values.get(spot, ()):
                if row.ecosystem == finding.subject.ecosystem and row.name == finding.subject.name:
                    yield _change(row, finding, to)
                    yield from self._others(row, finding)
                    return

    def _others(self, row: Dependency, finding: Finding) -> Iterator[Change]:
        """Yield the same move for the further rows of the file that the finding speaks for."""
        world, latest = self._worlds.get(row.ecosystem), finding.subject.latest
        if "also_lines" not in finding.details or not latest or world is None or world.scheme is None:
            return
        name, places = world.normalise(row.name), {row.place}
        for other in self._files[row.place.path, row.ecosystem]:
            if other.place in places or world.normalise(other.name) != name or other.skip_reason or not other.value:
                continue
            places.add(other.place)
            text = world.scheme.rewrite(other.value, latest)
            if text is not None and text != other.value:
                yield Change(row=other, value=text)


def _change(row: Dependency, finding: Finding, to: str) -> Change:
    if row.digest is not None and row.digest == row.value:
        return Change(row=row, value=to, digest=to, comment=finding.subject.latest if row.comment else None)
    if finding.rule == "unpinned-action":
        return Change(row=row, value=to, digest=to, comment=str(finding.details.get("version") or row.value))
    digest = finding.details.get("new_digest")
    return Change(row=row, value=to, digest=str(digest) if digest else None)


def _spot(place: Place) -> _Spot:
    return place.path, place.line, place.column
