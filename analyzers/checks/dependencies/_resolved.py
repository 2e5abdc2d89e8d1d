"""Every package that an installation brings: the requirements people write, and what lockfiles add below them."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.checks.dependencies._rows import Row, rows, worlds
from analyzers.model.exposure import DEVELOPMENT, is_development
from analyzers.model.facts import Unknown
from analyzers.model.finding import Evidence
from analyzers.model.inventory import Dependency
from analyzers.model.limits import is_never_installed, lockfiles
from analyzers.model.subject import SubjectKey


def indirect(evidence: Evidence) -> Iterator[Row]:
    """Yield a row for each resolved package that nobody wrote down; its registry is not asked, so it has no releases.

    What a lockfile repeats of a requirement of its own manifests is left out: it is judged there. So is what only
    limits others (constraints, overrides), since it installs nothing; a file of constraints that pins all that a
    manifest requires is that manifest's lockfile, and counts as one.
    """
    locks = {manifest.path: manifest.lockfile for manifest in evidence.inventory.manifests if manifest.lockfile}
    written = {(locks.get(row.dependency.place.path), row.key, row.in_use) for row in rows(evidence)}
    resolving = lockfiles(evidence.inventory)
    seen = set()
    for entry in evidence.inventory.dependencies:
        row = _row(entry)
        if row is None or is_never_installed(entry, resolving):
            continue
        mark = (entry.place.path, row.key, row.in_use)
        if mark not in written and mark not in seen:
            seen.add(mark)
            yield row


def _row(entry: Dependency) -> Row | None:
    world = worlds().get(entry.ecosystem)
    if world is None or entry.direct or entry.skip_reason or not (entry.locked_version or entry.version):
        return None
    question = world.package(entry)
    if question is None:
        return None
    key = SubjectKey(world.name, world.normalise(entry.name))
    weight = DEVELOPMENT if is_development(entry) else 1.0
    return Row(entry, key, world, question, Unknown("offline", "not asked"), None, weight)
