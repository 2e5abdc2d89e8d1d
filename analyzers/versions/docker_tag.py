"""Image tags: what one says, and which of many is the newer one of the same kind.

A tag is a version between a prefix and a suffix: ``3.11-slim-bookworm``, ``v1.2``, ``jdk-17.0.2_8``. The suffix says
which variant of the image it is, so a newer tag has the same one. Precision stays (``3.11`` → ``3.14``, not
``3.14.1``), a date stays a date, a code name a code name, and a prerelease is never proposed.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

MAX_LENGTH = 128
Style = Literal["version", "year", "date", "build", "codename", "word"]

_NUMBER = re.compile(r"([vV]?)([0-9]+(?:[._][0-9]+)*)(.*)", re.DOTALL)
_PRERELEASE = re.compile(r"[._]?(?:a|b|c|rc|alpha|beta|pre|preview|dev|ea|m|nightly|snapshot|canary)[._]?[0-9]*")
_PRERELEASE_ELEMENT = re.compile(
    r"(?:rc|alpha|beta|pre|preview|prerelease|ea|snapshot|nightly|canary|edge|unstable|experimental|testing|next)"
    r"[._]?[0-9.]*"
)
# Counters of rebuilds in a suffix (`-r5`, `-ls123`): any of them continues the same variant.
_COUNTER = re.compile(r"(r|ls|build|b)[0-9]+")
_ISO_DATE = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})-([0-9]{2})-([0-9]{2})(T[0-9]{2}-[0-9]{2}-[0-9]{2}Z)?(?![0-9])")
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_DATE_LENGTH = 8
# A first number as long as this is no version: build numbers and short commit hashes look like it.
_LONGEST_MAJOR = 4


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag, cut up. `numbers` are its version's parts, of which there are as many as its precision.

    `prefix` and `suffix` are the elements before and after the version; `lead` is the ``v`` before it. `style` says
    how `numbers` read: a version, a calendar version (first part a year), a date, a build number. A tag without
    version is a `codename` when somebody said so, else a `word`, compared with nothing.
    """

    text: str
    style: Style
    numbers: tuple[int, ...] = ()
    prefix: tuple[str, ...] = ()
    suffix: tuple[str, ...] = ()
    lead: str = ""
    separators: str = ""
    prerelease: str = ""

    @property
    def is_stable(self) -> bool:
        """Whether nothing in the tag marks a prerelease."""
        return not self.prerelease and not any(_PRERELEASE_ELEMENT.fullmatch(part.lower()) for part in self.suffix)

    @property
    def version(self) -> str | None:
        """The version as written, without its ``v``; None for a date, a word, a code name."""
        if self.style not in {"version", "year"}:
            return None
        return self.text[len("-".join((*self.prefix, ""))) + len(self.lead) :].split("-", 1)[0]


@dataclass(frozen=True, slots=True)
class Choice:
    """The tag to move to, and half a sentence on how it was chosen. `step` is the first part that grows (0: major)."""

    tag: str
    why: str
    step: int = 0


@functools.lru_cache(maxsize=65536)
def parse(text: str) -> Tag:
    """Cut up any text; never raises, and takes time linear in its length."""
    if len(text) > MAX_LENGTH:
        return Tag(text, "word")
    dated = _ISO_DATE.search(text)
    if dated and _is_date("".join(dated.group(1, 2, 3))):
        return _dated(text, dated)
    elements = text.split("-")
    for index, element in enumerate(elements):
        found = _NUMBER.fullmatch(element)
        if found:
            tag = _numbered(text, elements, index, found)
            if tag:
                return tag
    return Tag(text, "word", suffix=tuple(elements))


def _dated(text: str, found: re.Match[str]) -> Tag:
    numbers = tuple(int(part) for part in found.group(1, 2, 3))
    time = tuple(int(part) for part in re.findall("[0-9]{2}", found.group(4) or ""))
    before, after = text[: found.start()], text[found.end() :]
    return Tag(text, "date", (*numbers, *time), (before,), (after,), separators="-")


def _numbered(text: str, elements: list[str], index: int, found: re.Match[str]) -> Tag | None:
    """Return the tag whose version is the element at ``index``, None when that element is none."""
    lead, digits, rest = found.groups()
    if rest and not _PRERELEASE.fullmatch(rest.lower()) and not rest.startswith("+"):
        return None
    parts = re.split("[._]", digits)
    prerelease = rest if rest and not rest.startswith("+") else ""
    suffix = (*([rest] if rest.startswith("+") else []), *elements[index + 1 :])
    numbers = tuple(int(part) for part in parts)
    separators = re.sub("[0-9]", "", digits)
    style = _style(parts)
    if prerelease == "" and suffix and _PRERELEASE_ELEMENT.fullmatch(suffix[0].lower()):
        prerelease, suffix = f"-{suffix[0]}", suffix[1:]
    return Tag(text, style, numbers, tuple(elements[:index]), suffix, lead, separators, prerelease)


def _style(parts: list[str]) -> Style:
    first = parts[0]
    if len(parts) == 1 and _is_date(first):
        return "date"
    if len(first) > _LONGEST_MAJOR:
        return "build"
    return "year" if len(first) == _LONGEST_MAJOR and _FIRST_YEAR <= int(first) <= _LAST_YEAR else "version"


def _is_date(digits: str) -> bool:
    if len(digits) != _DATE_LENGTH or not _FIRST_YEAR <= int(digits[:4]) <= _LAST_YEAR:
        return False
    try:
        dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def is_same_kind(current: Tag, other: Tag, *, suffix: tuple[str, ...] | None = None) -> bool:
    """Whether ``other`` is ``current`` at another version: same style, precision, prefix and variant.

    With ``suffix``, that is the variant wanted instead of the current one.
    """
    return (
        current.style == other.style
        and current.style not in {"word", "codename", "build"}
        and len(current.numbers) == len(other.numbers)
        and current.separators == other.separators
        and (current.lead, current.prefix) == (other.lead, other.prefix)
        and _variant(current.suffix if suffix is None else suffix) == _variant(other.suffix)
    )


def _variant(suffix: tuple[str, ...]) -> tuple[str, ...]:
    """Return the suffix with its counters of rebuilds left open."""
    return tuple(counter.group(1) if (counter := _COUNTER.fullmatch(part)) else part for part in suffix)


def newer(
    current: str,
    tags: Iterable[str],
    *,
    suffix: tuple[str, ...] | None = None,
    accepts: Callable[[Tag], bool] = lambda _: True,
    codenames: Mapping[str, tuple[int, ...]] | None = None,
) -> Choice | None:
    """Return the newest tag of the current one's kind that is newer than it; None when there is none.

    ``suffix`` asks for another variant than the current one; ``accepts`` may refuse candidates (lines that have
    ended). ``codenames`` maps code names to versions (``trixie`` → (13,)): with it, a code name has a newer one.
    """
    of = parse(current)
    if of.style == "word":
        return _newer_codename(of, tags, accepts, codenames or {})
    candidates = [
        tag
        for tag in map(parse, dict.fromkeys(tags))
        if tag.is_stable
        and is_same_kind(_without_prerelease(of), tag, suffix=suffix)
        and _order(tag) > _order(of)
        and accepts(tag)
    ]
    if not candidates:
        return None
    best = max(candidates, key=_order)
    return Choice(best.text, _why(of, best, suffix), _step(of, best))


def _without_prerelease(tag: Tag) -> Tag:
    """Return the tag as its final release would be; a marker further back in the suffix belongs to the variant."""
    return Tag(tag.text, tag.style, tag.numbers, tag.prefix, tag.suffix, tag.lead, tag.separators)


def _order(tag: Tag) -> tuple[tuple[int, ...], bool, tuple[int, ...]]:
    """Return what sorts tags of one kind: numbers, finals after prereleases, then counters of rebuilds."""
    counters = tuple(int(re.sub("[^0-9]", "", part)) for part in tag.suffix if _COUNTER.fullmatch(part))
    return tag.numbers, tag.is_stable, counters


def _step(old: Tag, new: Tag) -> int:
    pairs = zip(old.numbers, new.numbers, strict=True)
    return next((index for index, (before, after) in enumerate(pairs) if before != after), len(old.numbers))


def _why(old: Tag, new: Tag, suffix: tuple[str, ...] | None) -> str:
    if old.style == "date":
        return "the newest date"
    kept = "-".join(new.suffix)
    if not kept:
        return "the newest tag of the same precision"
    return f"the newest tag with -{kept}" if suffix else f"the newest tag that keeps -{kept}"


def _newer_codename(
    current: Tag, tags: Iterable[str], accepts: Callable[[Tag], bool], codenames: Mapping[str, tuple[int, ...]]
) -> Choice | None:
    """Return the newest code name with the same rest; the rest may not hold another version."""
    old = with_codename(current.text, codenames)
    if old is None:
        return None
    candidates = [
        tag
        for tag in (with_codename(text, codenames) for text in dict.fromkeys(tags))
        if tag and tag.suffix == old.suffix and tag.numbers > old.numbers and accepts(tag)
    ]
    if not candidates:
        return None
    best = max(candidates, key=lambda tag: tag.numbers)
    return Choice(best.text, "the newest code name", _step(old, best))


def with_codename(text: str, codenames: Mapping[str, tuple[int, ...]]) -> Tag | None:
    """Return ``bookworm-slim`` as a tag of style ``codename`` with the version that ``codenames`` gives it."""
    first, dash, rest = text.partition("-")
    if first not in codenames or len(text) > MAX_LENGTH:
        return None
    return Tag(text, "codename", codenames[first], suffix=tuple(rest.split("-")) if dash else ())
