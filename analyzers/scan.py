"""read, look up, check: one commit of a repository in, everything known about its debt out."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import ModuleType

from analyzers.checks.ignores.unused_ignore import judge_unused
from analyzers.config import Config
from analyzers.model.discovery import modules, plugins
from analyzers.model.facts import Facts
from analyzers.model.finding import Evidence, Finding, Group, Rule
from analyzers.model.inventory import Inventory
from analyzers.model.skipped import Skipped
from analyzers.read import failed_plugins
from analyzers.set_aside import Ignored, certainly_unused, set_aside

LookUp = Callable[[Inventory], Facts]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanResult:
    """Everything one scan found. `skipped` holds what reading, asking and judging left out, in one stable order.

    `findings` are those that count, `ignored` those that people set aside. `timings` are seconds a stage.
    """

    inventory: Inventory
    facts: Facts
    findings: tuple[Finding, ...]
    ignored: tuple[Ignored, ...]
    skipped: tuple[Skipped, ...]
    config: Config
    as_of: date
    offline: bool = False
    timings: Mapping[str, float] = field(default_factory=dict)


def rules() -> dict[str, Rule]:
    """Return every rule by its id, sorted."""
    return dict(sorted((module.RULE.id, module.RULE) for module in modules("analyzers.checks", states="RULE")))


def origins() -> dict[str, str]:
    """Return the installed package that each rule comes from, for those that are not debtscan's own."""
    return {plugin.module.RULE.id: plugin.package for plugin in plugins("analyzers.checks")}


def scan(
    read: Callable[[], Inventory],
    look_up: LookUp,
    config: Config,
    *,
    as_of: date,
    only: Collection[Group] = (),
    offline: bool = False,
) -> ScanResult:
    """Read, look up, check. ``only`` limits the rules to those groups; what was read and asked stays whole."""
    started = time.perf_counter()
    inventory = read()
    after_read = time.perf_counter()
    facts = look_up(inventory)
    after_look_up = time.perf_counter()
    result = judge(inventory, facts, config, as_of=as_of, only=only, offline=offline)
    timings = {
        "read": after_read - started,
        "look_up": after_look_up - after_read,
        "check": time.perf_counter() - after_look_up,
    }
    return ScanResult(
        inventory=result.inventory,
        facts=result.facts,
        findings=result.findings,
        ignored=result.ignored,
        skipped=result.skipped,
        config=config,
        as_of=as_of,
        offline=offline,
        timings=timings,
    )


def judge(
    inventory: Inventory,
    facts: Facts,
    config: Config,
    *,
    as_of: date,
    only: Collection[Group] = (),
    offline: bool = False,
) -> ScanResult:
    """Check an inventory against facts. Pure: the same arguments give the same result."""
    evidence = Evidence(inventory=inventory, facts=facts, config=config, as_of=as_of)
    found = list(_run_checks(evidence, _wanted(config, only)))
    findings = sorted((entry for entry in found if isinstance(entry, Finding)), key=_order)
    skipped = sorted(
        {*inventory.skipped, *failed_plugins(), *(entry for entry in found if isinstance(entry, Skipped))},
        key=_skipped_order,
    )
    counted = set_aside(findings, inventory.ignores, as_of)
    kept = counted.kept
    if not only and "unused-ignore" not in config.disabled_rules:
        # An expired ignore is reported as that; with part of the rules off, nobody can say what is unused.
        stale = [
            ignore
            for ignore in counted.unused
            # An organisation's is for all of its repositories, and may cover something in another one.
            if ignore.scope == "own" and ignore.until >= as_of and not set(ignore.rules) & _off(config)
        ]
        known = rules().keys()
        unused = certainly_unused(stale, skipped, known)
        kept = tuple(sorted((*kept, *judge_unused(unused, known)), key=_order))
    return ScanResult(
        inventory=inventory,
        facts=facts,
        findings=kept,
        ignored=counted.ignored,
        skipped=tuple(skipped),
        config=config,
        as_of=as_of,
        offline=offline,
    )


def _off(config: Config) -> set[str]:
    return set(config.disabled_rules)


def _wanted(config: Config, only: Collection[Group]) -> Iterator[ModuleType]:
    for module in modules("analyzers.checks", states="RULE"):
        rule: Rule = module.RULE
        # unused-ignore has no check of its own: it judges what the others found.
        if hasattr(module, "check") and rule.id not in config.disabled_rules and (not only or rule.group in only):
            yield module


def _run_checks(evidence: Evidence, wanted: Iterable[ModuleType]) -> Iterator[Finding | Skipped]:
    """Run each check; one that fails is named in skipped, since a scorecard without it would look too good."""
    for module in wanted:
        found: list[Finding | Skipped] = []
        try:
            found.extend(module.check(evidence))
        except Exception as error:  # noqa: BLE001 - a plugin's fault must not cost the other rules' findings
            detail = f"the rule failed ({type(error).__name__}: {error}); please report this"
            yield Skipped(what="rule", source=module.RULE.id, reason="rule-failed", detail=detail)
        yield from found


def _order(finding: Finding) -> tuple[str, int, int, str, str]:
    return (finding.path, finding.line, finding.column, finding.rule, finding.identity)


def _skipped_order(entry: Skipped) -> tuple[str, str, str, str, str, tuple[str, ...]]:
    return (entry.what, entry.path, entry.source, entry.reason, entry.detail, tuple(entry.subject or ()))
