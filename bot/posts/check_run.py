"""The check run of a commit: its score and, on a pull request, what the change adds and mends.

`check_run` says what it should be (pure), `settle` makes it so. GitHub adds annotations up and takes none away, 50 a
request. So a run's note (`external_id`) holds the digests of its words and of its annotations and how many of these are
written: a run that was killed goes on where it ended, and another text is changed in place. Where other annotations
are wanted a new run of the same name takes the place of the old one: GitHub shows the newest.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from analyzers.model.finding import Severity
from bot import change_words, standing, wording
from bot.comparison import Comparison
from bot.github.host import Host
from bot.github.objects import OWN_CHECK, OWN_NOTE, Annotation, AnnotationLevel, CheckText, Conclusion
from bot.markup import Raw
from bot.posts import words
from bot.posts.judged import Judged
from bot.posts.template_values import CheckRunValues, Skip
from bot.posts.words import Setting
from bot.scorecard import Charged, Report
from bot.template_words import More, Shortened, given

NAME: Final = OWN_CHECK
TEMPLATE: Final = "check-run.md.j2"
PERMISSION: Final = "checks:write"
MOST_ANNOTATIONS: Final = 200
_A_REQUEST: Final = 50
_LONGEST_TITLE: Final = 255
_LARGEST_SUMMARY: Final = 65_535
_NOTE: Final = re.compile(rf"{OWN_NOTE}([0-9a-f]{{16}}):([0-9a-f]{{16}}):([0-9]{{1,4}})")
_LEVELS: Final[Mapping[Severity, AnnotationLevel]] = {
    Severity.CRITICAL: "failure",
    Severity.HIGH: "failure",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
}
_SUPERSEDED: Final = CheckText(
    external_id="", conclusion="neutral", title="Superseded", summary="A newer check run of this name says how it is."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check run should be. `digest` names its words without their date."""

    conclusion: Conclusion
    title: str
    summary: str
    annotations: tuple[Annotation, ...]
    digest: str


def check_run(
    report: Report, change: Comparison | None, verdict: Judged, setting: Setting, most: int = MOST_ANNOTATIONS
) -> Checked:
    """Return the check run of ``report``'s commit, with at most ``most`` annotations.

    With ``change``, its `after` is ``report``.
    """
    fresh = [charged for charged in (change.fresh if change else ()) if _is_addressable(charged)]
    annotations = tuple(_annotation(charged) for charged in fresh[:most])
    unmarked = len(change.fresh) - len(annotations) if change else 0

    def values(rows: int, letters: int) -> CheckRunValues:
        told = _told(change, setting, rows, letters) if change else _standing(report, rows, letters)
        return replace(told, verdict=verdict.sentences, unmarked=unmarked, marked=len(annotations))

    summary = words.drawn(TEMPLATE, values, _LARGEST_SUMMARY)
    title = _title(report, change)
    undated = summary.replace(report.as_of.isoformat(), "")
    return Checked(
        conclusion=verdict.conclusion,
        title=wording.name(title, _LONGEST_TITLE),
        summary=summary,
        annotations=annotations,
        digest=_digest([verdict.conclusion, title, undated]),
    )


def _title(report: Report, change: Comparison | None) -> str:
    if change is None:
        moved = f" ({change_words.headline(report.change)})" if report.change else ""
        return f"{standing.graded(report)}, {wording.count(len(report.findings), 'finding')}{moved}"
    return f"{standing.graded(change.before)} → {standing.graded(report)}: {words.counts(change).removesuffix('.')}"


def _told(change: Comparison, setting: Setting, rows: int, letters: int) -> CheckRunValues:
    return CheckRunValues(card=change.after.scorecard, **given(words.change_values(change, setting, rows, letters)))


def _standing(report: Report, rows: int, letters: int) -> CheckRunValues:
    card = report.scorecard
    debt = f"{wording.count(len(report.findings), 'finding')}, {wording.work(card.effort_minutes)} of work."
    return CheckRunValues(
        rows=rows,
        name=Shortened(letters),
        example=Skip(letters),
        more=More(rows),
        card=card,
        headline=f"{standing.graded(report)}.",
        counts=standing.claim(report) or debt,
        promise=standing.promise(card),
        moved=wording.prose(change_words.headline(report.change)) if report.change else "",
        causes_of_change=change_words.largest(report.change) if report.change else (),
        foot=Raw(f"As of {report.as_of}. {words.made_by(report)}"),
    )


def _is_addressable(charged: Charged) -> bool:
    """Whether GitHub can be told the path: a name that is no UTF-8 cannot."""
    return charged.finding.path.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in charged.finding.path)


def _annotation(charged: Charged) -> Annotation:
    finding = charged.finding
    return Annotation(
        path=finding.path,
        line=finding.line,
        end_line=max(finding.line, finding.end_line),
        level=_LEVELS[finding.severity],
        title=wording.name(finding.title, _LONGEST_TITLE),
        message=f"{wording.prose(finding.message)} ({finding.rule}, {wording.count(charged.points, 'point')})",
    )


def settle(host: Host, sha: str, wanted: Checked) -> str:
    """Make the check run of a commit what it should be; return what was done, or "". Raises HostError."""
    # Messages count days ("412 days ago"): tomorrow the same lines would be other annotations.
    marks = _digest([(one.path, one.line, one.end_line, one.level, one.title) for one in wanted.annotations])
    login = host.login()
    own = [run for run in host.check_runs(sha, NAME) if run.author == login and _NOTE.fullmatch(run.external_id)]
    run = own[-1] if own else None
    note = _NOTE.fullmatch(run.external_id) if run else None
    steps = _Steps(wanted, marks)
    if run is None or note is None or note[2] != marks:
        if run is not None and not run.is_done:
            # Nobody would ever conclude it.
            host.update_check_run(run, replace(_SUPERSEDED, external_id=run.external_id))
        first, *rest = steps.all(0)
        run = host.create_check_run(sha, NAME, first)
    else:
        written = int(note[3])
        if written >= len(wanted.annotations) and note[1] == wanted.digest:
            return ""
        rest = list(steps.all(written))
    for step in rest:
        host.update_check_run(run, step)
    return f"wrote the check run of {sha[:10]}: {wanted.title}"


@dataclass(frozen=True, slots=True)
class _Steps:
    """The requests that write a check run; the last one concludes it."""

    wanted: Checked
    marks: str

    def all(self, written: int) -> Iterator[CheckText]:
        """Yield those that are left when so many annotations are written: at least one."""
        whole: Sequence[Annotation] = self.wanted.annotations
        while True:
            some = tuple(whole[written : written + _A_REQUEST])
            written += len(some)
            is_last = written >= len(whole)
            yield CheckText(
                external_id=f"{OWN_NOTE}{self.wanted.digest}:{self.marks}:{written}",
                conclusion=self.wanted.conclusion if is_last else None,
                title=self.wanted.title,
                summary=self.wanted.summary,
                annotations=some,
            )
            if is_last:
                return


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=True).encode()).hexdigest()[:16]
