"""Requirements files: what pip reads, and what pip-compile and uv write."""

from __future__ import annotations

import re
from dataclasses import replace

from analyzers.ecosystems.python import _compiled
from analyzers.ecosystems.python._files import ECOSYSTEM_NAME
from analyzers.ecosystems.python._files import REQUIREMENTS as FORMAT
from analyzers.ecosystems.python._lines import Lines
from analyzers.ecosystems.python._rows import Context
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Manifest
from analyzers.syntax.requirement import read_lines
from analyzers.syntax.text import SourceText

_DEVELOPMENT = re.compile(
    r"dev|develop|development|tests?|testing|docs?|lint|linting|typing|ci|qa|tox|bench|benchmarks?"
)


def group_of(path: str) -> str | None:
    """Return the development group that a file or its folder is named after (``requirements-dev.txt``, ``docs/…``)."""
    folder, _, name = path.lower().rpartition("/")
    words = re.split(r"[^a-z]+", f"{name.rpartition('.')[0]} {folder.rpartition('/')[2]}")
    return next((word for word in words if _DEVELOPMENT.fullmatch(word)), None)


def read(source: SourceText) -> Reading:
    """Read one file; files that it includes are named, not opened."""
    header = _compiled.read_header(source)
    found = Lines(source)
    context = Context(source=source, kind=FORMAT, group=group_of(source.path))
    for line in read_lines(source.text):
        direct = _compiled.is_direct(line.comments) if header else True
        found.note(replace(context, direct=direct is not False), line)
    return Reading(
        dependencies=tuple(found.rows),
        manifest=Manifest(path=source.path, ecosystem=ECOSYSTEM_NAME, format=FORMAT),
        observations=(*_compiled.compiled_from(source, header), *found.observations),
        includes=tuple(found.includes),
        skipped=tuple(found.skipped),
    )
