"""The objects whose API version goes away, and the release of Kubernetes that they are judged for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from analyzers.lifecycles import kubernetes
from analyzers.lifecycles.kubernetes import Api, Minor, minor
from analyzers.model.facts import Known, Lifecycle, Unknown
from analyzers.model.finding import Evidence, Finding, Fix, Rule, Subject, also_lines
from analyzers.model.inventory import Observation
from analyzers.model.question import Question
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.model.subject import SubjectKey

_OBSERVED = "kubernetes-api"
_LIFECYCLE = Question("lifecycle", "kubernetes")


@dataclass(frozen=True, slots=True)
class Target:
    """The release that manifests are judged for; `reason` says why that one, `bundled` where only a table says so."""

    release: Minor
    reason: str
    bundled: str = ""

    @property
    def shown(self) -> str:
        """The release as people write it."""
        return show(self.release)


@dataclass(frozen=True, slots=True)
class Use:
    """All objects of one kind in one file that are written in a version that goes away, in the file's order."""

    api: Api
    seen: tuple[Observation, ...]

    @property
    def path(self) -> str:
        """The file."""
        return self.seen[0].place.path


def show(release: Minor) -> str:
    """Return a release as people write it."""
    return ".".join(map(str, release))


def uses(evidence: Evidence) -> Iterator[Use]:
    """Yield what is written in a version that was or will be deprecated, in the inventory's order."""
    found: dict[tuple[str, str, str], list[Observation]] = defaultdict(list)
    for seen in evidence.inventory.observations:
        if seen.kind == _OBSERVED:
            found[seen.place.path, seen.text, seen.name].append(seen)
    for (_, version, kind), objects in found.items():
        api = kubernetes.api(version, kind)
        if api:
            yield Use(api, tuple(objects))


def target(evidence: Evidence) -> Target | Skipped:
    """Return the release to judge for: the configured one, else the oldest supported on the day of judgement."""
    configured = minor(evidence.config.kubernetes.version or "")
    if configured:
        return Target(configured, "the configured release")
    answer = evidence.facts.get(_LIFECYCLE)
    if isinstance(answer, Unknown):
        return _unjudged(answer.reason, answer.detail or "the releases of Kubernetes are not known")
    if not isinstance(answer.value, Lifecycle):
        return _unjudged("malformed-answer", "the releases of Kubernetes are not known")
    oldest = _oldest(evidence, answer.value)
    if oldest is None:
        return _unjudged("stale-table", f"no release of Kubernetes is known to be supported on {evidence.as_of}")
    reason = f"the oldest release supported on {evidence.as_of} (set [kubernetes] version for yours)"
    return Target(oldest, reason, _age(answer))


def _oldest(evidence: Evidence, lifecycle: Lifecycle) -> Minor | None:
    supported = (
        minor(cycle.name)
        for cycle in lifecycle.cycles
        if cycle.released and cycle.end and cycle.released <= evidence.as_of <= cycle.end
    )
    return min(filter(None, supported), default=None)


def _age(answer: Known) -> str:
    dated = answer.value.table_date if isinstance(answer.value, Lifecycle) else None
    return f"judged by the bundled table of {dated}" if answer.bundled else ""


def _unjudged(reason: SkipReason, detail: str) -> Skipped:
    return Skipped(what="look-up", source=_LIFECYCLE.source, reason=reason, detail=f"Kubernetes: {detail}")


def judged(evidence: Evidence) -> Iterator[tuple[Use, Target] | Skipped]:
    """Yield each use with the release to judge it for; a note for each file that cannot be judged by a live source."""
    found = tuple(uses(evidence))
    aim = target(evidence) if found else None
    noted: set[str] = set()
    for use in found:
        if use.path not in noted:
            noted.add(use.path)
            yield from _notes(aim, use.path)
        if isinstance(aim, Target):
            yield use, aim


def _notes(aim: Target | Skipped | None, path: str) -> Iterator[Skipped]:
    if isinstance(aim, Skipped):
        reason, detail = aim.reason, aim.detail
    elif aim and aim.bundled:
        reason, detail = "bundled-table", f"Kubernetes: {aim.bundled}"
    else:
        return
    key = SubjectKey("file", path)
    yield Skipped(what="look-up", path=path, source=_LIFECYCLE.source, reason=reason, detail=detail, subject=key)


def finding(rule: Rule, use: Use, aim: Target, *, title: str, message: str, exposure: float) -> Finding:
    """Return the finding at the first of the objects; the lines of the others stand in its details."""
    first, api = use.seen[0].place, use.api
    return rule.finding(
        first,
        title=title,
        message=f"{message} {_advice(api)}",
        subject=Subject(ecosystem="file", name=use.path, current=api.version, latest=api.replacement),
        key=SubjectKey("file", use.path),
        exposure=exposure,
        identity=f"{api.version}|{api.kind}",
        fix=Fix(available=api.replacement is not None, to=api.replacement, safe=api.same_fields),
        details={
            "kind": api.kind,
            "deprecated": show(api.deprecated),
            "removed": show(api.removed),
            "judged_for": aim.shown,
            **also_lines(first.line, (seen.place.line for seen in use.seen)),
        },
    )


def _advice(api: Api) -> str:
    if api.replacement is None:
        return f"Nothing replaces it in the API: see {api.source}."
    if api.same_fields:
        return f"Write {api.replacement}; nothing else changes."
    return f"Write {api.replacement}; its fields differ: see {api.source}."
