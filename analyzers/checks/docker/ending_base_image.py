"""A product that the image carries ends soon."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from analyzers.checks.docker import _ends
from analyzers.ecosystems.docker.cycles import Standing
from analyzers.ecosystems.docker.images import Image, images
from analyzers.ecosystems.docker.judgement import standings
from analyzers.model.finding import Evidence, Finding, Rule, Severity
from analyzers.model.skipped import Skipped

RULE = Rule(
    id="ending-base-image",
    group="docker",
    title="The image carries a product that ends soon",
    what=(
        "Announces the end of a product that an image's tag names, so many days ahead as `ending-days` of the table "
        "[docker] says (90). What cannot be asked is named by end-of-life-base-image."
    ),
    why="A move that is planned is cheaper than one on the day of the next vulnerability.",
    remediation="Plan the move to a supported line before the date.",
    minutes=120,
    severity=Severity.MEDIUM,
    example="FROM php:8.2-fpm",
    better="FROM php:8.4-fpm",
    sources=("lifecycle", "oci-tags", "oci-manifest"),
)


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each layer whose announced end is near."""
    settings = evidence.config.docker
    for image in images(evidence.inventory):
        for where in standings(image, evidence.facts, evidence.as_of, settings.support):
            if where.end and where.ends_within(settings.ending_days, evidence.as_of):
                yield _finding(evidence, image, where, where.end)


def _finding(evidence: Evidence, image: Image, where: Standing, end: date) -> Finding:
    left = (end - evidence.as_of).days
    when = f"in {_ends.days(left)}" if left else "today"
    return _ends.finding(
        RULE,
        evidence,
        image,
        where,
        title=f"{_ends.name_of(where)} ends on {end}",
        which=f"ends on {end} ({when}).",
        end=end,
        details={"days_left": left},
    )
