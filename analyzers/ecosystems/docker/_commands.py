"""Instructions and commands of a Dockerfile that their makers have given up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from analyzers.model.inventory import Observation
from analyzers.syntax import dockerfile
from analyzers.syntax.dockerfile import Instruction
from analyzers.syntax.shell import without_comments
from analyzers.syntax.spliced import Spliced
from analyzers.syntax.text import SourceText

INSTRUCTION: Final = "dockerfile-instruction"
COMMAND: Final = "dockerfile-command"
APT_KEY: Final = "apt-key"
NPM_PRODUCTION: Final = "npm --production"
NPM_ONLY: Final = "npm --only=production"

_APT_KEY: Final = re.compile(r"(?<![\w.-])apt-key(?=[ \t]+(?:add|adv|del|export|list|update|--))")
_FLAG: Final = re.compile(r"(?<=[ \t])(--production(?:=true)?|--only[ =]prod(?:uction)?)(?![\w=-])")
_NPM: Final = re.compile(r"(?<![\w./-])npm[ \t]+(?:[^\s;&|]+[ \t]+)?(?:i|install|ci|add|prune)[ \t]")
_NEXT_COMMAND: Final = re.compile(r"[;&|]")
# More characters than any honest command line has between the command and the flag.
_FARTHEST: Final = 300


def observed(instruction: Instruction, source: SourceText, *, old_npm: bool) -> Iterator[Observation]:
    """Yield what a rule may judge. ``old_npm`` says that the stage's npm knows no ``--omit`` yet."""
    inner = dockerfile.triggered(instruction) or instruction
    if inner.keyword == "MAINTAINER" or (inner.keyword == "ENV" and _is_old_form(inner)):
        # The value of a variable may be a secret.
        text = inner.arguments.text.split(maxsplit=1)[0] if inner.keyword == "ENV" else inner.arguments.text
        yield Observation(
            kind=INSTRUCTION, name=inner.keyword, place=source.place(inner.start, inner.end), text=text[:200]
        )
    elif inner.keyword == "RUN":
        for script in (inner.arguments, *inner.bodies):
            for name, found in _in_script(script, old_npm=old_npm):
                yield Observation(kind=COMMAND, name=name, place=source.place(*_span(found)), text=found.text)


def _is_old_form(instruction: Instruction) -> bool:
    """Whether ``ENV`` parts its key and its value by a blank."""
    words = list(dockerfile.words(instruction.arguments, limit=2))
    return len(words) > 1 and "=" not in words[0].written.text


def _in_script(script: Spliced, *, old_npm: bool) -> Iterator[tuple[str, Spliced]]:
    if APT_KEY not in script.text and "npm" not in script.text:
        return
    start = 0
    lines = script.text.split("\n")
    for line, code in zip(lines, without_comments(lines), strict=True):
        for found in _APT_KEY.finditer(code):
            yield APT_KEY, script.part(start + found.start(), start + found.end())
        for found in () if old_npm else _npm_flags(code):
            name = NPM_ONLY if found[1].startswith("--only") else NPM_PRODUCTION
            yield name, script.part(start + found.start(1), start + found.end(1))
        start += len(line) + 1


def _npm_flags(code: str) -> Iterator[re.Match[str]]:
    """Yield the flags of a command line that npm has given up."""
    for flag in _FLAG.finditer(code):
        before = code[max(0, flag.start() - _FARTHEST) : flag.start()]
        if _NPM.search(_NEXT_COMMAND.split(before)[-1]):
            yield flag


def _span(part: Spliced) -> tuple[int, int]:
    """Return where the part stands; of one that a continued line cuts, the first piece."""
    text, start = next(iter(part.runs()))
    return start, start + len(text)
