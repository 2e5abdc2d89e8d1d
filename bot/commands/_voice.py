"""What a command says line by line while it works: wrapped to the terminal, with nothing in it that steers it."""

from __future__ import annotations

import shutil
import textwrap
from dataclasses import dataclass
from typing import Final, TextIO

from bot.markup import inert, terminal_text

_NARROWEST: Final = 60
_WIDEST: Final = 120


@dataclass(frozen=True, slots=True)
class Voice:
    """Writes to `stream` in lines of at most `width` characters."""

    stream: TextIO
    width: int

    @classmethod
    def of(cls, stream: TextIO) -> Voice:
        """Return the voice for a terminal, or for a file that a person reads."""
        columns = shutil.get_terminal_size((100, 40)).columns
        return cls(stream, max(_NARROWEST, min(columns, _WIDEST)))

    def tell(self, sentence: str, *, indent: int = 0, hang: int = 2) -> None:
        """Write a sentence, wrapped; its further lines stand ``hang`` characters further in than the first."""
        lines = textwrap.wrap(
            " ".join(terminal_text(sentence).split()),
            self.width,
            initial_indent=" " * indent,
            subsequent_indent=" " * (indent + hang),
            break_on_hyphens=False,
            break_long_words=False,
        )
        self._write("\n".join(lines))

    def show(self, text: str, *, indent: int = 0) -> None:
        """Write a sentence, wrapped, and what is quoted below it as it is laid out, indented."""
        sentence, _end, quoted = text.partition("\n")
        self.tell(sentence, indent=indent)
        if quoted:
            self._write(textwrap.indent(terminal_text(quoted), " " * indent))

    def _write(self, text: str) -> None:
        self.stream.write(f"{inert(text)}\n")
        self.stream.flush()
