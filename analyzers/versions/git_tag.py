"""Tags of git repositories: ``v1.2.3``, ``foo-v1.2.3``, ``REL_16_1``, ``2024.05.1``, ``v3.8.0-1``, ``20240501``.

Only tags of one family compare: the text before the numbers (``foo-v``; a bare ``v`` counts for nothing), the way of
counting (numbers, years) and a variant behind them (``+k3s``, ``-alpine``).
"""

from __future__ import annotations

import functools
import re
from typing import Any, Final, NamedTuple

from analyzers.model.scheme import Scheme, Step

MAX_LENGTH: Final = 128
_FULL: Final = 3
# Counting by year begins here, and ends where a mere number is meant.
_YEARS: Final = range(1980, 2200)
_COMMIT: Final = re.compile(r"[0-9a-fA-F]{40}|[0-9a-fA-F]{64}")
# Letters in it tell an abbreviated hash from a day.
_ABBREVIATED: Final = re.compile(r"(?=[0-9]*[a-fA-F])[0-9a-fA-F]{7,64}")
# Lazy, so that the first number after a separator (or after letters: ``go1.21``) begins the version.
_FAMILY: Final = (
    r"(?P<family>(?:(?![vV]?[0-9])[A-Za-z@][^\s~^<>=*|,!]*?(?:[/_@.-]|(?<=[A-Za-z])(?=[0-9])))??)(?P<v>[vV]?)"
)
# ``1.6.x``: any of a line, in tools that look for the newest themselves.
_ANY: Final = re.compile(r"(?P<line>[^xX*]*[0-9])(?P<any>(?:\.[xX*]){1,3})")
_SUFFIX: Final = r"(?P<suffix>(?:[._+-]?[A-Za-z]|[+-][0-9])[0-9A-Za-z._+-]*|)"
_DAY: Final = re.compile(_FAMILY + r"(?P<numbers>[0-9]{4}(?:-[0-9]{2}-[0-9]{2}|[0-9]{4}))" + _SUFFIX)
# A dotted number is a version wherever it stands (``k8s-2-1.30.0``), a lone one only where there is none.
_NUMBERED: Final = tuple(
    re.compile(_FAMILY + rf"(?P<numbers>{numbers})" + _SUFFIX)
    for numbers in (r"[0-9]{1,9}(?:\.[0-9]{1,9}){1,5}", r"[0-9]{1,9}(?:_[0-9]{1,9}){1,5}", r"[0-9]{1,9}")
)
_WORDS: Final = re.compile(r"[A-Za-z]+|[0-9]+")
# Before the release, in this order; whatever comes after it; words that mean the release itself.
_BEFORE: Final = {
    word: rank
    for rank, words in enumerate(
        (
            ("dev", "snapshot", "nightly", "canary", "unstable", "experimental", "wip", "draft", "test", "next"),
            ("a", "alpha", "ea", "preview", "insiders", "insider", "m", "milestone"),
            ("b", "beta"),
            ("c", "cr", "rc", "pre", "prerelease"),
        ),
        start=-4,
    )
    for word in words
}
_RELEASE: Final = frozenset({"final", "release", "ga", "stable", "lts"})
_AFTER: Final = frozenset({"post", "p", "patch", "rev", "r", "sp", "hotfix", "fix", "build"})


class GitTag(NamedTuple):
    """A tag that names a version. `prefix` and `text` are as written: ``foo-v`` and ``1.2.3-rc.1``.

    `family` is what only equals compare by. `order` sorts what the suffix says: below 0 is a prerelease.
    """

    prefix: str
    text: str
    family: str
    numbers: tuple[int, ...]
    order: tuple[tuple[int, int, str], ...]

    @property
    def is_stable(self) -> bool:
        """Whether this is a release, or a revision of one."""
        return not self.order or self.order[0][0] > 0

    @property
    def padded(self) -> tuple[int, ...]:
        """The numbers without the zeros that may be left out, so that ``1.2`` is ``1.2.0``."""
        last = max((at for at, number in enumerate(self.numbers, 1) if number), default=0)
        return self.numbers[:last]

    @property
    def key(self) -> tuple[Any, ...]:
        """What sorts: within one family by numbers, then prereleases, the release, its revisions."""
        return self.family, self.padded, *(self.order or ((0, 0, ""),))


# Tags are compared again for each requirement on their repository, and there may be thousands.
@functools.lru_cache(maxsize=1 << 16)
def parse(tag: str) -> GitTag | None:
    """Return the version that a tag names; None for commits and words such as ``stable``."""
    if len(tag) > MAX_LENGTH or _COMMIT.fullmatch(tag) or _ABBREVIATED.fullmatch(tag):
        return None
    day = _DAY.fullmatch(tag)
    if day and _is_day(day["numbers"]):
        return _built(tag, day, _day_numbers(day["numbers"]), "day")
    found = next(filter(None, (form.fullmatch(tag) for form in _NUMBERED)), None)
    if found is None:
        return None
    numbers = tuple(int(part) for part in re.split("[._]", found["numbers"]))
    return _built(tag, found, numbers, "year" if numbers[0] in _YEARS else "")


def _is_day(digits: str) -> bool:
    year, month, day = _day_numbers(digits)
    return year in _YEARS and month in range(1, 13) and day in range(1, 32)


def _day_numbers(digits: str) -> tuple[int, int, int]:
    plain = digits.replace("-", "")
    return int(plain[:4]), int(plain[4:6]), int(plain[6:])


def _built(tag: str, found: re.Match[str], numbers: tuple[int, ...], counting: str) -> GitTag:
    start = found.start("numbers")
    order, variant = _suffix(found["suffix"], len(numbers), counting)
    family = "|".join((found["family"].lower(), counting, variant))
    return GitTag(tag[:start], tag[start:], family, numbers, order)


def _suffix(suffix: str, precision: int, counting: str) -> tuple[tuple[tuple[int, int, str], ...], str]:
    """Return how a suffix sorts, and the variant that it names (``""`` where it names none)."""
    if not suffix:
        return (), ""
    words = _WORDS.findall(suffix.lower())
    rank = _rank(suffix, words, precision, counting)
    if rank is None:
        # Builds of something else that follow its version: the words make the family, the numbers count.
        variant = "".join("#" if word.isdigit() else word for word in re.split(r"([0-9]+)", suffix.lower()))
        return _ordered(1, [word for word in words if word.isdigit()]), variant
    return (() if rank == 0 else _ordered(rank, words)), ""


def _rank(suffix: str, words: list[str], precision: int, counting: str) -> int | None:
    """Return where a suffix stands to its release: before, at, after it; None for a variant."""
    first = words[0]
    if len(suffix) == 1:
        # ``1.1.1w`` and ``2024a`` are patches, ``1.0b`` is a beta.
        return 1 if counting or precision >= _FULL else _BEFORE.get(first)
    if first in _BEFORE:
        return _BEFORE[first]
    if first in _RELEASE and len(words) == 1:
        return 0
    if first in _AFTER or (suffix[0] == "-" and all(word.isdigit() for word in words)):
        return 1
    return 0 if suffix[0] == "+" and first.isdigit() else None


def _ordered(rank: int, words: list[str]) -> tuple[tuple[int, int, str], ...]:
    """Return the rank, then each word: numbers by value and before words."""
    # Anything longer is a hash or a mistake; a bound keeps the conversion cheap.
    parts = ((0, int(word[:18]), "") if word.isdigit() else (1, 0, word) for word in words)
    return (rank, 0, ""), *parts


def is_commit(rev: str) -> bool:
    """Whether a rev is a whole commit hash (SHA-1 or SHA-256)."""
    return bool(_COMMIT.fullmatch(rev))


def key(version: str) -> Any | None:  # noqa: ANN401 - the scheme's keys are opaque
    """Return a value that sorts; across families the order means nothing."""
    parsed = parse(version)
    return parsed and parsed.key


def family(version: str) -> str:
    """Return what two tags must share to be compared; ``""`` for what is no version."""
    parsed = parse(version)
    return parsed.family if parsed else ""


def is_stable(version: str) -> bool:
    """Whether the tag names a release or a revision of one, and no prerelease."""
    parsed = parse(version)
    return parsed is not None and parsed.is_stable


def _line(constraint: str) -> tuple[str, str]:
    """Return a constraint without the ``.x`` that stands for any number, and that."""
    found = _ANY.fullmatch(constraint) if len(constraint) <= MAX_LENGTH else None
    return (found["line"], found["any"]) if found else (constraint, "")


def satisfies(version: str, constraint: str) -> bool:
    """Whether a version is the one that a tag names, or lies in its line: ``v4`` may be moved along 4.x."""
    found, wanted = parse(version), parse(_line(constraint)[0])
    if found is None or wanted is None or found.family != wanted.family:
        return False
    if len(wanted.numbers) >= _FULL or wanted.order:
        return found.key == wanted.key
    line = (*found.numbers, *(0,) * _FULL)[: len(wanted.numbers)]
    return line == wanted.numbers and found.is_stable


def pinned(constraint: str) -> str | None:
    """Return the version that a tag names: without ``v``, but with the prefix that tells its family."""
    parsed = parse(constraint)
    if parsed is None or _line(constraint)[1]:
        return None
    return parsed.text if parsed.prefix in ("", "v", "V") else constraint


def step(old: str, new: str) -> Step | None:
    """Return how big the step between two tags of one family is; None when ``new`` is not newer."""
    before, after = parse(old), parse(new)
    if before is None or after is None or before.family != after.family or after.key <= before.key:
        return None
    first, second = ((*one.numbers, 0, 0)[:2] for one in (before, after))
    if first[0] != second[0]:
        return "major"
    return "minor" if first[1] != second[1] else "patch"


def rewrite(constraint: str, version: str) -> str | None:
    """Return the tag of a new version with the prefix of ``constraint``, and as precise where that names a line."""
    bare, any_of_it = _line(constraint)
    old, new = parse(bare), parse(version)
    if old is None or new is None or old.family != new.family:
        return None
    if satisfies(version, constraint):
        return constraint
    whole = len(old.numbers) >= _FULL or bool(old.order) or len(new.numbers) <= len(old.numbers)
    return old.prefix + (new.text if whole else _shortened(new, len(old.numbers))) + any_of_it


def _shortened(new: GitTag, precision: int) -> str:
    found = re.match(rf"[0-9]+(?:[._][0-9]+){{{precision - 1}}}", new.text)
    return found[0] if found else new.text


SCHEME: Final = Scheme(
    name="git_tag",
    key=key,
    is_stable=is_stable,
    is_constraint=lambda constraint: parse(_line(constraint)[0]) is not None,
    satisfies=satisfies,
    pinned=pinned,
    step=step,
    rewrite=rewrite,
    family=family,
)
