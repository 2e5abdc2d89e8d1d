"""What the rules about ended and ending products share: the words, and the way out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from analyzers.checks.docker import _images, _tags
from analyzers.ecosystems.docker.cycles import Standing, end_of, next_cycles
from analyzers.ecosystems.docker.images import Image, tags_of
from analyzers.ecosystems.docker.judgement import to_leave, way_out, way_out_of
from analyzers.ecosystems.docker.products import title
from analyzers.model.exposure import past_end
from analyzers.model.facts import Cycle, Facts
from analyzers.model.finding import Evidence, Finding, Fix, Rule, Scalar, Severity

_BOTH: Final = 2


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


def finding(
    rule: Rule,
    evidence: Evidence,
    image: Image,
    standing: Standing,
    *,
    title: str,
    which: str,
    end: date,
    severity: Severity | None = None,
    details: Mapping[str, Scalar],
) -> Finding:
    """Return the finding of a rule at an image, with the way out of the layer.

    `which` says of the product what becomes of it, from the verb on; `end` is the day that weighs.
    """
    way = advise(evidence, image, standing)
    product, cycle = standing.layer.product, standing.cycle.name
    return _images.finding(
        rule,
        image,
        title=title,
        message=f"{_images.shown(image)} rests on {name_of(standing)}, which {which} {way.advice}",
        identity=f"{product}|{cycle}",
        latest=way.tag,
        exposure=past_end(end, evidence.as_of),
        severity=severity,
        fix=way.fix,
        details={
            **way.details,
            "product": product,
            "cycle": cycle,
            "end_of_life": standing.end.isoformat() if standing.end else None,
            **details,
        },
    )


def days(count: int) -> str:
    """Return a number of days in words."""
    return "1 day" if count == 1 else f"{count} days"


def advise(evidence: Evidence, image: Image, standing: Standing) -> WayOut:
    """Return where to move: an offered tag where the registry's are known, else the line to look for.

    That tag leaves behind all that has ended or is about to; where none does, the one that leaves this layer behind.
    """
    facts = _images.dated(evidence)
    settings = evidence.config.docker
    leave = to_leave(image, facts, evidence.as_of, settings.support, settings.ending_days)
    tag = way_out(image, facts, evidence.as_of, settings.support, settings.ending_days)
    if len(leave) == 1:
        return _moved(image, tag, facts) if tag else WayOut(_to_a_line(evidence, standing), None, Fix())
    alone = {
        layer: way_out_of(image, (layer,), facts, evidence.as_of, settings.support) if tags_of(image, facts) else None
        for layer in leave
    }
    way = _moved(image, tag, facts, _told(alone)) if tag else _apart(evidence, image, standing, alone)
    advice = f"{_besides(standing, leave, evidence.as_of)} {way.advice}"
    return way._replace(advice=advice, details={**_figures(alone, tag), **way.details})


def _moved(image: Image, tag: str, facts: Facts, more: str = "") -> WayOut:
    advice = f"Move to {image.dependency.name}:{tag}{more}.{_tags.not_offered(image, tag, facts)}"
    return WayOut(advice, tag, _tags.fix(image, tag, facts), _tags.digest_of(image, tag, facts))


def _apart(evidence: Evidence, image: Image, standing: Standing, alone: Mapping[Standing, str | None]) -> WayOut:
    """Return the way out of one layer where none leads out of all.

    Two findings at one place must not ask for two tags, so the first layer that can be left has the edit.
    """
    tag, facts = alone[standing], _images.dated(evidence)
    if not tag:
        return WayOut(_to_a_line(evidence, standing), None, Fix())
    way = _moved(image, tag, facts, ", for no tag leaves all of them behind")
    is_first = next(layer for layer, found in alone.items() if found) == standing
    return way if is_first else way._replace(fix=Fix())


def _besides(standing: Standing, leave: tuple[Standing, ...], as_of: date) -> str:
    """Return sentences on the layers of which the image has to be freed as well."""
    return " ".join(
        f"{name_of(layer)} in it {'ends' if layer.end and layer.end >= as_of else 'ended'} on {layer.end}."
        if layer.end
        else f"{name_of(layer)} in it has ended."
        for layer in leave
        if layer != standing
    )


def _told(alone: Mapping[Standing, str | None]) -> str:
    """Return which tags leave one layer behind, as the end of a sentence on the tag that leaves all of them."""
    single = ", ".join(f"{tag or 'no tag'} {name_of(layer)} alone" for layer, tag in alone.items())
    count = "both" if len(alone) == _BOTH else f"all {len(alone)}"
    return f", which leaves {count} behind ({single})"


def _figures(alone: Mapping[Standing, str | None], tag: str | None) -> dict[str, Scalar]:
    """Return the end of each layer and the tag that leaves it behind, by product, and the tag that leaves all."""
    figures: dict[str, Scalar] = {"leaves_all": tag}
    for layer, single in alone.items():
        product = layer.layer.product.replace("-", "_")
        figures[f"end_of_{product}"] = layer.end.isoformat() if layer.end else None
        figures[f"leaves_{product}"] = single
    return figures


def _to_a_line(evidence: Evidence, standing: Standing) -> str:
    following = next_cycles(standing.lifecycle, standing.cycle, evidence.as_of, evidence.config.docker.support)
    if not following:
        return f"No later line of {title(standing.layer.product)} is known to be supported."
    return _in_words(evidence, standing, following[0])


def _in_words(evidence: Evidence, standing: Standing, cycle: Cycle) -> str:
    end = end_of(standing.lifecycle, cycle, evidence.config.docker.support)
    until = f"supported until {end}" if end else "no end announced"
    return f"Move to {title(standing.layer.product)} {cycle.name} ({until})."


def extended_until(standing: Standing, as_of: date) -> date | None:
    """Return the end of long-term support where the regular one is over and this is not."""
    extended = standing.cycle.extended
    return extended if extended and extended >= as_of and extended != standing.end else None
