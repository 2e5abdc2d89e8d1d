"""The grade as a badge: a picture (SVG) of our own drawing, and the document that shields.io draws one from. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from bot import wording
from bot.scorecard import Grade, Report
from bot.standing import NOT_JUDGED, graded, standing

LABEL: Final = "technical debt"
# White text stands out from each of them by 4.5 to 1 or more, as WCAG asks of small text.
COLOURS: Final[Mapping[Grade, str]] = {
    "A": "1a7f37",
    "B": "4d7c0f",
    "C": "8a6100",
    "D": "b45309",
    "E": "c2410c",
    "F": "b91c1c",
}
LABEL_COLOUR: Final = "24292f"
UNJUDGED_COLOUR: Final = "57606a"
# Hundredths of a pixel of Verdana at 11 pixels, which browsers take first: all that a badge can say.
_WIDTHS: Final[Mapping[str, int]] = {
    **dict.fromkeys("0123456789", 699),
    **dict.fromkeys("bdgu", 686),
    **dict.fromkeys("hn", 696),
    "a": 661,
    "c": 573,
    "e": 655,
    "i": 302,
    "j": 379,
    "l": 302,
    "o": 668,
    "t": 433,
    " ": 387,
    ".": 400,
    "A": 752,
    "B": 754,
    "C": 768,
    "D": 848,
    "E": 696,
    "F": 632,
}
_MARGIN: Final = 6
_HEIGHT: Final = 20
_BASELINE: Final = 14
_FONT: Final = "Verdana,Geneva,DejaVu Sans,sans-serif"


def colour(report: Report) -> str:
    """Return the colour behind it."""
    return UNJUDGED_COLOUR if standing(report) in {"empty", "unjudged"} else COLOURS[report.scorecard.grade]


def svg(report: Report) -> str:
    """Return the picture. Its text has a set length, so that it fits whatever font the reader has."""
    return _drawn(graded(report), colour(report))


def svg_of(grade: Grade | None, score: float | None) -> str:
    """Return the picture of a score that is known without its report; without one it says so."""
    return _drawn(said(grade, score), COLOURS[grade] if grade else UNJUDGED_COLOUR)


def said(grade: Grade | None, score: float | None) -> str:
    """Return what the badge of a score says: ``B 84.2``."""
    return NOT_JUDGED if grade is None or score is None else f"{grade} {wording.score(score)}"


def _drawn(text: str, behind: str) -> str:
    left, right = _width(LABEL), _width(text)
    title = f"{LABEL}: {text}"
    # One that stands beside others in a page has no names that could be theirs.
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{_HEIGHT}" role="img"'
        f' aria-label="{title}"><title>{title}</title>'
        f'<rect width="{left + right}" height="{_HEIGHT}" rx="3" fill="#{LABEL_COLOUR}"/>'
        f'<path d="M{left} 0h{right - 3}a3 3 0 0 1 3 3v{_HEIGHT - 6}a3 3 0 0 1-3 3h-{right - 3}z"'
        f' fill="#{behind}"/>'
        f'<g fill="#fff" font-family="{_FONT}" font-size="11" aria-hidden="true">'
        f"{_text(LABEL, 0, left)}{_text(text, left, right)}</g></svg>\n"
    )


def endpoint(report: Report) -> str:
    """Return the document for shields.io: https://shields.io/badges/endpoint-badge"""
    document = {
        "schemaVersion": 1,
        "label": LABEL,
        "message": graded(report),
        "color": colour(report),
        "labelColor": LABEL_COLOUR,
    }
    return json.dumps(document, separators=(",", ":")) + "\n"


def files(report: Report) -> Mapping[str, bytes]:
    """Return both as files, for a place from which a page can show them."""
    return {"badge.svg": svg(report).encode(), "badge.json": endpoint(report).encode()}


def _width(text: str) -> int:
    return round(sum(_WIDTHS[letter] for letter in text) / 100) + 2 * _MARGIN


def _text(text: str, start: int, width: int) -> str:
    length = width - 2 * _MARGIN
    return f'<text x="{start + _MARGIN}" y="{_BASELINE}" textLength="{length}">{text}</text>'
