"""A product that the image carries has ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from analyzers.checks.docker import _ends, _images
from analyzers.ecosystems.docker.cycles import Standing, standing
from analyzers.ecosystems.docker.images import LIFECYCLE, Image, images, lifecycle_question
from analyzers.ecosystems.docker.products import Layer, title
from analyzers.model.facts import Known, Lifecycle
from analyzers.model.finding import Evidence, Finding, Rule, Severity
from analyzers.model.skipped import Skipped

RULE = Rule(
    id="end-of-life-base-image",
    group="docker",
    title="The image carries a product that has ended",
    what=(
        "Reads the products that an image's tag names, up to two: the language or server it is made for "
        "(python:3.8 is Python 3.8) and the distribution it rests on (-slim-buster is Debian 10). Each has its own "
        "end of life, and each that has passed is a finding. It names the nearest tag of the registry that leaves all "
        "of them behind, which is the fix, and those that leave only one. Products that support their newest few "
        "weeks' release alone (Rust, Deno, Bun) are left to outdated-base-image."
    ),
    why=(
        "After its end a product gets no security fixes, whatever is found in it. Its package mirrors move to "
        "archives, so that one day the image can no longer be built either."
    ),
    remediation="Move to a tag of a supported line that keeps the variant, and run the tests on it.",
    minutes=120,
    severity=Severity.HIGH,
    example="FROM python:3.8-slim-buster",
    better="FROM python:3.14-slim-trixie",
    sources=("lifecycle", "oci-tags", "oci-manifest"),
)
# Lines as short-lived as this are left by their users all the time; being late by one is no emergency.
_SHORT_LIFE = timedelta(days=120)


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each ended layer, and what could not be asked of ``lifecycle`` or only of its table."""
    yield from _images.once(_found(evidence))


def _found(evidence: Evidence) -> Iterator[Finding | Skipped]:
    for image in images(evidence.inventory):
        for layer in image.layers:
            yield from _judged(evidence, image, layer)


def _judged(evidence: Evidence, image: Image, layer: Layer) -> Iterator[Finding | Skipped]:
    answer = evidence.facts.get(lifecycle_question(layer.product))
    if not isinstance(answer, Known) or not isinstance(answer.value, Lifecycle):
        reason, detail = (answer.reason, answer.detail) if not isinstance(answer, Known) else ("malformed-answer", "")
        yield _images.skipped(image, LIFECYCLE, reason, f"{title(layer.product)}: {detail}")
        return
    lifecycle = answer.value
    where = standing(layer, lifecycle, evidence.as_of, evidence.config.docker.support)
    if where is None:
        detail = f"{title(layer.product)} has no line {layer.text!r} in the table of {lifecycle.table_date}"
        yield _images.skipped(image, LIFECYCLE, "unknown-cycle", detail)
        return
    if answer.bundled:
        detail = f"judged by the bundled table of {lifecycle.table_date}"
        yield _images.skipped(image, LIFECYCLE, "bundled-table", detail)
    if where.has_ended:
        yield _finding(evidence, image, where)


def _finding(evidence: Evidence, image: Image, where: Standing) -> Finding:
    end = where.end or where.lifecycle.table_date
    passed = (evidence.as_of - end).days
    on = f"ended on {end}" if where.end else "has ended"
    ago = f" ({_ends.days(passed)} ago)" if where.end else ""
    extended = _ends.extended_until(where, evidence.as_of)
    fixes = f"Long-term or paid support goes on until {extended}." if extended else "It gets no more security fixes."
    return _ends.finding(
        RULE,
        evidence,
        image,
        where,
        title=f"{_ends.name_of(where)} {on}",
        which=f"{on}{ago}. {fixes}",
        end=end,
        severity=_severity(where, is_extended=bool(extended)),
        details={"days_past": passed if where.end else None},
    )


def _severity(where: Standing, *, is_extended: bool) -> Severity:
    released, end = where.cycle.released, where.cycle.end
    if released and end and end - released < _SHORT_LIFE:
        return Severity.LOW
    return Severity.MEDIUM if is_extended else RULE.severity
