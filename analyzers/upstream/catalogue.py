"""The releases of one package as they were on one day, sorted once for all that asks about them."""

from __future__ import annotations

import itertools
from datetime import date
from functools import cached_property
from typing import Any

from analyzers.model.facts import Package, Release
from analyzers.model.inventory import Dependency
from analyzers.model.scheme import Scheme


class Catalogue:
    """A package's releases. `undated` admits those without a date, which exist on the day of asking only."""

    def __init__(self, scheme: Scheme, package: Package, as_of: date, *, undated: bool) -> None:
        """Keep what is needed; nothing is sorted before it is asked for."""
        self.scheme = scheme
        self.package = package
        self._as_of = as_of
        self._undated = undated
        self._majors: dict[tuple[str, str], int] = {}
        self._within: dict[str, Release | None] = {}
        self._counted: dict[str, bool] = {}

    @cached_property
    def visible(self) -> list[Release]:
        """The releases that existed on that day and have a version, lowest first."""
        keyed = [
            (key, release)
            for release in self.package.releases
            if (release.published <= self._as_of if release.published else self._undated)
            and (key := self.key(release.version)) is not None
        ]
        return [release for _, release in sorted(keyed, key=lambda pair: pair[0])]

    @cached_property
    def recommended(self) -> Any | None:  # noqa: ANN401 - the scheme's keys are opaque
        """The key of the version that the registry itself recommends; None where it names none."""
        return self.key(self.package.newest) if self.package.newest else None

    def in_use(self, entry: Dependency) -> str | None:
        """Return the exact version that a requirement on this package is at; None where nothing tells."""
        return entry.locked_version or entry.version

    def is_stable(self, release: Release) -> bool:
        """Return whether neither the version nor the publisher calls it a prerelease."""
        return self.scheme.is_stable(release.version) and not release.prerelease

    def rewritten(self, value: str, version: str) -> str | None:
        """Return what stands for ``version`` in place of the requirement ``value``; None where that is not safe."""
        return self.scheme.rewrite(value, version)

    def counts_like(self, version: str) -> bool:
        """Return whether any release is counted as ``version`` is, so that they can be compared."""
        kind = self.scheme.family(version)
        if kind not in self._counted:
            self._counted[kind] = any(self.scheme.family(one.version) == kind for one in self.package.releases)
        return self._counted[kind]

    def key(self, version: str) -> Any:  # noqa: ANN401 - as above
        """Return the version's key; None for what is none."""
        return self.scheme.key(version)

    def find(self, version: str | None) -> Release | None:
        """Return the release of that version, of whatever day, however it is written (``1.0`` is ``1.0.0``)."""
        if version is None:
            return None
        return self._by_version.get(version) or self._by_key.get(self.key(version))

    def highest_within(self, constraint: str) -> Release | None:
        """Return what an installer would take for the constraint: the highest stable release, else any."""
        if constraint not in self._within:
            self._within[constraint] = self._search(constraint)
        return self._within[constraint]

    def _search(self, constraint: str) -> Release | None:
        fallback = None
        for release in reversed(self.visible):
            if release.yanked is None and self.scheme.satisfies(release.version, constraint):
                if self.is_stable(release):
                    return release
                fallback = fallback or release
        return fallback

    def majors(self, old: str, new: str) -> int:
        """Return over how many major lines the way from ``old`` to ``new`` leads, counting those that were released."""
        if (old, new) not in self._majors:
            first, last = self.key(old), self.key(new)
            kind = self.scheme.family(old)
            between = [
                one.version
                for one in self._stable
                if first < self.key(one.version) <= last and self.scheme.family(one.version) == kind
            ]
            steps = itertools.pairwise([old, *between])
            self._majors[old, new] = sum(self.scheme.step(before, after) == "major" for before, after in steps)
        return self._majors[old, new]

    @cached_property
    def _stable(self) -> list[Release]:
        return [release for release in self.visible if self.is_stable(release)]

    @cached_property
    def _by_version(self) -> dict[str, Release]:
        return {release.version: release for release in self.package.releases}

    @cached_property
    def _by_key(self) -> dict[Any, Release]:
        found = {self.key(release.version): release for release in self.package.releases}
        found.pop(None, None)
        return found
