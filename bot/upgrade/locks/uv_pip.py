"""Requirements compiled by uv: made by ``uv pip compile`` as their header says."""

from __future__ import annotations

import re

from bot.upgrade.locks import compiled, uv, uv_settings
from bot.upgrade.locks.compiled import Options
from bot.upgrade.locks.model import Job, LockRefusedError, LockTool, Run, Task

_OPTIONS = Options(
    flags=frozenset(
        {
            *("--all-extras", "--no-deps", "--no-strip-extras", "--no-strip-markers", "--no-annotate", "--no-header"),
            *("--generate-hashes", "--universal", "--emit-index-url", "--emit-find-links", "--emit-build-options"),
            *("--emit-index-annotation", "--no-index", "--no-sources", "-U", "--upgrade", "-q", "--quiet", "-v"),
            *("--verbose", "--no-build", "--system", "-n", "--no-cache", "--offline", "--refresh", "--strip-extras"),
            *("--no-progress", "--no-config", "--pre"),
        }
    ),
    valued=frozenset(
        {
            *("--extra", "--group", "--format", "--annotation-style", "--python-platform", "--no-emit-package"),
            *("--torch-backend", "--index", "--default-index", "-i", "--index-url", "--extra-index-url", "-f"),
            *("--find-links", "--index-strategy", "--resolution", "--prerelease", "--fork-strategy"),
            *("--exclude-newer", "--exclude-newer-package", "--no-sources-package", "-p", "--python"),
            *("--python-version", "--unsafe-package"),
        }
    ),
    filed=frozenset({"-c", "--constraint", "--constraints", "--override", "--overrides", "--excludes"}),
    dropped=frozenset(
        {
            *("-U", "--upgrade", "-P", "--upgrade-package", "--cache-dir", "-q", "--quiet", "-v", "--verbose"),
            *("--no-build", "--system", "-n", "--no-cache", "--offline", "--refresh", "--no-progress"),
            *("--custom-compile-command", "--only-binary", "--keyring-provider", "--link-mode"),
        }
    ),
)


def makes(path: str, content: bytes) -> bool:  # noqa: ARG001 - the header tells
    """Whether ``uv pip compile`` wrote it."""
    return compiled.compiler(content) == "uv"


def plan(task: Task) -> Job:
    """Compile again. No package is built, and the header keeps the words that it has."""
    command = compiled.command_of(task, _OPTIONS)
    _check_python(task, command)
    files = {**compiled.files(task, command), **dict(uv_settings.files(task, command.folder))}
    words = ("pip", "compile", *uv.OPTIONS, f"--custom-compile-command={command.text}")
    return Job(
        program="uv",
        files=files,
        folder=command.folder,
        runs=(Run(arguments=(*words, *compiled.arguments(command, task))),),
        memory=uv.MEMORY,
        registries=tuple(dict.fromkeys((*compiled.registries(files), *uv_settings.indexes(task, command.folder)))),
    )


def _check_python(task: Task, command: compiled.Command) -> None:
    """Raise LockRefusedError for a path: it would be a program of the repository's choice."""
    for index, word in enumerate(command.options[:-1]):
        value = command.options[index + 1]
        if word in {"-p", "--python"} and not re.fullmatch(r"(?:python|cpython|pypy)?@?[0-9.]{1,12}", value):
            raise LockRefusedError(f"{task.lock} was compiled with {word} {value[:60]}, which is not followed here")


TOOL = LockTool(
    name="uv pip compile",
    program="uv",
    ecosystem="pypi",
    makes=makes,
    plan=plan,
    form=lambda _content: "",
    requirers=compiled.requirers,
    remedy="install uv (https://docs.astral.sh/uv/) and put it on PATH",
)
