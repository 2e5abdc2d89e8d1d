"""Requirements files outside the usual names: known by a word of their name, and by what their lines look like."""

from __future__ import annotations

import re

from analyzers.ecosystems.python import _compiled, _files, _requirements
from analyzers.model.ecosystem import Reading
from analyzers.syntax.text import SourceText

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
    strong = _files.looks_like(source.text, complete=True)
    return bool(strong) and (name.endswith((".in", ".pip")) or _HINT.search(name) is not None)
