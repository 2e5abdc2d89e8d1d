"""Files and commits, through the Git Data API: no clone, no push credentials, and signed under an App."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from urllib.parse import quote

from bot.github import reading
from bot.github.errors import ForbiddenError, HostError, NotThereError
from bot.github.requester import ClientRequester
from bot.github.translate import translated

# Larger texts go as blobs, so that no request grows without bound.
_LARGEST_INLINE = 512 * 1024
_PLAIN, _EXECUTABLE, _FOLDER = "100644", "100755", "040000"
_WORKFLOWS = ".github/workflows/"


class Commits:
    """Reads files and writes commits; `path` is where the repository begins in GitHub's interface."""

    def __init__(self, requester: ClientRequester, path: str) -> None:
        self._requester = requester
        self._path = path
        # What a hash names never changes.
        self._trees: dict[str, Mapping[str, tuple[str, str]]] = {}
        self._tree_of: dict[str, str] = {}

    def file(self, path: str, ref: str) -> bytes | None:
        """Return a file at a ref, else of the default branch; None where there is none, or a folder or submodule."""
        if {"", ".", ".."} & set(path.split("/")):
            # Such a path names nothing in git, and would lead elsewhere in an address.
            return None
        try:
            with translated(f"read {path}", "contents"):
                where = f"{self._path}/contents/{quote(path)}"
                _headers, found = self._requester.requestJsonAndCheck(
                    "GET", where, parameters={"ref": ref} if ref else {}
                )
                if not isinstance(found, dict) or found.get("type") != "file":
                    return None
                if found.get("encoding") == "base64":
                    return _decoded(found["content"])
                # Over one megabyte, only the blob holds the content.
                _headers, blob = self._requester.requestJsonAndCheck("GET", f"{self._path}/git/blobs/{found['sha']}")
                return _decoded(blob["content"])
        except NotThereError:
            return None

    def commit(
        self,
        parent: str | None,
        files: Mapping[str, bytes | None],
        message: str,
        *,
        root: bool = False,
        seal: str = "",
    ) -> str:
        """Write a commit that no branch has yet; return its hash. Files keep their mode; unchanged ones stay out.

        Without a parent at least one file is needed: GitHub refuses to write a tree without entries. ``seal`` is the
        name of a trailer that gets the tree's hash, "" for none.
        """
        with translated("read the files to be changed", "contents"):
            tree = self._tree_of_commit(parent) if parent else ""
            entries = [entry for path, data in sorted(files.items()) for entry in self._entry(tree, path, data)]
        if entries:
            tree = self._new_tree(tree, entries)
        with translated("write a commit", "contents"):
            parents = [] if root or not parent else [parent]
            body = {"message": sealed(message, seal, tree), "tree": tree, "parents": parents}
            _headers, made = self._requester.requestJsonAndCheck("POST", f"{self._path}/git/commits", input=body)
            sha = reading.text(made["sha"])
        self._tree_of[sha] = tree
        return sha

    def _tree_of_commit(self, sha: str) -> str:
        if sha not in self._tree_of:
            _headers, found = self._requester.requestJsonAndCheck("GET", f"{self._path}/git/commits/{sha}")
            self._tree_of[sha] = reading.text(found["tree"]["sha"])
        return self._tree_of[sha]

    def _tree(self, sha: str) -> Mapping[str, tuple[str, str]]:
        """Return name → (mode, hash) of one folder; nothing of ``""``, which stands for none."""
        if not sha:
            return {}
        if sha not in self._trees:
            _headers, found = self._requester.requestJsonAndCheck("GET", f"{self._path}/git/trees/{sha}")
            self._trees[sha] = {entry["path"]: (entry["mode"], entry["sha"]) for entry in found["tree"]}
        return self._trees[sha]

    def _find(self, tree: str, path: str) -> tuple[str, str] | None:
        """Return mode and hash of what lies at a path."""
        *folders, name = path.split("/")
        for folder in folders:
            mode, tree = self._tree(tree).get(folder, ("", ""))
            if mode != _FOLDER:
                return None
        return self._tree(tree).get(name)

    def _entry(self, tree: str, path: str, data: bytes | None) -> list[dict[str, str | None]]:
        """Return what to say of one file; nothing where it is as it should be."""
        mode, old = self._find(tree, path) or ("", "")
        if data is None:
            return [{"path": path, "mode": mode, "type": "blob", "sha": None}] if mode else []
        if mode not in {"", _PLAIN, _EXECUTABLE}:
            raise HostError(f"{path} is a link, a folder or a submodule, and is not overwritten")
        if old == _blob_hash(data):
            return []
        entry: dict[str, str | None] = {"path": path, "mode": mode or _PLAIN, "type": "blob"}
        text = _inline(data)
        return [entry | ({"content": text} if text is not None else {"sha": self._new_blob(data)})]

    def _new_blob(self, data: bytes) -> str:
        body = {"content": base64.b64encode(data).decode(), "encoding": "base64"}
        _headers, made = self._requester.requestJsonAndCheck("POST", f"{self._path}/git/blobs", input=body)
        return reading.text(made["sha"])

    def _new_tree(self, base: str, entries: list[dict[str, str | None]]) -> str:
        workflows = [str(entry["path"]) for entry in entries if str(entry["path"]).startswith(_WORKFLOWS)]
        try:
            with translated("write the changed files", "contents"):
                body = {**({"base_tree": base} if base else {}), "tree": entries}
                _headers, made = self._requester.requestJsonAndCheck("POST", f"{self._path}/git/trees", input=body)
                return reading.text(made["sha"])
        except (NotThereError, ForbiddenError):
            # GitHub says "not found" where only the permission for workflows is missing.
            if workflows:
                raise no_workflows(workflows[0]) from None
            raise


def sealed(message: str, seal: str, tree: str) -> str:
    """Return a commit's message with the trailer ``seal`` that holds its tree's hash; "" is no trailer."""
    return f"{message.rstrip()}\n{seal}: {tree}\n" if seal else message


def no_workflows(what: str) -> ForbiddenError:
    """Return the error for a change below ``.github/workflows`` without the permission for it."""
    return ForbiddenError(
        f"could not change {what}: files in {_WORKFLOWS} need the permission 'workflows' (write); give it to the App "
        "(a token of a person: the scope 'workflow'). The token of a workflow itself can never have it",
        "workflows",
    )


def _inline(data: bytes) -> str | None:
    """Return a file as text where GitHub will store just these bytes for it."""
    if len(data) > _LARGEST_INLINE or b"\0" in data:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _blob_hash(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _decoded(content: str) -> bytes:
    try:
        return base64.b64decode(content)
    except binascii.Error as error:
        raise ValueError("no base64") from error
