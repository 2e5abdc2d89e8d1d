"""Repositories that are used at a tag or commit: hooks of pre-commit."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.ecosystems.git import _pre_commit
from analyzers.model.ecosystem import Ecosystem, Format
from analyzers.model.facts import Facts, Question
from analyzers.model.inventory import Dependency, Inventory
from analyzers.syntax import git_url
from analyzers.versions.git_tag import SCHEME


def normalise(name: str) -> str:
    """Make two spellings of one repository equal: ``git@github.com:Owner/name.git`` is ``github.com/owner/name``."""
    found = git_url.parse(name)
    return f"{found.host}/{found.path}".lower() if found else name.lower()


def package(dependency: Dependency) -> Question | None:
    """Return what to ask about a repository; None for what is none, or is not asked about."""
    if dependency.ecosystem not in git_url.TYPES or dependency.skip_reason:
        return None
    address = git_url.address_of(dependency.purl)
    return Question("git-refs", address) if address else None


def questions(inventory: Inventory, _facts: Facts) -> Iterator[Question]:
    """Ask for the tags of every repository that is used."""
    for dependency in inventory.dependencies:
        asked = package(dependency) if dependency.direct else None
        if asked:
            yield asked


ECOSYSTEM = Ecosystem(
    name="git",
    title="Git repositories",
    formats=(
        Format(
            name=_pre_commit.FORMAT,
            title="pre-commit: repositories of hooks, what they install beside, the runtimes that they name",
            examples=_pre_commit.NAMES,
            matches=lambda path: path.rpartition("/")[2] in _pre_commit.NAMES,
            read=_pre_commit.read,
        ),
    ),
    questions=questions,
    normalise=normalise,
    package=package,
    scheme=SCHEME,
    types=git_url.TYPES,
)
