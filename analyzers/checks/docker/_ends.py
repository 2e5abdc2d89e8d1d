"""What the rules about ended and ending products share: the words, and the way out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from analyzers.checks.docker import _images, _tags
from analyzers.ecosystems.docker.cycles import Standing, end_of, next_cycles
from analyzers.ecosystems.docker.images import Image
from analyzers.ecosystems.docker.judgement import way_out
from analyzers.ecosystems.docker.products import title
from analyzers.model.facts import Cycle
from analyzers.model.finding import Evidence, Fix, Scalar


class WayOut(NamedTuple):
    """The advice for one ended layer: a sentence, the tag to move to (None: not known), the edit, and its figures."""

    advice: str
    tag: str | None
    fix: Fix
    details: Mapping[str, Scalar] = {}


def name_of(standing: Standing) -> str:
    """Return the line as people say it (``Debian 10 (buster)``)."""
    codename = f" ({standing.layer.codename})" if standing.layer.codename else ""
    return f"{title(standing.layer.product)} {standing.cycle.name}{codename}"


def identity_of(standing: Standing) -> str:
    """Return what tells findings at one image apart."""
    return f"{standing.layer.product}|{standing.cycle.name}"


def days(count: int) -> str:
    """Return a number of days in words."""
    return "1 day" if count == 1 else f"{count} days"


def advise(evidence: Evidence, image: Image, standing: Standing) -> WayOut:
    """Return where to move: an offered tag where the registry's are known, else the line to look for."""
    facts = _images.dated(evidence)
    settings = evidence.config.docker
    tag = way_out(image, facts, evidence.as_of, settings.support, settings.ending_days)
    if tag:
        advice = f"Move to {image.dependency.name}:{tag}.{_tags.not_offered(image, tag, facts)}"
        return WayOut(advice, tag, _tags.fix(image, tag, facts), _tags.digest_of(image, tag, facts))
    following = next_cycles(standing.lifecycle, standing.cycle, evidence.as_of, settings.support)
    if not following:
        return WayOut(f"No later line of {title(standing.layer.product)} is known to be supported.", None, Fix())
    return WayOut(_in_words(evidence, standing, following[0]), None, Fix())


def _in_words(evidence: Evidence, standing: Standing, cycle: Cycle) -> str:
    end = end_of(standing.lifecycle, cycle, evidence.config.docker.support)
    until = f"supported until {end}" if end else "no end announced"
    return f"Move to {title(standing.layer.product)} {cycle.name} ({until})."


def extended_until(standing: Standing, as_of: date) -> date | None:
    """Return the end of long-term support where the regular one is over and this is not."""
    extended = standing.cycle.extended
    return extended if extended and extended >= as_of and extended != standing.end else None
