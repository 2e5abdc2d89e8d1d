"""Workflow commands that steps still print: ``echo "::set-output name=tag::v1"``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzers.model.inventory import Observation
from analyzers.syntax import yaml_lines
from analyzers.syntax.node import Scalar
from analyzers.syntax.shell import without_comments
from analyzers.syntax.text import SourceText

KIND = "workflow-command"
_COMMAND = re.compile(
    r"::(?:(set-output|save-state|set-env)(?=[ \t]+name[ \t]*=)|(add-path)(?=[ \t]*::))", re.IGNORECASE
)
# The runner obeys a command only at the start of an output line: right behind a quote, a line feed, or the printing
# word with its options. How far to look back for that.
_LOOK_BACK = 200
_PRINTING = re.compile(
    r"(?:^|[;&|({@]|\s(?:then|do|else|sudo)\s)[ \t]*"
    r"(?:echo\.?|printf|print|puts|Write-(?:Host|Output|Information))(?:[ \t]+-[A-Za-z]+)*[ \t]+$",
    re.IGNORECASE,
)
_OPENS_TEXT = ("'", '"', "`", "(", "\\n", "%0A")
_SEPARATOR = re.compile(r"[|;&]|\$\(")
_SKIPPED_WORDS = frozenset({"if", "elif", "while", "until", "then", "do", "else", "!", "sudo", "time", "command"})
# These look for a command, or mend it, and do not print it.
_SEARCHING = frozenset(
    {"grep", "egrep", "fgrep", "rg", "ack", "ag", "sed", "git", "findstr", "select-string", "test", "[", "[["}
)


def workflow_commands(source: SourceText, script: Scalar, shell: str) -> Iterator[Observation]:
    """Yield the deprecated commands that a ``run:`` script prints, each at its own place."""
    if not _COMMAND.search(script.value):
        return
    written = list(yaml_lines.lines(source, script))
    code = without_comments((line.text for line in written), shell)
    for line, text in zip(written, code, strict=True):
        for found in _COMMAND.finditer(text):
            if _is_printed(text[max(0, found.start() - _LOOK_BACK) : found.start()]):
                place = source.place(line.start + found.start(), line.start + found.end())
                name = (found[1] or found[2]).lower()
                yield Observation(kind=KIND, name=name, place=place, text=text.strip())


def _is_printed(before: str) -> bool:
    """Whether what stands before a command on its line prints it at the start of an output line."""
    if not before.strip():
        return True
    if before.endswith(_OPENS_TEXT):
        return _program(before) not in _SEARCHING
    return bool(_PRINTING.search(before))


def _program(before: str) -> str:
    words = _SEPARATOR.split(before)[-1].split()
    return next((word.lower() for word in words if word not in _SKIPPED_WORDS), "")
