"""Whether files, read again after an edit, say exactly what was wanted and nothing else."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from analyzers.model.edit import Change
from analyzers.model.inventory import Dependency
from analyzers.model.place import Place
from analyzers.model.skipped import Skipped
from analyzers.splices import Splice

_PLACES = ("place", "comment", "digest_place", "integrity")
# What follows from a version written elsewhere, for all rows of the same package.
_FOLLOWING = ("purl", "locked_version")
_FIELDS = tuple(
    field.name for field in dataclasses.fields(Dependency) if field.name not in {*_PLACES, *_FOLLOWING, "version"}
)
_Seen = tuple[object, ...]
_LONGEST = 100


class Shift:
    """Where each place stands after the splices."""

    def __init__(self, splices: Iterable[Splice]) -> None:
        self._by_path: dict[str, list[Splice]] = {}
        for splice in sorted(splices):
            self._by_path.setdefault(splice.path, []).append(splice)

    def span(self, place: Place | None) -> tuple[object, ...] | None:
        """Return path, line, start and end afterwards; a place that is torn is marked as such."""
        if place is None:
            return None
        start, end = place.start, place.end
        for splice in self._by_path.get(place.path, ()):
            if splice.start >= place.end and (splice.start, splice.end) != (place.start, place.end):
                break
            grown = len(splice.new) - (splice.end - splice.start)
            if splice.end <= place.start and (splice.start, splice.end) != (place.start, place.end):
                start, end = start + grown, end + grown
            elif (splice.start, splice.end) == (place.start, place.end):
                end += grown
            else:
                return ("torn", place)
        return (place.path, place.line, start, end)


_NOWHERE = Shift(())


def difference(
    before: Sequence[Dependency],
    after: Sequence[Dependency],
    changes: Sequence[Change],
    splices: Sequence[Splice],
) -> str | None:
    """Return in what the dependencies read afterwards differ from those wanted; None where they do not."""
    by_place = {change.row.place: change for change in changes}
    packages = {_package(row) for row in before if row.place in by_place}
    shift = Shift(splices)
    noted = {splice.start for splice in splices if splice.start == splice.end}
    wanted = Counter(_seen(_expected(row, by_place), shift, packages, by_place.get(row.place)) for row in before)
    moved = {shift.span(row.place): change for row in before if (change := by_place.get(row.place))}
    found = Counter(_seen(row, _NOWHERE, packages, moved.get(_NOWHERE.span(row.place))) for row in after)
    if wanted == found or (noted and _without_comments(wanted) == _without_comments(found)):
        return None
    return _told(wanted - found, found - wanted)


def _told(lost: Counter[_Seen], extra: Counter[_Seen]) -> str:
    """Return in words what was wanted and what stands there, of the first that differ."""
    wanted, found = (min(seen, key=repr, default=None) for seen in (lost, extra))
    said, meant = (_in_words(seen) if seen else "" for seen in (found, wanted))
    if said and said == meant and found and wanted:
        pairs = zip((*_FIELDS, "version"), found, wanted, strict=False)
        what = ", ".join(name.replace("_", " ") for name, one, other in pairs if one != other) or "place"
        return f"read again, {said} differs in its {what} from what was wanted"
    return f"read again, the file says {said or 'less'} where {meant or 'nothing more'} was wanted"


def _in_words(seen: _Seen) -> str:
    """Return a row as people name it (``actions/checkout v4``), one line of bounded length."""
    stated = dict(zip(_FIELDS, seen, strict=False))
    words = " ".join(str(stated[name]) for name in ("name", "value") if stated.get(name))
    line = "".join(sign if sign.isprintable() else " " for sign in words)
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _without_comments(seen: Counter[_Seen]) -> Counter[_Seen]:
    """Return the same without the places of comments, which an added one gives."""
    bare: Counter[_Seen] = Counter()
    for entry, count in seen.items():
        bare[entry[:-1]] += count
    return bare


def _package(row: Dependency) -> tuple[str, str]:
    return row.ecosystem, row.name.lower()


def _expected(row: Dependency, by_place: Mapping[Place, Change]) -> Dependency:
    change = by_place.get(row.place)
    if change is None:
        return row
    digest = change.digest or row.digest
    # Which version it is, is the scheme's to say; that a comment gives one is checked.
    version = change.comment or row.version
    if change.value is None:
        return dataclasses.replace(row, digest=digest, version=version)
    if row.digest is not None and row.digest == row.value:
        digest = change.value
    # A runner's label is its name and its version at once.
    name = row.name.replace(row.value, change.value, 1) if row.value and row.value in row.name else row.name
    return dataclasses.replace(row, name=name, value=change.value, digest=digest, version=version)


def _seen(row: Dependency, shift: Shift, packages: set[tuple[str, str]], change: Change | None) -> _Seen:
    """Return all that must agree of one row; the places last, and the comment's as the very last."""
    fields: list[object] = [getattr(row, name) for name in _FIELDS]
    if change:
        fields.append(row.version is not None)  # a pin stays a pin
    else:
        fields.append(row.version)
        if _package(row) not in packages:
            fields += [getattr(row, name) for name in _FOLLOWING]
    places = [shift.span(getattr(row, name)) for name in _PLACES if name != "comment"]
    return (*fields, *places, shift.span(row.comment))


def skipped_otherwise(before: Iterable[Skipped], after: Iterable[Skipped]) -> str | None:
    """Return what could not be read afterwards and could before, or the reverse; None where nothing."""
    changed = [*_kinds(after, before), *_kinds(before, after)]
    return f"read again, {changed[0]}" if changed else None


def _kinds(these: Iterable[Skipped], those: Iterable[Skipped]) -> Iterator[str]:
    left = Counter((entry.path, entry.source, entry.reason) for entry in these)
    left -= Counter((entry.path, entry.source, entry.reason) for entry in those)
    yield from (f"{source} in {path} differs ({reason})" for path, source, reason in sorted(left))
