"""Which releases a package has, and which of them an upgrade goes to. Pure: from the Facts of the scan alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final, NamedTuple

from analyzers.advisories.asked import about_package, is_covered
from analyzers.advisories.flaws import is_free
from analyzers.config import Upgrades
from analyzers.ecosystems.kubernetes.questions import chart
from analyzers.ecosystems.terraform.questions import provider
from analyzers.model.advisory import Advisories
from analyzers.model.ecosystem import Ecosystem
from analyzers.model.facts import Facts, GitRefs, Known, Package, Release
from analyzers.model.inventory import Dependency
from analyzers.model.question import Question
from analyzers.model.scheme import Scheme
from analyzers.model.subject import SubjectKey
from analyzers.upstream.asked import github_name, page
from analyzers.upstream.catalogue import Catalogue
from analyzers.upstream.tags import TagCatalogue, releases_question
from analyzers.versions import helm, terraform

# What has releases as packages have, though rules of its own judge it.
_FURTHER: Final[Mapping[str, tuple[Callable[[Dependency], Question | None], Scheme]]] = MappingProxyType(
    {"terraform": (provider, terraform.SCHEME), "helm": (chart, helm.SCHEME)}
)


# A host and a path, and nothing that could be anything else: registries pass on what publishers write.
_PLACE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,99}(?:/[A-Za-z0-9._~-]{1,100}){1,10}")


class Target(NamedTuple):
    """Where an upgrade goes, and what of the way to the newest release is left for later ("" for nothing)."""

    release: Release
    note: str = ""


@dataclass(frozen=True)
class Releases:
    """The releases of all packages of one scan."""

    facts: Facts
    worlds: Mapping[str, Ecosystem]
    as_of: date
    settings: Upgrades
    # Sorting releases takes time, and several findings ask for the same ones.
    _known: dict[Question, Catalogue | None] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, facts: Facts, worlds: Iterable[Ecosystem], as_of: date, settings: Upgrades) -> Releases:
        """Index the worlds by the types of their dependencies."""
        by_type = {kind: world for world in worlds for kind in world.types or (world.name,)}
        return cls(facts, by_type, as_of, settings)

    def scheme(self, ecosystem: str) -> Scheme | None:
        """Return how versions of an ecosystem compare; None where that is not told."""
        world = self.worlds.get(ecosystem)
        if world and world.scheme:
            return world.scheme
        return _FURTHER[ecosystem][1] if ecosystem in _FURTHER else None

    def _asked(self, row: Dependency) -> Question | None:
        world = self.worlds.get(row.ecosystem)
        asked = world.package(row) if world and world.package else None
        if asked is None and row.ecosystem in _FURTHER:
            return _FURTHER[row.ecosystem][0](row)
        return asked

    def normalised(self, row: Dependency) -> str:
        """Return the name that makes two spellings equal."""
        world = self.worlds.get(row.ecosystem)
        return world.normalise(row.name) if world else row.name

    def catalogue(self, row: Dependency) -> Catalogue | None:
        """Return the releases of a requirement's package; None where nobody told them."""
        asked, scheme = self._asked(row), self.scheme(row.ecosystem)
        if asked is None or scheme is None:
            return None
        if asked not in self._known:
            self._known[asked] = self._catalogue(asked, scheme)
        return self._known[asked]

    def _catalogue(self, asked: Question, scheme: Scheme) -> Catalogue | None:
        answer = self.facts.get(asked)
        undated = self.as_of >= self.facts.looked_up
        if isinstance(answer, Known) and isinstance(answer.value, Package):
            return Catalogue(scheme, answer.value, self.as_of, undated=undated)
        if isinstance(answer, Known) and isinstance(answer.value, GitRefs):
            told = self.told(releases_question(answer.value.url))
            return TagCatalogue(scheme, answer.value, self.as_of, undated=undated, told=told)
        return None

    def told(self, question: Question) -> Package | None:
        """Return a package's document, where it is among the facts."""
        answer = self.facts.get(question)
        return answer.value if isinstance(answer, Known) and isinstance(answer.value, Package) else None

    def repository(self, row: Dependency, offered: Catalogue | None) -> str | None:
        """Return where the source of a dependency lies (``github.com/owner/name``); None where nobody says."""
        if row.ecosystem == "githubactions":
            return f"github.com/{row.name}"
        if isinstance(offered, TagCatalogue):
            return _place(offered.package.name)
        if offered is None:
            return None
        found = page(offered.package, self.facts) if row.ecosystem == "pypi" else None
        address = found.repository if found else offered.package.repository
        return _place(address) if address else None

    def target(self, offered: Catalogue, current: str, newest: str) -> Target | None:
        """Return the release to go to on the way from ``current`` to ``newest``, which a rule has chosen.

        Of what is in reach it is the newest that is old enough. None where the newest is no release that is known.
        """
        found = self.reach(offered, current, newest)
        if found is None:
            return None
        reach, note = found
        old = [one for one in reach if not is_young(one.published, self.as_of, self.settings)]
        chosen = old[-1] if old else reach[-1]
        if old and chosen is not reach[-1]:
            age = (self.as_of - (reach[-1].published or self.as_of)).days
            waits = f"{reach[-1].version} is {age} {'day' if age == 1 else 'days'} old and waits"
            note = f"{waits}; {note}" if note else waits
        return Target(chosen, note)

    def reach(self, offered: Catalogue, current: str, newest: str) -> tuple[list[Release], str] | None:
        """Return what can be gone to in one step, lowest first, and what is left for later ("" for nothing).

        Of several majors it is the next one, where they are taken one by one. None where the newest is not known.
        """
        last = offered.find(newest)
        if last is None:
            return None
        on_the_way = self._between(offered, current, last)
        step = offered.scheme.step(current, newest)
        reach, note = on_the_way, ""
        if step == "major" and self.settings.majors != "newest":
            lines = self._lines(offered, current, on_the_way)
            within = [one for one in on_the_way if offered.scheme.step(current, one.version) != "major"]
            if self.settings.majors == "never":
                reach, note = within or on_the_way, f"majors are switched off, {newest} among them" if within else ""
            elif len(lines) > 1:
                reach, note = lines[0], f"{newest} comes after it, since majors are taken one by one"
        return reach, note

    def _between(self, offered: Catalogue, current: str, last: Release) -> list[Release]:
        """Return what may be chosen up to ``last``, lowest first: stable and not withdrawn."""
        floor, ceiling = offered.key(current), offered.key(last.version)
        family = offered.scheme.family(last.version)
        found = [
            one
            for one in offered.visible
            if (floor is None or offered.key(one.version) > floor)
            and offered.key(one.version) < ceiling
            and offered.is_stable(one)
            and one.yanked is None
            and one.deprecated is None
            and offered.scheme.family(one.version) == family
            and "+" not in one.version
        ]
        return [*found, last]

    def _lines(self, offered: Catalogue, current: str, found: list[Release]) -> list[list[Release]]:
        """Return the releases of each major line above the current one."""
        lines: list[list[Release]] = []
        before = current
        for one in found:
            if offered.scheme.step(current, one.version) != "major":
                continue
            if not lines or offered.scheme.step(before, one.version) == "major":
                lines.append([])
            lines[-1].append(one)
            before = one.version
        return lines

    def is_free(self, key: SubjectKey, version: str) -> bool:
        """Return whether no known advisory is about a version. Without the documents nobody can say so."""
        scheme = self.scheme(key.ecosystem)
        answer = self.facts.get(about_package(key.ecosystem, key.name)) if is_covered(key.ecosystem) else None
        if scheme is None or not isinstance(answer, Known) or not isinstance(answer.value, Advisories):
            return False
        return is_free(answer.value, version, scheme.key, self.as_of)


def is_young(published: date | None, today: date, settings: Upgrades) -> bool:
    """Return whether a release has to wait for its age; one without a date does not, since it would for ever."""
    return published is not None and today - published < timedelta(days=settings.minimum_release_age_days)


def _place(address: str) -> str | None:
    name = github_name(address)
    if name:
        return f"github.com/{name}"
    bare = address.partition("://")[2].rpartition("@")[2].removesuffix(".git").strip("/")
    return bare if _PLACE.fullmatch(bare) else None
