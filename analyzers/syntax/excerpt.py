"""Texts that are part of a file, or of several, and that know where each of their characters stands."""

from __future__ import annotations

from dataclasses import dataclass, field

from analyzers.model.place import Place
from analyzers.syntax import yaml_lines
from analyzers.syntax.node import Scalar
from analyzers.syntax.spliced import Spliced
from analyzers.syntax.text import SourceText


@dataclass(frozen=True)
class Excerpt(SourceText):
    """A text written inside of another file: places are those of `outer`, from which `written` was taken."""

    outer: SourceText = field(kw_only=True)
    written: Spliced = field(kw_only=True)

    @classmethod
    def of(cls, outer: SourceText, written: Spliced) -> Excerpt:
        """Return what ``written`` says as a text of its own."""
        return cls(outer.path, written.text, outer=outer, written=written)

    @property
    def whole(self) -> SourceText:
        """The text of the file around."""
        return self.outer.whole

    def place(self, start: int, end: int) -> Place:
        """Return the Place in the outer file; of a part that stands in several lines, from its first to its last."""
        first = self.written.origin(start)
        return self.outer.place(first, self.written.part(start, end).end() if end > start else first)

    def line_column(self, offset: int) -> tuple[int, int]:
        """Return the 1-based line and column in the outer file."""
        return self.outer.line_column(self.written.origin(min(offset, max(len(self.text) - 1, 0))))


@dataclass(frozen=True)
class Joined(SourceText):
    """Two files as one text: offsets behind the end of `first` are those of `second`."""

    first: SourceText = field(kw_only=True)
    second: SourceText = field(kw_only=True)

    @classmethod
    def of(cls, first: SourceText, second: SourceText) -> Joined:
        """Return both texts, one behind the other; the path is that of the first."""
        return cls(first.path, first.text + second.text, first=first, second=second)

    def place(self, start: int, end: int) -> Place:
        """Return the Place in the file that holds ``start``."""
        behind = len(self.first.text)
        if start < behind:
            return self.first.place(start, min(end, behind))
        return self.second.place(start - behind, end - behind)


def block(source: SourceText, scalar: Scalar) -> Excerpt | None:
    """Return the lines of a YAML scalar as a text of their own; None where they do not say what its value is.

    That is so for folded text and for escapes.
    """
    parts: list[Spliced] = []
    for line in yaml_lines.lines(source, scalar):
        parts += (Spliced.at("\n", parts[-1].end()),) if parts else ()
        parts.append(Spliced.at(line.text, line.start))
    whole = Spliced.join(parts, empty_at=scalar.start)
    return Excerpt.of(source, whole) if whole.text.rstrip("\n") == scalar.value.rstrip("\n") else None
