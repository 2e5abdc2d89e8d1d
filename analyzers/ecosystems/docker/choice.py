"""Which of many tags is the newest one of the same kind as another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from analyzers.versions.docker_tag import is_same_kind, step_of
from analyzers.versions.image_tag import MAX_LENGTH, Tag, parse

# No product leaves out so many majors. What lies beyond counts something else: Selenium's images are tagged 4.27 by
# its own version and 131.0 by the browser's.
_WIDEST_GAP: Final = 40


@dataclass(frozen=True, slots=True)
class Choice:
    """The tag to move to, and half a sentence on how it was chosen. `step` is the first part that grows (0: major)."""

    tag: str
    why: str
    step: int = 0


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
        if tag.is_stable and is_same_kind(of.final, tag, suffix=suffix) and tag.order > of.order
    ]
    best = max(filter(accepts, _near(of, candidates)), key=lambda tag: tag.order, default=None)
    return Choice(best.text, _why(of, best, suffix), step_of(of, best)) if best else None


def _near(current: Tag, candidates: list[Tag]) -> list[Tag]:
    """Return the candidates before the first gap that no product has between its majors."""
    if current.style != "version":
        return candidates
    reached = current.numbers[0]
    for major in sorted({tag.numbers[0] for tag in candidates}):
        if major - reached > _WIDEST_GAP:
            return [tag for tag in candidates if tag.numbers[0] <= reached]
        reached = major
    return candidates


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
    return Choice(best.text, "the newest code name", step_of(old, best))


def with_codename(text: str, codenames: Mapping[str, tuple[int, ...]]) -> Tag | None:
    """Return ``bookworm-slim`` as a tag of style ``codename`` with the version that ``codenames`` gives it."""
    first, dash, rest = text.partition("-")
    if first not in codenames or len(text) > MAX_LENGTH:
        return None
    return Tag(text, "codename", codenames[first], suffix=tuple(rest.split("-")) if dash else ())
