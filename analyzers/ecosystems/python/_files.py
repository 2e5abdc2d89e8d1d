"""Which file is of which format, by its name and at a glance: what is loaded before any reader."""

from __future__ import annotations

import codecs
import posixpath
import re
from typing import Final

# The format that an included file is read in.
REQUIREMENTS = "requirements"
_NAMED = re.compile(r".*requirements.*\.(?:txt|in)|constraints.*\.txt", re.IGNORECASE)
_IN_FOLDER = re.compile(r"(?:.*/)?requirements/.*\.(?:txt|in)", re.IGNORECASE)
OTHER_REQUIREMENTS = "other-requirements"
OTHER_ENDINGS = (".txt", ".in", ".pip", ".lock", "")
# Names that say what the file is, and those of which a repository may hold thousands.
_NEVER = frozenset({"runtime.txt", "CMakeLists.txt", "LICENSE.txt", "robots.txt", "MANIFEST.in", "top_level.txt"})
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
SCRIPT = "python-script"
_OPENING = re.compile(rb"^# /// script\r?$", re.MULTILINE)
CONDA = "conda-environment"
PIXI = "pixi"
_DEPENDENCIES = re.compile(rb"^dependencies[ \t]*:", re.MULTILINE)
# Charts and packages of other worlds have such a key as well; these lines tell conda's from theirs.
_CONDA = re.compile(rb"^(?:channels[ \t]*:|name[ \t]*:|[ \t]*-[ \t]*[\"']?(?:python|pip)\b)", re.MULTILINE)
_NOT_CONDA = re.compile(rb"^(?:apiVersion|version|galaxy_info|flutter|sdk)[ \t]*:", re.MULTILINE)
UV, POETRY, PYLOCK, PDM = "uv-lock", "poetry-lock", "pylock", "pdm-lock"
_PDM_NAME = re.compile(r"pdm(?:[.-][^/]+)?\.lock")
_PYLOCK_NAME = re.compile(r"pylock(?:\.[^./]+)?\.toml")
SETUP_CFG = "setup-cfg"
SETUP_PY = "setup-py"
PIPFILE = "pipfile"
PIPFILE_LOCK = "pipfile-lock"
TOX = "tox"
HATCH = "hatch"
PYTHON_VERSION = "python-version"
UNREAD: Final = "other-python-file"
UNREAD_NAMES: Final = {
    "conda-lock.yml": "the lockfile of conda-lock is",
    "conda-lock.yaml": "the lockfile of conda-lock is",
    "pixi.lock": "Pixi's lockfile is",
}
ECOSYSTEM_NAME = "pypi"


def is_requirements(path: str) -> bool:
    """Whether a path is by convention a requirements or constraints file."""
    return bool(_NAMED.fullmatch(path.rpartition("/")[2]) or _IN_FOLDER.fullmatch(path))


def may_be_requirements(path: str) -> bool:
    """Whether the path may be a requirements file of an unusual name."""
    name = path.rpartition("/")[2]
    if is_requirements(path) or name in _NEVER or name.endswith(".py.lock"):
        return False
    return name.endswith((".txt", ".in", ".pip")) or ("require" in name.lower() and _ending(name) in {"", ".lock"})


def _ending(name: str) -> str:
    return posixpath.splitext(name)[1]


def looks_like_requirements(content: bytes) -> bool:
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


def may_be_script(path: str) -> bool:
    """Whether the path may be a script's. ``setup.py`` has a reader of its own."""
    return path.endswith(".py") and path.rpartition("/")[2] != "setup.py"


def opens_block(content: bytes) -> bool:
    """Whether a line opens a block of metadata."""
    return b"# /// script" in content and _OPENING.search(content) is not None


def may_be_environment(path: str) -> bool:
    """Whether the path may be an environment's: they bear many names."""
    return path.endswith((".yml", ".yaml")) and not path.rpartition("/")[2].startswith("conda-lock.")


def is_environment(content: bytes) -> bool:
    """Whether the keys are those of an environment."""
    # The plain search first: it says no to nearly every file.
    if b"dependencies" not in content or not _DEPENDENCIES.search(content):
        return False
    return _CONDA.search(content) is not None and not _NOT_CONDA.search(content)


def is_uv_lock(path: str) -> bool:
    """Whether the path is uv's lockfile."""
    return posixpath.basename(path) == "uv.lock"


def is_poetry_lock(path: str) -> bool:
    """Whether the path is Poetry's lockfile."""
    return posixpath.basename(path) == "poetry.lock"


def is_script_lock(path: str) -> bool:
    """Whether the path is the lockfile that uv keeps beside a script."""
    return path.endswith(".py.lock")


def is_pdm_lock(path: str) -> bool:
    """Whether the path is PDM's lockfile: ``pdm.lock``, or one of another name that its users chose."""
    return bool(_PDM_NAME.fullmatch(posixpath.basename(path)))


def is_pylock(path: str) -> bool:
    """Whether the path is a standard lockfile: ``pylock.toml`` or ``pylock.<name>.toml``."""
    return bool(_PYLOCK_NAME.fullmatch(posixpath.basename(path)))


def is_pipfile_lock(path: str) -> bool:
    """Whether the path is Pipenv's lockfile."""
    return posixpath.basename(path) == "Pipfile.lock"


def is_pixi_lock(path: str) -> bool:
    """Whether the path is Pixi's lockfile."""
    return posixpath.basename(path) == "pixi.lock"


def is_conda_lock(path: str) -> bool:
    """Whether the path is a lockfile of conda-lock."""
    return posixpath.basename(path) in {"conda-lock.yml", "conda-lock.yaml"}
