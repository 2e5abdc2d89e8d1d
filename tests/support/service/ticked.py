"""A dashboard's text with one box."""

from __future__ import annotations

from typing import Final

from bot.posts import boxes
from bot.posts.boxes import Marker, Wish

_WISH: Final = Wish("open", "pypi-requests-2")
MARKER: Final = boxes.draw(Marker(boxes=frozenset({_WISH.mark})))
TICKED: Final = f"{boxes.box(_WISH, ticked=True)} requests\n\n{MARKER}"
UNTICKED: Final = f"{boxes.box(_WISH)} requests\n\n{MARKER}"
