"""The digest is no longer the one that its tag points at."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.checks.docker import _images
from analyzers.ecosystems.docker.images import MANIFEST, Image, images, manifest_of, manifest_question
from analyzers.model.finding import Evidence, Finding, Fix, Rule, Severity
from analyzers.model.skipped import Skipped

RULE = Rule(
    id="stale-base-digest",
    group="docker",
    title="The tag points at a newer digest",
    what=(
        "Compares a digest that is pinned beside a tag with what the tag points at now. Images are rebuilt under the "
        "same tag, mostly for fixes in the distribution beneath. A digest of one platform within the same index is "
        "not behind, and age alone says nothing."
    ),
    why="A pinned digest is safe from surprises, and from security fixes as well, until somebody renews it.",
    remediation="Replace the digest with the tag's current one.",
    minutes=5,
    severity=Severity.LOW,
    example="FROM node:24@sha256:<the digest of last year>",
    better="FROM node:24@sha256:<the digest of today>",
    sources=("oci-manifest",),
)
_SHOWN = len("sha256:") + 12


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each digest behind its tag, and what could not be asked of ``oci-manifest``."""
    yield from _images.once(_found(evidence))


def _found(evidence: Evidence) -> Iterator[Finding | Skipped]:
    for image in images(evidence.inventory):
        digest, tag = image.reference.digest, image.reference.tag
        if not digest or not tag:
            continue
        why = _images.doubt(evidence, evidence.facts.get(manifest_question(image.name, tag)))
        if why:
            yield _images.skipped(image, MANIFEST, why.reason, why.detail)
            continue
        manifest = manifest_of(image, tag, evidence.facts)
        if manifest and digest.lower() not in {manifest.digest, *manifest.members}:
            yield _finding(image, digest, manifest.digest)


def _finding(image: Image, digest: str, newest: str) -> Finding:
    place = image.dependency.digest_place
    return _images.finding(
        RULE,
        image,
        title=f"{image.shown} points at a newer digest",
        message=(
            f"{_images.shown(image)} is pinned to {digest[:_SHOWN]}, and the tag now points at {newest[:_SHOWN]}. "
            "Renew the digest to get what was fixed since."
        ),
        latest=newest,
        fix=Fix(available=place is not None, to=newest if place else None, safe=True),
        place=place,
        details={"digest": digest},
    )
