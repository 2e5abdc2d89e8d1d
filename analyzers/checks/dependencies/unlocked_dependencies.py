"""An application whose requirements are ranges that nothing locks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from analyzers.checks.dependencies._projects import Project, listed, of_file, projects
from analyzers.model.exposure import is_development
from analyzers.model.finding import Confidence, Evidence, Finding, Rule, Severity
from analyzers.model.inventory import Dependency, Inventory

RULE = Rule(
    id="unlocked-dependencies",
    group="dependencies",
    title="An application has no lockfile",
    what=(
        "Reports the manifest of an application (private, not packaged, or said to be none) in which requirements are "
        "ranges and that no lockfile, compiled file or constraints file resolves. A library is left alone: its users "
        "resolve its ranges. Requirements for development only do not count, nor do requirements files with a name of "
        "their own (docs.txt). Whether requirements.txt belongs to an application is judged by what lies around it, "
        "so its confidence is medium."
    ),
    why=(
        "Two installations of the same commit differ: what was tested is not what is deployed, a release of this "
        "morning breaks the build of this afternoon, and going back to the old commit does not bring the old packages "
        "back. Nobody can say which versions were running last Tuesday."
    ),
    remediation=(
        "Lock and commit: npm install (package-lock.json), uv lock, poetry lock, or pip-compile for requirements "
        "files. Install from the lock alone in CI and in images (npm ci, uv sync --locked)."
    ),
    minutes=30,
    severity=Severity.MEDIUM,
    example="requirements.txt: flask>=3",
    better="requirements.in: flask>=3\nrequirements.txt: flask==3.1.2 --hash=… (compiled)",
)


# Nothing in such a file says what it is for.
_GUESSED: Final = "requirements"
_WORDS: Final = re.compile(r"[a-z]+")
_MAIN_WORDS: Final = frozenset(
    {*("requirements", "requirement", "reqs", "txt", "in"), *("main", "base", "app", "common", "prod", "production")}
)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield a finding for each application's manifest with ranges and without a lock."""
    locked = _locked_folders(evidence.inventory)
    for project in projects(evidence.inventory):
        if _is_unlocked_application(project, locked):
            ranges = [entry for entry in project.entries if _is_range(project, entry)]
            if ranges:
                yield _report(project, ranges)


def _locked_folders(inventory: Inventory) -> frozenset[tuple[str, str]]:
    """Return ecosystem and folder of every lockfile."""
    return frozenset((one.ecosystem, _folder(one.lockfile)) for one in inventory.manifests if one.lockfile)


def _is_unlocked_application(project: Project, locked: frozenset[tuple[str, str]]) -> bool:
    manifest = project.manifest
    if not manifest.application or manifest.lockfile or (manifest.format == _GUESSED and not _is_main(manifest.path)):
        return False
    # A lockfile further up may speak for the folder in a way that is not read here.
    above = manifest.path
    while above:
        above = _folder(above)
        if (manifest.ecosystem, above) in locked:
            return False
    return True


def _is_main(path: str) -> bool:
    """Return whether a requirements file is, by its name, what is deployed, and not what some tool needs."""
    words = _WORDS.findall(path.lower().rpartition("/")[2])
    return not set(words) - _MAIN_WORDS


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _is_range(project: Project, entry: Dependency) -> bool:
    resolved = entry.version or entry.locked_version or entry.digest
    return not resolved and not is_development(entry) and project.world.package(entry) is not None


def _report(project: Project, ranges: list[Dependency]) -> Finding:
    path, count = project.manifest.path, len(ranges)
    names = listed(f"{entry.name}{_written(entry)}" for entry in ranges)
    return of_file(
        RULE,
        project,
        ranges,
        title=f"{path} is not locked",
        message=(
            f"Nothing locks {'the range' if count == 1 else f'the {count} ranges'} of {path} ({names}), so each "
            "installation may get other versions. Commit a lockfile."
        ),
        confidence=Confidence.MEDIUM if project.manifest.format == _GUESSED else Confidence.HIGH,
        details={"ranges": count},
    )


def _written(entry: Dependency) -> str:
    return f" {entry.value}" if entry.value else ""
