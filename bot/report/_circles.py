"""Circles packed side by side, each touching others and none overlapping.

The front-chain method of Wang, Wang, Dai and Wang ("Visualization of large hierarchical data by circle packing",
CHI 2006): every new circle is laid against two neighbours of the outline that lie nearest to the middle. Only square
roots are used, so every machine finds the same places.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# Touching circles differ from overlapping ones by rounding only.
_SLACK = 1e-6
# The enclosing circle's centre is found to about one part in this many.
_ROUNDS = 64


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle in any unit of length."""

    x: float
    y: float
    r: float


def pack(radii: Sequence[float]) -> list[Circle]:
    """Return a circle for every radius (all > 0), in the same order, close around the origin."""
    if len(radii) < 2:  # noqa: PLR2004 - an outline takes two
        return [Circle(0.0, 0.0, radius) for radius in radii]
    # Large ones first: a small circle may be left inside the outline by a large one, never the reverse.
    order = sorted(range(len(radii)), key=lambda index: (-radii[index], index))
    outline = _Outline(radii[order[0]], radii[order[1]])
    for index in order[2:]:
        outline.add(radii[index])
    laid = dict(zip(order, outline.circles, strict=True))
    return [laid[index] for index in range(len(radii))]


def enclosing(circles: Sequence[Circle]) -> Circle:
    """Return a circle around all ``circles``: within a few percent of the smallest, never too small."""
    if len(circles) == 1:
        return circles[0]
    x = sum(circle.x for circle in circles) / len(circles)
    y = sum(circle.y for circle in circles) / len(circles)
    for turn in range(2, _ROUNDS):
        far = max(circles, key=lambda circle: _reach(x, y, circle))
        x += (far.x - x) / turn
        y += (far.y - y) / turn
    return Circle(x, y, max(_reach(x, y, circle) for circle in circles))


def _reach(x: float, y: float, circle: Circle) -> float:
    return math.sqrt((circle.x - x) ** 2 + (circle.y - y) ** 2) + circle.r


class _Outline:
    """The circles laid so far, and the ring of those that stand outermost (counter-clockwise, by index)."""

    def __init__(self, first: float, second: float) -> None:
        # The origin is the middle of the circle around both, so that others gather about a big one, not at its side.
        self.circles = [Circle(-second, 0.0, first), Circle(first, 0.0, second)]
        self._after = [1, 0]
        self._before = [1, 0]
        # Squared distance from the origin to where each circle meets its follower.
        self._distance = [_meeting(*self.circles)] * 2
        self._nearest = 0

    def add(self, radius: float) -> None:
        """Lay one more circle against the outline where that is nearest to the origin."""
        left = self._nearest
        right = self._after[left]
        while True:
            circle = _against(self.circles[left], self.circles[right], radius)
            obstacle = self._obstacle(circle, left, right)
            if obstacle is None:
                break
            # What stands in the way becomes a neighbour, and all between leaves the outline.
            left, right = obstacle
        self._insert(circle, left, right)
        self._nearest = min(self._ring(left), key=self._distance.__getitem__)

    def _insert(self, circle: Circle, left: int, right: int) -> None:
        index = len(self.circles)
        self.circles.append(circle)
        self._after.append(right)
        self._before.append(left)
        self._after[left] = index
        self._before[right] = index
        self._distance[left] = _meeting(self.circles[left], circle)
        self._distance.append(_meeting(circle, self.circles[right]))

    def _obstacle(self, circle: Circle, left: int, right: int) -> tuple[int, int] | None:
        """Return the pair to try next if ``circle`` overlaps the outline; the fewest circles leave it."""
        circles = self.circles
        ahead = _first_overlap(circles, circle, self._after, right, left)
        behind = _first_overlap(circles, circle, self._before, left, right)
        if ahead is None or behind is None:
            return None
        if ahead[1] <= behind[1]:
            return left, ahead[0]
        return behind[0], right

    def _ring(self, start: int) -> Iterator[int]:
        yield start
        index = self._after[start]
        while index != start:
            yield index
            index = self._after[index]


def _first_overlap(
    circles: Sequence[Circle], new: Circle, following: Sequence[int], start: int, stop: int
) -> tuple[int, float] | None:
    """Return the first circle after ``start`` that ``new`` overlaps, and how far along the outline it lies."""
    x, y, r = new.x, new.y, new.r - _SLACK * new.r
    index, walked = following[start], circles[start].r
    while index != stop:
        other = circles[index]
        dx, dy, room = other.x - x, other.y - y, other.r + r
        if dx * dx + dy * dy < room * room:
            return index, walked
        walked += other.r
        index = following[index]
    return None


def _meeting(one: Circle, two: Circle) -> float:
    """Squared distance from the origin to where two touching circles meet."""
    both = one.r + two.r
    x = (one.x * two.r + two.x * one.r) / both
    y = (one.y * two.r + two.y * one.r) / both
    return x * x + y * y


def _against(left: Circle, right: Circle, radius: float) -> Circle:
    """Return the circle that touches both, on the outer side of a counter-clockwise outline."""
    dx, dy = right.x - left.x, right.y - left.y
    span = dx * dx + dy * dy
    to_left, to_right = left.r + radius, right.r + radius
    along = (span + to_left * to_left - to_right * to_right) / (2 * span)
    aside = math.sqrt(max(0.0, to_left * to_left / span - along * along))
    return Circle(left.x + along * dx + aside * dy, left.y + along * dy - aside * dx, radius)
