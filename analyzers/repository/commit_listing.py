"""The files of a commit, without a checkout."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from analyzers.errors import UnreadableError
from analyzers.repository.blobs import BlobReader
from analyzers.repository.contents import CommitContents, StoredFile
from analyzers.repository.git import GitRepository
from analyzers.repository.listing import LONGEST_PATH, Found, Listing, entries
from analyzers.repository.patterns import PathPatterns


def list_commit(git: GitRepository, commit: str, excluded: PathPatterns, limit: int) -> Listing:
    """List the files of a commit, without a checkout."""
    found = Found(excluded, limit, git.prefix)
    within = ("--", git.prefix) if git.prefix else ()
    if git.bring:
        git.bring(blobs_of(git, commit, *within))
    # Sizes are stored with the contents: in a clone that lacks some, asking for them would mean fetching.
    sizes = () if git.is_partial and not git.bring else ("-l",)
    objects: dict[str, StoredFile] = {}
    links: dict[str, StoredFile] = {}
    for entry in entries(git.output("ls-tree", "-r", "-z", "--full-tree", *sizes, commit, *within)):
        about, _, raw = entry.partition(b"\t")
        mode, _, blob, *size = about.split()
        path = found.path(raw)
        if path is None:
            continue
        file = StoredFile(blob.decode(), int(size[0]) if size and size[0].isdigit() else None)
        if mode == b"160000":
            found.submodule(path)
        elif mode == b"120000":
            links[path] = file
        else:
            found.paths.append(path)
            objects[path] = file
    found.links = dict(_link_targets(git, links))
    paths = found.finish()
    return Listing(paths=paths, objects={path: objects[path] for path in paths}, skipped=tuple(found.skipped))


def blobs_of(git: GitRepository, commit: str, *within: str) -> Iterator[str]:
    """Yield the names of the contents of a commit's files. Raises GitFailedError."""
    for entry in entries(git.output("ls-tree", "-r", "-z", "--full-tree", commit, *within)):
        mode, _, blob = entry.partition(b"\t")[0].split()
        if mode != b"160000":
            yield blob.decode()


def _link_targets(git: GitRepository, links: Mapping[str, StoredFile]) -> Iterator[tuple[str, str]]:
    contents = CommitContents(BlobReader(git), links)
    for path in links:
        try:
            yield path, os.fsdecode(contents.read(path, LONGEST_PATH))
        except UnreadableError:
            # A target that cannot be read, or is longer than any path, leads nowhere.
            yield path, "/"
