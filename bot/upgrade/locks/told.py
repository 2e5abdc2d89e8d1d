"""What a tool said when it failed, in one line: of all its words those that tell why."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from analyzers.syntax.credentials import masked

_SHOWN: Final = 600
# Where the reason begins: pip and uv, Poetry, npm, pnpm, Yarn, and the last line of a traceback of Python or Node.
_REASON: Final = re.compile(
    r"error:|ERROR:|× |Because |So, because |npm (?:error|ERR!) |ERR_PNPM|error [A-Z]|"
    r"[\w.]*(?:Error|Exception|NotFound)\b: "
)
_ERROR: Final = re.compile(r"\b(?:[Ee]rror|ERROR)\b|\bERR[_!]")
# What says nothing of the reason: progress, places in code, a log that is removed, advice for who sits there.
_IDLE: Final = re.compile(
    r"warning |Resolving dependencies|Updating dependencies|Progress: |at .+[:(]|Node\.js v|\^+$|[0-9]+ ?│|[│╰]─?▶?$|"
    r"A complete log|For a full report|.*eresolve-report|Fix the upstream|this command with --|to accept an incorrect|"
    r"Note that you can also install|tarball, folder, http url|No authorization header|Is the plugin installed|"
    r"Additionally, some packages|To fix this you could|[0-9]\. (?:loosen|remove)|"
    r"Note: See '\w+ help|python2 and python3 to be found|"
    r"The above exception was|During handling of|[{}]$"
)
# What stands in the tool's place on PATH, and the shell that it is written for, say before or after it.
_SHIM: Final = re.compile(
    r"(?:pyenv|rbenv|nodenv|asdf|mise|volta)(?:-\w+)?: |(?:\S*/)?bash: |\S*/(?:libexec|shims)/\S+: |"
    r"The `[^']{1,60}' command exists in these |[0-9]+(?:\.[0-9]+)+$"
)
_TRACEBACK: Final = "Traceback (most recent call last):"
_BOX: Final = re.compile(r"^(?:[│╰├─▶✕×└┬]+ *)+")
_MODULE: Final = re.compile(r"^(?:[a-z_]\w*\.)+(?=[A-Z]\w*: )")
_NPM: Final = re.compile(r"^npm (?:error|ERR!) ?(?:code |notarget |404 |ERESOLVE )?")


def told(output: str, here: Path, cache: Path) -> str:
    """Return it without the places of the copy, ``""`` where it said nothing of the kind."""
    words = output.replace(f"{here}{os.sep}copy{os.sep}", "").replace(str(here), "…").replace(str(cache), "…")
    said = list(_speaking(map(_printable, _outside_of_code(words.splitlines()))))
    # Where nothing else is said, the tool did not come to speak, and its stand-in tells why.
    lines = [line for line in said if not _SHIM.match(line)] or said
    first = next((number for number, line in enumerate(lines) if _REASON.match(line)), None)
    text = " ".join(filter(None, map(_bare, lines[first or 0 :])))
    # What stands behind `auth==` is a version, and no secret.
    return _cut(masked(text.replace("==", " == ")), from_start=first is not None)


def _outside_of_code(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines without tracebacks; of the last one the line that says what went wrong."""
    inside, last = False, ""
    for line in lines:
        if line.startswith(_TRACEBACK):
            inside, last = True, ""
        elif not inside:
            yield line
        elif line and not line.startswith(" "):
            inside, last = False, line
    yield last


def _speaking(lines: Iterable[str]) -> Iterator[str]:
    for line in map(str.strip, lines):
        if line and not _IDLE.match(_NPM.sub("", line)):
            yield line


def _bare(line: str) -> str:
    """Return a line without what its tool puts before each one."""
    return _MODULE.sub("", _BOX.sub("", _NPM.sub("", line))).strip()


def _cut(text: str, *, from_start: bool) -> str:
    if len(text) <= _SHOWN:
        return text
    error = None if from_start else _ERROR.search(text)
    start = 0 if from_start else error.start() if error else len(text)
    # The error and what follows; without one, what was said last.
    return f"{text[start : start + _SHOWN]} …" if start + _SHOWN < len(text) else f"… {text[-_SHOWN:]}"


def _printable(line: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in line)
