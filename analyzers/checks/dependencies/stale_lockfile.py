"""A lockfile that does not say what its manifest says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Final

from analyzers.checks.dependencies._projects import Project, limited, listed, of_file, projects
from analyzers.model.finding import Evidence, Finding, Rule, Severity
from analyzers.model.inventory import Dependency
from analyzers.model.subject import SubjectKey

RULE = Rule(
    id="stale-lockfile",
    group="dependencies",
    title="A lockfile is out of step with its manifest",
    what=(
        "Compares each requirement with what the lockfile resolved it to. Reported are certain cases only: a locked "
        "version that the declared range does not admit, and a declared package that the lockfile does not have "
        "although it has the others of its group. Requirements with a marker, optional ones, packages that an "
        "override or a constraint forces, and locked prereleases are left out."
    ),
    why=(
        "Two files claim to say what is installed, and one of them is wrong. Strict installs (npm ci, uv sync "
        "--locked) stop, lenient ones resolve anew and install what nobody has tested."
    ),
    remediation=(
        "Refresh the lockfile with the tool that wrote it (npm install, uv lock, poetry lock, pip-compile) and commit "
        "both files together. A check in CI that the lock is current keeps it that way."
    ),
    minutes=20,
    severity=Severity.MEDIUM,
    example='dependencies = ["flask>=3"]      # uv.lock: flask 2.3.3',
    better='dependencies = ["flask>=3"]      # uv.lock: flask 3.1.2',
)

# pip-compile leaves these out of what it writes, unless it is told otherwise.
_UNSAFE: Final = frozenset({"setuptools", "pip", "distribute", "wheel"})
_OPTIONAL: Final = frozenset({"optionalDependencies"})


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield a finding for each manifest whose lockfile is certainly out of step."""
    forced = limited(evidence.inventory)
    for project in projects(evidence.inventory):
        if not project.manifest.lockfile or project.manifest.lockfile == project.manifest.path:
            continue
        judged = [entry for entry in project.entries if _key(project, entry) not in forced and not entry.marker]
        unfit = [entry for entry in judged if _is_unfit(project, entry)]
        missing = [entry for entry in _missing(project) if entry in judged]
        if unfit or missing:
            yield _report(project, project.manifest.lockfile, unfit, missing)


def _key(project: Project, entry: Dependency) -> SubjectKey:
    return SubjectKey(project.world.name, project.world.normalise(entry.name))


def _is_unfit(project: Project, entry: Dependency) -> bool:
    locked, declared, scheme = entry.locked_version, entry.value, project.world.scheme
    if not locked or not declared or not scheme.is_constraint(declared) or not scheme.is_stable(locked):
        return False
    return not scheme.satisfies(locked, declared)


def _missing(project: Project) -> Iterator[Dependency]:
    """Yield what is not locked in a group that otherwise is; alone or among many such it proves nothing."""
    twice = Counter(_key(project, entry) for entry in project.entries)
    for group in project.groups:
        if group[0].dependency_group is not None and not project.resolves_all:
            continue
        without = [entry for entry in group if entry.locked_version is None]
        if 0 < len(without) * 2 < len(group):
            yield from (entry for entry in without if twice[_key(project, entry)] == 1 and _is_locked(project, entry))


def _is_locked(project: Project, entry: Dependency) -> bool:
    """Return whether a lockfile has such a requirement at all."""
    if entry.dependency_group in _OPTIONAL or project.world.package(entry) is None:
        return False
    return project.resolves_all or project.world.normalise(entry.name) not in _UNSAFE


def _report(project: Project, lockfile: str, unfit: Collection[Dependency], missing: Collection[Dependency]) -> Finding:
    said = []
    if unfit:
        said.append(listed(f"{one.name} {one.value} is declared, {one.locked_version} locked" for one in unfit))
    if missing:
        names = listed(one.name for one in missing)
        said.append(f"{names} {'is' if len(missing) == 1 else 'are'} declared and not locked")
    return of_file(
        RULE,
        project,
        [*unfit, *missing],
        title=f"{lockfile} is out of step with {project.manifest.path}",
        message=f"{lockfile} does not say what {project.manifest.path} says: {'; '.join(said)}. Refresh the lockfile.",
        details={
            "lockfile": lockfile,
            "unfit": ", ".join(one.name for one in unfit) or None,
            "missing": ", ".join(one.name for one in missing) or None,
        },
    )
