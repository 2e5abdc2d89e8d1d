"""What to ask about the people behind a package: only where it has been quiet, since asking has a price.

A code host gives few answers an hour without a token, and a package that had a release this year is being cared for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from packaging.utils import canonicalize_name

from analyzers.model.ecosystem import Ecosystem
from analyzers.model.facts import Facts, Known, Package, ProjectPage
from analyzers.model.inventory import Inventory
from analyzers.model.question import Question

QUIET: Final = timedelta(days=365)
_GITHUB: Final = re.compile(
    r"(?:^|[/@.])github\.com[/:](?P<owner>[A-Za-z0-9][A-Za-z0-9-]{0,99})/(?P<name>[A-Za-z0-9._-]{1,100})"
)
_SHORT: Final = re.compile(r"(?:github:)?(?P<owner>[A-Za-z0-9][A-Za-z0-9-]{0,99})/(?P<name>[A-Za-z0-9._-]{1,100})")
# Parts of GitHub that look like an owner.
_NO_OWNERS: Final = frozenset({"sponsors", "orgs", "apps", "marketplace", "users", "topics"})


def questions(inventory: Inventory, facts: Facts, worlds: Iterable[Ecosystem]) -> Iterator[Question]:
    """Ask about every quiet package that is required directly: its page, its repository, its runtime's lifecycle."""
    by_name = {world.name: world for world in worlds if world.package}
    seen = set()
    for entry in inventory.dependencies:
        world = by_name.get(entry.ecosystem)
        asked = world.package(entry) if world and world.package and entry.direct and not entry.skip_reason else None
        if asked is None or asked in seen or asked.address:
            continue
        seen.add(asked)
        answer = facts.get(asked)
        if isinstance(answer, Known) and isinstance(answer.value, Package) and is_quiet(answer.value, facts.looked_up):
            yield from _about(entry.ecosystem, answer.value, facts)


def _about(ecosystem: str, package: Package, facts: Facts) -> Iterator[Question]:
    if ecosystem == "pypi":
        yield page_question(package)
        yield Question("lifecycle", "python")
    repository = repository_question(ecosystem, package, facts)
    if repository:
        yield repository


def last_release(package: Package, day: date) -> date | None:
    """Return the day of the last release up to ``day``; None where no release has a date."""
    return max((one.published for one in package.releases if one.published and one.published <= day), default=None)


def is_quiet(package: Package, day: date) -> bool:
    """Return whether nothing was released for a year."""
    # The newest stand last with most registries, so that a package which is cared for is told apart soon.
    dates = [one.published for one in reversed(package.releases) if one.published]
    return not any(day - QUIET < one <= day for one in dates) and any(one <= day for one in dates)


def page_question(package: Package) -> Question:
    """Return what gets the page of a Python package."""
    return Question("pypi-project", package.metadata or canonicalize_name(package.name))


def page(package: Package, facts: Facts) -> ProjectPage | None:
    """Return the page of a Python package, None where it is not known."""
    answer = facts.get(page_question(package))
    return answer.value if isinstance(answer, Known) and isinstance(answer.value, ProjectPage) else None


def repository_question(ecosystem: str, package: Package, facts: Facts) -> Question | None:
    """Return what asks GitHub about the package's repository; None where it is not known to lie there."""
    address = package.repository
    if ecosystem == "pypi":
        found = page(package, facts)
        address = found.repository if found else None
    name = github_name(address) if address else None
    return Question("github-repository", name) if name else None


def github_name(address: str) -> str | None:
    """Return ``owner/name`` of an address on GitHub, in any of the ways in which people write one."""
    found = _GITHUB.search(address) or _SHORT.fullmatch(address)
    if not found or found["owner"].lower() in _NO_OWNERS:
        return None
    name = found["name"].removesuffix(".git").rstrip(".")
    return f"{found['owner']}/{name}" if name else None
