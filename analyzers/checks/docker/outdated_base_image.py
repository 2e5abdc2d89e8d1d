"""The registry offers a newer line of the image."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.checks.docker import _images, _tags
from analyzers.ecosystems.docker.choice import Choice
from analyzers.ecosystems.docker.cycles import cycle_at
from analyzers.ecosystems.docker.images import TAGS, Image, images, lifecycle_of, tags_question
from analyzers.ecosystems.docker.judgement import newer
from analyzers.ecosystems.docker.products import own_product
from analyzers.model.finding import Evidence, Finding, Rule, Severity
from analyzers.model.skipped import Skipped
from analyzers.versions import image_tag

RULE = Rule(
    id="outdated-base-image",
    group="docker",
    title="A newer line of the image exists",
    what=(
        "Compares an image's tag with all tags of its repository. A newer one has the same precision (3.11 is followed "
        "by 3.14, not by 3.14.1), the same variant (-slim-bookworm) and the same kind: a date follows a date, a code "
        "name a code name, a long-term line another one. Prereleases and lines that have ended are never proposed. "
        "A line that has ended or is about to is left to end-of-life-base-image and ending-base-image; where only the "
        "distribution beneath has, the newest tag on a supported one is proposed."
    ),
    why="Fixes and speed come to newer lines first, and the way to them grows with every line left out.",
    remediation="Move to the newer tag and run the tests on it.",
    minutes=30,
    severity=Severity.LOW,
    example="FROM python:3.11-slim-bookworm",
    better="FROM python:3.14-slim-bookworm",
    sources=("oci-tags", "oci-manifest", "lifecycle"),
)
# A newer build of the same line is as quick to take as a patch of a package.
_PATCH_MINUTES = 10
_LINE_PARTS = 2


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each tag with a newer one, and what could not be asked of ``oci-tags``."""
    yield from _images.once(_found(evidence))


def _found(evidence: Evidence) -> Iterator[Finding | Skipped]:
    facts = _images.dated(evidence)
    settings = evidence.config.docker
    for image in images(evidence.inventory):
        note = _note(evidence, image)
        if note:
            yield note
            continue
        choice = newer(image, facts, evidence.as_of, settings.support, settings.ending_days)
        if choice:
            yield _finding(evidence, image, choice)


def _note(evidence: Evidence, image: Image) -> Skipped | None:
    """Return why the image cannot be compared; None where it can, or where nothing was promised."""
    if image.tag is None:
        if image.reference.tag or not image.reference.digest:
            return None
        detail = f"{image.shown} is pinned by its digest alone, so that nothing says which version it is"
        return _images.skipped(image, TAGS, "unsupported-version", detail)
    why = _images.doubt(evidence, evidence.facts.get(tags_question(image.name)))
    if why:
        return _images.skipped(image, TAGS, why.reason, why.detail)
    is_word = image_tag.parse(image.tag).style in {"word", "build"}
    if is_word and not image.layers:
        return _images.skipped(image, TAGS, "unsupported-version", f"{image.tag[:128]!r} names no version")
    return None


def _finding(evidence: Evidence, image: Image, choice: Choice) -> Finding:
    facts = _images.dated(evidence)
    is_line = _is_line(evidence, image, choice)
    offered = _tags.not_offered(image, choice.tag, facts)
    return _images.finding(
        RULE,
        image,
        title=f"{image.shown} is behind {choice.tag}",
        message=(
            f"{_images.shown(image)} is behind {choice.tag}, {choice.why}. "
            f"Move to {image.dependency.name}:{choice.tag}.{offered}"
        ),
        latest=choice.tag,
        severity=Severity.MEDIUM if is_line and choice.step == 0 else Severity.LOW,
        minutes=None if is_line else _PATCH_MINUTES,
        fix=_tags.fix(image, choice.tag, facts, safe=not is_line),
        details={"step": "line" if is_line else "build", **_tags.digest_of(image, choice.tag, facts)},
    )


def _is_line(evidence: Evidence, image: Image, choice: Choice) -> bool:
    """Whether the newer tag is of another line, and not a newer build of the same."""
    old, new = image_tag.parse(image.reference.tag or ""), image_tag.parse(choice.tag)
    if old.style == "date":
        return False
    product = own_product(image.reference)
    lifecycle = lifecycle_of(product, evidence.facts) if product else None
    before = cycle_at(lifecycle, old.numbers) if lifecycle and old.numbers else None
    if lifecycle and before:
        return cycle_at(lifecycle, new.numbers) != before
    return choice.step < _LINE_PARTS
