"""Python: requirements files, ``pyproject.toml``, their lockfiles, and the Python that a project runs on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from analyzers.ecosystems.python import _locks, _pyproject, _python_version, _requirements, _unread
from analyzers.ecosystems.python._pairing import pair
from analyzers.ecosystems.python._rows import ECOSYSTEM_NAME, normalise
from analyzers.model.ecosystem import Ecosystem, Format
from analyzers.model.facts import Facts, Question
from analyzers.model.inventory import Dependency, Inventory
from analyzers.versions.pep440 import SCHEME


def package(dependency: Dependency) -> Question | None:
    """Return what to ask about a requirement; None for what no index has."""
    if dependency.ecosystem != ECOSYSTEM_NAME or dependency.skip_reason:
        return None
    return Question("pypi", normalise(dependency.name), dependency.index or "")


def questions(inventory: Inventory, _facts: Facts) -> Iterator[Question]:
    """Ask for every direct requirement, and for Python's lifecycle where a file names a version of it."""
    for dependency in inventory.dependencies:
        if dependency.ecosystem == "generic" and dependency.name == "python":
            yield Question("lifecycle", "python")
        elif dependency.direct:
            asked = package(dependency)
            if asked:
                yield asked


def _named(*names: str) -> Callable[[str], bool]:
    wanted = frozenset(names)
    return lambda path: path.rpartition("/")[2] in wanted


ECOSYSTEM = Ecosystem(
    name=ECOSYSTEM_NAME,
    title="Python",
    formats=(
        Format(
            name=_requirements.FORMAT,
            title="requirements, includes, constraints, hashes, and what pip-compile and uv make of them",
            examples=("requirements*.txt", "requirements*.in", "requirements/*.txt", "constraints*.txt"),
            matches=_requirements.matches,
            read=_requirements.read,
            declares_encoding=True,
        ),
        Format(
            name=_pyproject.KIND,
            title="PEP 621, PEP 735 and build requirements, Poetry, uv, PDM, requires-python",
            examples=("pyproject.toml",),
            matches=_named("pyproject.toml"),
            read=_pyproject.read,
        ),
        Format(
            name=_locks.UV,
            title="uv's lockfile, workspaces included",
            examples=("uv.lock",),
            matches=_locks.matches_uv,
            read=_locks.read_uv,
        ),
        Format(
            name=_locks.POETRY,
            title="Poetry's lockfile",
            examples=("poetry.lock",),
            matches=_locks.matches_poetry,
            read=_locks.read_poetry,
        ),
        Format(
            name=_locks.PYLOCK,
            title="the standard's lockfile (PEP 751)",
            examples=("pylock.toml", "pylock.*.toml"),
            matches=_locks.matches_pylock,
            read=_locks.read_pylock,
        ),
        Format(
            name=_python_version.KIND,
            title="Python version of a folder",
            examples=(".python-version", "runtime.txt"),
            matches=_named(".python-version", "runtime.txt"),
            read=_python_version.read,
        ),
        Format(
            name=_unread.FORMAT,
            title="files of Pipenv, PDM and setup.py: seen and named, not read yet",
            examples=tuple(_unread.NAMES),
            matches=_named(*_unread.NAMES),
            read=_unread.read,
        ),
    ),
    questions=questions,
    normalise=normalise,
    pair=pair,
    package=package,
    scheme=SCHEME,
)
