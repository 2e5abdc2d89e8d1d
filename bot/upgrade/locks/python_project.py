"""The copy of a ``pyproject.toml`` that lock tools may see: what resolves, and nothing that runs.

A project whose version is computed has to be built before a tool knows its requirements. In the copy a backend of
ours stands in, that tells what the file states, so nothing of the repository runs. Where the requirements themselves
are computed, the lock is refused.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, Final, TypeAlias

from packaging.requirements import InvalidRequirement, Requirement

from analyzers.errors import UnreadableError
from analyzers.model.snapshot import Snapshot
from analyzers.syntax.text import SourceText
from bot.upgrade.locks.model import LockRefusedError

PYPROJECT: Final = "pyproject.toml"
_BACKEND: Final = "_debtscan_metadata"
_COMPUTED: Final = ("dependencies", "optional-dependencies", "requires-python", "name")
_PROJECT: Final = ("name", "version", "requires-python", "dependencies", "optional-dependencies", "dynamic")
# What of uv's settings says what is resolved, from where; not how uv behaves on this machine.
_UV: Final = frozenset(
    {
        *("index", "index-url", "extra-index-url", "find-links", "no-index", "index-strategy", "sources", "workspace"),
        *("resolution", "prerelease", "fork-strategy", "exclude-newer", "exclude-newer-package", "no-sources"),
        *("prerelease-package", "no-sources-package", "minimum-libc-version"),
        *("constraint-dependencies", "override-dependencies", "exclude-dependencies", "build-constraint-dependencies"),
        *("environments", "required-environments", "conflicts", "dependency-metadata", "default-groups"),
        *("dependency-groups", "managed", "package", "required-version", "dev-dependencies", "pip"),
        *("no-binary-package", "torch-backend", "extra-build-dependencies"),
    }
)
# Of ``[tool.uv.pip]``, what is this machine's: programs, folders, credentials.
_UV_PIP_LEFT: Final = frozenset(
    {"python", "system", "target", "prefix", "output-file", "keyring-provider", "break-system-packages"}
)
ADDRESS: Final = re.compile(r"(?:[\w.-]+=)?https?://[^\s$'\"\\]+", re.IGNORECASE)
"""An index as it may stand in a repository, with a name before it or without."""
_BODY: Final = """\
METADATA = {metadata!r}


def prepare_metadata_for_build_wheel(folder, config_settings=None):
    import pathlib

    place = pathlib.Path(folder) / "{name}-{version}.dist-info"
    place.mkdir()
    (place / "METADATA").write_text(METADATA, encoding="utf-8")
    (place / "WHEEL").write_text("Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n", encoding="utf-8")
    return place.name


prepare_metadata_for_build_editable = prepare_metadata_for_build_wheel
"""

Table: TypeAlias = Mapping[str, object]


def parsed(snapshot: Snapshot, path: str) -> Table:
    """Return the document. Raises LockRefusedError."""
    try:
        return tomllib.loads(SourceText.decode(path, snapshot.read(path)).text)
    except (UnreadableError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise LockRefusedError(f"{path} cannot be read: {error}") from error


def table(document: object, *keys: str) -> Table:
    """Return the table below the keys, an empty one where there is none."""
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    return document if isinstance(document, dict) else {}


def document(content: bytes) -> dict[str, Any]:
    """Return a lock as a document, an empty one where it is none."""
    try:
        return tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
        return {}


def check_static(path: str, document: Table) -> None:
    """Raise LockRefusedError where only the project's own code can tell what it requires."""
    dynamic = table(document, "project").get("dynamic")
    computed = sorted(set(_COMPUTED).intersection(map(str, dynamic if isinstance(dynamic, list) else ())))
    if computed:
        raise LockRefusedError(
            f"{path} has its {', '.join(computed)} computed when it is built, and nothing of a repository is run here; "
            "state them in [project]"
        )


def copied(path: str, document: Table, *, tool: str, without: Iterable[str] = ()) -> Iterator[tuple[str, bytes]]:
    """Yield the copy of a ``pyproject.toml`` with the settings of one tool, and the backend that stands in."""
    project = {key: value for key, value in table(document, "project").items() if key in _PROJECT}
    settings = {key: value for key, value in table(document, "tool", tool).items() if key not in set(without)}
    settings = uv_settings(settings) if tool == "uv" else settings
    copy: dict[str, object] = {"project": project} if project else {}
    groups = table(document, "dependency-groups")
    if groups:
        copy["dependency-groups"] = groups
    if "build-system" in document:
        copy["build-system"] = {"requires": [], "build-backend": _BACKEND, "backend-path": ["."]}
    if settings:
        copy["tool"] = {tool: settings}
    yield path, written(copy).encode()
    if "build-system" in document:
        yield f"{path.removesuffix(PYPROJECT)}{_BACKEND}.py", _backend(project).encode()


def uv_settings(settings: Table) -> dict[str, object]:
    """Return what of uv's settings says what is resolved, and from where."""
    kept = {key: value for key, value in settings.items() if key in _UV}
    compiling = {key: value for key, value in table(kept, "pip").items() if key not in _UV_PIP_LEFT}
    return {**kept, "pip": compiling} if "pip" in kept else kept


def indexes(settings: Table) -> Iterator[str]:
    """Yield the addresses of the indexes that uv's settings name."""
    stated = settings.get("index")
    for entry in stated if isinstance(stated, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("url"), str):
            yield entry["url"]
    for key in ("index-url", "extra-index-url"):
        value = settings.get(key)
        yield from (str(url) for url in (value if isinstance(value, list) else [value]) if url)


def check_addresses(path: str, settings: Table) -> None:
    """Raise LockRefusedError for an index of uv's settings that is a folder here, or holds variables."""
    for part in (settings, table(settings, "pip")):
        found = part.get("find-links")
        for address in (*indexes(part), *map(str, found if isinstance(found, list) else [found] if found else [])):
            if not ADDRESS.fullmatch(address):
                raise LockRefusedError(f"{path} takes packages from {address[:100]}, which is not followed here")


def written(document: Table) -> str:
    """Return a document as TOML, each table in one line."""
    return "".join(f"{_key(key)} = {_value(value)}\n" for key, value in document.items())


def _key(key: str) -> str:
    return _text(str(key))


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)} = {_value(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    return repr(value)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _backend(project: Table) -> str:
    if "name" not in project:
        return 'raise RuntimeError("what this project requires stands in no [project] table")\n'
    dynamic = project.get("dynamic")
    if isinstance(dynamic, list) and set(_COMPUTED).intersection(map(str, dynamic)):
        return 'raise RuntimeError("what this project requires is computed when it is built")\n'
    version = str(project.get("version", "0"))
    lines = ["Metadata-Version: 2.1", f"Name: {project['name']}", f"Version: {version}"]
    if isinstance(project.get("requires-python"), str):
        lines.append(f"Requires-Python: {project['requires-python']}")
    lines += _requirements(project)
    plain = "".join(sign for sign in str(project["name"]) if sign.isalnum() or sign in "._") or "project"
    return _BODY.format(metadata="\n".join(lines) + "\n", name=plain, version="0")


def _requirements(project: Table) -> Iterator[str]:
    stated = project.get("dependencies")
    yield from (
        (f"Requires-Dist: {text}" for text in stated if isinstance(text, str)) if isinstance(stated, list) else ()
    )
    for extra, texts in table(project, "optional-dependencies").items():
        yield f"Provides-Extra: {extra}"
        for text in texts if isinstance(texts, list) else ():
            yield f"Requires-Dist: {_for_extra(str(text), extra)}"


def _for_extra(text: str, extra: str) -> str:
    try:
        requirement = Requirement(text)
    except InvalidRequirement as error:
        raise LockRefusedError(f"{text[:200]!r} is no requirement: {error}") from error
    marker = f'extra == "{extra}"'
    bare = f"({requirement.marker}) and {marker}" if requirement.marker else marker
    requirement.marker = None
    return f"{requirement} ; {bare}"
