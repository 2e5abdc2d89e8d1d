"""The Git Data API: blobs, trees, commits, refs. All of it ends in real git objects."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import datetime
from fnmatch import fnmatchcase

from tests.support.github import effects, render, render_commits
from tests.support.github.api_repositories import REPOSITORY
from tests.support.github.git_store import ABSENT, GitError, GitStore, Signature, TreeEntry
from tests.support.github.messages import Json, Refusal, Response, invalid, not_found
from tests.support.github.routing import Call, forbidden, route
from tests.support.github.world import Repository

_GIT = REPOSITORY + "/git"
WORKFLOWS = ".github/workflows"
WORKFLOWS_NEED = "contents=write,workflows=write"
_MODES = {"100644": "blob", "100755": "blob", "120000": "blob", "040000": "tree", "160000": "commit"}
_SHA = re.compile(r"[0-9a-f]{40}")
_LARGEST_BLOB = 40 * 1024 * 1024


@route("POST", _GIT + "/blobs", "contents=write")
def create_blob(call: Call) -> Response:
    repository = _filled(call)
    content = call.fields["content"]
    if call.fields.get("encoding", "utf-8") == "base64":
        try:
            raw = base64.b64decode("".join(content.split()), validate=True)
        except binascii.Error:
            raise Refusal(422, "content is not valid Base64") from None
    else:
        raw = content.encode()
    if len(raw) > _LARGEST_BLOB:
        raise Refusal(422, "Your input was too large to process. Consider creating the blob in a local clone.")
    sha = repository.git.write_blob(raw)
    url = f"{render.repository_url(call.world, repository)}/git/blobs/{sha}"
    return Response(status=201, body={"sha": sha, "url": url}, headers={"location": url})


@route("GET", _GIT + "/blobs/{file_sha}", "contents=read")
def get_blob(call: Call) -> Response:
    repository, sha = call.repository, call.parameters["file_sha"]
    if repository.git.kind(sha) != "blob":
        raise not_found()
    content = repository.git.blob(sha)
    return Response(
        body={
            "sha": sha,
            "node_id": render.node("B", sha),
            "size": len(content),
            "url": f"{render.repository_url(call.world, repository)}/git/blobs/{sha}",
            "content": render.encoded(content),
            "encoding": "base64",
        }
    )


@route("POST", _GIT + "/trees", "contents=write")
def create_tree(call: Call) -> Response:
    repository = _filled(call)
    base = call.fields.get("base_tree")
    if base is not None:
        base = _tree_of(repository.git, base)
    listed = call.fields["tree"]
    if not listed:
        raise Refusal(422, "Invalid tree info")
    entries = [_entry(repository.git, item) for item in listed]
    _check_workflows(call, any(entry.path.startswith(WORKFLOWS + "/") for entry in entries))
    _check_deletions(repository.git, base, entries)
    try:
        sha = repository.git.write_tree(base, entries)
    except GitError:
        raise Refusal(422, "GitRPC::BadObjectState") from None
    shown = _tree(call, repository, sha, recursive=False)
    return Response(status=201, body=shown, headers={"location": shown["url"]})


@route("GET", _GIT + "/trees/{tree_sha}", "contents=read")
def get_tree(call: Call) -> Response:
    repository = _filled(call)
    name = call.parameters["tree_sha"]
    sha = name if repository.git.kind(name) == "tree" else repository.git.resolve(name)
    if sha is None:
        raise not_found()
    sha = _tree_of(repository.git, sha)
    return Response(body=_tree(call, repository, sha, recursive="recursive" in call.request.query))


@route("POST", _GIT + "/commits", "contents=write")
def create_commit(call: Call) -> Response:
    repository, fields = _filled(call), call.fields
    if repository.git.kind(fields["tree"]) != "tree":
        raise Refusal(422, "Tree SHA does not exist")
    parents = fields.get("parents", [])
    for parent in parents:
        if repository.git.kind(parent) != "commit":
            raise Refusal(422, "Parent SHA does not exist or is not a commit object")
    by_app = call.actor.kind == "Bot" and not {"author", "committer", "signature"} & fields.keys()
    own = effects.signature_of(call.world, call.actor)
    author = _signature(fields.get("author"), own)
    committer = _signature(fields.get("committer"), effects.web_flow(call.world) if by_app else author)
    sha = repository.git.write_commit(fields["tree"], parents, fields["message"], author, committer)
    if by_app:
        repository.verified.add(sha)
    shown = render_commits.git_commit(call.world, repository, repository.git.commit(sha))
    return Response(status=201, body=shown, headers={"location": shown["url"]})


@route("GET", _GIT + "/commits/{commit_sha}", "contents=read")
def get_git_commit(call: Call) -> Response:
    repository, sha = call.repository, call.parameters["commit_sha"]
    if repository.git.kind(sha) != "commit":
        raise not_found()
    return Response(body=render_commits.git_commit(call.world, repository, repository.git.commit(sha)))


@route("GET", _GIT + "/ref/{ref}", "contents=read")
def get_ref(call: Call) -> Response:
    repository = _filled(call)
    ref = f"refs/{call.parameters['ref']}"
    sha = repository.git.refs("refs/").get(ref)
    if sha is None:
        raise not_found()
    return Response(body=_ref(call, repository, ref, sha))


@route("GET", _GIT + "/matching-refs/{ref}", "contents=read")
def matching_refs(call: Call) -> Response:
    repository = _filled(call)
    found = repository.git.refs(f"refs/{call.parameters['ref']}")
    return call.page([_ref(call, repository, ref, sha) for ref, sha in found.items()])


@route("POST", _GIT + "/refs", "contents=write")
def create_ref(call: Call) -> Response:
    repository = _filled(call)
    ref, sha = call.fields["ref"], call.fields["sha"]
    if not ref.startswith("refs/") or ref.count("/") < 2:
        raise Refusal(422, "Reference name must start with 'refs/'" if not ref.startswith("refs/") else "Invalid ref")
    if ref in repository.git.refs("refs/"):
        raise Refusal(422, "Reference already exists")
    if any(fnmatchcase(ref.removeprefix("refs/heads/"), pattern) for pattern in repository.restricted):
        raise Refusal(
            422, "Repository rule violations found\n\nCannot create ref due to creations being restricted.\n\n"
        )
    _check_object(repository, sha)
    _check_ref_workflows(call, repository, sha)
    _point(call, repository, ref, sha)
    shown = _ref(call, repository, ref, sha)
    return Response(status=201, body=shown, headers={"location": shown["url"]})


@route("PATCH", _GIT + "/refs/{ref}", "contents=write")
def update_ref(call: Call) -> Response:
    repository = _filled(call)
    ref, sha = f"refs/{call.parameters['ref']}", call.fields["sha"]
    move(call, repository, ref, sha, forced=call.fields.get("force", False))
    return Response(body=_ref(call, repository, ref, sha))


def move(call: Call, repository: Repository, ref: str, sha: str, *, forced: bool) -> None:
    """Make a ref that is there point elsewhere. Raises Refusal."""
    current = repository.git.refs("refs/").get(ref)
    if current is None:
        raise Refusal(422, "Reference does not exist")
    _check_object(repository, sha)
    if not forced and not repository.git.is_ancestor(current, sha):
        raise Refusal(422, "Update is not a fast forward")
    protected = ref.removeprefix("refs/heads/") in repository.protections
    if forced and protected and not repository.git.is_ancestor(current, sha):
        raise Refusal(422, "Cannot force-push to this branch")
    _check_ref_workflows(call, repository, sha)
    _point(call, repository, ref, sha)


@route("DELETE", _GIT + "/refs/{ref}", "contents=write")
def delete_ref(call: Call) -> Response:
    repository = _filled(call)
    ref = f"refs/{call.parameters['ref']}"
    if ref not in repository.git.refs("refs/"):
        raise Refusal(422, "Reference does not exist")
    branch = ref.removeprefix("refs/heads/")
    if branch == repository.default_branch or branch in repository.protections:
        raise Refusal(422, "Cannot delete this branch")
    _point(call, repository, ref, ABSENT)
    return Response(status=204)


def _filled(call: Call) -> Repository:
    repository = call.repository
    if not repository.branches:
        raise Refusal(409, "Git Repository is empty.")
    return repository


def _entry(git: GitStore, item: Json) -> TreeEntry:
    path, mode = item.get("path", ""), item.get("mode", "")
    if mode not in _MODES:
        raise Refusal(422, "Must supply a valid tree.mode")
    if not path or path.startswith("/") or any(part in {"", ".", "..", ".git"} for part in path.split("/")):
        raise Refusal(422, "tree.path contains a malformed path component")
    if "content" in item and "sha" in item:
        raise Refusal(422, "Must supply either tree.sha or tree.content, not both")
    if "content" in item:
        return TreeEntry(path=path, mode=mode, sha=git.write_blob(item["content"].encode()))
    if "sha" not in item:
        raise Refusal(422, "Must supply tree.sha or tree.content")
    sha = item["sha"]
    if sha is not None and mode != "160000" and git.kind(sha) != _MODES[mode]:
        raise Refusal(422, f"tree.sha {sha} is not a valid {_MODES[mode]}")
    return TreeEntry(path=path, mode=mode, sha=sha)


def _check_deletions(git: GitStore, base: str | None, entries: list[TreeEntry]) -> None:
    for entry in entries:
        if entry.sha is None and (base is None or git.entry(base, entry.path) is None):
            raise Refusal(422, "GitRPC::BadObjectState")


def _check_workflows(call: Call, touched: bool) -> None:
    if touched and call.token and not call.token.allows("workflows", "write"):
        raise forbidden(call.token, WORKFLOWS_NEED)


def _check_ref_workflows(call: Call, repository: Repository, sha: str) -> None:
    """Refuse a commit whose workflows no branch has yet. One without any, on top of none, creates and changes none.

    So the workflow's own token publishes a branch of pages beside the others.
    """
    git = repository.git
    new = git.entry(sha, WORKFLOWS)
    if new is None and all(git.entry(parent, WORKFLOWS) is None for parent in git.commit(sha).parents):
        return
    known = {entry.sha if entry else None for entry in (git.entry(tip, WORKFLOWS) for tip in git.refs().values())}
    _check_workflows(call, (new.sha if new else None) not in known)


def _check_object(repository: Repository, sha: str) -> None:
    if not _SHA.fullmatch(sha):
        raise Refusal(422, "The sha parameter must be exactly 40 characters and contain only [0-9a-f].")
    if repository.git.kind(sha) is None:
        raise Refusal(422, "Object does not exist")


def _point(call: Call, repository: Repository, ref: str, sha: str) -> None:
    if sha != ABSENT and repository.git.attempt("check-ref-format", ref).returncode:
        raise invalid("Reference", "custom", "ref", f"{ref} is not a valid ref name.")
    if not ref.startswith("refs/heads/"):
        repository.git.update_ref(ref, sha)
        return
    if sha != ABSENT and repository.git.kind(sha) != "commit":
        raise Refusal(422, "Object is not a commit")
    checks = call.token is None or call.token.starts_checks
    try:
        effects.moved(call.world, repository, ref.removeprefix("refs/heads/"), sha, call.actor, checks=checks)
    except GitError:
        # A branch `a` stands in the way of `a/b`.
        raise Refusal(422, "Reference update failed") from None


def _signature(given: Json | None, default: Signature) -> Signature:
    if given is None:
        return default
    date = given.get("date") or default.date
    moment = datetime.fromisoformat(date)
    return Signature(name=given["name"], email=given["email"], date=moment.isoformat())


def _tree_of(git: GitStore, sha: str) -> str:
    found = git.peel(sha, "tree") if _SHA.fullmatch(sha) else None
    if found is None:
        raise not_found()
    return found


def _tree(call: Call, repository: Repository, sha: str, *, recursive: bool) -> Json:
    url = f"{render.repository_url(call.world, repository)}/git"
    shown = []
    entries = repository.git.tree(sha, recursive=recursive)
    for entry in entries[: repository.largest_tree]:
        line: Json = {"path": entry.path, "mode": entry.mode, "type": entry.kind, "sha": entry.sha}
        if entry.size is not None:
            line["size"] = entry.size
        if entry.kind != "commit":
            line["url"] = f"{url}/{entry.kind}s/{entry.sha}"
        shown.append(line)
    return {"sha": sha, "url": f"{url}/trees/{sha}", "tree": shown, "truncated": len(shown) < len(entries)}


def _ref(call: Call, repository: Repository, ref: str, sha: str) -> Json:
    url = f"{render.repository_url(call.world, repository)}/git"
    kind = repository.git.kind(sha) or "commit"
    return {
        "ref": ref,
        "node_id": render.node("REF", ref),
        "url": f"{url}/{ref}",
        "object": {"sha": sha, "type": kind, "url": f"{url}/{kind}s/{sha}"},
    }
