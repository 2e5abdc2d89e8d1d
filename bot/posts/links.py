"""Links to places on GitHub, from addresses that GitHub gave, and to debtscan's own pages."""

from __future__ import annotations

import re
from typing import Final

from bot.markup import Raw, markdown_text

# Nothing in it can end a link or begin anything else.
_PLAIN: Final = re.compile(r"https?://[\w.:~/-]{1,500}", re.ASCII)


def page_link(text: str, url: str) -> Raw:
    """Return a link to a page of debtscan's own; the text and the address where the address is odd."""
    said = markdown_text(text)
    return Raw(f"[{said}]({url})") if _PLAIN.fullmatch(url) else Raw(f"{said}: {markdown_text(url)}")


def pull_link(number: int, url: str) -> Raw:
    """Return a link to a pull request; its number alone, which GitHub links itself, where the address is odd."""
    return Raw(f"[#{number}]({url})" if _PLAIN.fullmatch(url) else f"#{number}")
