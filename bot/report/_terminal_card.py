"""The head of the terminal's report: the grade, what to mend first, where the score is lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Column
from rich.text import Text

from bot import standing, wording
from bot.report._terminal_change import line
from bot.report._terminal_parts import GRADE_STYLES, bar, grid, heading, indented, letter, number, styled, words
from bot.scorecard import BestFix, Report, Scorecard

_ROOMY = 72
_BAR = 40
_BESIDE_LETTER = 12
# From this width on there is room for bars, beside columns that take so many.
_BARS = 60
_BESIDE_BARS = 50


def title(report: Report, width: int) -> Iterator[RenderableType]:
    """Yield what was scanned and as of when."""
    line = styled(wording.name(report.repository.name), "bold")
    line.append(f"  {standing.commit_of(report)}", style="dim")
    when = f"as of {report.as_of}" + (", offline" if report.offline else "")
    line.append("  " if line.cell_len + len(when) + 2 <= width else "\n").append(when, style="dim")
    yield line
    yield Text()


def card(report: Report, width: int) -> Iterator[RenderableType]:
    """Yield the grade beside the score, its bounds and the totals."""
    known = standing.standing(report) in {"clean", "debt"}
    grade = report.scorecard.grade if known else "?"
    style = GRADE_STYLES[report.scorecard.grade] if known else "dim"
    beside = _figures(report, min(_BAR, width - _BESIDE_LETTER)) if known else [Text(standing.claim(report))]
    big = Text("\n".join(letter(grade)), style=style)
    yield grid(Column(no_wrap=True), words(), rows=[(big, Text("\n").join(beside))])


def _figures(report: Report, columns: int) -> list[Text]:
    card = report.scorecard
    first = styled(wording.score(card.score), GRADE_STYLES[card.grade])
    first.append(" of 100", style="bold")
    first.append(f"   low {wording.score(card.low)}, high {wording.score(card.high)}", style="dim")
    lines = [first, *line(report), _scale(card, columns), _totals(report)]
    if card.unknown:
        unknown = wording.count(card.unknown, "subject")
        lines.append(Text(f"{unknown} could not be judged: low counts each as 8 h", style="yellow"))
    new = sum(charged.new is True for charged in report.findings)
    if any(charged.new is not None for charged in report.findings):
        lines.append(Text(f"{wording.count(new, 'finding')} new since the baseline", style="bold" if new else "dim"))
    aside = standing.accepted(report)
    if aside:
        lines.append(Text(aside, style="dim"))
    return lines


def _scale(card: Scorecard, columns: int) -> Text:
    """Return the line from 0 to 100: solid up to low, lighter up to the score."""
    low, reached = (int(value * columns / 100 + 1e-6) for value in (card.low, card.score))
    line = styled("█" * low, GRADE_STYLES[card.grade])
    line.append("▓" * (reached - low), style=GRADE_STYLES[card.grade].removeprefix("bold "))
    line.append("░" * (columns - reached), style="dim")
    return line


def _totals(report: Report) -> Text:
    card = report.scorecard
    if not report.findings:
        return Text(standing.claim(report) or "Nothing counts: every finding is accepted.")
    line = styled(wording.count(len(report.findings), "finding"), "bold")
    line.append(f" · {wording.work(card.effort_minutes)} of work")
    if card.libyears:
        line.append(f" · {wording.years(card.libyears)} libyears behind")
    return line


def best(report: Report, width: int) -> Iterator[RenderableType]:
    """Yield the few steps that win most, what they cost, and where they lead."""
    fixes = report.scorecard.best
    if not fixes:
        return
    yield heading("Mend first")
    if width < _ROOMY:
        yield grid(number(), words(), rows=_short_rows(fixes))
    else:
        rows = [
            (Text(f"{place}."), Text(wording.name(fix.title)), _won(fix), _work(fix), _grade(fix))
            for place, fix in enumerate(fixes, 1)
        ]
        columns = (number(), words("", 1), number("score"), number("work"), number("then"))
        yield grid(*columns, rows=rows)
    yield indented(Text(standing.promise(report.scorecard), style="bold"))


def _short_rows(fixes: Sequence[BestFix]) -> Iterator[Sequence[Text]]:
    for place, fix in enumerate(fixes, 1):
        what = Text(wording.name(fix.title))
        what.append("\n").append(_won(fix)).append("  ").append(_work(fix)).append("  then ").append(_grade(fix))
        yield Text(f"{place}."), what


def _won(fix: BestFix) -> Text:
    return Text(standing.won(fix.score_won), style="green")


def _work(fix: BestFix) -> Text:
    return Text(wording.work(fix.minutes))


def _grade(fix: BestFix) -> Text:
    return Text(f"{_tenths(fix.score_after)} {fix.grade_after}", style=GRADE_STYLES[fix.grade_after])


def _tenths(score: float) -> str:
    # One place always, so that figures stand in line.
    shown = wording.score(score)
    return shown if "." in shown else f"{shown}.0"


def groups(report: Report, width: int) -> Iterator[RenderableType]:
    """Yield what each group takes from the score."""
    shares = [share for share in report.scorecard.groups if share.findings]
    if not shares:
        return
    yield heading("Where the score is lost")
    lost = standing.group_losses(report.scorecard)
    shares.sort(key=lambda share: -share.score_lost)
    most = shares[0].score_lost or 1.0
    columns = [Column(no_wrap=True), number("score"), number("findings"), number("work")]
    rows = [
        [
            Text(share.group),
            Text(lost[share.group]),
            Text(f"{share.findings:,}"),
            Text(wording.work(share.effort_minutes)),
        ]
        for share in shares
    ]
    if width >= _BARS:
        columns.insert(1, Column(no_wrap=True))
        for row, share in zip(rows, shares, strict=True):
            row.insert(1, bar(share.score_lost / most, min(30, width - _BESIDE_BARS), "red"))
    yield grid(*columns, rows=rows)


def projects(report: Report, width: int) -> Iterator[RenderableType]:
    """Yield the score of each project of a monorepo, the one with most debt first."""
    shares = report.scorecard.paths
    if not shares or not report.findings:
        return
    yield heading("Projects")
    shown = shares[:8]
    rows = [
        (
            Text(wording.name(share.path, 60)),
            Text(f"{_tenths(share.score)} {share.grade}", style=GRADE_STYLES[share.grade]),
            Text(f"{share.findings:,}"),
            Text(wording.name(" ".join(share.owners), 60), style="dim"),
        )
        for share in shown
    ]
    columns = [words(), number("score"), number("findings"), words("owners" if width >= _ROOMY else "")]
    yield grid(*columns, rows=rows)
    if len(shares) > len(shown):
        yield indented(Text(f"and {len(shares) - len(shown)} more", style="dim"))
