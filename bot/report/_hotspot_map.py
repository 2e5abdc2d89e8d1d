"""The hotspot map: files as circles by size, folders around them, laid out here so that it shows without scripts.

Circles come in one flat list, parents before children; `Node.names` tells the page's script the same tree again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.markup import visible
from bot.report._circles import Circle, enclosing, pack
from bot.scorecard import FileSize

SIDE = 1000
"""The map is a square of this many units."""

MAX_FILES = 3000
# Folders further down become part of their files' names: real trees are shallow, and hostile ones must not recurse far.
_MAX_DEPTH = 12
_MAX_NAME = 80
# Between a folder's edge and what it holds, in units of the map.
_GAP = 3.0
# A file smaller than this part of the tree is drawn at this size, so that it can be seen and hit.
_SMALLEST = 2e-5
# Circles of one tree fill about this part of the map once folders are drawn around them.
_DENSITY = 0.55

STEPS: tuple[int, ...] = (1, 30, 120, 240, 480)
"""A file's colour steps up at each of these points."""


@dataclass(slots=True)
class _Folder:
    """A folder while the tree grows. `rest` are the files too many to draw: their number and their lines."""

    folders: dict[str, _Folder] = field(default_factory=dict)
    files: list[tuple[str, FileSize]] = field(default_factory=list)
    rest_files: int = 0
    rest_lines: int = 0
    rest_points: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """One circle as drawn: `style` is ``d`` (folder), ``r`` (the rest of a folder) or ``p0``–``p5`` by points."""

    style: str
    x: str
    y: str
    r: str


@dataclass(frozen=True, slots=True)
class Label:
    """The name of a folder at the top level."""

    text: str
    x: str
    y: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HotspotMap:
    """`names` is ``[name, [children]]`` for a folder, ``[name, lines, revisions, complexity, points]`` for a file
    and ``[number of files, lines, points]`` for the rest, nested in the order of `marks`.
    """

    marks: tuple[Mark, ...]
    labels: tuple[Label, ...]
    names: list[object]
    files: int
    left_out: int


@dataclass(frozen=True, slots=True)
class _Node:
    """A laid-out part of the tree; `circle` is relative to the parent's middle."""

    style: str
    r: float
    names: list[object]
    children: tuple[tuple[Circle, _Node], ...] = ()


def draw(files: Sequence[FileSize]) -> HotspotMap | None:
    """Lay out the ``files``; None when none has a line of code."""
    counted = [file for file in files if file.lines > 0]
    if not counted:
        return None
    shown = set(_most_telling(counted))
    root = _tree(counted, shown)
    total = sum(file.lines for file in counted)
    scale = math.sqrt(_DENSITY * (SIDE / 2) ** 2 / total)
    node = _laid("", root, scale, total * _SMALLEST)
    factor = (SIDE / 2 - 2) / node.r
    placed = [
        (mark, Circle(SIDE / 2 + circle.x * factor, SIDE / 2 + circle.y * factor, circle.r * factor))
        for mark, circle in _absolute(node, 0.0, 0.0)
    ]
    return HotspotMap(
        marks=tuple(_mark(mark.style, circle) for mark, circle in placed),
        labels=tuple(_labels(node, placed)),
        names=_names(node),
        files=len(counted),
        left_out=len(counted) - len(shown),
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
            folder = _nearest(root, file.path)
            folder.rest_files += 1
            folder.rest_lines += file.lines
            folder.rest_points += file.points
    return root


def _nearest(root: _Folder, path: str) -> _Folder:
    """Return the deepest folder of ``path`` that is drawn."""
    folder = root
    for part in path.split("/", _MAX_DEPTH)[:-1]:
        if part not in folder.folders:
            break
        folder = folder.folders[part]
    return folder


def _laid(name: str, folder: _Folder, scale: float, floor: float) -> _Node:
    while len(folder.folders) == 1 and not folder.files and not folder.rest_files:
        # A folder that only holds another one is drawn as one: src/main/java.
        ((inner, folder),) = folder.folders.items()
        name = f"{name}/{inner}" if name else inner
    nodes = [_laid(inner, child, scale, floor) for inner, child in sorted(folder.folders.items())]
    nodes += [_file(inner, file, scale, floor) for inner, file in folder.files]
    if folder.rest_files:
        rest = [folder.rest_files, folder.rest_lines, folder.rest_points]
        nodes.append(_Node("r", scale * math.sqrt(max(folder.rest_lines, floor)), list(rest)))
    nodes.sort(key=lambda node: -node.r)
    circles = pack([node.r + _GAP / 2 for node in nodes])
    around = enclosing(circles)
    children = tuple(
        (Circle(circle.x - around.x, circle.y - around.y, node.r), node)
        for circle, node in zip(circles, nodes, strict=True)
    )
    return _Node("d", around.r + _GAP / 2, [_short(name)], children)


def _file(name: str, file: FileSize, scale: float, floor: float) -> _Node:
    step = sum(file.points >= least for least in STEPS)
    figures = [_short(name), file.lines, file.revisions, file.complexity, file.points]
    return _Node(f"p{step}", scale * math.sqrt(max(file.lines, floor)), list(figures))


def _short(name: str) -> str:
    shown = visible(name)
    if len(shown) <= _MAX_NAME:
        return shown
    return f"{shown[: _MAX_NAME // 2]}…{shown[1 - _MAX_NAME // 2 :]}"


def _absolute(node: _Node, x: float, y: float) -> Iterator[tuple[_Node, Circle]]:
    yield node, Circle(x, y, node.r)
    for circle, child in node.children:
        yield from _absolute(child, x + circle.x, y + circle.y)


def _names(node: _Node) -> list[object]:
    if node.style != "d":
        return node.names
    return [*node.names, [_names(child) for _, child in node.children]]


def _mark(style: str, circle: Circle) -> Mark:
    return Mark(style, _figure(circle.x), _figure(circle.y), _figure(circle.r))


def _figure(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _labels(root: _Node, placed: Sequence[tuple[_Node, Circle]]) -> Iterator[Label]:
    """Name the folders of the top level that have room; the script names those of every other level."""
    at: Mapping[int, Circle] = {id(node): circle for node, circle in placed}
    for _, child in root.children:
        circle = at[id(child)]
        text = str(child.names[0])
        # A character is about 12 units wide at the label's size; names stand on the edge of their circle.
        if child.style == "d" and circle.r * 2.4 > len(text) * 12:
            yield Label(text, _figure(circle.x), _figure(circle.y - circle.r + 10))
