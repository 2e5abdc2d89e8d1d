"""Requirements files outside the usual names: known by a word of their name, and by what their lines look like."""

from __future__ import annotations

import codecs
import posixpath
import re

from analyzers.ecosystems.python import _compiled, _requirements
from analyzers.model.ecosystem import Reading
from analyzers.syntax.text import SourceText

FORMAT_NAME = "other-requirements"
ENDINGS = (".txt", ".in", ".pip", ".lock", "requirements", "dev-requirements", "test-requirements", "pip-requirements")
# Names that say what the file is, and those of which a repository may hold thousands.
_NEVER = frozenset({"runtime.txt", "CMakeLists.txt", "LICENSE.txt", "robots.txt", "MANIFEST.in", "top_level.txt"})
# Words that promise requirements of Python, so that plain names count; and words that only may mean them.
_PROMISE = re.compile(r"require|(?<![a-z])reqs?(?![a-z])", re.IGNORECASE)
_HINT = re.compile(
    r"(?<![a-z])(?:dep(?:s|endenc(?:y|ies))?|constraints?|pip|pypi|python|packages|tests?|dev|docs?|build|lint|tox|ci)"
    r"(?![a-z])",
    re.IGNORECASE,
)
# Lists for other package managers, which look alike.
_OTHERS = re.compile(
    r"(?<![a-z])(?:apt|apk|aptitude|brew|conda|debian|dnf|yum|rpm|gem|galaxy|npm|system|os|ubuntu|r|julia|choco)(?![a-z])",
    re.IGNORECASE,
)
_FOLDER = re.compile(r"(?:^|/)[^/]*(?:requirements|reqs|constraints)(?![a-z])[^/]*/", re.IGNORECASE)

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*+(?<=[A-Za-z0-9_]))?+(?:\s*+\[[^\]]*+\])?+"
_STRONG = re.compile(
    rf"(?:{_NAME}\s*+(?:(?:===?|[<>!~]=|<|>)\s*+[0-9*$%{{]|\(\s*+[<>=!~]|@\s*+\S|;\s*+[a-z(])"
    r"|-(?:[rcefi]\b|-[a-z])|(?:git|hg|svn|bzr)\+)"
)
_WEAK = re.compile(rf"(?:{_NAME}|\.{{0,2}}/\S++|[a-z]++://\S++)(?:\s++#.*+|\s*+\\)?+$")
# What follows a continued line.
_CONTINUATION = re.compile(r"\s++(?:--hash|[<>=!~,;])")
_LOOKED_AT = 16_384
_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be", codecs.BOM_UTF8: "utf-8"}


def matches(path: str) -> bool:
    """Whether the path may be a requirements file of an unusual name."""
    name = path.rpartition("/")[2]
    if _requirements.matches(path) or name in _NEVER or name.endswith(".py.lock"):
        return False
    return name.endswith((".txt", ".in", ".pip")) or ("require" in name.lower() and _ending(name) in {"", ".lock"})


def _ending(name: str) -> str:
    return posixpath.splitext(name)[1]


def sniff(content: bytes) -> bool:
    """Whether every line could be one of a requirements file."""
    mark = next((mark for mark in _MARKS if content.startswith(mark)), b"")
    head = content[len(mark) : _LOOKED_AT]
    if b"\0" in head and not mark:
        return False
    text = head.decode(_MARKS.get(mark, "ascii"), errors="replace")
    return looks_like(text, complete=len(content) <= _LOOKED_AT) is not None


def looks_like(text: str, *, complete: bool) -> bool | None:
    """Return whether some line says more than a name; None where a line can be no requirement, or none says a thing."""
    lines = text.splitlines()
    strong = said = False
    for line in lines if complete else lines[:-1]:
        if not line.strip() or line.lstrip().startswith("#") or _CONTINUATION.match(line):
            continue
        said = True
        if _STRONG.match(line.lstrip()):
            strong = True
        elif not _WEAK.match(line.strip()):
            return None
    return strong if said else None


def read(source: SourceText) -> Reading:
    """Read the file where its name and its lines agree that it is one; nothing otherwise."""
    return _requirements.read(source) if _is_one(source) else Reading()


def _is_one(source: SourceText) -> bool:
    if _compiled.read_header(source):
        return True
    folder, _, name = source.path.rpartition("/")
    if _OTHERS.search(name):
        return False
    if _PROMISE.search(name) or _FOLDER.search(f"{folder}/"):
        return True
    strong = looks_like(source.text, complete=True)
    return bool(strong) and (name.endswith((".in", ".pip")) or _HINT.search(name) is not None)
