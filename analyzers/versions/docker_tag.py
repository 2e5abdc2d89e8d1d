"""Image tags that compare: those of one kind, which differ in nothing but their version.

Of one kind are tags of the same style (a version, a date), precision, prefix and variant. Nothing else compares:
20240101 is not newer than 3.2, and 3.14-slim is not newer than 3.11-alpine.
"""

from __future__ import annotations

import re
from typing import Any, Final

from analyzers.model.scheme import Scheme, Step
from analyzers.versions.image_tag import Style, Tag, is_built, parse

_WHOLE: Final = 3
_WITHOUT_ORDER: Final[frozenset[Style]] = frozenset({"word", "codename", "build"})


def is_same_kind(current: Tag, other: Tag, *, suffix: tuple[str, ...] | None = None) -> bool:
    """Whether ``other`` is ``current`` at another version: same style, precision, prefix and variant.

    With ``suffix``, that is the variant wanted instead of the current one.
    """
    return current.style == other.style and is_same_shape(current, other, suffix=suffix)


def is_same_shape(current: Tag, other: Tag, *, suffix: tuple[str, ...] | None = None) -> bool:
    """Whether the two are of one kind but for their style: where something else says that 2 was followed by 2023."""
    wanted = current if suffix is None else Tag(current.text, current.style, current.numbers, suffix=suffix)
    return (
        not {current.style, other.style} & _WITHOUT_ORDER
        and _precision(current) == _precision(other)
        and (current.lead, current.prefix) == (other.lead, other.prefix)
        and wanted.variant == other.variant
    )


def _precision(tag: Tag) -> tuple[int, str]:
    """Return how precise a tag is. Java may leave out the third or fourth number before its build: 17.0.8.1_1."""
    return (0, "_") if is_built(tag) else (len(tag.numbers), tag.separators)


def is_newer(current: str, other: str) -> bool:
    """Whether ``other`` is a later tag of the same kind; a prerelease gives way to its release."""
    old, new = parse(current), parse(other)
    return is_same_kind(old.final, new.final) and new.order > old.order


def _key(tag: str) -> Any | None:  # noqa: ANN401 - the scheme's keys are opaque
    """Return what sorts any tags that have a version: by kind first, for kinds do not compare."""
    parsed = parse(tag)
    if parsed.style in _WITHOUT_ORDER:
        return None
    kind = parsed.style, parsed.prefix, parsed.lead, parsed.variant, _precision(parsed)
    return kind, parsed.order, parsed.prerelease, tag


def _satisfies(version: str, constraint: str) -> bool:
    """Whether a tag lies in the line that another one names: ``3.11.4-slim`` in ``3.11-slim``, and so does 3.11.4."""
    wanted, found = parse(constraint), parse(version)
    if wanted.style in _WITHOUT_ORDER or wanted.style != found.style or wanted.prerelease != found.prerelease:
        return False
    is_bare = not (found.lead or found.prefix or found.suffix)
    around = wanted.lead, wanted.prefix, wanted.variant
    return (
        found.numbers[: len(wanted.numbers)] == wanted.numbers
        and found.separators.startswith(wanted.separators)
        and (is_bare or (found.lead, found.prefix, found.variant) == around)
    )


def _pinned(constraint: str) -> str | None:
    """Return the version of a tag that names a whole one; a shorter tag is a line."""
    tag = parse(constraint)
    return tag.version if len(tag.numbers) >= _WHOLE else None


def _step(old: str, new: str) -> Step | None:
    before, after = parse(old), parse(new)
    if not is_newer(old, new):
        return None
    grown = step_of(before, after)
    return ("major", "minor")[grown] if grown < _WHOLE - 1 else "patch"


def step_of(old: Tag, new: Tag) -> int:
    """Return the first number that differs; as many as there are where only a counter or a mark does."""
    pairs = zip(old.numbers, new.numbers, strict=False)
    return next((index for index, (before, after) in enumerate(pairs) if before != after), len(old.numbers))


def _rewrite(constraint: str, version: str) -> str | None:
    """Return the tag at another version (``3.14.1``), as precise as before and with all that stands around it."""
    tag, new = parse(constraint), parse(version)
    if tag.version is None or new.version is None or tag.style != new.style or not tag.is_stable or not new.is_stable:
        return None
    if new.prefix or new.suffix or not new.separators.startswith(tag.separators) or _counters(tag):
        return None
    written = re.split("([._u])", new.version)
    text = "".join(written[: 2 * len(tag.numbers) - 1])
    return f"{constraint[: tag.version_start]}{text}{constraint[tag.version_start + len(tag.version) :]}"


def _counters(tag: Tag) -> tuple[int, ...]:
    """Return the counters of rebuilds: another version has others, which nobody knows."""
    return tag.order[2]


SCHEME = Scheme(
    name="docker_tag",
    key=_key,
    is_stable=lambda tag: parse(tag).style not in _WITHOUT_ORDER and parse(tag).is_stable,
    is_constraint=lambda tag: parse(tag).style not in _WITHOUT_ORDER,
    satisfies=_satisfies,
    pinned=_pinned,
    step=_step,
    rewrite=_rewrite,
)
