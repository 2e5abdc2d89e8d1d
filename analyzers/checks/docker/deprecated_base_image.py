"""The image was given up by its publisher."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.checks.docker import _images
from analyzers.ecosystems.docker.images import Image, images
from analyzers.lifecycles.table import DeprecatedImage, deprecated_image
from analyzers.model.finding import Evidence, Finding, Rule, Severity
from analyzers.model.skipped import Skipped

RULE = Rule(
    id="deprecated-base-image",
    group="docker",
    title="The image is deprecated",
    what="Finds images whose publisher has declared that they are no longer maintained, by a bundled table.",
    why="Nobody rebuilds such an image any more: neither the product in it nor the distribution beneath gets fixes.",
    remediation="Move to the image that the notice names, or to one that is maintained.",
    minutes=120,
    severity=Severity.HIGH,
    example="FROM openjdk:17-jdk-slim",
    better="FROM eclipse-temurin:21-jdk",
)
_DOCKER_HUB = "docker.io/"
_OFFICIAL = "docker.io/library/"


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each image that was deprecated by the day of judgement."""
    for image in images(evidence.inventory):
        notice = deprecated_image(image.name)
        if notice and notice.since <= evidence.as_of:
            yield _finding(image, notice)


def _finding(image: Image, notice: DeprecatedImage) -> Finding:
    successor = _short(notice.replacement) if notice.replacement else None
    advice = f"Move to {successor}." if successor else "Move to an image that is maintained."
    return _images.finding(
        RULE,
        image,
        title=f"{image.dependency.name} is deprecated since {notice.since}",
        message=f"{_images.shown(image)} is deprecated since {notice.since}: {notice.reason}. {advice}",
        details={"since": notice.since.isoformat(), "replacement": successor},
    )


def _short(canonical: str) -> str:
    """Return the name as people write it."""
    return canonical.removeprefix(_OFFICIAL).removeprefix(_DOCKER_HUB)
