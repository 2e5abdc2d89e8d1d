"""The pieces that the terminal's scorecard is drawn from. The only modules that import rich begin with this name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Column, Table
from rich.text import Text

from analyzers.model.finding import Severity
from bot import wording
from bot.markup import inert
from bot.report.renderer import Options
from bot.ruleset import Grade

NARROWEST = 40
# Lines longer than this are hard to read, however wide the terminal is.
WIDEST = 132
INDENT = 2

GRADE_STYLES: Mapping[Grade, str] = {
    "A": "bold green",
    "B": "bold cyan",
    "C": "bold yellow",
    "D": "bold dark_orange",
    "E": "bold red",
    "F": "bold red",
}
SEVERITY_STYLES: Mapping[Severity, str] = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
}
_LETTERS: Mapping[str, Sequence[str]] = {
    "A": ("▄█▀▀█▄", "██▄▄██", "██  ██"),
    "B": ("██▀▀█▄", "██▀▀█▄", "██▄▄█▀"),
    "C": ("▄█▀▀█▄", "██    ", "▀█▄▄█▀"),
    "D": ("██▀▀█▄", "██  ██", "██▄▄█▀"),
    "E": ("██▀▀▀▀", "██▀▀▀ ", "██▄▄▄▄"),
    "F": ("██▀▀▀▀", "██▀▀▀ ", "██    "),
    "?": ("▀▀▀▀█▄", "  ▄█▀▀", "  ▄▄  "),
}
_EIGHTHS = " ▏▎▍▌▋▊▉█"


def draw(parts: Iterable[RenderableType], options: Options) -> str:
    """Return the parts, one below the other, as text without trailing blanks."""
    out = StringIO()
    console = Console(
        file=out,
        width=width_of(options),
        height=25,  # of no effect on what is printed; without it each line asks the terminal
        force_terminal=options.colour,
        color_system="256" if options.colour else None,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
        # The environment must not decide about bytes: NO_COLOR and the like were read by the command.
        _environ={},
    )
    for part in parts:
        console.print(part)
    return inert("\n".join(line.rstrip() for line in out.getvalue().split("\n")))


def width_of(options: Options) -> int:
    """Return the columns to draw in."""
    return max(NARROWEST, min(WIDEST, options.width))


def letter(grade: str) -> Sequence[str]:
    """Return the rows of a big letter, six columns wide."""
    return _LETTERS[grade]


def styled(text: str, style: str) -> Text:
    """Return text to which more can be appended: what follows does not inherit the style."""
    return Text().append(text, style=style)


def heading(text: str) -> RenderableType:
    """Return a section's title with a line to the right edge."""
    return Padding(Rule(Text(text, style="bold"), align="left", style="dim", characters="─"), (1, 0, 0, 0))


def indented(part: RenderableType) -> RenderableType:
    """Return the part, set in."""
    return Padding(part, (0, 0, 0, INDENT))


def grid(*columns: Column, rows: Iterable[Sequence[RenderableType]]) -> RenderableType:
    """Return rows in columns without lines between them, set in."""
    table = Table(*columns, box=None, show_header=any(column.header for column in columns), padding=(0, 2, 0, 0))
    table.header_style = "dim"
    for row in rows:
        table.add_row(*row)
    return indented(table)


def bar(share: float, columns: int, style: str) -> Text:
    """Return a bar of ``share`` (0 to 1) of the columns; anything above nothing shows at least a sliver."""
    eighths = max(round(share * columns * 8), 1 if share > 0 else 0)
    full, rest = divmod(min(eighths, columns * 8), 8)
    return Text(("█" * full + (_EIGHTHS[rest] if rest else "")).ljust(columns), style=style)


def spark(values: Sequence[int | None], style: str = "dim") -> Text:
    """Return a line of small columns, one a value; a blank where one is not known."""
    return Text(wording.steps(values), style=style)


def more(count: int, shown_by: str = "") -> Iterator[RenderableType]:
    """Yield a line that counts what is not shown, and names the command that shows it; nothing for nothing."""
    if count > 0:
        yield indented(Text(f"and {count:,} more" + (f": {shown_by}" if shown_by else ""), style="dim"))


def number(header: str = "") -> Column:
    """Return a column of figures."""
    return Column(header, justify="right", no_wrap=True)


def words(header: str = "", ratio: int | None = None) -> Column:
    """Return a column of text, which folds where it is too long."""
    return Column(header, overflow="fold", ratio=ratio)
