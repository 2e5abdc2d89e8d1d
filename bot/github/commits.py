"""Files, branches and commits, through the Git Data API: no clone, no push credentials, and signed under an App."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from itertools import islice
from typing import Any
from urllib.parse import quote

from github.Comparison import Comparison
from github.GithubException import GithubException

from bot.github import reading
from bot.github.errors import AlreadyThereError, ForbiddenError, HostError, LostAnswerError, NotThereError, StaleError
from bot.github.objects import Commit
from bot.github.requester import ClientRequester
from bot.github.translate import translated

_MOST_COMMITS = 1000
# Larger texts go as blobs, so that no request grows without bound.
_LARGEST_INLINE = 512 * 1024
_PLAIN, _EXECUTABLE, _FOLDER = "100644", "100755", "040000"
_WORKFLOWS = ".github/workflows/"


class Commits:
    """Reads and writes what git holds of one repository; `path` is where that begins in GitHub's interface."""

    def __init__(self, requester: ClientRequester, path: str) -> None:
        self._requester = requester
        self._path = path
        # What a hash names never changes.
        self._trees: dict[str, Mapping[str, tuple[str, str]]] = {}
        self._tree_of: dict[str, str] = {}
        self._node_id = ""

    def branches(self, prefix: str) -> dict[str, str]:
        """Return branch → commit of the branches whose names begin with ``prefix``."""
        found: dict[str, str] = {}
        with translated(f"list the branches {prefix}*", "contents"):
            url: str | None = f"{self._path}/git/matching-refs/heads/{quote(prefix)}"
            while url:
                headers, page = self._requester.requestJsonAndCheck("GET", url)
                found |= {entry["ref"].removeprefix("refs/heads/"): entry["object"]["sha"] for entry in page}
                url = _next_page(headers)
        return found

    def branch(self, name: str) -> str | None:
        """Return where a branch points, None where there is none."""
        try:
            with translated(f"look up the branch {name}", "contents"):
                _headers, found = self._requester.requestJsonAndCheck(
                    "GET", f"{self._path}/git/ref/heads/{quote(name)}"
                )
                return reading.text(found["object"]["sha"])
        except NotThereError:
            return None

    def file(self, path: str, ref: str) -> bytes | None:
        """Return a file at a ref; None where there is none, or a folder or submodule."""
        try:
            with translated(f"read {path}", "contents"):
                where = f"{self._path}/contents/{quote(path)}"
                _headers, found = self._requester.requestJsonAndCheck("GET", where, parameters={"ref": ref})
                if not isinstance(found, dict) or found.get("type") != "file":
                    return None
                if found.get("encoding") == "base64":
                    return _decoded(found["content"])
                # Over one megabyte, only the blob holds the content.
                _headers, blob = self._requester.requestJsonAndCheck("GET", f"{self._path}/git/blobs/{found['sha']}")
                return _decoded(blob["content"])
        except NotThereError:
            return None

    def between(self, base: str, head: str) -> tuple[Commit, ...]:
        """Return the commits of ``head`` that ``base`` has not, oldest first. Raises HostError, over 1,000 as well."""
        with translated(f"compare {base} with {head}", "contents"):
            url = f"{self._path}/compare/{quote(base, safe='')}...{quote(head, safe='')}"
            comparison = Comparison(self._requester, url=url)
            found = tuple(map(reading.commit, islice(comparison.commits, _MOST_COMMITS + 1)))
        if len(found) > _MOST_COMMITS:
            raise HostError(f"{head} has over {_MOST_COMMITS} commits that {base} has not; remove the branch")
        return found

    def commit(self, parent: str, files: Mapping[str, bytes | None], message: str) -> str:
        """Write a commit that no branch has yet; return its hash. Files keep their mode; unchanged ones stay out."""
        with translated("read the files to be changed", "contents"):
            tree = self._tree_of_commit(parent)
            entries = [entry for path, data in sorted(files.items()) for entry in self._entry(tree, path, data)]
        if entries:
            tree = self._new_tree(tree, entries)
        with translated("write a commit", "contents"):
            body = {"message": message, "tree": tree, "parents": [parent]}
            _headers, made = self._requester.requestJsonAndCheck("POST", f"{self._path}/git/commits", input=body)
            sha = reading.text(made["sha"])
        self._tree_of[sha] = tree
        return sha

    def create_branch(self, name: str, sha: str) -> None:
        """Create a branch. An answer that is lost is looked up. Raises AlreadyThereError."""
        body = {"ref": f"refs/heads/{name}", "sha": sha}
        for _attempt in range(2):
            try:
                with translated(f"create the branch {name}", "contents"):
                    self._requester.requestJsonAndCheck("POST", f"{self._path}/git/refs", input=body)
                    return
            except LostAnswerError:
                there = self.branch(name)
                if there == sha:
                    return
                if there is not None:
                    raise AlreadyThereError(f"the branch {name} was made by somebody else meanwhile") from None
            except ForbiddenError as error:
                raise self._named(error, sha) from None
        raise LostAnswerError(f"could not create the branch {name}: GitHub does not answer; run debtscan again")

    def move_branch(self, name: str, sha: str, *, expected: str) -> None:
        """Make a branch point at ``sha`` where it points at ``expected``. Raises StaleError.

        GitHub compares and moves at once by GraphQL (``updateRefs``). Servers without that are asked where the branch
        points, then told to move it: without force where the new commit follows, so that GitHub itself refuses
        what somebody pushed meanwhile; with force else, and then a push in between, a fraction of a second, is lost.
        """
        try:
            if not self._swap(name, sha, expected):
                self._move(name, sha, expected)
        except ForbiddenError as error:
            raise self._named(error, sha) from None
        except HostError:
            # Done before an answer was lost, or by another run with the same content.
            there = self.branch(name)
            if there == sha:
                return
            if there is None:
                raise NotThereError(f"the branch {name} is gone") from None
            if there != expected:
                raise _stale(name) from None
            raise

    def delete_branch(self, name: str) -> None:
        """Delete a branch; nothing happens where it is gone."""
        try:
            with translated(f"delete the branch {name}", "contents"):
                self._requester.requestJsonAndCheck("DELETE", f"{self._path}/git/refs/heads/{quote(name)}")
        except NotThereError:
            return

    def _swap(self, name: str, sha: str, expected: str) -> bool:
        """Move by GraphQL; False where the server does not know how."""
        update = {"name": f"refs/heads/{name}", "afterOid": sha, "beforeOid": expected, "force": True}
        wish = {"repositoryId": self._repository_id(), "refUpdates": [update]}
        with translated(f"move the branch {name}", "contents"):
            try:
                self._requester.graphql_named_mutation("updateRefs", wish, "clientMutationId")
            except GithubException as error:
                if "updateRefs" in str(error.data) and "exist" in str(error.data):
                    return False
                raise
        return True

    def _move(self, name: str, sha: str, expected: str) -> None:
        if self.branch(name) != expected:
            raise _stale(name)
        try:
            self._patch(name, sha, force=False)
        except StaleError:
            if self.branch(name) != expected:
                raise
            self._patch(name, sha, force=True)

    def _patch(self, name: str, sha: str, *, force: bool) -> None:
        with translated(f"move the branch {name}", "contents"):
            body = {"sha": sha, "force": force}
            self._requester.requestJsonAndCheck("PATCH", f"{self._path}/git/refs/heads/{quote(name)}", input=body)

    def _repository_id(self) -> str:
        if not self._node_id:
            with translated("look up the repository", "metadata"):
                _headers, found = self._requester.requestJsonAndCheck("GET", self._path)
                self._node_id = reading.text(found["node_id"])
        return self._node_id

    def _tree_of_commit(self, sha: str) -> str:
        if sha not in self._tree_of:
            _headers, found = self._requester.requestJsonAndCheck("GET", f"{self._path}/git/commits/{sha}")
            self._tree_of[sha] = reading.text(found["tree"]["sha"])
        return self._tree_of[sha]

    def _tree(self, sha: str) -> Mapping[str, tuple[str, str]]:
        """Return name → (mode, hash) of one folder."""
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
                body = {"base_tree": base, "tree": entries}
                _headers, made = self._requester.requestJsonAndCheck("POST", f"{self._path}/git/trees", input=body)
                return reading.text(made["sha"])
        except (NotThereError, ForbiddenError):
            # GitHub says "not found" where only the permission for workflows is missing.
            if workflows:
                raise no_workflows(workflows[0]) from None
            raise

    def _named(self, error: ForbiddenError, sha: str) -> ForbiddenError:
        """Return the error with the permission that is missing where GitHub tells it by its words alone."""
        return no_workflows(sha[:10]) if error.permission == "workflows" else error


def no_workflows(what: str) -> ForbiddenError:
    """Return the error for a change below ``.github/workflows`` without the permission for it."""
    return ForbiddenError(
        f"could not change {what}: files in {_WORKFLOWS} need the permission 'workflows' (write); give it to the App "
        "(a token of a person: the scope 'workflow'). The token of a workflow itself can never have it",
        "workflows",
    )


def _stale(name: str) -> StaleError:
    return StaleError(f"the branch {name} was moved by somebody else; what they pushed is left as it is")


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


def _next_page(headers: Mapping[str, Any]) -> str | None:
    """Return where a list goes on."""
    for part in str(headers.get("link", "")).split(","):
        address, _semicolon, relation = part.partition(";")
        if 'rel="next"' in relation:
            return address.strip().removeprefix("<").removesuffix(">")
    return None
