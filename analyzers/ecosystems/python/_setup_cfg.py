"""``setup.cfg``: setuptools' declarative options (and pbr's extras), and tox where it is configured there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzers.ecosystems.python import _files, _kinds, _tox
from analyzers.ecosystems.python._files import ECOSYSTEM_NAME
from analyzers.ecosystems.python._lines import Found, Lines, line_row, lines_at
from analyzers.ecosystems.python._rows import Context, runtime_row, without_self
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Manifest
from analyzers.syntax import ini
from analyzers.syntax.ini import Option, Section
from analyzers.syntax.node import Scalar
from analyzers.syntax.requirement import Option as FileOption
from analyzers.syntax.text import SourceText

_EXTRAS = "options.extras_require"
_PBR_EXTRAS = "extras"
# `%(tests)s` names another option of the section, which is read at its own place.
_INTERPOLATED = re.compile(r"%\((?P<name>[^()]++)\)s")
_MARKER = re.compile(
    r"\s*+[('\"]*+(?:python_(?:full_)?version|sys_platform|platform_\w++|os_name|implementation_|extra)\b"
)
_FILES = re.compile(r"file:", re.IGNORECASE)
_FILE = re.compile(r"[^\s,][^,\n]*+")
# pbr puts the marker behind a colon.
_PBR_MARKER = re.compile(r":(?=\(|python_|sys_|platform_|os_)")


def read(source: SourceText) -> Reading:
    """Read one file. Raises InvalidSyntaxError."""
    sections = ini.parse(source)
    lines = Lines(source)
    runtime: Scalar | None = None
    for section in sections:
        _note_section(lines, section)
        if section.name == "options":
            runtime = _single(section.option("python_requires", "python-requires")) or runtime
    if runtime:
        lines.rows.append(runtime_row(source, runtime, _kinds.RUNTIME))
    _tox.note(lines, sections, of_setup_cfg=True)
    provides = _provides(sections)
    manifest = Manifest(
        path=source.path,
        ecosystem=ECOSYSTEM_NAME,
        format=_files.SETUP_CFG,
        runtime=runtime.value if runtime else None,
        application=False,
    )
    return Reading(
        dependencies=tuple(without_self(lines.rows, provides[0] if provides else None)),
        manifest=manifest if provides or lines.rows or lines.includes else None,
        observations=tuple(lines.observations),
        includes=tuple(lines.includes),
        provides=provides,
        skipped=tuple(lines.skipped),
    )


def _note_section(lines: Lines, section: Section) -> None:
    if section.name == "options":
        _note(lines, section, section.option("install_requires", "install-requires"), _kinds.SETUP_CFG, None)
        _note(lines, section, section.option("setup_requires", "setup-requires"), _kinds.SETUP_CFG_BUILD, None)
        tests = section.option("tests_require", "tests-require")
        _note(lines, section, tests, _kinds.SETUP_CFG, tests.name if tests else None)
    elif section.name in {_EXTRAS, _PBR_EXTRAS}:
        for option in section.options:
            _note(lines, section, option, _kinds.SETUP_CFG, option.name)


def _note(lines: Lines, section: Section, option: Option | None, kind: str, group: str | None) -> None:
    if option is None or not option.lines:
        return
    if _FILES.match(option.lines[0].text):
        for found in _named_files(option):
            lines.include(found, limits=False)
        return
    context = Context(source=lines.source, kind=kind, group=group)
    for scalar in _entries(option, pbr=section.name == _PBR_EXTRAS):
        named = _INTERPOLATED.fullmatch(scalar.value)
        if named is None or section.option(named["name"]) is None:
            lines.keep(_rows(context, scalar))


def _rows(context: Context, scalar: Scalar) -> Iterator[Found]:
    for line in lines_at(scalar.value, scalar.start):
        yield line_row(context, line.text, line.start)


def _named_files(option: Option) -> Iterator[FileOption]:
    """Yield the files of ``file: a.txt, b.txt``."""
    for at, line in enumerate(option.lines):
        skip = _FILES.match(line.text) if at == 0 else None
        for found in _FILE.finditer(line.text, skip.end() if skip else 0):
            name = found[0].rstrip()
            yield FileOption("file:", name, line.start + found.start(), line.start + found.start() + len(name))


def _entries(option: Option, *, pbr: bool) -> Iterator[Scalar]:
    """Yield one requirement each: a line, or between the semicolons of a value of one line."""
    for line in option.lines:
        if option.continued:
            text = _PBR_MARKER.sub(";", line.text, count=1) if pbr else line.text
            yield Scalar(text, line.start, line.start + len(text), quoted=False)
        else:
            yield from _split(line.text, line.start)


def _split(text: str, start: int) -> Iterator[Scalar]:
    """Split at semicolons; one that begins a marker belongs to the requirement before it."""
    first = position = 0
    while position >= 0:
        position = text.find(";", position)
        if position >= 0 and _MARKER.match(text, position + 1):
            position += 1
            continue
        part = text[first : position if position >= 0 else len(text)]
        stripped = part.strip()
        if stripped:
            at = start + first + len(part) - len(part.lstrip())
            yield Scalar(stripped, at, at + len(stripped), quoted=False)
        if position >= 0:
            first = position = position + 1


def _single(option: Option | None) -> Scalar | None:
    if option is None or len(option.lines) != 1:
        return None
    line = option.lines[0]
    return Scalar(line.text, line.start, line.start + len(line.text), quoted=False)


def _provides(sections: tuple[Section, ...]) -> tuple[str, str] | None:
    for section in sections:
        name, version = (_single(section.option(key)) for key in ("name", "version"))
        if section.name == "metadata" and name:
            known = version and not version.value.startswith(("attr:", "file:"))
            return name.value, version.value if version and known else ""
    return None
