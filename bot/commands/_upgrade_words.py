"""How ``debtscan upgrade`` says things: one move, one choice, what was written, what was left out. Pure.

Every name, version and sentence comes from strangers: nothing invisible gets through, and nothing ends a line.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from analyzers.model.finding import Finding
from bot.markup import visible
from bot.upgrade.attempt import Attempt, Dropped
from bot.upgrade.model import LeftOut, Move
from bot.upgrade.offer import Choice, Offer
from bot.upgrade.preview import Preview
from bot.upgrade.spelling import versions

_NAMED = 5
_OTHERS = 10
_LONGEST = 100
_LONGEST_VERSION = 40
_LONGEST_WORD_OF_A_TOOL = 400
_NOISE = re.compile(r"npm (?:error|ERR!)(?: code [A-Z0-9]+| [a-z]+(?= [A-Z]))? ?")


def short(text: str, limit: int = _LONGEST) -> str:
    """Return a stranger's text as a part of one line."""
    bare = visible(text.strip())
    return bare if len(bare) <= limit else f"{bare[: limit - 1]}…"


def listed(texts: Iterable[str], most: int = _NAMED) -> str:
    """Return texts, each once, with commas; the rest is counted."""
    all_of_them = list(dict.fromkeys(texts))
    more = len(all_of_them) - most
    return ", ".join(all_of_them[:most]) + (f" and {more} more" if more > 0 else "")


def counted(number: int, word: str) -> str:
    """Return a number with its noun."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def move(one: Move) -> str:
    """Return what moves from where to where."""
    name = short(one.name)
    current, target = (short(text or "", _LONGEST_VERSION) for text in versions(one))
    if one.kind == "pin":
        return f"{name} pinned to {target}"
    return f"{name} {current} → {target}" if current and current != target else f"{name} → {target}"


def kind(choice: Choice) -> str:
    """Return the kind of step, and whether it mends a vulnerability."""
    steps = {one.step or one.kind for one in choice.moves} - {"security"}
    words = [word for word in ("pin", "digest", "patch", "minor", "major", "replace") if word in steps][-1:]
    return ", ".join((*words, *(["security"] if choice.upgrade.security else [])))


def summary(attempt: Attempt, preview: Preview | None, *, has_git: bool) -> str:
    """Return what was written, for standard output."""
    written = attempt.written
    lines = [f"Upgraded {counted(sum(len(one.moves) for one in attempt.made), 'dependency')}:".replace("ys:", "ies:")]
    lines += [f"  {move(one)}  ({kind(choice)})" for choice in attempt.made for one in choice.moves]
    lines += ["", f"Wrote {counted(len(written.files), 'file')}:", *(f"  {short(path)}" for path in written.files)]
    if written.tools:
        lines.append(f"Locks made anew by {', '.join(map(short, written.tools))}.")
    lines += _others(attempt)
    if preview:
        won = preview.won
        sense = "won" if won >= 0 else "lost"
        lines += ["", f"Debt: {preview.before.points:,} → {preview.after.points:,} points, {abs(won):,} {sense}."]
    if has_git:
        lines.append("Look at it with 'git diff'; 'git restore FILE' takes it back.")
    return "\n".join(lines) + "\n"


def _others(attempt: Attempt) -> Iterator[str]:
    by_lock: dict[str, list[str]] = defaultdict(list)
    for one in attempt.written.others:
        step = " → ".join((short(one.before or "new", _LONGEST_VERSION), short(one.after or "gone", _LONGEST_VERSION)))
        by_lock[one.lock].append(f"  {short(one.name)} {step}{f'  ({short(one.why)})' if one.why else ''}")
    for lock, lines in by_lock.items():
        yield from ("", f"{short(lock)} moved beside:", *lines[:_OTHERS])
        if len(lines) > _OTHERS:
            yield f"  and {len(lines) - _OTHERS} more"


def not_taken(offered: Offer, taken: Sequence[Choice]) -> Iterator[str]:
    """Yield what the default leaves out, in sentences."""
    chosen = {id(one) for one in taken}
    rest = [one for one in offered.choices if id(one) not in chosen]
    unsafe = [one for one in rest if not one.held]
    flawed = [one for one in unsafe if one.upgrade.security]
    if flawed:
        names = listed(move(one) for choice in flawed for one in choice.moves)
        yield f"left out, though known vulnerabilities go with it: {names}; may break something, --only NAME takes one"
    names = listed(short(one.name) for choice in unsafe if not choice.upgrade.security for one in choice.moves)
    if names:
        yield f"left out: steps that may break something, for {names}; --only NAME takes one"
    for choice in rest:
        if choice.held:
            yield f"left out: {listed(short(one.name) for one in choice.moves)}: {short(choice.held)}"


def left_out(offered: Offer) -> Iterator[str]:
    """Yield what is no choice at all, and why."""
    for one in offered.waiting:
        yield f"left out: {short(one.detail, 300)}"
    yield from _by_place((_spot(one.name, one.findings), short(one.detail, 300)) for one in _refused(offered.left_out))
    later = [short(one.name) for one in offered.left_out if one.reason == "later"]
    if later:
        yield f"later: further steps of {listed(later)}, once these are made"


def _refused(entries: Iterable[LeftOut]) -> Iterator[LeftOut]:
    return (one for one in entries if one.reason != "later")


def dropped(entries: Iterable[Dropped]) -> Iterator[str]:
    """Yield what was chosen and is not written, and why."""
    by_lock: dict[tuple[str, str], list[str]] = defaultdict(list)
    rest = []
    for one in entries:
        if one.lock:
            by_lock[one.lock, one.why] += [short(entry.name) for entry in one.choice.moves]
        else:
            rest += [(_spot(entry.name, entry.findings), short(one.why, 600)) for entry in one.choice.moves]
    for (lock, why), names in by_lock.items():
        yield f"left out: {listed(names)}: {short(lock)} cannot be made anew with it: {_told(why)}"
    yield from _by_place(rest)


def _told(why: str) -> str:
    """Return what a tool said, without what it says before each line and about its own log."""
    return short(_NOISE.sub("", why.partition("npm error A complete log")[0]), _LONGEST_WORD_OF_A_TOOL)


def _spot(name: str, findings: Sequence[Finding]) -> tuple[str, str, int]:
    path, line = (findings[0].path, findings[0].line) if findings else ("", 0)
    return short(name), short(path), line


def _by_place(entries: Iterable[tuple[tuple[str, str, int], str]]) -> Iterator[str]:
    """Yield one sentence for all of one file that have one reason."""
    told: dict[tuple[str, str], dict[tuple[str, int], None]] = defaultdict(dict)
    for (name, path, line), why in entries:
        told[path, why][name, line] = None
    for (path, why), spots in told.items():
        if len(spots) == 1:
            name, line = next(iter(spots))
            yield f"left out: {name}{f' in {path}:{line}' if path else ''}: {why}"
        else:
            yield f"left out: {listed(f'{name} (line {line})' for name, line in spots)} in {path}: {why}"
