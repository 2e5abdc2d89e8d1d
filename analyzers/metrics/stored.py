"""Results of measuring, kept by the content of the file: what was measured once is not measured again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha1, sha256

import msgspec

from analyzers.errors import UnreadableError
from analyzers.metrics.edition import edition
from analyzers.metrics.files import FileResult, Job, Task
from analyzers.model.kept import NOTHING_KEPT, Kept
from analyzers.model.language import Language
from analyzers.model.snapshot import Snapshot
from analyzers.repository.paths import suffix_of
from analyzers.repository.snapshot import blob_of
from analyzers.typed import msgpack_decoder

_KIND = "code"
_RESULT = msgpack_decoder(FileResult)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some files: the `results` that need no measuring, the `tasks` that do, and the `keys` of all by path."""

    results: list[FileResult] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    keys: dict[str, bytes] = field(default_factory=dict)


class Results:
    """Tells what is known of a snapshot's files from what has to be measured. Threads may share it."""

    def __init__(self, snapshot: Snapshot, languages: Mapping[str, Language], kept: Kept = NOTHING_KEPT) -> None:
        self._snapshot = snapshot
        self._languages = languages
        self._kept = kept
        self._dialects: dict[tuple[str, str], bytes] = {}

    def batch(self, jobs: Collection[Job]) -> Batch:
        """Look up what is known of these files, and read the others."""
        batch = Batch()
        if self._kept is NOTHING_KEPT:
            self._read(batch, jobs)
            return batch
        # A commit says what its files hold without reading them; those of a folder have to be read for that.
        unread = {job: blob for job in jobs if (blob := blob_of(self._snapshot, job.path))}
        self._read(batch, (job for job in jobs if job not in unread))
        for job, blob in unread.items():
            batch.keys[job.path] = self._key(job.path, job.language, blob)
        for path, language, content in batch.tasks:
            batch.keys[path] = self._key(path, language, _name(content))
        known = self._known(batch.keys)
        batch.results.extend(known.values())
        batch.tasks[:] = [task for task in batch.tasks if task[0] not in known]
        self._read(batch, (job for job in unread if job.path not in known))
        return batch

    def keep(self, batch: Batch, measured: Iterable[FileResult]) -> None:
        """Keep what was measured of a batch. What ended its process may do better another time."""
        self._kept.save(
            _KIND, {batch.keys[one.path]: _packed(one) for one in measured if one.was_read and one.path in batch.keys}
        )

    def _read(self, batch: Batch, jobs: Iterable[Job]) -> None:
        for job in jobs:
            try:
                batch.tasks.append((job.path, job.language, self._snapshot.read(job.path)))
            except UnreadableError as error:
                batch.results.append(FileResult.unread(job, error))

    def _known(self, keys: Mapping[str, bytes]) -> dict[str, FileResult]:
        kept = self._kept.load(_KIND, set(keys.values()))
        found = ((path, _placed(path, kept[key])) for path, key in keys.items() if key in kept)
        return {path: result for path, result in found if result is not None}

    def _key(self, path: str, language: str, blob: str) -> bytes:
        # A language may have dialects, told by the end of the name; nothing else of a path goes into its figures.
        suffix = suffix_of(path)
        dialect = self._dialects.get((language, suffix))
        if dialect is None:
            dialect = self._dialects[language, suffix] = _dialect(self._languages[language], suffix)
        return dialect + bytes.fromhex(blob)


def _dialect(language: Language, suffix: str) -> bytes:
    return sha256(edition(language) + suffix.encode()).digest()[:16]


def _name(content: bytes) -> str:
    """Return git's name for the content, so that a folder and a commit that hold the same share what is kept."""
    name = sha1(b"blob %d\0" % len(content), usedforsecurity=False)
    name.update(content)
    return name.hexdigest()


def _packed(result: FileResult) -> bytes:
    """Return a result without its path."""
    values = msgspec.to_builtins(result)
    for part in (values, *values["functions"]):
        part["path"] = ""
    return msgspec.msgpack.encode(values)


def _placed(path: str, packed: bytes) -> FileResult | None:
    """Return the result for a file at this path; None where what was kept is no result."""
    try:
        result = _RESULT.decode(packed)
    except msgspec.DecodeError:
        return None
    # They were made a moment ago and nobody has seen them: to make each once more would take twice as long.
    for part in (result, *result.functions):
        object.__setattr__(part, "path", path)
    return result
