"""What the rules about images share: whether an answer may be used, and how a finding is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from analyzers.ecosystems.docker.images import MANIFEST, TAGS, Image
from analyzers.model.facts import Answer, Facts, Unknown
from analyzers.model.finding import Evidence, Finding, Fix, Rule, Scalar, Severity, Subject
from analyzers.model.place import Place
from analyzers.model.skipped import Skipped, SkipReason

_REGISTRY = frozenset({TAGS, MANIFEST})
_WRITTEN = {
    "dockerfile-from": "FROM ",
    "dockerfile-copy": "COPY --from=",
    "dockerfile-mount": "--mount from=",
    "dockerfile-syntax": "# syntax=",
    "devcontainer-feature": "the feature ",
}


class Doubt(NamedTuple):
    """Why an answer is none that may be used."""

    reason: SkipReason
    detail: str


def shown(image: Image) -> str:
    """Return the image as it is written, with what stands before it in a Dockerfile."""
    return f"{_WRITTEN.get(image.dependency.kind, '')}{image.shown}"


def doubt(evidence: Evidence, answer: Answer) -> Doubt | None:
    """Return what speaks against a registry's answer on the day of judgement."""
    if isinstance(answer, Unknown):
        return Doubt(answer.reason, answer.detail)
    if evidence.as_of < (answer.known_since or evidence.facts.looked_up):
        return Doubt("not-dated", f"known on {evidence.facts.looked_up}, judged as of {evidence.as_of}")
    return None


def dated(evidence: Evidence) -> Facts:
    """Return the facts without what registries say of another day than the one judged."""
    facts = evidence.facts
    if evidence.as_of >= facts.looked_up:
        return facts
    kept = {
        question: answer
        for question, answer in facts.answers.items()
        if question.source not in _REGISTRY or not doubt(evidence, answer)
    }
    return Facts(facts.looked_up, kept)


def skipped(image: Image, source: str, reason: SkipReason, detail: str) -> Skipped:
    """Return the note that an image could not be judged, or not by a live source."""
    return Skipped(
        what="look-up",
        path=image.dependency.place.path,
        source=source,
        reason=reason,
        detail=detail,
        subject=image.key,
    )


def once(found: Iterable[Finding | Skipped]) -> Iterator[Finding | Skipped]:
    """Pass findings on, and of each subject and source only the first note of a reason."""
    seen = set()
    for item in found:
        if isinstance(item, Skipped):
            note = (item.subject, item.source, item.reason)
            if note in seen:
                continue
            seen.add(note)
        yield item


def finding(
    rule: Rule,
    image: Image,
    *,
    title: str,
    message: str,
    identity: str = "",
    latest: str | None = None,
    exposure: float = 1.0,
    severity: Severity | None = None,
    minutes: int | None = None,
    fix: Fix | None = None,
    place: Place | None = None,
    details: dict[str, Scalar] | None = None,
) -> Finding:
    """Return the finding of a rule at an image (or at another ``place`` of it). `identity` follows the image's own."""
    where = place or image.dependency.place
    return rule.finding(
        where,
        severity=severity,
        title=title,
        message=message,
        subject=Subject(
            ecosystem=image.dependency.ecosystem,
            name=image.dependency.name,
            current=image.reference.tag or image.reference.digest,
            latest=latest,
            purl=image.dependency.purl,
        ),
        key=image.key,
        minutes=minutes,
        exposure=exposure,
        identity=f"{image.name}:{image.reference.tag or ''}{'|' if identity else ''}{identity}",
        fix=fix,
        details=details,
    )
