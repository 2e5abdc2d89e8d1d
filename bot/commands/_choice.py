"""The choice on a terminal: a list in order of worth, and one line to say what to take. Plain text, no colours."""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence

from bot.commands._upgrade_words import counted, kind, move, short
from bot.upgrade.offer import Choice, Offer, take
from bot.upgrade.spelling import versions

_NARROWEST = 40
_WIDEST = 100
_MOST_TEXT = 2000
_SPAN = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")
_QUESTION = "Which? Numbers, names, all, none; ? explains, empty takes *"
_HELP = """\
Write numbers (3), ranges (1-4) or names, with commas or blanks between them.
  all    everything that is listed
  safe   those with a star: no breaking change is expected of them
  none   nothing; nothing is written
  ? 3    explains number 3
An empty line takes those with a star."""


def choose(offered: Offer, width: int, ask: Callable[[str], str] | None = None) -> tuple[Choice, ...]:
    """Show what there is and return what is wanted, in order. The end of the input is none."""
    width = max(_NARROWEST, min(_WIDEST, width))
    read = ask or _read
    _show([*_list(offered.choices, width), *_folded(_QUESTION, width)])
    while True:
        answer = read("> ")
        if answer.strip().startswith("?"):
            _show(_explained(answer.strip().removeprefix("?").strip(), offered.choices, width))
            continue
        chosen = selected(answer, offered)
        if not isinstance(chosen, str):
            return chosen
        _show([short(chosen)])


def selected(answer: str, offered: Offer) -> tuple[Choice, ...] | str:
    """Return what an answer selects, in the list's order, or a sentence on what is wrong with it."""
    words = answer[:_MOST_TEXT].replace(",", " ").split()
    if not words:
        return tuple(one for one in offered.choices if one.is_default)
    found: dict[int, None] = {}
    for word in words:
        members = _selected(word, offered)
        if isinstance(members, str):
            return members
        found |= dict.fromkeys(members)
    return tuple(offered.choices[index] for index in sorted(found))


def _selected(word: str, offered: Offer) -> list[int] | str:
    count, span = len(offered.choices), _SPAN.fullmatch(word)
    if word.lower() in {"all", "none", "safe", "*"}:
        defaults = [index for index, one in enumerate(offered.choices) if one.is_default]
        return {"all": list(range(count)), "none": [], "safe": defaults, "*": defaults}[word.lower()]
    if span:
        first, last = int(span[1]), int(span[2] or span[1])
        if not 1 <= first <= last <= count:
            return f"{word}: there are numbers from 1 to {count}"
        return list(range(first - 1, last))
    named = {id(one) for one in take(offered, [word], ()).choices}
    if not named:
        return f"{word}: no number and no name of this list; ? explains"
    return [index for index, one in enumerate(offered.choices) if id(one) in named]


def _list(choices: Sequence[Choice], width: int) -> Iterator[str]:
    yield f"{counted(len(choices), 'upgrade')}, those of most worth first:"
    digits = len(str(len(choices)))
    for number, choice in enumerate(choices, start=1):
        first, *more = choice.moves
        along = f" and {len(more)} more with it" if more else ""
        head = f"{'*' if choice.is_default else ' '} {number:>{digits}}  "
        yield from _folded(f"{move(first)}{along}", width, head)
        yield from _folded(_in_short(choice), width, " " * len(head))


def _in_short(choice: Choice) -> str:
    points = counted(choice.upgrade.worth.points, "point")
    # The points stand there already.
    reason = next((one for one in choice.upgrade.worth.reasons if f" {points} of debt" not in one), "")
    held = f" Held back: {short(choice.held)}." if choice.held else ""
    return f"{kind(choice)}; {points}. {short(reason, 200)}{held}"


def _explained(number: str, choices: Sequence[Choice], width: int) -> Iterator[str]:
    if not number.isascii() or not number.isdigit() or not 1 <= int(number[:6]) <= len(choices):
        yield _HELP
        return
    choice = choices[int(number[:6]) - 1]
    upgrade = choice.upgrade
    for one in choice.moves:
        yield from _folded(f"{move(one)} ({one.key.ecosystem})", width)
        days = [f"{short(version)} is of {day}" for version, day in _days(choice) if day]
        yield from _folded(", ".join(days), width, "  ") if days and len(choice.moves) == 1 else ()
    yield from _folded(f"Files: {', '.join(map(short, upgrade.files))}", width)
    locks = sorted({lock for one in choice.moves for lock in one.locks})
    if locks:
        yield from _folded(f"Of these, made anew by their tools: {', '.join(map(short, locks))}", width)
    for sentence in (*upgrade.reasons, *upgrade.worth.reasons):
        yield from _folded(short(sentence, 400), width)
    yield from _folded(f"Planned as {short(choice.group)}; --only {short(choice.moves[0].name)} takes it.", width)


def _days(choice: Choice) -> Iterator[tuple[str, str]]:
    one = choice.moves[0]
    current, target = versions(one)
    yield current or "", one.current_published.isoformat() if one.current_published else ""
    yield target, one.published.isoformat() if one.published else ""


def _folded(text: str, width: int, head: str = "") -> list[str]:
    return textwrap.wrap(text, width, initial_indent=head, subsequent_indent=" " * len(head)) or [head.rstrip()]


def _show(lines: Iterator[str] | Sequence[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")


def _read(prompt: str) -> str:
    """Return one line from the terminal; the end of the input is ``none``."""
    sys.stdout.write(prompt)
    sys.stdout.flush()
    try:
        line = sys.stdin.readline()
    except UnicodeDecodeError:
        return "?"
    if not line:
        sys.stdout.write("\n")
    return line or "none"
