"""``uv.lock``: made by ``uv lock``, which moves the named packages and leaves the others where they are."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from bot.upgrade.locks import python_project, uv_settings
from bot.upgrade.locks.model import Job, LockRefusedError, LockTool, Run, Task
from bot.upgrade.locks.python_project import PYPROJECT, table

MEMORY = 8 * 1024**3
OPTIONS = ("--quiet", "--no-build", "--no-python-downloads", "--keyring-provider", "disabled", "--no-progress")


def makes(path: str, content: bytes) -> bool:  # noqa: ARG001 - a name is enough
    """Whether it is uv's lock of a project."""
    return posixpath.basename(path) == "uv.lock"


def plan(task: Task) -> Job:
    """Lock in the folder of the root project; members that only uv's globs find are copied as well."""
    root = posixpath.join(task.folder, PYPROJECT)
    if root not in task.readings:
        raise LockRefusedError(f"there is no {root} beside {task.lock}")
    files = {task.lock: task.snapshot.read(task.lock)}
    registries: list[str] = []
    own = {root, *task.manifests}
    for path in projects(task):
        try:
            document = python_project.parsed(task.snapshot, path)
        except LockRefusedError:
            if path in own:
                raise
            continue
        if path in own:
            _check(path, document)
        files.update(python_project.copied(path, document, tool="uv"))
        registries += python_project.indexes(table(document, "tool", "uv"))
    files.update(uv_settings.files(task, task.folder))
    registries += uv_settings.indexes(task, task.folder)
    return Job(
        program="uv",
        files=files,
        folder=task.folder,
        runs=(Run(arguments=("lock", *OPTIONS, *_moves(task))),),
        memory=MEMORY,
        registries=tuple(dict.fromkeys(registries)),
    )


def projects(task: Task) -> Iterator[str]:
    """Yield every ``pyproject.toml`` that may belong to what is locked."""
    for path in task.readings:
        if posixpath.basename(path) == PYPROJECT and not task.snapshot.is_vendored(path):
            yield path


def form(content: bytes) -> str:
    """Return the version of the format; revisions within it can be read by every uv that knows it."""
    return f"version {python_project.document(content).get('version', '?')}"


def requirers(content: bytes) -> Iterator[tuple[str, str, str, str]]:
    """Yield what each package of the lock requires; the lock keeps no constraints."""
    packages = python_project.document(content).get("package")
    for package in packages if isinstance(packages, list) else ():
        name, version = str(package.get("name")), str(package.get("version", ""))
        listed = [package.get("dependencies", ())]
        for key in ("optional-dependencies", "dev-dependencies"):
            listed += table(package, key).values()
        for entries in listed:
            for entry in entries if isinstance(entries, list) else ():
                if isinstance(entry, dict):
                    yield name, version, str(entry.get("name")), ""


def _check(path: str, document: python_project.Table) -> None:
    python_project.check_static(path, document)
    python_project.check_addresses(path, table(document, "tool", "uv"))
    if "project" not in document and "workspace" not in table(document, "tool", "uv") and "build-system" in document:
        raise LockRefusedError(f"{path} has no [project] table, so what it requires is known to its own code alone")


def _moves(task: Task) -> Iterator[str]:
    for wanted in task.wanted:
        yield from ("--upgrade-package", f"{wanted.name}=={wanted.target}")


TOOL = LockTool(
    name="uv",
    program="uv",
    ecosystem="pypi",
    makes=makes,
    plan=plan,
    form=form,
    requirers=requirers,
    remedy="install uv (https://docs.astral.sh/uv/) and put it on PATH",
)
