"""Python: requirements files, ``pyproject.toml``, their lockfiles, and the Python that a project runs on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from analyzers.ecosystems.python import (
    _conda,
    _hatch,
    _locks,
    _other_names,
    _pipfile,
    _pyproject,
    _python_version,
    _requirements,
    _script,
    _setup_cfg,
    _setup_py,
    _tox,
    _unread,
)
from analyzers.ecosystems.python._lines import FORMAT
from analyzers.ecosystems.python._lock_files import matches_pipfile_lock
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
            name=FORMAT,
            title="requirements, includes, constraints, hashes, and what pip-compile and uv make of them",
            examples=("requirements*.txt", "requirements*.in", "requirements/*.txt", "constraints*.txt"),
            matches=_requirements.matches,
            endings=(".txt", ".in"),
            read=_requirements.read,
            declares_encoding=True,
        ),
        Format(
            name=_other_names.FORMAT_NAME,
            title="requirements under other names, where their lines say so; any file that pip-compile or uv wrote",
            examples=("*require*.pip", "reqs*.txt", "test-deps.txt", "requirements.lock"),
            matches=_other_names.matches,
            endings=_other_names.ENDINGS,
            sniff=_other_names.sniff,
            read=_other_names.read,
            declares_encoding=True,
        ),
        Format(
            name=_pyproject.KIND,
            title="PEP 621, PEP 735 and build requirements, Poetry, uv, PDM, requires-python",
            examples=("pyproject.toml",),
            matches=_named("pyproject.toml"),
            endings=(".toml",),
            read=_pyproject.read,
        ),
        Format(
            name=_setup_cfg.FORMAT_NAME,
            title="setuptools' declarative options, pbr's extras, and tox where it is configured there",
            examples=("setup.cfg",),
            matches=_named("setup.cfg"),
            endings=(".cfg",),
            read=_setup_cfg.read,
        ),
        Format(
            name=_setup_py.FORMAT_NAME,
            title="what the call of `setup` states, read and never run",
            examples=("setup.py",),
            matches=_named("setup.py"),
            endings=(".py",),
            read=_setup_py.read,
            declares_encoding=True,
        ),
        Format(
            name=_pipfile.FORMAT_NAME,
            title="Pipenv's manifest, categories and sources included",
            examples=("Pipfile",),
            matches=_named("Pipfile"),
            endings=("pipfile",),
            read=_pipfile.read,
        ),
        Format(
            name=_pipfile.LOCK,
            title="Pipenv's lockfile",
            examples=("Pipfile.lock",),
            matches=matches_pipfile_lock,
            endings=(".lock",),
            read=_pipfile.read_lock,
        ),
        Format(
            name=_script.FORMAT_NAME,
            title="scripts that state their requirements (PEP 723)",
            examples=("*.py",),
            matches=_script.matches,
            endings=(".py",),
            sniff=_script.sniff,
            read=_script.read,
            declares_encoding=True,
        ),
        Format(
            name="python-script-lock",
            title="the lockfile that uv keeps beside a script",
            examples=("*.py.lock",),
            matches=_locks.matches_script_lock,
            endings=(".lock",),
            read=_locks.read_uv,
        ),
        Format(
            name=_conda.FORMAT_NAME,
            title="conda's environments and pip's packages in them; no registry is asked for conda's own",
            examples=("environment*.yml", "environment*.yaml"),
            matches=_conda.matches,
            endings=(".yml", ".yaml"),
            sniff=_conda.sniff,
            read=_conda.read,
        ),
        Format(
            name=_tox.FORMAT_NAME,
            title="what tox' environments install",
            examples=("tox.ini",),
            matches=_named("tox.ini"),
            endings=(".ini",),
            read=_tox.read_ini,
        ),
        Format(
            name=f"{_tox.FORMAT_NAME}-toml",
            title="what tox' environments install, in TOML (`[tool.tox]` of `pyproject.toml` as well)",
            examples=("tox.toml",),
            matches=_named("tox.toml"),
            endings=(".toml",),
            read=_tox.read_toml,
        ),
        Format(
            name=_hatch.FORMAT_NAME,
            title="Hatch's environments and builds (`[tool.hatch]` of `pyproject.toml` as well)",
            examples=("hatch.toml",),
            matches=_named("hatch.toml"),
            endings=(".toml",),
            read=_hatch.read,
        ),
        Format(
            name=_locks.UV,
            title="uv's lockfile, workspaces included",
            examples=("uv.lock",),
            matches=_locks.matches_uv,
            endings=(".lock",),
            read=_locks.read_uv,
        ),
        Format(
            name=_locks.POETRY,
            title="Poetry's lockfile",
            examples=("poetry.lock",),
            matches=_locks.matches_poetry,
            endings=(".lock",),
            read=_locks.read_poetry,
        ),
        Format(
            name=_locks.PDM,
            title="PDM's lockfile",
            examples=("pdm.lock",),
            matches=_locks.matches_pdm,
            endings=(".lock",),
            read=_locks.read_pdm,
        ),
        Format(
            name=_locks.PYLOCK,
            title="the standard's lockfile (PEP 751)",
            examples=("pylock.toml", "pylock.*.toml"),
            matches=_locks.matches_pylock,
            endings=(".toml",),
            read=_locks.read_pylock,
        ),
        Format(
            name=_python_version.KIND,
            title="Python version of a folder",
            examples=(".python-version", "runtime.txt"),
            matches=_named(".python-version", "runtime.txt"),
            endings=(".python-version", ".txt"),
            read=_python_version.read,
        ),
        Format(
            name=_unread.FORMAT,
            title="files of Pixi and conda-lock: seen and named, not read yet",
            examples=tuple(_unread.NAMES),
            matches=_named(*_unread.NAMES),
            endings=(".yml", ".yaml", ".toml", ".lock"),
            read=_unread.read,
        ),
    ),
    questions=questions,
    normalise=normalise,
    pair=pair,
    package=package,
    scheme=SCHEME,
)
