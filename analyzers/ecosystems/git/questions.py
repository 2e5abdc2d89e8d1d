"""What to ask about repositories that are used at a tag or commit."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.ecosystems.git import _files
from analyzers.model.facts import Answer, Facts, GitRefs, Known
from analyzers.model.inventory import Dependency, Inventory
from analyzers.model.question import Question
from analyzers.syntax import git_url
from analyzers.versions.git_tag import SCHEME

_GITHUB = "https://github.com/"
# Without a token GitHub answers 60 requests an hour, and other questions need them too.
MOST_ASKED = 20


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


def questions(inventory: Inventory, facts: Facts) -> Iterator[Question]:
    """Ask for the tags of every repository that is used, then for the releases of those with a newer tag.

    Of repositories of hooks it is also asked whether they are archived: many are, and go on working for years.
    """
    used = [(entry, asked) for entry in inventory.dependencies if entry.direct and (asked := package(entry))]
    yield from (asked for _, asked in used)
    newer = dict.fromkeys(asked.name for entry, asked in used if _is_behind(entry, facts.get(asked)))
    on_github = [url.removeprefix(_GITHUB) for url in newer if url.startswith(_GITHUB)]
    yield from (Question("github-releases", name) for name in on_github[:MOST_ASKED])
    hooks = dict.fromkeys(asked.name for entry, asked in used if entry.kind == _files.PRE_COMMIT)
    hosted = [url.removeprefix(_GITHUB) for url in hooks if url.startswith(_GITHUB)]
    yield from (Question("github-repository", name) for name in hosted[:MOST_ASKED])


def _is_behind(entry: Dependency, answer: Answer) -> bool:
    """Return whether a tag beyond the one in use is known: only then it matters when it was released."""
    version = entry.locked_version or entry.version or entry.value
    if version is None or not isinstance(answer, Known) or not isinstance(answer.value, GitRefs):
        return False
    return any(SCHEME.is_stable(tag) and SCHEME.step(version, tag) for tag in answer.value.tags)
