"""GraphQL's `updateRefs`: branches moved only where they point at what is expected, which REST cannot do."""

from __future__ import annotations

from tests.support.github import api_git
from tests.support.github.git_store import ABSENT
from tests.support.github.messages import Json, Refusal
from tests.support.github.render import node
from tests.support.github.routing import Call, covers
from tests.support.github.world import Repository

MUTATION = "updateRefs"
INPUT = {"clientMutationId", "repositoryId", "refUpdates"}
_UPDATE = {"name", "afterOid", "beforeOid", "force"}


def flaw(given: Json) -> str:
    """Return what is wrong with the input, empty for nothing."""
    updates = given.get("refUpdates")
    if not isinstance(given.get("repositoryId"), str) or not isinstance(updates, list) or not updates:
        return "updateRefs needs repositoryId and refUpdates"
    for update in updates:
        if update.keys() - _UPDATE or not {"name", "afterOid"} <= update.keys():
            return f"updateRefs takes no {sorted(update)}"
    return ""


def perform(call: Call, given: Json) -> None:
    """Move one ref after the other. Raises Refusal."""
    repository = _repository(call, given["repositoryId"])
    if call.token is None or not call.token.allows("contents", "write"):
        raise Refusal(403, "Resource not accessible by integration")
    if repository.archived:
        raise Refusal(403, "Repository was archived so is read-only.")
    for update in given["refUpdates"]:
        there = repository.git.refs("refs/").get(update["name"], ABSENT)
        if update.get("beforeOid", there) != there:
            raise Refusal(422, f"Reference cannot be updated: {update['name']} is not at {update['beforeOid']}")
        if there == ABSENT:
            raise Refusal(422, "the stand-in moves refs that are there only")
        api_git.move(call, repository, update["name"], update["afterOid"], forced=update.get("force", False))


def _repository(call: Call, wanted: str) -> Repository:
    for repository in call.world.repositories.values():
        if node("R", repository.id) == wanted and call.token and covers(call.token, repository):
            return repository
    raise Refusal(404, f"Could not resolve to a node with the global id of '{wanted}'")
