"""A scan: read, looked up, judged and compared with the last one; with all that is stored of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack

import msgspec

from analyzers.facts_json import facts_to_json
from analyzers.inventory_json import inventory_to_json
from analyzers.model.inventory import Inventory
from bot.hotspots import hotspot_report
from bot.report.hotspots_json import HOTSPOTS
from bot.report.json import RENDERER
from bot.report.renderer import Options
from bot.rounds.standing import Standing
from bot.scorecard import Report
from bot.service.child import messages
from bot.service.child.asking import Service
from bot.service.child.ground import Ground, text_of
from bot.standing import is_judged
from bot.store.entries import config_digest, entry_of


def scan(task: messages.Task, service: Service) -> messages.Scanned:
    """Read, look up, judge and compare with the last scan; return all that is stored of it."""
    with ExitStack() as stack:
        ground = Ground.laid(task, service, stack)
        result = ground.scanned()
        found = ground.standing(result)
        report = found.report
        return messages.Scanned(
            document=RENDERER.render(report, Options()).encode(),
            hotspots=HOTSPOTS.render(hotspot_report(report, top=0), Options()).encode(),
            inventory=inventory_to_json(result.inventory),
            edition=ground.edition,
            facts=facts_to_json(result.facts),
            entry=entry_of(report, result),
            usages=tuple(_usages(result.inventory)),
            ends=tuple(_ends(found)),
            skipped=len(report.skipped),
            configured=text_of(ground.opened.settings.path or ""),
            upgrades=ground.opened.settings.config.upgrades.enabled,
            notes=tuple(map(text_of, (*found.posted.failed, *found.posted.withheld))),
            timings=dict(result.timings),
            plan_digest=_plan_digest(found),
            judged=is_judged(report),
        )


def _usages(inventory: Inventory) -> Iterator[messages.Usage]:
    for one in inventory.dependencies:
        yield messages.Usage(
            ecosystem=text_of(one.ecosystem, 40),
            name=text_of(one.name, 255),
            kind=text_of(one.kind, 40),
            path=text_of(one.place.path),
            line=one.place.line,
            direct=one.direct,
            value=text_of(one.value or "", 255),
            version=text_of(one.locked_version or one.version or "", 100),
        )


def _ends(found: Standing) -> Iterator[messages.Ending]:
    for end in found.ends:
        path = end.places[0].finding.path if end.places else ""
        yield messages.Ending(subject=text_of(end.title, 255), ends_on=end.day, path=text_of(path))


def _plan_digest(found: Standing) -> str:
    """Return what acting depends on, as far as this commit and the world say it, and not the day."""
    report = found.report
    stated = {
        "version": report.version,
        "ruleset": report.ruleset,
        "commit": report.repository.commit,
        "config": config_digest(found.result.config),
        "score": report.scorecard.score,
        "findings": sorted(_findings(report)),
        "ends": sorted((end.day.isoformat(), text_of(end.title)) for end in found.ends),
    }
    return hashlib.sha256(msgspec.json.encode(stated)).hexdigest()


def _findings(report: Report) -> Iterator[tuple[str, ...]]:
    for charged in report.findings:
        finding = charged.finding
        latest, to = finding.subject.latest or "", finding.fix.to or ""
        flaws = ",".join(sorted(flaw.id for flaw in finding.flaws))
        words = (charged.fingerprint, finding.severity, str(charged.points), latest, to, flaws)
        yield tuple(map(text_of, words))
