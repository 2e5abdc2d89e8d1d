"""The few steps that win most for least: what every report leads with. Pure.

A step is what people would do in one go: everything about one subject (a package in all its files, an image with all
its layers, a function), or one mechanical rule wherever it was broken (pinning every action).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from analyzers.model.finding import Finding
from analyzers.model.subject import SubjectKey
from bot.ruleset import SUBJECT_CAP, grade
from bot.score import UNIT, Priced, raw_points, score_units
from bot.scorecard import BestFix

SHOWN = 5
# A step that wins less than this is listed only where nothing wins more.
WORTHWHILE = UNIT // 10

_TOGETHER = {
    "unpinned-action": "Pin {count} actions to commits",
    "mismatched-action-comment": "Correct the version comments of {count} actions",
    "unpinned-base-image": "Pin {count} base images",
    "stale-base-digest": "Refresh the digests of {count} base images",
    "deprecated-instruction": "Replace deprecated Dockerfile instructions in {count} files",
    "deprecated-workflow-command": "Replace deprecated workflow commands in {count} files",
    "unused-ignore": "Remove {count} ignores without effect",
    "expired-ignore": "Renew or remove {count} expired ignores",
    "unconstrained-terraform-provider": "Constrain {count} providers",
}
_UPGRADE = "Upgrade {name}{change}"
_REPLACE = "Replace {name}{current}"
_MOVE = "Move {name}{change}"
_LEAVE = "Move off {name}{current}"
_PHRASES = {
    "outdated-dependency": _UPGRADE,
    "vulnerable-dependency": _UPGRADE,
    "yanked-release": _UPGRADE,
    "missing-release": _REPLACE,
    "deprecated-dependency": _REPLACE,
    "archived-dependency": _REPLACE,
    "abandoned-dependency": _REPLACE,
    "end-of-life-runtime": _MOVE,
    "end-of-life-framework": _MOVE,
    "end-of-life-base-image": _MOVE,
    "ending-base-image": _MOVE,
    "outdated-base-image": _MOVE,
    "deprecated-base-image": _REPLACE,
    "forced-action-runtime": _UPGRADE,
    "failing-action-version": _UPGRADE,
    "outdated-action": _UPGRADE,
    "archived-action": _REPLACE,
    "retired-runner": _MOVE,
    "ending-runner": _MOVE,
    "complexity-hotspot": "Simplify {name}",
    "outdated-terraform-provider": _UPGRADE,
    "outdated-chart": _UPGRADE,
}


@dataclass(frozen=True, slots=True)
class Step:
    """Findings that are mended in one go, by their position in the list."""

    title: str
    findings: tuple[int, ...]


def best_fixes(findings: Sequence[Finding], fingerprints: Sequence[str], size: float) -> tuple[BestFix, ...]:
    """Return the best steps, each counted after those before it: greedy by score won per minute."""
    ledger = _Ledger(findings, size)
    steps = list(_steps(findings))
    chosen: list[BestFix] = []
    while steps and len(chosen) < SHOWN:
        gains = [(ledger.gain(step), step) for step in steps]
        gain, step = max(gains, key=lambda entry: entry[0].rank)
        if not gain.won or (chosen and gain.won < WORTHWHILE):
            break
        before = ledger.units
        ledger.mend(step)
        chosen.append(
            BestFix(
                title=step.title,
                fingerprints=tuple(fingerprints[index] for index in gain.findings),
                points=gain.priced.points,
                minutes=gain.priced.effort,
                score_won=(ledger.units - before) / UNIT,
                score_after=ledger.units / UNIT,
                grade_after=grade(ledger.units / UNIT),
            )
        )
        steps = [other for other in steps if other != step]
    return tuple(chosen)


@dataclass(frozen=True, slots=True)
class _Gain:
    """What a step wins now: `won` units of score, by mending `findings`."""

    won: int
    priced: Priced
    findings: tuple[int, ...]

    @property
    def rank(self) -> tuple[bool, float, int, list[int]]:
        """Order of choice; the last part settles ties for the finding that comes first."""
        per_minute = self.won / max(1, self.priced.effort)
        return (self.won >= WORTHWHILE, per_minute, self.won, [-index for index in self.findings])


class _Ledger:
    """What is still owed while steps are chosen."""

    def __init__(self, findings: Sequence[Finding], size: float) -> None:
        self._findings = findings
        self._size = size
        self._open = set(range(len(findings)))
        self._points: dict[SubjectKey, int] = defaultdict(int)
        for finding in findings:
            self._points[finding.key] += raw_points(finding)
        self._total = sum(min(SUBJECT_CAP, points) for points in self._points.values())

    @property
    def units(self) -> int:
        """The score now."""
        return score_units(self._total, self._size)

    def gain(self, step: Step) -> _Gain:
        """Return what the step would win on top of those already mended."""
        indices = tuple(index for index in step.findings if index in self._open)
        paid: dict[SubjectKey, int] = defaultdict(int)
        minutes: dict[SubjectKey, int] = defaultdict(int)
        for index in indices:
            finding = self._findings[index]
            paid[finding.key] += raw_points(finding)
            minutes[finding.key] += finding.minutes
        points = sum(self._freed(key, part) for key, part in paid.items())
        effort = sum(min(SUBJECT_CAP, part) for part in minutes.values())
        return _Gain(score_units(self._total - points, self._size) - self.units, Priced(points, effort), indices)

    def mend(self, step: Step) -> None:
        """Do the step."""
        for index in step.findings:
            if index in self._open:
                self._open.remove(index)
                finding = self._findings[index]
                self._total -= self._freed(finding.key, raw_points(finding))
                self._points[finding.key] -= raw_points(finding)

    def _freed(self, key: SubjectKey, points: int) -> int:
        owed = self._points[key]
        return min(SUBJECT_CAP, owed) - min(SUBJECT_CAP, owed - points)


def _steps(findings: Sequence[Finding]) -> Iterator[Step]:
    by_subject: dict[SubjectKey, list[int]] = defaultdict(list)
    by_rule: dict[str, list[int]] = defaultdict(list)
    for index, finding in enumerate(findings):
        by_subject[finding.key].append(index)
        if finding.rule in _TOGETHER:
            by_rule[finding.rule].append(index)
    for indices in by_subject.values():
        yield Step(_subject_title([findings[index] for index in indices]), tuple(indices))
    for rule, indices in by_rule.items():
        count = len({findings[index].key for index in indices})
        if count > 1:
            yield Step(_TOGETHER[rule].format(count=count), tuple(indices))


def _subject_title(findings: Sequence[Finding]) -> str:
    leading = max(findings, key=raw_points)
    phrase = _PHRASES.get(leading.rule)
    where = _where(findings)
    if phrase is None:
        return f"{_sentence(leading.title)}{where}"
    subject = leading.subject
    # What people call the new version; the text to write may be a range or a digest.
    target = subject.latest or (leading.fix.to if leading.fix.to and _is_short(leading.fix.to) else None)
    # A runner's label is its name and its version at once.
    current = f" {subject.current}" if subject.current not in {None, "", subject.name} else ""
    if phrase is _MOVE and not target:
        phrase = _LEAVE
    change = f"{current} to {target}" if target else current
    return phrase.format(name=subject.name, current=current, change=change) + where


def _where(findings: Iterable[Finding]) -> str:
    paths = {finding.path for finding in findings}
    return f" ({len(paths)} files)" if len(paths) > 1 else f" in {paths.pop()}"


def _is_short(text: str) -> bool:
    # A digest says nothing to people; the version beside it does.
    return len(text) <= 24  # noqa: PLR2004 - longer than any tag people read at a glance


def _sentence(title: str) -> str:
    return title[:1].upper() + title[1:]
