"""What the rules share that propose another tag: what to write where, and for which platforms it is offered."""

from __future__ import annotations

from analyzers.ecosystems.docker.images import Image, manifest_of
from analyzers.model.facts import Facts
from analyzers.model.finding import Fix, Scalar

_DEFAULT_VARIANT = "linux/arm64/v8"


def fix(image: Image, tag: str | None, facts: Facts, *, safe: bool = False) -> Fix:
    """Return the edit that leads to ``tag``: what would stand at the image's place. None available without a tag.

    A platform that the file asks for has to be offered by the new tag, and of an image that is pinned to a digest the
    new digest has to be known: see `digest_of`. A move that loses any platform is not safe.
    """
    text = _replacement(image, tag) if tag else None
    if image.reference.digest and not (tag and manifest_of(image, tag, facts)):
        return Fix()
    lost = lost_platforms(image, tag, facts) if tag else ()
    if text is None or (image.dependency.platform and lost):
        return Fix()
    return Fix(available=True, to=text, safe=safe and not lost)


def digest_of(image: Image, tag: str | None, facts: Facts) -> dict[str, Scalar]:
    """Return the digest that has to take the old one's place along with the tag; nothing for an image without."""
    manifest = manifest_of(image, tag, facts) if tag and image.reference.digest else None
    return {"new_digest": manifest.digest} if manifest else {}


def _replacement(image: Image, tag: str) -> str | None:
    """Return what stands at the place in the new tag, where the rest of the tag stays; None where it does not."""
    value, current = image.dependency.value, image.reference.tag
    if value is None or current is None or current.count(value) != 1:
        return None
    before, after = current.split(value)
    if not (tag.startswith(before) and tag.endswith(after) and len(tag) > len(before) + len(after)):
        return None
    return tag[len(before) : len(tag) - len(after)]


def lost_platforms(image: Image, tag: str, facts: Facts) -> tuple[str, ...]:
    """Return the platforms that the new tag does not offer: the one asked for, else those that the current one has.

    Nothing where either is not known.
    """
    new, old = manifest_of(image, tag, facts), manifest_of(image, image.reference.tag or "", facts)
    if new is None or not new.platforms:
        return ()
    asked = image.dependency.platform
    if asked:
        wanted = {asked.removesuffix("/v8") if asked == _DEFAULT_VARIANT else asked}
    else:
        wanted = set(old.platforms) if old else set()
    return tuple(sorted(wanted - set(new.platforms)))


def not_offered(image: Image, tag: str, facts: Facts) -> str:
    """Return a sentence on the platforms that a move would lose, with a space before it; empty without any."""
    lost = lost_platforms(image, tag, facts)
    return f" It is not offered for {', '.join(lost)}." if lost else ""
