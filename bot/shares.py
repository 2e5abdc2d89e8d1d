"""The score of each project of a monorepo. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePosixPath
from typing import TypeAlias

from analyzers.model.inventory import Inventory, Manifest, SourceFile
from analyzers.repository.paths import is_test
from bot import score
from bot.ruleset import grade
from bot.scorecard import Charged, PathShare

OwnersOf: TypeAlias = Callable[[str], tuple[str, ...]]

ROOT = "."
# Folders that hold a project's manifests without being a project of their own.
_PARTS = {"requirements", "docker", "deps", "constraints"}


def path_shares(charged: Sequence[Charged], inventory: Inventory, owners: OwnersOf) -> tuple[PathShare, ...]:
    """Return one share a project, worst first; nothing where the repository is a single project.

    A project is a topmost folder with a manifest; what lies outside all of them belongs to ``.``.
    """
    roots = project_roots(inventory.manifests)
    if not roots or roots == (ROOT,):
        return ()
    findings: dict[str, list[Charged]] = defaultdict(list)
    sources: dict[str, list[SourceFile]] = defaultdict(list)
    for entry in charged:
        findings[_root_of(entry.finding.path, roots)].append(entry)
    for source in inventory.sources:
        sources[_root_of(source.path, roots)].append(source)
    names = {*roots, *findings}
    shares = [_share(name, findings[name], score.size(sources[name]), owners) for name in sorted(names)]
    return tuple(sorted(shares, key=lambda share: (-share.points, share.path)))


def project_roots(manifests: Iterable[Manifest]) -> tuple[str, ...]:
    """Return the topmost folders with manifests, sorted; ``.`` first where the top folder has one.

    A manifest that belongs to a test is an example of a project, not one.
    """
    folders = {_folder(manifest.path) for manifest in manifests if not is_test(manifest.path)}
    topmost = {
        folder
        for folder in folders
        if folder != ROOT and not any(str(parent) in folders - {ROOT} for parent in PurePosixPath(folder).parents)
    }
    return tuple(sorted(({ROOT} & folders) | topmost, key=lambda folder: (folder != ROOT, folder)))


def _folder(path: str) -> str:
    folder = PurePosixPath(path).parent
    # .github, .devcontainer, .circleci serve the whole repository, or the project that they stand in.
    hidden = next((index for index, part in enumerate(folder.parts) if part.startswith(".")), None)
    if hidden is not None:
        folder = PurePosixPath(*folder.parts[:hidden])
    while folder.name in _PARTS:
        folder = folder.parent
    return str(folder)


def _root_of(path: str, roots: Sequence[str]) -> str:
    known = set(roots)
    return next((str(parent) for parent in PurePosixPath(path).parents if str(parent) in known), ROOT)


def _share(path: str, charged: Sequence[Charged], size: float, owners: OwnersOf) -> PathShare:
    points = score.total_points(entry.finding for entry in charged)
    value = score.score(points, size)
    return PathShare(
        path=path,
        owners=owners("_" if path == ROOT else f"{path}/_"),
        score=value,
        grade=grade(value),
        findings=len(charged),
        points=points,
    )
