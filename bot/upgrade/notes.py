"""What the publishers of a package say about the releases between two versions, neutral and bounded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from urllib.parse import quote

from analyzers.model.ecosystem import Ecosystem
from analyzers.model.facts import Facts, Known, Package, ReleaseNote, ReleaseNotes
from analyzers.model.question import Question
from analyzers.model.scheme import Scheme
from analyzers.upstream.asked import github_name, page, page_question
from bot.markup import Raw, markdown_text
from bot.upgrade.model import Move
from bot.upgrade.prose import Block, blocks

Ask = Callable[[Sequence[Question]], Facts]
"""Asks these questions and no others."""

SOURCE: Final = "github-release-notes"
_ROUNDS: Final = 2
MOST_RELEASES: Final = 20
MOST_HINTS: Final = 12
_LONGEST_HINT: Final = 300
_TAG: Final = re.compile(r"(?:(?P<name>[\w@./+-]{1,200}?)(?:[-_/@]|==))?[vV]?(?P<version>\d[\w.+!-]{0,100})", re.ASCII)
_PLAIN_TAG: Final = re.compile(r"[\w@./+=!-]{1,200}", re.ASCII)
_BREAKING: Final = re.compile(
    r"\bbreaking\b|\b(?:backwards?|api)[- ]incompatib|\bincompatible\b"
    r"|\bno longer (?!crash|fail|rais|throw|leak|hang|break|panic|warn)"
    r"|\b(?:drop(?:s|ped)?|ends?|ended) (?:official )?support\b|\bremov(?:e[sd]?|ing|al)\b|\brenamed?\b"
    r"|\bsupport (?:for .{1,80} )?(?:was|is|has been|been) (?:dropped|removed)\b"
    r"|\bmigrat(?:e|ion|ing)\b|\bupgrad(?:e|ing) guide\b"
    r"|\b(?:now )?requires? (?:python|node|ruby|java|go|php|at least)\b|\bminimum (?:supported )?(?:\w+ )?version\b"
    r"|\bmust now\b|\bdefault (?:value )?(?:has )?changed\b",
    re.IGNORECASE,
)
_BREAKING_HEADING: Final = re.compile(
    r"\bbreaking\b|\bincompatib|\bremov(?:ed|als?)\b|\bmigrat|\bupgrad(?:e|ing)\b|\bbackwards?\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A sentence of the notes that announces something breaking, and in which version; finished Markdown."""

    version: str
    text: Raw


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One release of the way: its version, its day, its page on the host, and what is said about it."""

    version: str
    published: date | None
    page: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """The notes of a move, newest first. `left_out` counts releases beyond `MOST_RELEASES`.

    `compare` is the page that shows all changes between the two tags, None where the tags are not known. `missing`
    says why there are no notes.
    """

    repository: str | None = None
    releases: tuple[Release, ...] = ()
    compare: str | None = None
    hints: tuple[Hint, ...] = ()
    left_out: int = 0
    missing: str = ""


def gather(moves: Sequence[Move], known: Facts, ask: Ask) -> Facts:
    """Return what is known and what had to be asked for the notes of all moves: where their sources lie, and the notes.

    Only what moves is asked about: the answers are for people, and nothing is judged by them.
    """
    facts = known
    for _ in range(_ROUNDS):
        new = [asked for asked in questions(moves, facts) if asked not in facts.answers]
        if new:
            facts = replace(facts, answers={**facts.answers, **ask(new).answers})
    return facts


def questions(moves: Iterable[Move], facts: Facts) -> tuple[Question, ...]:
    """Return what to ask for all moves, once each, in a stable order."""
    return tuple(sorted({asked for move in moves if (asked := _question(move, facts))}))


def _question(move: Move, facts: Facts) -> Question | None:
    """Return what asks for a move's notes, or before that for where its source lies; None where nobody knows."""
    name = _repository(move, facts)
    if name:
        return Question(SOURCE, name)
    package = _package(move, facts)
    return page_question(package) if package and not move.repository else None


def _repository(move: Move, facts: Facts) -> str | None:
    """Return ``owner/name`` of a move's source on GitHub, None where it is not known to lie there."""
    if move.repository:
        return github_name(move.repository)
    package = _package(move, facts)
    found = page(package, facts) if package else None
    return github_name(found.repository) if found and found.repository else None


def _package(move: Move, facts: Facts) -> Package | None:
    """Return a package of PyPI, whose list of releases does not say where its source lies."""
    answer = facts.get(Question("pypi", move.key.name)) if move.key.ecosystem == "pypi" else None
    return answer.value if isinstance(answer, Known) and isinstance(answer.value, Package) else None


def notes_of(moves: Iterable[Move], facts: Facts, worlds: Iterable[Ecosystem]) -> Mapping[str, Notes]:
    """Return the notes of each move by its mark; of two moves of one mark, those of the longer way."""
    schemes = {world.name: world.scheme for world in worlds}
    found: dict[str, Notes] = {}
    for move in moves:
        told = notes(move, facts, schemes.get(move.key.ecosystem))
        before = found.get(move.mark)
        if before is None or len(told.releases) > len(before.releases):
            found[move.mark] = told
    return found


def notes(move: Move, facts: Facts, scheme: Scheme | None) -> Notes:
    """Return what was said about the releases after the current version, up to the target."""
    name = _repository(move, facts)
    if name is None:
        return Notes(missing="its source is not on GitHub" if move.repository else "nobody says where its source lies")
    answer = facts.get(Question(SOURCE, name))
    if not isinstance(answer, Known):
        return Notes(repository=name, missing=f"GitHub gave none: {answer.reason}")
    if not isinstance(answer.value, ReleaseNotes):
        return Notes(repository=name, missing="GitHub gave none")
    between = _between(move, answer.value.notes, scheme)
    made = tuple(_release(name, note, version) for version, note in between[:MOST_RELEASES])
    return Notes(
        repository=name,
        releases=tuple(one for one in made if one.blocks),
        compare=_compare(name, move, answer.value.notes),
        hints=tuple(_hints(made))[:MOST_HINTS],
        left_out=max(0, len(between) - MOST_RELEASES),
        missing="" if any(one.blocks for one in made) else "its releases on GitHub say nothing about these versions",
    )


def _between(move: Move, notes: Sequence[ReleaseNote], scheme: Scheme | None) -> list[tuple[str, ReleaseNote]]:
    """Return the releases after the current version up to the target, with their versions, newest first."""
    low = _key(scheme, move.current)
    high = _key(scheme, move.target)
    found: list[tuple[Any, str, ReleaseNote]] = []
    for note in notes:
        version = version_of(note.tag, move.name)
        if version is None:
            continue
        if _same(version, move.target):
            found.append((high, version, note))
            continue
        key = _key(scheme, version)
        if key is not None and low is not None and high is not None and low < key < high:
            found.append((key, version, note))
    if high is not None:
        found.sort(key=lambda one: one[0], reverse=True)
    return [(version, note) for _key_, version, note in found]


def _key(scheme: Scheme | None, version: str | None) -> Any:  # noqa: ANN401 - the scheme's keys are opaque
    return scheme.key(version.removeprefix("v")) if scheme and version else None


def _same(version: str, other: str) -> bool:
    return version.removeprefix("v") == other.removeprefix("v")


def version_of(tag: str, name: str) -> str | None:
    """Return the version that a tag stands for; None for the tag of another package of the same repository."""
    found = _TAG.fullmatch(tag)
    if not found:
        return None
    said = (found["name"] or "").lower()
    short = name.lower().rpartition("/")[2]
    general = {"", "v", "release", "releases", "version", "rel", "r", short, name.lower(), name.lower().lstrip("@")}
    return found["version"] if said in general or said.rpartition("/")[2] == short else None


def _release(repository: str, note: ReleaseNote, version: str) -> Release:
    page = f"https://github.com/{repository}/releases/tag/{quote(note.tag, safe='')}"
    return Release(version=version, published=note.published, page=page, blocks=blocks(note.text))


def _compare(repository: str, move: Move, notes: Iterable[ReleaseNote]) -> str | None:
    tags = {version: note.tag for note in notes if (version := version_of(note.tag, move.name))}
    ends = [tags.get((end or "").removeprefix("v")) for end in (move.current, move.target)]
    # A tag may be called like an option or hold dots that a comparison means otherwise.
    if not all(end and _PLAIN_TAG.fullmatch(end) and "..." not in end for end in ends):
        return None
    before, after = (quote(end or "", safe="") for end in ends)
    return f"https://github.com/{repository}/compare/{before}...{after}"


def _hints(releases: Iterable[Release]) -> Iterator[Hint]:
    """Yield what announces a break: items below a heading that says so, and sentences that say it themselves."""
    for release in releases:
        below = False
        for block in release.blocks:
            if block.heading:
                below = bool(_BREAKING_HEADING.search(block.text))
            elif block.text and ((below and block.item) or _BREAKING.search(block.text)):
                yield Hint(version=release.version, text=_short(block))


def _short(block: Block) -> Raw:
    """Return a sentence whole, or what it says in its first words."""
    return block.line if len(block.text) <= _LONGEST_HINT else markdown_text(f"{block.text[:_LONGEST_HINT]}…")
