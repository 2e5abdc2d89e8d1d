"""The few GraphQL mutations that the bot needs, for what GitHub's REST API cannot do; and the one query: who it is.

GraphQL is not part of the OpenAPI description: mutations, their inputs and the fields that may be asked for stand in
the tables below, kept by hand after https://docs.github.com/graphql/reference/mutations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.support.github import effects, graphql_refs, standing
from tests.support.github.messages import Json, Refusal, Response
from tests.support.github.render import moment, node
from tests.support.github.routing import Call, covers
from tests.support.github.threads import AutoMerge, Pull
from tests.support.github.world import Repository

_ONE_PULL = {"pullRequestId", "clientMutationId"}
MUTATIONS = {
    "convertPullRequestToDraft": _ONE_PULL,
    "markPullRequestReadyForReview": _ONE_PULL,
    "disablePullRequestAutoMerge": _ONE_PULL,
    "enablePullRequestAutoMerge": _ONE_PULL
    | {"mergeMethod", "commitHeadline", "commitBody", "authorEmail", "expectedHeadOid"},
    graphql_refs.MUTATION: graphql_refs.INPUT,
}
_METHODS = {"MERGE": "allow_merge_commit", "SQUASH": "allow_squash_merge", "REBASE": "allow_rebase_merge"}
_TOKENS = re.compile(r'"(?:\\.|[^"\\])*"|\$?\w+|[{}():!,\[\]]')
_VIEWER = ["query", "{", "viewer", "{", "login", "}", "}"]
Selection = dict[str, "Selection"]


class Unreadable(Exception):
    """The query is none that this stand-in reads, or asks for what is not in the tables."""


def answer(call: Call) -> tuple[Response, list[str]]:
    """Perform a mutation; return the answer, and what the request does wrong."""
    if str(call.fields.get("query", "")).split() == _VIEWER and call.token:
        return Response(body={"data": {"viewer": {"login": call.actor.login}}}), []
    try:
        name, selection = _read(str(call.fields.get("query", "")))
        given = _input(call, name)
    except Unreadable as flaw:
        return Refusal(400, str(flaw)).response, [f"POST /graphql: {flaw}"]
    if call.token is None:
        raise Refusal(401, "This endpoint requires you to be authenticated.")
    if name in call.world.unknown_mutations:
        return Response(body={"errors": [_unknown(name)]}), []
    if name == graphql_refs.MUTATION:
        return _update_refs(call, given), []
    return _of_pull(call, name, given, selection)


def _of_pull(call: Call, name: str, given: Json, selection: Selection) -> tuple[Response, list[str]]:
    try:
        repository, pull = _pull(call, given["pullRequestId"])
        _picked(_payload(call, given, repository, pull), selection)
        _perform(call, name, given, repository, pull)
    except _Failed as failed:
        return Response(body={"data": {name: None}, "errors": [failed.shown(name)]}), []
    except Unreadable as flaw:
        return Refusal(400, str(flaw)).response, [f"POST /graphql: {flaw}"]
    return Response(body={"data": {name: _picked(_payload(call, given, repository, pull), selection)}}), []


def _update_refs(call: Call, given: Json) -> Response:
    name = graphql_refs.MUTATION
    try:
        graphql_refs.perform(call, given)
    except Refusal as refusal:
        kind = {403: "FORBIDDEN", 404: "NOT_FOUND"}.get(refusal.response.status, "UNPROCESSABLE")
        return Response(body={"data": {name: None}, "errors": [_Failed(kind, str(refusal)).shown(name)]})
    return Response(body={"data": {name: {"clientMutationId": given.get("clientMutationId")}}})


def _unknown(name: str) -> Json:
    return {
        "path": ["mutation Mutation", name],
        "extensions": {"code": "undefinedField", "typeName": "Mutation", "fieldName": name},
        "locations": [{"line": 1, "column": 1}],
        "message": f"Field '{name}' doesn't exist on type 'Mutation'",
    }


class _Failed(Exception):
    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind

    def shown(self, name: str) -> Json:
        return {"type": self.kind, "path": [name], "locations": [{"line": 1, "column": 1}], "message": str(self)}


def _read(query: str) -> tuple[str, Selection]:
    words = iter(_TOKENS.findall(query))
    if next(words, "") != "mutation":
        raise Unreadable("only mutations are stood in for")
    for word in words:
        if word == "{":
            break
    selections = _selection(words)
    if len(selections) != 1:
        raise Unreadable("one mutation at a time")
    ((name, selection),) = selections.items()
    if name not in MUTATIONS:
        raise Unreadable(f"unknown mutation {name!r}")
    return name, selection


def _selection(words: Iterator[str]) -> Selection:
    found: Selection = {}
    last, depth = "", 0
    for word in words:
        if word in {"(", ")"}:
            depth += 1 if word == "(" else -1
        elif depth:
            continue
        elif word == "{":
            found[last] = _selection(words)
        elif word == "}":
            return found
        else:
            last = word
            found[word] = {}
    raise Unreadable("the query ends too early")


def _input(call: Call, name: str) -> Json:
    variables = call.fields.get("variables") or {}
    given = variables.get("input")
    if not isinstance(given, dict):
        raise Unreadable("the input is to be the variable $input")
    unknown = given.keys() - MUTATIONS[name]
    if name == graphql_refs.MUTATION and not unknown:
        if graphql_refs.flaw(given):
            raise Unreadable(graphql_refs.flaw(given))
        return given
    if unknown or not isinstance(given.get("pullRequestId"), str):
        raise Unreadable(f"{name} takes no {sorted(unknown)}" if unknown else f"{name} needs pullRequestId")
    if given.get("mergeMethod", "MERGE") not in _METHODS:
        raise Unreadable(f"{given['mergeMethod']!r} is no merge method")
    return given


def _picked(value: Any, selection: Selection) -> Any:  # noqa: ANN401 - any JSON
    if not selection or value is None:
        return value
    unknown = selection.keys() - value.keys()
    if unknown:
        raise Unreadable(f"unknown fields {sorted(unknown)}")
    return {name: _picked(value[name], inner) for name, inner in selection.items()}


def _pull(call: Call, wanted: str) -> tuple[Repository, Pull]:
    for repository in call.world.repositories.values():
        for pull in repository.pulls.values():
            if node("PR", pull.id) == wanted and call.token and covers(call.token, repository):
                return repository, pull
    raise _Failed("NOT_FOUND", f"Could not resolve to a node with the global id of '{wanted}'")


def _perform(call: Call, name: str, given: Json, repository: Repository, pull: Pull) -> None:
    needed = ["pull_requests", *(["contents"] if name == "enablePullRequestAutoMerge" else [])]
    if call.token is None or not all(call.token.allows(each, "write") for each in needed):
        raise _Failed("FORBIDDEN", "Resource not accessible by integration")
    if repository.archived:
        raise _Failed("FORBIDDEN", "Repository was archived so is read-only.")
    if name == "enablePullRequestAutoMerge":
        _check_auto_merge(given, repository, pull)
        pull.auto_merge = AutoMerge(enabled_by=call.actor, method=str(given.get("mergeMethod", "MERGE")).lower())
    elif name == "disablePullRequestAutoMerge":
        pull.auto_merge = None
    elif name == "convertPullRequestToDraft" and not repository.allow_drafts:
        raise _Failed("UNPROCESSABLE", "Draft pull requests are not supported in this repository.")
    else:
        pull.draft = name == "convertPullRequestToDraft"
        pull.auto_merge = None if pull.draft else pull.auto_merge
    pull.updated = call.world.now
    effects.settle(call.world, repository)


def _check_auto_merge(given: Json, repository: Repository, pull: Pull) -> None:
    if not repository.allow_auto_merge:
        raise _Failed("UNPROCESSABLE", "Pull request Auto merge is not allowed for this repository")
    if not getattr(repository, _METHODS[given.get("mergeMethod", "MERGE")]):
        raise _Failed("UNPROCESSABLE", "Pull request The merge method is not allowed on this repository")
    if given.get("expectedHeadOid") not in {None, pull.head}:
        raise _Failed("UNPROCESSABLE", "Head branch was modified. Review and try the merge again.")
    if pull.base not in repository.protections:
        raise _Failed("UNPROCESSABLE", "Pull request Protected branch rules not configured for this branch")
    state = standing.mergeable_state(repository, pull)
    if state in {"clean", "unstable", "dirty", "draft", "unknown"}:
        raise _Failed("UNPROCESSABLE", f"Pull request Pull request is in {state} status")


def _payload(call: Call, given: Json, repository: Repository, pull: Pull) -> Json:
    return {
        "clientMutationId": given.get("clientMutationId"),
        "actor": {
            "login": call.actor.login,
            "avatarUrl": f"{call.world.url}/avatars/{call.actor.id}",
            "resourcePath": f"/{call.actor.login}",
            "url": f"{call.world.url}/{call.actor.login}",
        },
        "pullRequest": _shown(call, repository, pull),
    }


def _shown(call: Call, repository: Repository, pull: Pull) -> Json:
    auto = pull.auto_merge
    return {
        "id": node("PR", pull.id),
        "number": pull.number,
        "title": pull.title,
        "isDraft": pull.draft,
        "state": "MERGED" if pull.merged else pull.state.upper(),
        "merged": pull.merged is not None,
        "url": f"{call.world.url}/{repository.full_name}/pull/{pull.number}",
        "headRefOid": pull.head,
        "autoMergeRequest": {"enabledAt": moment(call.world.now), "mergeMethod": auto.method.upper()} if auto else None,
    }
