"""Files by path: reading, writing, deleting, each write a commit on a branch."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import quote

from tests.support.github import effects, render, render_commits
from tests.support.github.api_git import WORKFLOWS, WORKFLOWS_NEED
from tests.support.github.api_repositories import REPOSITORY
from tests.support.github.git_store import TreeEntry
from tests.support.github.messages import Json, Refusal, Response, not_found
from tests.support.github.routing import Call, forbidden, route
from tests.support.github.world import Repository

_CONTENTS = REPOSITORY + "/contents/{path}"
_INLINE = 1024 * 1024


@route("GET", _CONTENTS, "contents=read")
def get_contents(call: Call) -> Response:
    repository, path = call.repository, call.parameters["path"].strip("/")
    if not repository.branches:
        raise Refusal(404, "This repository is empty.")
    ref = call.request.query.get("ref") or repository.default_branch
    sha = repository.git.resolve(ref.removeprefix("refs/heads/"))
    if sha is None:
        raise Refusal(404, f"No commit found for the ref {ref}")
    found = repository.git.entry(sha, path) if path else TreeEntry(path="", mode="040000", sha=sha, kind="tree")
    if found is None or found.sha is None:
        raise not_found()
    if found.kind == "tree":
        inside = repository.git.tree(f"{sha}:{path}" if path else sha)
        shown = [_line(call, repository, each, f"{path}/{each.path}".strip("/"), ref) for each in inside]
        return Response(body=shown)
    if "raw" in call.request.headers.get("accept", ""):
        return Response(
            body=repository.git.blob(found.sha), headers={"content-type": "application/vnd.github.raw; charset=utf-8"}
        )
    return Response(body=_file(call, repository, found, path, ref))


@route("PUT", _CONTENTS, "contents=write")
def put_contents(call: Call) -> Response:
    repository, path = call.repository, call.parameters["path"]
    try:
        content = base64.b64decode("".join(call.fields["content"].split()), validate=True)
    except binascii.Error:
        raise Refusal(422, "content is not valid Base64") from None
    branch, tip, present = _place(call, repository, path)
    if present and call.fields.get("sha") is None:
        raise Refusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    _check_sha(call, path, present)
    blob = repository.git.write_blob(content)
    entry = TreeEntry(path=path, mode=present.mode if present else "100644", sha=blob)
    shown = _write(call, repository, branch, tip, entry)
    written = repository.git.entry(shown["commit"]["sha"], path)
    if written:
        shown["content"] = _line(call, repository, written, path, branch)
    return Response(status=200 if present else 201, body=shown)


@route("DELETE", _CONTENTS, "contents=write")
def delete_contents(call: Call) -> Response:
    repository, path = call.repository, call.parameters["path"]
    branch, tip, present = _place(call, repository, path)
    if present is None:
        raise not_found()
    _check_sha(call, path, present)
    gone = TreeEntry(path=path, mode="100644", sha=None)
    return Response(body=_write(call, repository, branch, tip, gone))


def _place(call: Call, repository: Repository, path: str) -> tuple[str, str | None, TreeEntry | None]:
    branch = call.fields.get("branch") or repository.default_branch
    tip = repository.branches.get(branch)
    if tip is None and repository.branches:
        raise Refusal(404, f"Branch {branch} not found")
    if path.startswith(WORKFLOWS + "/") and call.token and not call.token.allows("workflows", "write"):
        raise forbidden(call.token, WORKFLOWS_NEED)
    return branch, tip, repository.git.entry(tip, path) if tip else None


def _check_sha(call: Call, path: str, present: TreeEntry | None) -> None:
    given = call.fields.get("sha")
    if given is not None and (present is None or present.sha != given):
        raise Refusal(409, f"{path} does not match {given}")


def _write(call: Call, repository: Repository, branch: str, tip: str | None, entry: TreeEntry) -> Json:
    git, by_app = repository.git, call.actor.kind == "Bot"
    tree = git.write_tree(tip, [entry])
    own = effects.signature_of(call.world, call.actor)
    committer = effects.web_flow(call.world) if by_app else own
    sha = git.write_commit(tree, (tip,) if tip else (), call.fields["message"], own, committer)
    if by_app:
        repository.verified.add(sha)
    effects.moved(call.world, repository, branch, sha, call.actor)
    return {"content": None, "commit": render_commits.git_commit(call.world, repository, git.commit(sha))}


def _line(call: Call, repository: Repository, entry: TreeEntry, path: str, ref: str) -> Json:
    url, web = render.repository_url(call.world, repository), render.html_url(call.world, repository)
    kinds = {"040000": "dir", "120000": "symlink", "160000": "submodule"}
    place, at = quote(path), quote(ref)
    own, git_url = f"{url}/contents/{place}?ref={at}", f"{url}/git/{entry.kind}s/{entry.sha}"
    page = f"{web}/{'tree' if entry.kind == 'tree' else 'blob'}/{at}/{place}"
    return {
        "type": kinds.get(entry.mode, "file"),
        "size": entry.size or 0,
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": entry.sha,
        "url": own,
        "git_url": git_url,
        "html_url": page,
        "download_url": f"{web}/raw/{at}/{place}" if entry.kind == "blob" else None,
        "_links": {"self": own, "git": git_url, "html": page},
    }


def _file(call: Call, repository: Repository, entry: TreeEntry, path: str, ref: str) -> Json:
    shown = _line(call, repository, entry, path, ref)
    if entry.mode == "160000":
        return {**shown, "submodule_git_url": None}
    content = repository.git.blob(entry.sha or "")
    if entry.mode == "120000":
        return {**shown, "target": content.decode(errors="replace")}
    small = len(content) <= _INLINE
    return {**shown, "encoding": "base64" if small else "none", "content": render.encoded(content) if small else ""}
