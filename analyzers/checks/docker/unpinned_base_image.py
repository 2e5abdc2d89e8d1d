"""The image has no version."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.checks.docker import _images
from analyzers.ecosystems.docker.images import TAGS, Image, images, lifecycle_of
from analyzers.ecosystems.docker.official import is_nobodys
from analyzers.ecosystems.docker.products import own_product, title
from analyzers.model.finding import Evidence, Finding, Rule, Severity
from analyzers.model.skipped import Skipped

RULE = Rule(
    id="unpinned-base-image",
    group="docker",
    title="The image has no version",
    what=(
        "Finds images without a tag, or with the tag `latest`, and without a digest. With `require-digest` of the "
        "table [docker], every image without a digest is found. Not judged are names that no official image of Docker "
        "Hub has and that name no owner (`FROM myapp-base`): they are built beforehand, and pulled from nowhere."
    ),
    why=(
        "Whatever is newest on the day of the build goes in: two builds of one commit differ, a new major arrives "
        "unasked, and nobody can tell what is running."
    ),
    remediation="Name a version, and for builds that must never change by themselves a digest as well.",
    minutes=5,
    severity=Severity.LOW,
    example="FROM node",
    better="FROM node:24-alpine",
)


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each image without version, or without digest where one is required."""
    yield from _images.once(_found(evidence))


def _found(evidence: Evidence) -> Iterator[Finding | Skipped]:
    for image in images(evidence.inventory):
        if image.reference.digest:
            continue
        if is_nobodys(image.reference):
            detail = f"{image.shown} is no official image, and names no owner: it is built by hand, not pulled"
            yield _images.skipped(image, TAGS, "no-registry", detail)
            continue
        if image.tag is None:
            yield _finding(evidence, image)
        elif evidence.config.docker.require_digest:
            yield _without_digest(image)


def _finding(evidence: Evidence, image: Image) -> Finding:
    lack = f"only the tag {image.reference.tag}" if image.reference.tag else "no tag, which means latest"
    return _images.finding(
        RULE,
        image,
        title=f"{image.dependency.name} has no version",
        message=f"{_images.shown(image)} has {lack}: it changes with every release. {_advice(evidence, image)}",
    )


def _advice(evidence: Evidence, image: Image) -> str:
    product = own_product(image.reference)
    lifecycle = lifecycle_of(product, evidence.facts) if product else None
    released = (
        [cycle for cycle in lifecycle.cycles if cycle.released and cycle.released <= evidence.as_of]
        if lifecycle
        else []
    )
    if not product or not released:
        return "Name a version."
    return f"Name a version; the newest line is {title(product)} {released[0].name}."


def _without_digest(image: Image) -> Finding:
    return _images.finding(
        RULE,
        image,
        title=f"{image.shown} has no digest",
        message=f"{_images.shown(image)} has no digest, which the configuration requires. Add the digest of its tag.",
    )
