"""What the hotspot map shows, as the page's script reads it: folders around their files, with every file's figures.

The script lays it out by d3-hierarchy. Here it is only decided what is shown one by one, and names are made harmless.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from analyzers.model.history import Coupling
from bot.hotspot_words import sentence
from bot.scorecard import FileSize, Hotspot
from bot.wording import name as short

MAX_FILES = 3000
MAX_HOTSPOTS = 500
MAX_COUPLINGS = 1000
"""More than these would make the page slow and large; the tables say how many there are."""
# Folders further down become part of their files' names: real trees are shallow, and hostile ones must not recurse far.
_MAX_DEPTH = 12
_MAX_NAME = 80
_MAX_PATH = 200
_DIGITS = string.digits + string.ascii_lowercase

STEPS: tuple[int, ...] = (1, 30, 120, 240, 480)
"""A file's colour steps up at each of these points."""


@dataclass(slots=True)
class _Folder:
    """A folder while the tree grows. `rest` are the files too many to draw: their number, lines and points."""

    folders: dict[str, _Folder] = field(default_factory=dict)
    files: list[tuple[str, FileSize]] = field(default_factory=list)
    rest: list[int] = field(default_factory=lambda: [0, 0, 0])


@dataclass(slots=True)
class _Order:
    """The numbers that files and people have in the data: those of their first appearance."""

    files: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HotspotMap:
    """`data` is for the script and described at its top; `numbers` are those of the files in it, by path.

    `files` counts all of them, `left_out` those that are drawn together with others of their folder;
    `unnamed` counts the lightest hotspots, which the figures of their files do not name.
    """

    data: Mapping[str, object]
    numbers: Mapping[str, int]
    files: int
    left_out: int
    unnamed: int = 0


def build(
    files: Sequence[FileSize],
    hotspots: Sequence[Hotspot] = (),
    couplings: Sequence[Coupling] = (),
    more_couplings: int = 0,
) -> HotspotMap | None:
    """Return the map of the ``files``; None when none has a line of code. ``more_couplings`` are weaker ones."""
    counted = [file for file in files if file.lines > 0]
    if not counted:
        return None
    shown = set(_most_telling(counted))
    order = _Order()
    tree = _packed("", _tree(counted, shown), order)
    return HotspotMap(
        data={
            "tree": tree,
            "steps": STEPS,
            "people": [short(name, _MAX_NAME) for name in order.people],
            "hotspots": list(_hotspots(hotspots[:MAX_HOTSPOTS], order.files)),
            "couplings": [_coupling(pair, order.files) for pair in couplings[:MAX_COUPLINGS]],
            "weaker": more_couplings + max(0, len(couplings) - MAX_COUPLINGS),
        },
        numbers=order.files,
        files=len(counted),
        left_out=len(counted) - len(shown),
        unnamed=max(0, len(hotspots) - MAX_HOTSPOTS),
    )


def _most_telling(files: Iterable[FileSize]) -> list[str]:
    """Return the paths to draw one by one: those with points first, then the most changed, then the largest."""
    ranked = sorted(files, key=lambda file: (-file.points, -file.revisions, -file.lines, file.path))
    return [file.path for file in ranked[:MAX_FILES]]


def _tree(files: Iterable[FileSize], shown: set[str]) -> _Folder:
    root = _Folder()
    for file in sorted(files, key=lambda file: file.path):
        *folders, name = file.path.split("/", _MAX_DEPTH)
        if file.path in shown:
            folder = root
            for part in folders:
                folder = folder.folders.setdefault(part, _Folder())
            folder.files.append((name, file))
    for file in files:
        if file.path not in shown:
            rest = _nearest(root, file.path).rest
            rest[:] = rest[0] + 1, rest[1] + file.lines, rest[2] + file.points
    return root


def _nearest(root: _Folder, path: str) -> _Folder:
    """Return the deepest folder of ``path`` that is drawn."""
    folder = root
    for part in path.split("/", _MAX_DEPTH)[:-1]:
        if part not in folder.folders:
            break
        folder = folder.folders[part]
    return folder


def _packed(name: str, folder: _Folder, order: _Order) -> list[object]:
    """Return a folder for the script, and number its files and people in the order in which it will meet them."""
    while len(folder.folders) == 1 and not folder.files and not folder.rest[0]:
        # A folder that only holds another one is drawn as one: src/main/java.
        ((inner, folder),) = folder.folders.items()
        name = f"{name}/{inner}" if name else inner
    children = [_packed(inner, child, order) for inner, child in sorted(folder.folders.items())]
    children += [_file(inner, file, order) for inner, file in folder.files]
    if folder.rest[0]:
        children.append([*folder.rest])
    return [short(name, _MAX_NAME), children]


def _file(name: str, file: FileSize, order: _Order) -> list[object]:
    order.files[file.path] = len(order.files)
    author = file.main_author
    figures: list[object] = [
        short(name, _MAX_NAME),
        file.lines,
        file.points,
        file.complexity,
        file.most_complex,
        short(file.most_complex_function, _MAX_NAME),
        file.revisions,
        file.authors,
        file.fixes,
        _months(file.months) if file.revisions else "",
        0 if author is None else 1 + order.people.setdefault(author, len(order.people)),
        round(100 * (file.main_share or 0)),
        file.authors_ever or 0,
        file.authors_gone or 0,
    ]
    while not figures[-1]:
        figures.pop()
    return figures


def _months(months: Sequence[int]) -> str | list[int]:
    """Return the commits a month, one letter or digit each where all are that few: in thousands of files it counts."""
    return "".join(_DIGITS[commits] for commits in months) if max(months, default=0) < len(_DIGITS) else [*months]


def _hotspots(hotspots: Iterable[Hotspot], numbers: Mapping[str, int]) -> Iterator[list[object]]:
    for spot in hotspots:
        if spot.path in numbers:
            figures = [spot.line, spot.complexity, spot.points, sentence(spot), list(spot.complexities)]
            yield [numbers[spot.path], short(spot.function, _MAX_NAME), *figures]


def _coupling(pair: Coupling, numbers: Mapping[str, int]) -> list[object]:
    """Return a pair; a file that is no code, or not drawn one by one, has its path in place of a number."""
    one, other = (numbers.get(path, short(path, _MAX_PATH)) for path in (pair.one, pair.other))
    return [one, other, pair.together, pair.one_revisions, pair.other_revisions]
