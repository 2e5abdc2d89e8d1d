"""conda environment files: conda's own packages, which no registry is asked for, and pip's among them."""

from __future__ import annotations

import re

from analyzers.ecosystems.python import _files, _kinds
from analyzers.ecosystems.python._files import ECOSYSTEM_NAME
from analyzers.ecosystems.python._lines import Found, Lines, lines_at
from analyzers.ecosystems.python._rows import Context, runtime_row, unread
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest
from analyzers.syntax import yaml
from analyzers.syntax.credentials import masked
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.purl import package_url
from analyzers.syntax.text import SourceText

_SPEC = re.compile(
    r"""
    \s*+(?:(?P<channel>[^\s:\[\]]++)::)?+
    (?P<name>[A-Za-z0-9_](?:[A-Za-z0-9_.-]*+))
    \s*+(?P<version>
        [=<>!~]++\s*+[^\s,|\[\]]++ (?:\s*+[,|]\s*+(?:[=<>!~]++\s*+)?+[^\s,|\[\]]++)*+
        | (?<=\s)[\d*][^\s\[\]]*+
    )?+
    (?:\s++(?P<build>[^\s\[\]]++))?+
    \s*+(?:\[(?P<bracket>[^\[\]]*+)\])?+\s*+
    """,
    re.VERBOSE,
)
_BRACKET_VERSION = re.compile(
    r"""\bversion\s*+=\s*+(?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)'|(?P<bare>[^,\s'"]++))"""
)
_BUILD = re.compile(r"(?<=[^=<>!~])=[^=]*+$")
_EXACT = re.compile(r"==(?P<pinned>[^=<>!~,|*\s]++)|=(?P<built>[^=<>!~,|*\s]++)=[^=<>!~,|\s]++")


def read(source: SourceText) -> Reading:
    """Read one environment. Raises InvalidSyntaxError, TooDeepError and TooLargeError."""
    root = next(iter(yaml.parse(source)), None)
    listed = root.get("dependencies") if isinstance(root, Mapping) else None
    if not isinstance(listed, Sequence):
        return Reading()
    lines = Lines(source)
    for item in listed.items:
        _note(lines, item)
    return Reading(
        dependencies=tuple(lines.rows),
        manifest=Manifest(path=source.path, ecosystem=ECOSYSTEM_NAME, format=_files.CONDA),
        observations=tuple(lines.observations),
        includes=tuple(lines.includes),
        skipped=tuple(lines.skipped),
    )


def _note(lines: Lines, item: Node) -> None:
    if isinstance(item, Scalar):
        lines.keep([_row(lines.source, item)])
    elif isinstance(item, Mapping) and isinstance(pip := item.get("pip"), Sequence):
        context = Context(source=lines.source, kind=_kinds.CONDA_PIP)
        for line in pip.items:
            if isinstance(line, Scalar):
                _note_pip(lines, context, line)
    elif not (isinstance(item, Mapping) and item.get("pip")):
        lines.skipped.append(unread(lines.source, item.start, "this entry is no package, and no list for pip"))


def _note_pip(lines: Lines, context: Context, scalar: Scalar) -> None:
    """Add a line that conda hands to pip."""
    if not lines.source.is_verbatim(scalar):
        lines.skipped.append(unread(lines.source, scalar.start, "this entry is folded or holds escapes"))
        return
    for line in lines_at(scalar.value, scalar.start):
        lines.note(context, line)


def _row(source: SourceText, scalar: Scalar) -> Found:
    found = _SPEC.fullmatch(scalar.value)
    if found is None or not source.is_verbatim(scalar):
        return unread(source, scalar.start, f"“{masked(scalar.value)[:80]}” is no package of conda")
    start, end = (scalar.start + offset for offset in _version_span(found))
    if found["name"] == "python":
        # The build behind a second equals sign is conda's own.
        end = start + len(_BUILD.sub("", source.text[start:end]))
        return runtime_row(source, Scalar(source.text[start:end], start, end, quoted=False), _kinds.CONDA)
    return _package(source, found, start, end)


def _version_span(found: re.Match[str]) -> tuple[int, int]:
    """Return where the version stands in the spec; an empty span where it names none."""
    bracket = _BRACKET_VERSION.search(found["bracket"] or "")
    if found["version"] is None and bracket:
        group = next(name for name in ("double", "single", "bare") if bracket[name] is not None)
        start, end = bracket.span(group)
        return found.start("bracket") + start, found.start("bracket") + end
    return found.span("version") if found["version"] is not None else (found.end("name"), found.end("name"))


def _package(source: SourceText, found: re.Match[str], start: int, end: int) -> Dependency:
    written = source.text[start:end]
    exact = _EXACT.fullmatch(written)
    version = exact["pinned"] or exact["built"] if exact else None
    name = found["name"].lower()
    qualifiers = {"channel": found["channel"]} if found["channel"] else None
    return Dependency(
        ecosystem="conda",
        name=found["name"],
        place=source.place(start, end),
        kind=_kinds.CONDA,
        purl=package_url("conda", name, version, qualifiers=qualifiers),
        value=written or None,
        version=version,
        skip_reason="no-registry",
    )
