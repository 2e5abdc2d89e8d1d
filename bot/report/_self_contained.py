"""What makes an HTML page self-contained: it asks nothing of any network.

Style and script stand in the page and are allowed by their hashes alone, so nothing that a repository smuggles into
a name could run even if it were not escaped.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Literal

from bot.markup import templates_folder
from bot.ruleset import Grade

_COLOURS = {
    "A": "#1460aa",
    "B": "#0f6e65",
    "C": "#80600a",
    "D": "#a84a08",
    "E": "#b3261e",
    "F": "#7a1030",
    "H": "#a84a08",
}


class Finished(str):
    """Markup of our own, or already escaped."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


def inlined(name: str) -> str:
    """Return a style or a script of ``templates/``."""
    return (templates_folder() / name).read_text(encoding="utf-8")


def policy(style: str, script: str) -> str:
    """Return the page's Content-Security-Policy: nothing is fetched, and only our own style and script count."""
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def icon(letter: Grade | Literal["H"]) -> str:
    """Return the grade, or H for hotspots, as the page's icon: without one, browsers ask the server for it."""
    drawn = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><rect width='16' height='16' rx='3' "
        f"fill='{_COLOURS[letter]}'/><text x='8' y='12.5' font-family='sans-serif' font-weight='bold' "
        f"font-size='12' text-anchor='middle' fill='#fff'>{letter}</text></svg>"
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.encode()).decode()}"
