"""What is released by tagging a commit: the tags are the releases. Git's protocol tells no dates; the host may."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cached_property

from analyzers.model.facts import GitRefs, Package, Release
from analyzers.model.inventory import Dependency
from analyzers.model.question import Question
from analyzers.model.scheme import Scheme
from analyzers.upstream.catalogue import Catalogue


def releases_question(url: str) -> Question:
    """Return what to ask GitHub about the releases of a repository; other hosts are not asked."""
    return Question("github-releases", url.removeprefix("https://github.com/"))


class TagCatalogue(Catalogue):
    """The tags of one repository, named as they are written there."""

    def __init__(
        self, scheme: Scheme, refs: GitRefs, as_of: date, *, undated: bool, told: Package | None = None
    ) -> None:
        """Make releases of the tags, with what the host has ``told`` of some of them."""
        known = {release.version: release for release in told.releases} if told else {}
        package = Package(refs.url, tuple(known.get(tag) or Release(tag) for tag in refs.tags))
        super().__init__(scheme, package, as_of, undated=undated)
        self._refs = refs

    def in_use(self, entry: Dependency) -> str | None:
        """Return the tag that a requirement's commit or tag stands for, as precisely as the repository tells it.

        None for a branch, and for a commit that no tag names and no comment explains.
        """
        rev = entry.locked_version or entry.digest or entry.value or ""
        if rev in self._refs.tags:
            return self._at(self._refs.tags[rev], rev) or self._newest_of_line(rev) or rev
        if rev in self._refs.branches:
            return self._newest_of_line(rev)
        if not entry.digest:
            # Written otherwise than any tag (``1.5`` for ``v1.5.7``), it is the newest of what it says.
            exact = entry.locked_version or entry.version
            return (self._newest_of_line(exact) if exact else None) or exact
        # A comment beside a commit may be wrong: it counts where there is such a tag.
        named = self.find(entry.version)
        return self._at(rev.lower(), entry.version or "") or (named.version if named else None)

    def rewritten(self, value: str, version: str) -> str | None:
        """Return the commit of ``version`` for a commit, else a tag that exists, of the old one's precision if any.

        Where the old value is no tag but another spelling of one (``1.5.7`` for ``v1.5.7``), that spelling is kept.
        """
        if not self.scheme.is_constraint(value):
            return self._refs.tags.get(version) or None
        written = self.scheme.rewrite(value, version)
        spelt = value not in self._refs.tags and self.find(self.scheme.pinned(value)) is not None
        if written and (spelt or self.scheme.pinned(value) is None):
            return written
        return next((tag for tag in (written, version) if tag in self._refs.tags), None)

    def _at(self, commit: str, like: str) -> str | None:
        """Return the tag at a commit that says most: a release, of the family of ``like``, with most numbers."""
        # A commit has no family; then a tag without a name in it is meant.
        family = self.scheme.family(like) or self.scheme.family("1.0")
        tags = (tag for tag in self._by_commit.get(commit, ()) if self.key(tag) is not None)
        return max(tags, key=lambda tag: (self.scheme.family(tag) == family, *self._weight(tag, like)), default=None)

    def _weight(self, tag: str, like: str) -> tuple[bool, int, bool, str]:
        return self.scheme.is_stable(tag), len(self.scheme.pinned(tag) or ""), tag == like, tag

    def _newest_of_line(self, rev: str) -> str | None:
        """Return what a tag stands for that is moved along its line (``v4``), where its commit tells nothing."""
        found = self.highest_within(rev)
        return found.version if found else None

    @cached_property
    def _by_commit(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for tag, commit in self._refs.tags.items():
            if commit:
                found[commit].append(tag)
        return found
