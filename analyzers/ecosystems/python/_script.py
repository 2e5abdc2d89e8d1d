"""Scripts that state their own requirements (PEP 723), with the lockfile that uv keeps beside one."""

from __future__ import annotations

import io
import re
import tokenize
from dataclasses import dataclass

from analyzers.ecosystems.python import _files, _kinds, _uv
from analyzers.ecosystems.python._files import ECOSYSTEM_NAME
from analyzers.ecosystems.python._lines import Lines
from analyzers.ecosystems.python._lists import listed
from analyzers.ecosystems.python._rows import PYPI, normalise, runtime_row, with_origin
from analyzers.errors import InvalidSyntaxError, TooLargeError
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Manifest
from analyzers.syntax import toml
from analyzers.syntax.text import SourceText

_MAX_LENGTH = 2_000_000
_BLOCK_LINE = re.compile(r"^#(?: .*)?\r?$")
_NOT_BREAK = re.compile(r"[^\r\n]")


def read(source: SourceText) -> Reading:
    """Read the block. Raises InvalidSyntaxError, TooDeepError and TooLargeError."""
    if len(source.text) > _MAX_LENGTH:
        raise TooLargeError(f"holds {len(source.text):,} characters; more than {_MAX_LENGTH:,} are not read")
    blocks = _blocks(source)
    if not blocks:
        return Reading()
    if len(blocks) > 1:
        line, _ = source.line_column(blocks[1].start)
        raise InvalidSyntaxError("has a second block of script metadata", line=line)
    # The same offsets: all that is no TOML becomes blanks.
    tree = toml.parse(SourceText(source.path, _laid_bare(source.text, blocks[0])))
    lines = Lines(source)
    lines.keep(listed(source, tree.get("dependencies"), _kinds.SCRIPT))
    lines.keep(_uv.limits(source, tree, _kinds.SCRIPT_CONSTRAINT))
    origins, referenced = _uv.origins(tree), _uv.referenced(source, tree)
    rows = [with_origin(row, origins.get(normalise(row.name), origins.get("", PYPI))) for row in lines.rows]
    for at, row in enumerate(rows):
        named = referenced.get(normalise(row.name))
        rows[at] = _uv.at_reference(source, row, named) if named else row
    runtime = tree.scalar("requires-python")
    return Reading(
        dependencies=(*([runtime_row(source, runtime, _kinds.RUNTIME)] if runtime else []), *rows),
        manifest=Manifest(
            path=source.path,
            ecosystem=ECOSYSTEM_NAME,
            format=_files.SCRIPT,
            runtime=runtime.value if runtime else None,
        ),
        observations=tuple(_uv.observed(source, _uv.extra_indexes(tree))),
        skipped=tuple(lines.skipped),
    )


@dataclass(frozen=True, slots=True)
class _Block:
    """The offsets of a block's lines: `start` behind its opening line, `end` before its closing one."""

    start: int
    end: int


def _blocks(source: SourceText) -> list[_Block]:
    """Return the blocks of type ``script``, as the standard's own expression finds them, those in strings left out."""
    found: list[_Block] = []
    opened, body, position, last = False, 0, 0, -1
    for line in (*source.text.splitlines(keepends=True), "\n"):
        here, position = position, position + len(line)
        text = line.rstrip("\r\n")
        if not opened:
            if text == "# /// script":
                opened, body, last = True, position, -1
        elif not _BLOCK_LINE.match(text):
            # One that is never closed is none.
            found += [_Block(body, last)] if last > body else []
            opened = False
        elif text == "# ///":
            last = here
    inside = _string_lines(source) if found else frozenset()
    return [block for block in found if source.line_column(block.start)[0] not in inside]


def _string_lines(source: SourceText) -> frozenset[int]:
    """Return the lines that stand inside of strings: tests of tools that read scripts have such."""
    lines: set[int] = set()
    if '"""' not in source.text and "'''" not in source.text:
        return frozenset()
    try:
        for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
            if token.type == tokenize.STRING:
                lines.update(range(token.start[0] + 1, token.end[0] + 1))
    except (tokenize.TokenError, SyntaxError):
        pass  # No program, and yet perhaps a script of a newer Python: what was told so far counts.
    return frozenset(lines)


def _laid_bare(text: str, block: _Block) -> str:
    """Return the text with everything blanked but the block, and that without its hashes."""
    inner = re.sub(r"^# ?", lambda found: " " * len(found[0]), text[block.start : block.end], flags=re.MULTILINE)
    return _NOT_BREAK.sub(" ", text[: block.start]) + inner + _NOT_BREAK.sub(" ", text[block.end :])
