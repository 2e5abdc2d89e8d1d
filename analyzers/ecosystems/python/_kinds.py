"""The kinds of rows of this ecosystem: where each was written."""

from __future__ import annotations

from typing import Final

PYPROJECT: Final = "pyproject"
# Requirements of the build alone, which no lockfile resolves.
PYPROJECT_BUILD: Final = "pyproject-build"
# Limits on what others ask for; nothing is required by them.
PYPROJECT_CONSTRAINT: Final = "pyproject-constraint"
# The same in a file that is named by ``-c`` alone.
REQUIREMENTS_CONSTRAINT: Final = "requirements-constraint"
RUNTIME: Final = "requires-python"
HATCH: Final = "hatch-environment"
TOX: Final = "tox"
SETUP_CFG: Final = "setup-cfg"
SETUP_CFG_BUILD: Final = "setup-cfg-build"
SETUP_PY: Final = "setup-py"
SETUP_PY_BUILD: Final = "setup-py-build"
PIPFILE: Final = "pipfile"
SCRIPT: Final = "python-script"
SCRIPT_CONSTRAINT: Final = "python-script-constraint"
CONDA: Final = "conda-environment"
CONDA_PIP: Final = "conda-environment-pip"
PIXI: Final = "pixi"

LIMITS: Final = frozenset({PYPROJECT_CONSTRAINT, SCRIPT_CONSTRAINT})
NEVER_LOCKED: Final = LIMITS | {PYPROJECT_BUILD, SETUP_CFG_BUILD, SETUP_PY_BUILD, HATCH, TOX}
