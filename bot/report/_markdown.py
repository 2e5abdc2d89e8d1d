"""The scorecard as Markdown, no longer than its place allows: for issues, comments and job summaries."""

from __future__ import annotations

from bot import change_words, remedies, standing, wording
from bot.ends import ends_of
from bot.markup import Raw, insist, render
from bot.report.template_values import Bar, ReportValues, Spot
from bot.scorecard import Report
from bot.template_words import Example, More, Shortened, given

# Rows of each list and letters of each name, tried from the top until the text fits.
_LEVELS = ((25, 120), (25, 80), (15, 80), (10, 60), (5, 40), (3, 20))
TEMPLATE = "report.md.j2"


def draw(report: Report, most: int, *, unfolded: bool = False) -> str:
    """Return the scorecard in at most ``most`` characters; what is left out is counted in its place.

    ``unfolded`` shows the list of findings without a click.
    """
    text = ""
    for rows, letters in _LEVELS:
        text = render(TEMPLATE, given(_values(report, rows, letters, unfolded=unfolded)))
        if len(text) <= most:
            break
    insist(TEMPLATE, len(text), most)
    return text


def _values(report: Report, rows: int, letters: int, *, unfolded: bool) -> ReportValues:
    card = report.scorecard
    shares = sorted((share for share in card.groups if share.findings), key=lambda share: -share.score_lost)
    causes = remedies.causes(standing.not_judged(report))
    return ReportValues(
        report=report,
        card=card,
        rows=rows,
        headline=_headline(report),
        moved=wording.prose(change_words.headline(report.change)) if report.change else "",
        causes_of_change=change_words.largest(report.change) if report.change else (),
        commit=standing.commit_of(report),
        claim=standing.claim(report),
        accepted=standing.accepted(report),
        promise=standing.promise(card),
        groups=shares,
        losses=standing.group_losses(card),
        projects=card.paths if report.findings else (),
        ends=ends_of(report),
        findings=sorted(report.findings, key=lambda charged: not charged.new),
        findings_title=_findings_title(report),
        open=Raw(" open") if unfolded else Raw(""),
        causes=causes,
        skipped=wording.count(sum(cause.count for cause in causes), "entry", "entries"),
        warnings=standing.stale_tables(report),
        name=Shortened(letters),
        place=Spot(letters),
        bar=Bar(shares[0].score_lost if shares else 0.0),
        example=Example(letters),
        more=More(rows, "and"),
    )


def _headline(report: Report) -> str:
    if standing.standing(report) in {"empty", "unjudged"}:
        return "not judged"
    return f"grade {report.scorecard.grade}, {wording.score(report.scorecard.score)} of 100"


def _findings_title(report: Report) -> str:
    fresh = sum(charged.new is True for charged in report.findings)
    new = f", {fresh:,} of them new" if any(charged.new is not None for charged in report.findings) else ""
    return f"{wording.count(len(report.findings), 'finding')}{new}"
