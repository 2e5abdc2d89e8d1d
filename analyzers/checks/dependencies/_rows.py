"""The requirements that the rules of this folder judge, with what the world says of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property

from analyzers.model.discovery import modules
from analyzers.model.ecosystem import Ecosystem
from analyzers.model.exposure import DEVELOPMENT, imported_by, is_development
from analyzers.model.facts import Answer, GitRefs, Known, Package, Release, Unknown
from analyzers.model.finding import Evidence, Finding, Fix, Rule, Scalar, Severity, Subject, also_lines
from analyzers.model.inventory import Dependency
from analyzers.model.limits import BOUNDS
from analyzers.model.place import Place
from analyzers.model.question import Question
from analyzers.model.scheme import Scheme
from analyzers.model.skipped import Skipped
from analyzers.model.subject import SubjectKey
from analyzers.upstream.catalogue import Catalogue
from analyzers.upstream.tags import TagCatalogue, releases_question


@dataclass(frozen=True, slots=True)
class World:
    """An ecosystem that the general rules can judge."""

    name: str
    scheme: Scheme
    package: Callable[[Dependency], Question | None]
    normalise: Callable[[str], str]


@cache
def worlds() -> Mapping[str, World]:
    """Return the ecosystems that state both a version scheme and where their packages are looked up, by purl type."""
    found = {}
    for module in modules("analyzers.ecosystems", states="ECOSYSTEM"):
        stated: Ecosystem = module.ECOSYSTEM
        if stated.scheme and stated.package:
            world = World(stated.name, stated.scheme, stated.package, stated.normalise)
            found.update(dict.fromkeys(stated.types or (stated.name,), world))
    return found


@dataclass(frozen=True)
class Row:
    """One requirement. `catalogue` is None where its package is not known.

    `compiled` is where a compiled file pins it, when people write it elsewhere.
    """

    dependency: Dependency
    key: SubjectKey
    world: World
    question: Question
    answer: Answer
    catalogue: Catalogue | None
    exposure: float
    compiled: Place | None = None

    @property
    def package(self) -> Package | None:
        """What the registry says, None where it is not known."""
        return self.catalogue.package if self.catalogue else None

    @property
    def in_use(self) -> str | None:
        """The exact version in use: what the lockfile resolved, else what the requirement pins."""
        if self.catalogue:
            return self.catalogue.in_use(self.dependency)
        return self.dependency.locked_version or self.dependency.version

    @property
    def installed(self) -> str | None:
        """The version in use; of a range without a lock, what an installer takes."""
        constraint = self.dependency.value
        if self.in_use is not None or self.catalogue is None or not constraint:
            return self.in_use
        within = None if self.dependency.dependency_group in BOUNDS else self.catalogue.highest_within(constraint)
        return within.version if within else None

    @cached_property
    def release(self) -> Release | None:
        """The release in use, None where the registry does not list it."""
        return self.catalogue.find(self.in_use) if self.catalogue else None

    def rewritten(self, version: str) -> str | None:
        """Return what would be written in place of the requirement to get ``version``; None where that is not safe."""
        value = self.dependency.value
        return self.catalogue.rewritten(value, version) if self.catalogue and value else None


class _Memo:
    """The rows of the evidence last asked about: each rule asks for the same ones, and sorting releases takes time."""

    # One value, replaced at once: threads may scan side by side.
    last: tuple[Evidence | None, tuple[Row, ...]] = (None, ())


def rows(evidence: Evidence) -> tuple[Row, ...]:
    """Return every direct requirement that can be judged, in the inventory's order.

    What a compiled file pins for an input beside it is judged once, at the input, where people would change it.
    """
    known, found = _Memo.last
    if known is not evidence:
        found = tuple(_rows(evidence))
        _Memo.last = (evidence, found)
    return found


def _rows(evidence: Evidence) -> Iterator[Row]:
    catalogues: dict[Question, Catalogue | None] = {}
    judged = [row for entry in evidence.inventory.dependencies if (row := _judged(evidence, entry, catalogues))]
    written = {(row.dependency.place.path, row.key) for row in judged}
    inputs, outputs = _pairs(evidence)
    pins = _pins(evidence, frozenset(inputs))
    for row in judged:
        path = row.dependency.place.path
        if not any((other, row.key) in written for other in inputs.get(path, ())):
            yield replace(row, compiled=pins.get((outputs.get(path, ""), row.key)))


def _judged(evidence: Evidence, entry: Dependency, catalogues: dict[Question, Catalogue | None]) -> Row | None:
    world = worlds().get(entry.ecosystem)
    if world is None or not entry.direct or entry.skip_reason:
        return None
    question = world.package(entry)
    if question is None:
        return None
    answer = evidence.facts.get(question)
    if question not in catalogues:
        catalogues[question] = _catalogue(evidence, world, answer)
    key = SubjectKey(entry.ecosystem, world.normalise(entry.name))
    weight = imported_by(evidence.inventory.imports.get(key)) * (DEVELOPMENT if is_development(entry) else 1.0)
    return Row(entry, key, world, question, answer, catalogues[question], weight)


def _catalogue(evidence: Evidence, world: World, answer: Answer) -> Catalogue | None:
    value = answer.value if isinstance(answer, Known) else None
    if isinstance(value, GitRefs):
        told = evidence.facts.get(releases_question(value.url))
        package = told.value if isinstance(told, Known) and isinstance(told.value, Package) else None
        return TagCatalogue(world.scheme, value, evidence.as_of, undated=is_dated(evidence), told=package)
    if isinstance(value, Package):
        return Catalogue(world.scheme, value, evidence.as_of, undated=is_dated(evidence))
    return None


def _pins(evidence: Evidence, compiled: frozenset[str]) -> Mapping[tuple[str, SubjectKey], Place]:
    """Return where the compiled files pin each package. A true lockfile's rows hold no text to change."""
    places: dict[tuple[str, SubjectKey], Place] = {}
    for entry in evidence.inventory.dependencies:
        world = worlds().get(entry.ecosystem)
        if world and entry.value and entry.place.path in compiled:
            key = SubjectKey(entry.ecosystem, world.normalise(entry.name))
            places.setdefault((entry.place.path, key), entry.place)
    return places


def _pairs(evidence: Evidence) -> tuple[Mapping[str, list[str]], Mapping[str, str]]:
    """Return compiled file → its inputs, and input → its compiled file."""
    inputs: dict[str, list[str]] = defaultdict(list)
    outputs = {}
    for manifest in evidence.inventory.manifests:
        if manifest.lockfile and manifest.lockfile != manifest.path:
            inputs[manifest.lockfile].append(manifest.path)
            outputs[manifest.path] = manifest.lockfile
    return inputs, outputs


def finding(
    rule: Rule,
    row: Row,
    *,
    title: str,
    message: str,
    latest: str | None = None,
    fix: Fix | None = None,
    minutes: int | None = None,
    severity: Severity | None = None,
    details: dict[str, Scalar] | None = None,
) -> Finding:
    """Return a finding at the requirement's place; what is not given is the rule's own."""
    place = row.dependency.place
    return rule.finding(
        place,
        severity=severity,
        title=title,
        message=message,
        subject=Subject(
            ecosystem=row.dependency.ecosystem,
            name=row.dependency.name,
            current=row.in_use or row.dependency.value,
            latest=latest,
            purl=row.dependency.purl or None,
        ),
        key=row.key,
        minutes=minutes,
        exposure=row.exposure,
        identity=f"{row.key.ecosystem}:{row.key.name}|{row.dependency.dependency_group or ''}",
        fix=fix,
        details=details,
    )


def worst(
    findings: Iterable[Finding], alike: Callable[[Finding], Hashable] = lambda found: found.key
) -> Iterator[Finding]:
    """Yield one finding a file and package (or what else is ``alike``), the dearest; its details name other lines."""
    grouped: dict[tuple[str, Hashable], list[Finding]] = defaultdict(list)
    for found in findings:
        grouped[found.path, alike(found)].append(found)
    for group in grouped.values():
        chosen = max(group, key=lambda found: (found.minutes * found.exposure, -found.line, -found.column))
        chosen.details.update(also_lines(chosen.line, (found.line for found in group)))
        yield chosen


def unknown(row: Row, source: str, answer: Unknown) -> Skipped:
    """Return the note that ``source`` gave no answer about the package."""
    return Skipped(
        what="look-up",
        path=row.dependency.place.path,
        source=source,
        reason=answer.reason,
        detail=f"{row.dependency.name}: {answer.detail or answer.reason}",
        subject=row.key,
    )


def is_dated(evidence: Evidence) -> bool:
    """Return whether what carries no date (yanked, deprecated, archived) may be judged on this day."""
    return evidence.as_of >= evidence.facts.looked_up


def not_dated(rule: Rule, judged: Iterable[Row], what: str) -> Iterator[Skipped]:
    """Yield one note for a rule whose facts carry no dates, where there is anything that it would have judged."""
    if any(row.package for row in judged):
        detail = f"registries do not say since when {what}, so nothing is judged for a past date"
        yield Skipped(what="rule", source=rule.id, reason="not-dated", detail=detail)
