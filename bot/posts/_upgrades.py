"""The upgrades of a dashboard as lists, each with the box of what can be asked for. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot import wording
from bot.markup import Raw, markdown_code, markdown_text
from bot.posts import boxes
from bot.posts.boxes import Action, Wish
from bot.posts.links import pull_link
from bot.posts.model import UpgradeLine, UpgradeState

# What stands unfolded; the rest is a click away.
_VISIBLE: Final[Mapping[UpgradeState, int]] = {"open": 10, "waiting": 5, "stuck": 5, "ignored": 0}


_FURTHER: Final = {"open": "open", "waiting": "waiting", "stuck": "that could not be made"}


# A reason that so many share is told once, above their list.
_SHARED: Final = 3
_LONGEST_REASON: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """How many rows each list has at most."""

    open: int
    waiting: int
    stuck: int
    ignored: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One upgrade: its box (or what a list without boxes begins with), what it is, and what there is to say."""

    box: Raw
    link: Raw
    title: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The upgrades of one state: the `visible` first ones unfolded, the others below `summary`, `more` not shown.

    `wishes` are those of the boxes.
    """

    lead: Raw
    summary: str
    rows: tuple[Row, ...]
    visible: int
    more: int
    wishes: tuple[Wish, ...]


def sections(lines: Sequence[UpgradeLine], branch: str, rows: Rows, ticked: frozenset[Wish]) -> tuple[Section, ...]:
    """Return a section for each state that there is."""
    most: Mapping[UpgradeState, int] = {
        "open": rows.open,
        "waiting": rows.waiting,
        "stuck": rows.stuck,
        "ignored": rows.ignored,
    }
    return tuple(_sections(lines, branch, most, ticked))


def _sections(
    lines: Sequence[UpgradeLine], branch: str, most: Mapping[UpgradeState, int], ticked: frozenset[Wish]
) -> Iterator[Section]:
    for state, limit in most.items():
        # In a list with boxes, what has none stands below them.
        found = sorted((line for line in lines if line.state == state), key=lambda line: wish_of(line) is None)
        if not found:
            continue
        shown, visible, shared = found[:limit], _VISIBLE[state], _shared(found) if state == "waiting" else ()
        yield Section(
            lead=Raw(f"{_lead(found, branch)}{_said_once(shared)}" if visible else ""),
            summary=_summary(found, visible),
            rows=tuple(_row(line, ticked, shared) for line in shown),
            visible=visible,
            more=len(found) - len(shown),
            wishes=tuple(wish for wish in map(wish_of, shown) if wish),
        )


def _lead(found: Sequence[UpgradeLine], branch: str) -> str:
    """Return the sentence above a list: how many, and what a tick does there."""
    match found[0].state:
        case "open":
            said, asks = "open", f" A tick has the branch made anew on {markdown_code(branch)}."
        case "waiting":
            said, asks = "waiting", " A tick has it opened with the next run, whatever it waits for."
        case "stuck":
            said, asks = "could not be made", " A tick has it tried again."
        case "ignored":
            said, asks = "ignored", ""
    return f"**{len(found):,} {said}.**{asks if _any_box(found) else ''}"


def _shared(found: Iterable[UpgradeLine]) -> tuple[str, ...]:
    """Return what most of the lines say, where that is many; the first such of several."""
    said = Counter(tuple(_parts(line)) for line in found)
    parts, count = max(said.items(), key=lambda entry: entry[1])
    return parts if count >= _SHARED else ()


def _said_once(shared: Sequence[str]) -> str:
    told = markdown_text(wording.name(" · ".join(shared), _LONGEST_REASON))
    return f" Where nothing else is said: {told}." if shared else ""


def _any_box(found: Iterable[UpgradeLine]) -> bool:
    return any(wish_of(line) for line in found)


def _summary(found: Sequence[UpgradeLine], visible: int) -> str:
    if found[0].state != "ignored":
        return f"{len(found) - visible:,} more {_FURTHER[found[0].state]}"
    asks = ": a tick takes an ignore back" if _any_box(found) else ""
    return f"{wording.count(len(found), 'upgrade')} ignored{asks}"


def _row(line: UpgradeLine, ticked: frozenset[Wish], shared: tuple[str, ...]) -> Row:
    wish, parts = wish_of(line), tuple(_parts(line))
    return Row(
        box=boxes.box(wish, ticked=wish in ticked) if wish else Raw("-"),
        link=Raw(f"{pull_link(line.number, line.url)} ") if line.number else Raw(""),
        title=line.title,
        parts=() if parts == shared else parts,
    )


def wish_of(line: UpgradeLine) -> Wish | None:
    """Return what the box of an upgrade asks for; None where nothing can be asked."""
    action: Action
    match line.state:
        case "open":
            action = "recreate" if line.touched else "rebase"
        case "waiting":
            action = "open"
        case "stuck":
            action = "retry"
        case "ignored":
            # What a file ignores is taken back there.
            if not line.number and not line.here:
                return None
            action = "allow" if line.here else "unignore"
    return None if line.manual else Wish(action, line.id)


def _parts(line: UpgradeLine) -> Iterator[str]:
    # That it mends a vulnerability stands in its title.
    if line.draft:
        yield "a draft"
    said = f"{line.by}: {line.why}" if line.by and line.why else line.by or line.why
    if said:
        yield said
    if line.until:
        yield f"not before {line.until}" if line.state == "waiting" else f"until {line.until}"
    if line.touched:
        yield "a tick has it made anew without them"
