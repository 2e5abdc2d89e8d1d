"""The sentences of a pull request's body. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from analyzers.model.advisory import Flaw
from analyzers.model.skipped import Skipped, SkipReason
from bot import score, wording
from bot.markup import Raw, markdown_code, markdown_text
from bot.remedies import REMEDIES
from bot.upgrade.model import Move, Written
from bot.upgrade.notes import Notes, Release
from bot.upgrade.preview import Preview, Standing

_NAMED: Final = 5
_ADVISORY: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{2,63}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Advised:
    """A known vulnerability that goes: its id as a link, how bad it is, and what it is about."""

    link: Raw
    severity: str
    package: str
    summary: str


@dataclass(frozen=True, slots=True)
class Noted:
    """The notes of one move as they are shown: `text` is finished Markdown, `cut` says that it was shortened."""

    name: str
    repository: str
    compare: Raw
    text: Raw
    left_out: int
    cut: bool


@dataclass(frozen=True, slots=True)
class Breaking:
    """A sentence that announces something breaking; finished Markdown."""

    name: str
    version: str
    text: Raw


def problems(written: Written) -> list[Raw]:
    """Return why locks could not be made anew, or need a look: those of one reason in one sentence."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for problem in written.problems:
        outcome = "needs a look as made anew" if problem.lock in written.files else "could not be made anew"
        found.setdefault((outcome, problem.tool, problem.detail), []).append(problem.lock)
    return [
        Raw(f"{_listed(locks)} {outcome} by {markdown_text(tool)}: {markdown_text(wording.prose(detail))}")
        for (outcome, tool, detail), locks in found.items()
    ]


def is_without_locks(written: Written) -> bool:
    """Whether a lockfile is missing: what is doubted is there all the same."""
    return any(problem.lock not in written.files for problem in written.problems)


def headline(preview: Preview | None) -> str:
    """Return ``C 61.2 → B 75.4``; a gain too small to show is said as that."""
    if preview is None:
        return ""
    before, after = _standing(preview.before), _standing(preview.after)
    if before != after:
        return f"{before} → {after}"
    return f"{before} (+ {_gained(preview)})" if preview.won > 0 else before


def gain(preview: Preview | None, *, without_locks: bool) -> str:
    """Return what merging wins, in a sentence or two."""
    if preview is None:
        return "What it wins was not computed."
    told = _gain(preview)
    return (
        f"{told} That is said of the files as they are here, without the lockfiles that are missing."
        if without_locks
        else told
    )


def _gain(preview: Preview) -> str:
    won, mended = preview.won, ""
    if preview.mended:
        mended = f" and mends {wording.count(len(preview.mended), 'finding')}"
    if won > 0:
        part = f"{won:,} of {wording.count(preview.before.points, 'point')} of debt"
        return f"Merging it pays back {part}{mended}; the score gains {_gained(preview)}."
    if won == 0:
        return f"Merging it leaves the score as it is{mended}."
    more = "See below where they come from: what it brings within reach may count as behind then."
    return f"Merging it adds {wording.count(-won, 'point')} of debt{mended}. {more}"


def _gained(preview: Preview) -> str:
    """Return what the score gains, as it is shown; of many points it may be less than the score has places for."""
    shown = wording.tenths(preview.after.score) - wording.tenths(preview.before.score)
    return wording.change(shown / 10 if shown > 0 else max(preview.score_won, 1 / score.UNIT))


def _standing(standing: Standing) -> str:
    return f"{standing.grade} {wording.score(standing.score)}"


def advisories(moves: Iterable[Move]) -> list[Advised]:
    """Return the vulnerabilities that go, the worst first."""
    told: dict[tuple[str, str], tuple[tuple[int, float], Advised]] = {}
    for move in moves:
        flaws = {flaw.id: flaw for finding in move.findings for flaw in finding.flaws}
        by_name = {name: flaw for flaw in flaws.values() for name in (*flaw.records, *flaw.aliases, flaw.id)}
        for name in move.advisories:
            flaw = by_name.get(name)
            rank = flaw.rank if flaw else (0, 0.0)
            told.setdefault((move.name, flaw.id if flaw else name), (rank, _advised(move, name, flaw)))
    return [entry for _rank, entry in sorted(told.values(), key=lambda one: one[0], reverse=True)]


def _advised(move: Move, name: str, flaw: Flaw | None) -> Advised:
    record = next(iter(flaw.records), name) if flaw else name
    shown = flaw.id if flaw else name
    link = Raw(markdown_code(shown))
    if _ADVISORY.fullmatch(record):
        link = Raw(f"[{markdown_text(shown)}](<https://osv.dev/vulnerability/{record}>)")
    severity = "malicious" if flaw and flaw.malicious else (flaw.level if flaw else None) or "not stated"
    return Advised(link=link, severity=severity, package=move.name, summary=flaw.summary if flaw else "")


def breaking(moves: Iterable[Move], notes: Mapping[str, Notes]) -> list[Breaking]:
    """Return what the notes announce as breaking, in the order of the moves."""
    names = {move.mark: move.name for move in moves if move.mark in notes}
    return [
        Breaking(name=name, version=hint.version, text=hint.text)
        for mark, name in names.items()
        for hint in notes[mark].hints
    ]


def notes(moves: Sequence[Move], found: Mapping[str, Notes], most: int) -> list[Noted]:
    """Return the notes of the moves, in about ``most`` characters together."""
    names = {move.mark: move.name for move in moves if move.mark in found}
    shown = {mark: found[mark] for mark in names if found[mark].releases or found[mark].compare}
    share = most // max(1, len(shown))
    return [_noted(names[mark], one, share) for mark, one in shown.items()]


def _noted(name: str, notes: Notes, most: int) -> Noted:
    text, cut = _text(notes.releases, most)
    repository = notes.repository or ""
    compare = Raw(f"[all changes](<{notes.compare}>)") if notes.compare else Raw("")
    return Noted(
        name=name,
        repository=repository,
        compare=compare,
        text=Raw(text),
        left_out=notes.left_out,
        cut=cut,
    )


def _text(releases: Sequence[Release], most: int) -> tuple[str, bool]:
    parts: list[str] = []
    left = most
    for release in releases:
        day = f", {release.published}" if release.published else ""
        parts.append(f"\n#### [{markdown_text(release.version)}](<{release.page}>){day}\n")
        left -= len(parts[-1])
        for block in release.blocks:
            left -= len(block.markdown) + 1
            if left < 0:
                return "\n".join(parts), True
            parts.append(block.markdown)
    return "\n".join(parts), False


def checked(written: Written, commit: str | None, as_of: date, preview: Preview | None) -> list[Raw]:
    """Return what was looked at before this was opened."""
    return [Raw(sentence) for sentence in _checked(written, commit, as_of, preview)]


def _checked(written: Written, commit: str | None, as_of: date, preview: Preview | None) -> Iterator[str]:
    locks = sorted({lock for move in written.upgrade.moves for lock in move.locks} & written.files.keys())
    edited = sorted(written.files.keys() - set(locks))
    if edited:
        files = wording.count(len(edited), "file")
        yield f"{files} edited and read again: only what is listed above reads otherwise now"
    if locks:
        tools = f": {', '.join(markdown_text(tool) for tool in written.tools)}" if written.tools else ""
        own = "its own tool" if len(locks) == 1 else "their own tools"
        yield f"{_listed(locks)} made anew by {own}{tools}"
    if preview is not None:
        base = f" on {markdown_code(commit[:8])}" if commit else ""
        yield f"the merged tree scanned{base} as of {as_of}, with the same facts as the base: {_after(preview)}"


def _after(preview: Preview) -> str:
    fewer = f"{wording.count(len(preview.mended), 'finding')} fewer" if preview.mended else "no finding fewer"
    return f"{fewer}, {f'{len(preview.fresh):,} new' if preview.fresh else 'none new'}"


def unchecked(written: Written, preview: Preview | None, notes: Mapping[str, Notes]) -> list[Raw]:
    """Return what nobody looked at, or nobody could tell."""
    return list(_unchecked(written, preview, notes))


def _unchecked(written: Written, preview: Preview | None, notes: Mapping[str, Notes]) -> Iterator[Raw]:
    yield Raw("whether the code works with it: nothing of this repository was run, so its own checks decide")
    for reason, entries in _by_reason(preview.unjudged if preview else ()).items():
        names = list(dict.fromkeys(entry.subject.name if entry.subject else entry.source for entry in entries))
        detail = entries[0].detail.removeprefix(f"{names[0]}: ")
        why = f"{REMEDIES[reason].meaning} ({detail})" if detail else REMEDIES[reason].meaning
        yield Raw(f"{_listed(names)}: {markdown_text(wording.prose(why))}")
    for left in written.refused:
        yield Raw(f"{_name(left.name)} is left as it is: {markdown_text(wording.prose(left.detail))}")
    without: dict[str, list[str]] = {}
    for mark, name in {move.mark: move.name for move in written.upgrade.moves}.items():
        found = notes.get(mark)
        if found and found.missing:
            without.setdefault(found.missing, []).append(name)
    for why, names in without.items():
        yield Raw(f"release notes of {_listed(names)}: {markdown_text(why)}")


def _by_reason(skipped: Iterable[Skipped]) -> Mapping[SkipReason, list[Skipped]]:
    found: dict[SkipReason, list[Skipped]] = {}
    for entry in skipped:
        found.setdefault(entry.reason, []).append(entry)
    return found


def _listed(names: Sequence[str]) -> str:
    """Return the first names, finished, and how many there are beside."""
    shown = [str(_name(name)) for name in names[:_NAMED]]
    if len(names) > _NAMED:
        shown.append(f"{len(names) - _NAMED:,} more")
    return wording.listed(shown)


def _name(text: str) -> Raw:
    return markdown_code(wording.name(text, 80))
