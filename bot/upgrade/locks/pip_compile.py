"""Requirements compiled by pip-tools: made by ``pip-compile`` as their header says, one package moved at a time."""

from __future__ import annotations

import posixpath
import re

from bot.upgrade.locks import compiled, python_project
from bot.upgrade.locks.compiled import Options
from bot.upgrade.locks.model import Job, LockRefusedError, LockTool, Run, Task
from bot.upgrade.locks.programs import python_of
from bot.upgrade.locks.uv import MEMORY

_OPTIONS = Options(
    flags=frozenset(
        {
            *("--pre", "-p", "--all-extras", "--no-index", "--header", "--no-header", "--annotate", "--no-annotate"),
            *("--allow-unsafe", "--no-allow-unsafe", "--strip-extras", "--no-strip-extras", "--generate-hashes"),
            *("--reuse-hashes", "--no-reuse-hashes", "--emit-find-links", "--no-emit-find-links", "--emit-index-url"),
            *("--no-emit-index-url", "--emit-options", "--no-emit-options", "--emit-trusted-host"),
            *("--no-emit-trusted-host", "-U", "--upgrade", "--no-upgrade", "-v", "--verbose", "-q", "--quiet"),
            *("-r", "--rebuild", "--no-config", "--no-color", "--color", "--build-isolation"),
        }
    ),
    valued=frozenset(
        {
            *("--extra", "-f", "--find-links", "-i", "--index-url", "--extra-index-url", "--annotation-style"),
            *("--newline", "--max-rounds", "--resolver", "--unsafe-package", "--uploaded-prior-to"),
        }
    ),
    filed=frozenset({"-c", "--constraint"}),
    dropped=frozenset(
        {
            *("-U", "--upgrade", "--no-upgrade", "-P", "--upgrade-package", "--cache-dir", "-r", "--rebuild"),
            *("-v", "--verbose", "-q", "--quiet", "--color", "--no-color", "--no-config", "--build-isolation"),
        }
    ),
)
_SETTINGS = frozenset(
    {
        *("pre", "all-extras", "no-index", "header", "annotate", "allow-unsafe", "strip-extras", "generate-hashes"),
        *("reuse-hashes", "emit-find-links", "emit-index-url", "emit-options", "emit-trusted-host", "extra"),
        *("annotation-style", "newline", "max-rounds", "resolver", "unsafe-package", "index-url", "extra-index-url"),
    }
)


# With the blank line behind the options, where there is no other option before it.
_OURS = re.compile(rb"(?m)(?:\A|^(#[^\n]*\n))--only-binary :all:\r?\n(?:\r?\n)?|^--only-binary :all:\r?\n")


def makes(path: str, content: bytes) -> bool:  # noqa: ARG001 - the header tells
    """Whether pip-compile wrote it."""
    return compiled.compiler(content) == "pip-compile"


def plan(task: Task) -> Job:
    """Compile again. No package is built, and the header keeps the words that it has."""
    command = compiled.command_of(task, _OPTIONS)
    files = compiled.files(task, command)
    settings = posixpath.join(command.folder, ".debtscan-pip-tools.toml")
    files[settings] = python_project.written({"tool": {"pip-tools": _settings(task, command.folder)}}).encode()
    return Job(
        program="pip-compile",
        files=files,
        folder=command.folder,
        # Only a talkative one says who requires what, where that cannot be.
        runs=(Run(arguments=("-v", "--config", posixpath.basename(settings), *compiled.arguments(command, task))),),
        variables={
            "CUSTOM_COMPILE_COMMAND": command.text,
            "PIP_ONLY_BINARY": ":all:",
            "PIP_NO_INPUT": "1",
            "PIP_KEYRING_PROVIDER": "disabled",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        },
        memory=MEMORY,
        registries=(*compiled.registries(files), *_indexes(command.options)),
        finish=_finish if not _OURS.search(files[task.lock]) else lambda content: content,
    )


def _finish(content: bytes) -> bytes:
    """Return the output without the option that keeps pip from building: pip-compile writes down what it is set to."""
    return _OURS.sub(lambda found: found[1] or b"", content, count=1)


def _settings(task: Task, folder: str) -> dict[str, object]:
    """Return what the project's files set for pip-tools. Raises LockRefusedError for what is not followed."""
    listed = set(task.snapshot.paths())
    for name in (".pip-tools.toml", "pyproject.toml"):
        path = posixpath.join(folder, name)
        if path not in listed:
            continue
        found = python_project.table(python_project.parsed(task.snapshot, path), "tool", "pip-tools")
        found = {key: value for key, value in found.items() if not isinstance(value, dict)} | dict(
            python_project.table(found, "compile")
        )
        unknown = sorted(key for key in found if key.replace("_", "-") not in _SETTINGS)
        if unknown:
            raise LockRefusedError(f"{path} sets {', '.join(unknown)[:200]} for pip-tools, which is not followed here")
        if found:
            return dict(found)
    return {}


def _indexes(options: tuple[str, ...]) -> list[str]:
    named = {"-i", "--index-url", "--extra-index-url"}
    return [options[index + 1] for index, word in enumerate(options[:-1]) if word in named]


def _suits(executable: str, lock: bytes) -> bool:
    """Whether a pip-compile runs on the Python that the header names, as its first lines tell."""
    python = python_of(executable)
    return python is not None and f"Python {python.name.removeprefix('python')}" == compiled.python_of(lock)


TOOL = LockTool(
    name="pip-compile",
    program="pip-compile",
    ecosystem="pypi",
    makes=makes,
    plan=plan,
    form=compiled.python_of,
    suits=_suits,
    requirers=compiled.requirers,
    remedy="install pip-tools with the Python that the file's header names, and put it on PATH",
)
