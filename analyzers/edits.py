"""Edits: splices in the bytes of files, accepted only if the files, read again, say exactly what was wanted.

Nothing here knows a file format: the readers gave the place of each text, and the readers judge the outcome. Quotes,
comments, line ends, encodings and alignment survive because nothing but the splice is touched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from analyzers.errors import EditRefusedError, UnreadableError
from analyzers.manifests import Manifests, read_manifests
from analyzers.model.ecosystem import Ecosystem
from analyzers.model.edit import Change, Edit, Refused
from analyzers.model.inventory import Dependency
from analyzers.model.scheme import Scheme
from analyzers.model.snapshot import Snapshot
from analyzers.rereading import difference, skipped_otherwise
from analyzers.splices import Ground, Splice, refuse, splices_of, without_overlap


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What came of some edits: the new bytes of each changed file, the edits that were made, those refused."""

    files: Mapping[str, bytes]
    made: tuple[Edit, ...]
    refused: tuple[Refused, ...]


def to_version(
    row: Dependency, version: str, scheme: Scheme, *, digest: str | None = None, comment: str | None = None
) -> Edit:
    """Return the edit that moves ``row`` to ``version``: the value is what the scheme makes of the old one.

    Where the value is a digest itself, ``digest`` takes its place, and ``comment`` (by default ``version``) that of
    the comment beside it. Raises EditRefusedError.
    """
    if row.digest is not None and row.digest == row.value:
        if digest is None:
            refuse("digest-unknown", "it is pinned to a digest, and that of the new version is not known")
        noted = (comment or version) if row.comment else comment
        return Edit((Change(row=row, value=digest, digest=digest, comment=noted),))
    if not row.value:
        refuse("nothing-written", "no version is written there that could be changed")
    value = scheme.rewrite(row.value, version)
    if value is None:
        refuse("no-rewrite", f"{row.value} cannot be rewritten to admit {version}")
    return Edit((Change(row=row, value=value, digest=digest, comment=comment),))


@dataclass(frozen=True)
class Editor:
    """Makes edits on a snapshot, all places given in its own bytes. `test_data` and `worlds` are those of the scan.

    `remade` are the lockfiles and compiled files that their own tools make anew afterwards: manifests are read and
    edited as if these were not there. In them nothing is ever written here.
    """

    snapshot: Snapshot
    worlds: Sequence[Ecosystem]
    test_data: bool = False
    remade: frozenset[str] = frozenset()

    def apply(self, edits: Sequence[Edit]) -> Applied:
        """Make as many of the edits as read back right, the earlier one winning where two exclude each other."""
        refused: dict[int, Refused] = {}
        ready: list[tuple[int, tuple[Splice, ...]]] = []
        wanted = [self._without_locks(edit) for edit in edits]
        for index, edit in enumerate(edits):
            try:
                ready.append((index, splices_of(wanted[index], self._ground, self._contents(edit))))
            except EditRefusedError as error:
                refused[index] = _refused(edit, error)
        made = self._settle(wanted, ready, (), refused)
        files = self._spliced([splice for _, splices in made for splice in splices])
        return Applied(
            files=files,
            made=tuple(edits[index] for index, _ in made),
            refused=tuple(refused[index] for index in sorted(refused)),
        )

    def _settle(
        self,
        edits: Sequence[Edit],
        waiting: Sequence[tuple[int, tuple[Splice, ...]]],
        made: tuple[tuple[int, tuple[Splice, ...]], ...],
        refused: dict[int, Refused],
    ) -> tuple[tuple[int, tuple[Splice, ...]], ...]:
        """Return ``made`` with those of ``waiting`` that hold. Reading is dear: halves are tried before single ones."""
        if not waiting:
            return made
        try:
            self._verify(edits, (*made, *waiting))
        except EditRefusedError as error:
            if len(waiting) == 1:
                index = waiting[0][0]
                refused[index] = _refused(edits[index], error)
                return made
            middle = len(waiting) // 2
            made = self._settle(edits, waiting[:middle], made, refused)
            return self._settle(edits, waiting[middle:], made, refused)
        return (*made, *waiting)

    def _verify(self, edits: Sequence[Edit], taken: Sequence[tuple[int, tuple[Splice, ...]]]) -> None:
        splices = without_overlap(splice for _, splices in taken for splice in splices)
        after = self._read(self._manifests.with_files(self._spliced(splices)))
        changes = [change for index, _ in taken for change in edits[index].changes]
        told = difference(self._before.dependencies, after.dependencies, changes, splices)
        told = told or skipped_otherwise(self._before.skipped, after.skipped)
        if told:
            refuse("reads-otherwise", told)

    def _spliced(self, splices: Sequence[Splice]) -> dict[str, bytes]:
        """Return the new bytes of each file. Splices of several edits at one place are one."""
        files: dict[str, bytes] = {}
        for path in sorted({splice.path for splice in splices}):
            content = self.snapshot.read(path)
            for splice in sorted({entry for entry in splices if entry.path == path}, reverse=True):
                content = content[: splice.start] + splice.new + content[splice.end :]
            files[path] = content
        return files

    def _contents(self, edit: Edit) -> dict[str, bytes]:
        try:
            return {path: self.snapshot.read(path) for path in {change.row.place.path for change in edit.changes}}
        except UnreadableError as error:
            refuse("unreadable", error.detail)

    def _read(self, snapshot: Snapshot) -> Manifests:
        return read_manifests(snapshot, self.worlds, test_data=self.test_data)

    @cached_property
    def _before(self) -> Manifests:
        return self._read(self._manifests)

    @cached_property
    def _manifests(self) -> Snapshot:
        return self.snapshot.with_files(dict.fromkeys(self.remade)) if self.remade else self.snapshot

    @cached_property
    def _ground(self) -> Ground:
        return Ground.of(self._before.readings, made=self.remade)

    def _without_locks(self, edit: Edit) -> Edit:
        """Return the edit of the same rows as they read without the locks: those say less of each."""
        if not self.remade:
            return edit
        return Edit(tuple(replace(change, row=self._alike(change.row)) for change in edit.changes))

    def _alike(self, row: Dependency) -> Dependency:
        beside = (other for other in self._ground.beside(row) if (other.kind, other.name) == (row.kind, row.name))
        return next(beside, row)


def _refused(edit: Edit, error: EditRefusedError) -> Refused:
    return Refused(edit, error.reason, error.detail)  # type: ignore[arg-type]  # raised by `refuse`, of the closed list
