"""Image tags, cut up: prefix, version, suffix.

A tag is a version between a prefix and a suffix: ``3.11-slim-bookworm``, ``v1.2``, ``jdk-17.0.2_8``. The suffix says
which variant of the image it is. How tags compare is said in ``docker_tag``.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from dataclasses import dataclass
from typing import Final, Literal

MAX_LENGTH = 128
Style = Literal["version", "year", "date", "build", "codename", "word"]

# Java 8 counts its updates behind a u: 8u402.
_NUMBER = re.compile(r"([vV]?)([0-9]+(?:u[0-9]+)?(?:[._][0-9]+)*)(.*)", re.DOTALL)
_PRERELEASE = re.compile(r"[._]?(?:a|b|c|rc|alpha|beta|pre|preview|dev|ea|m|nightly|snapshot|canary)[._]?[0-9]*")
# A bare ``dev`` is a variant (with compilers, say), ``dev3`` is a prerelease, and so is the milestone ``m15``.
_PRERELEASE_ELEMENT = re.compile(
    r"(?:rc|alpha|beta|pre|preview|prerelease|ea|snapshot|nightly|canary|edge|unstable|experimental|testing|next)"
    r"[._]?[0-9.]*|dev[._]?[0-9][0-9.]*|m[0-9]{1,3}"
)
# What marks a prerelease behind its variant as well: ``11.8-ubi9-rc``.
_TRAILING_MARK = re.compile(r"(?:rc|alpha|beta|preview)[._]?[0-9.]*")
# Counters of rebuilds in a suffix (`-r5`, `-ls123`, `-CU18`, `-eksbuild.2`): any of them continues the same variant.
_COUNTER = re.compile(r"(r|ls|build|b|cu|(?:ce|ee|gke|eksbuild|build|rev)\.)[0-9]+")
_ISO_DATE = re.compile(
    r"(?<![0-9])(?<![0-9]\.)((?:19|20)[0-9]{2})-(0[1-9]|1[0-2])(?:-([0-9]{2})(T[0-9]{2}-[0-9]{2}-[0-9]{2}Z)?)?(?![0-9])"
)
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_YEAR_DIGITS: Final = 4
# How many digits a date without signs between has: a month, a day, an hour, a minute, a second.
_DATE_LENGTHS: Final = frozenset({6, 8, 10, 12, 14})
_DAY_DIGITS: Final = 8
# What a date leaves out: day, hour, minute, second.
_EARLIEST: Final = (1, 0, 0, 0)
# What only counts: the numbers of pull requests, jobs, revisions.
_COUNTED_PREFIXES: Final = frozenset({"build", "ci", "commit", "job", "mr", "pr", "pull", "rev", "run", "sha"})
# A first number as long as this is no version: build numbers and short commit hashes look like it.
_LONGEST_MAJOR: Final = 4
# Digits behind a version count rebuilds where they are as long as this, or the version is whole.
_LONG_COUNTER: Final = 3
_WHOLE: Final = 3
_BUILT: Final = re.compile(r"\.*_")
_MOST_NUMBERS: Final = 6


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
        return re.split("[-+]", self.text[self.version_start :], maxsplit=1)[0]

    @property
    def version_start(self) -> int:
        """Where the version stands in the text, behind its ``v``."""
        return len("-".join((*self.prefix, ""))) + len(self.lead)

    @property
    def variant(self) -> tuple[str, ...]:
        """The suffix with its counters of rebuilds left open."""
        return tuple(_counted(self, index)[0] for index in range(len(self.suffix)))

    @property
    def order(self) -> tuple[tuple[int, ...], bool, tuple[int, ...]]:
        """What sorts tags of one kind: numbers, finals after prereleases, then counters of rebuilds."""
        counters = (_counted(self, index)[1] for index in range(len(self.suffix)))
        return _padded(self), self.is_stable, tuple(count for count in counters if count is not None)

    @property
    def final(self) -> Tag:
        """The tag as its final release would be."""
        return Tag(self.text, self.style, self.numbers, self.prefix, self.suffix, self.lead, self.separators)


@functools.lru_cache(maxsize=65536)
def parse(text: str) -> Tag:
    """Cut up any text; never raises, and takes time linear in its length."""
    if len(text) > MAX_LENGTH:
        return Tag(text, "word")
    dated = _ISO_DATE.search(text)
    if dated and _is_date("".join(filter(None, dated.group(1, 2, 3)))):
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
    numbers = tuple(int(part) for part in found.group(1, 2, 3) if part)
    time = tuple(int(part) for part in re.findall("[0-9]{2}", found.group(4) or ""))
    before, after = text[: found.start()], text[found.end() :]
    return Tag(text, "date", (*numbers, *time), (before,), (after,), separators="-")


def _numbered(text: str, elements: list[str], index: int, found: re.Match[str]) -> Tag | None:
    """Return the tag whose version is the element at ``index``, None when that element is none."""
    lead, digits, rest = found.groups()
    if rest and not _PRERELEASE.fullmatch(rest.lower()) and not rest.startswith("+"):
        return None
    parts = re.split("[._u]", digits)
    after = (*([rest] if rest.startswith("+") else []), *elements[index + 1 :])
    prerelease, suffix = ("", after) if rest.startswith("+") else (rest, after)
    if not prerelease:
        prerelease, suffix = _marked(suffix)
    style = "build" if index and elements[index - 1].lower() in _COUNTED_PREFIXES else _style(parts)
    numbers = (*(_moment(parts[0]) if style == "date" else (int(parts[0]),)), *(int(part) for part in parts[1:]))
    separators = re.sub("[0-9]", "", digits)
    return Tag(text, style, numbers, tuple(elements[:index]), suffix, lead, separators, prerelease)


def _marked(suffix: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Cut the mark of a prerelease off a suffix: from its front, with the number behind it, or from its end."""
    if suffix and _PRERELEASE_ELEMENT.fullmatch(suffix[0].lower()):
        length = 2 if len(suffix) > 1 and suffix[0].isalpha() and suffix[1].isdecimal() else 1
        return "-" + "-".join(suffix[:length]), suffix[length:]
    if suffix and _TRAILING_MARK.fullmatch(suffix[-1].lower()):
        return f"-{suffix[-1]}", suffix[:-1]
    return "", suffix


def _style(parts: list[str]) -> Style:
    first = parts[0]
    if _is_date(first):
        return "date"
    if len(first) > _LONGEST_MAJOR:
        return "build"
    return "year" if len(first) == _YEAR_DIGITS and _FIRST_YEAR <= int(first) <= _LAST_YEAR else "version"


def _is_date(digits: str) -> bool:
    if len(digits) not in _DATE_LENGTHS or not _FIRST_YEAR <= int(digits[:4]) <= _LAST_YEAR:
        return False
    try:
        year, month, *rest = _moment(digits)
        day, hour, minute, second = (*rest, *_EARLIEST[len(rest) :])
        dt.datetime(year, month, day, hour, minute, second, tzinfo=dt.UTC)
    except ValueError:
        return False
    return True


def _moment(digits: str) -> tuple[int, ...]:
    """Return year, month and whatever else the digits of a date say."""
    return (int(digits[:4]), *(int(digits[start : start + 2]) for start in range(4, len(digits), 2)))


def is_built(tag: Tag) -> bool:
    """Whether the last number is that of a build (``17.0.8_7``)."""
    return len(tag.separators) > 1 and bool(_BUILT.fullmatch(tag.separators))


def _padded(tag: Tag) -> tuple[int, ...]:
    """Return the numbers, zeros before the build where there is one."""
    if not is_built(tag):
        return tag.numbers
    *numbers, build = tag.numbers
    return (*numbers, *([0] * (_MOST_NUMBERS - len(numbers))), build)


def _counted(tag: Tag, index: int) -> tuple[str, int | None]:
    """Return an element of the suffix without the counter in it, and that counter; None without one."""
    text = tag.suffix[index].lower()
    counter = _COUNTER.fullmatch(text)
    if counter:
        return counter.group(1), int(text[counter.end(1) :])
    if tag.style in {"version", "year"} and text.isdecimal() and text.isascii():
        if len(text) == _DAY_DIGITS and _is_date(text):
            return "date", int(text)
        if index == 0 and (len(text) >= _LONG_COUNTER or len(tag.numbers) >= _WHOLE):
            return "number", int(text)
    return tag.suffix[index], None
