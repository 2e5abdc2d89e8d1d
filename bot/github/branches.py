"""Branches, and the commits that one has and another has not."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any
from urllib.parse import quote

from github.GithubException import GithubException

from bot.github import reading
from bot.github.commits import no_workflows
from bot.github.errors import AlreadyThereError, ForbiddenError, HostError, LostAnswerError, NotThereError, StaleError
from bot.github.objects import Commit
from bot.github.paging import entries
from bot.github.requester import ClientRequester
from bot.github.translate import translated

_MOST_COMMITS = 1000


class Branches:
    """Reads and writes the branches of one repository; `path` is where that begins in GitHub's interface."""

    def __init__(self, requester: ClientRequester, path: str) -> None:
        self._requester = requester
        self._path = path
        self._node_id = ""

    def matching(self, prefix: str) -> dict[str, str]:
        """Return branch → commit of the branches whose names begin with ``prefix``."""
        with translated(f"list the branches {prefix}*", "contents"):
            url = f"{self._path}/git/matching-refs/heads/{quote(prefix)}"
            found = entries(self._requester, url, {})
            return {entry["ref"].removeprefix("refs/heads/"): entry["object"]["sha"] for entry in found}

    def one(self, name: str) -> str | None:
        """Return where a branch points, None where there is none."""
        try:
            with translated(f"look up the branch {name}", "contents"):
                _headers, found = self._requester.requestJsonAndCheck(
                    "GET", f"{self._path}/git/ref/heads/{quote(name)}"
                )
                return reading.text(found["object"]["sha"])
        except NotThereError:
            return None

    def between(self, base: str, head: str) -> tuple[Commit, ...]:
        """Return the commits of ``head`` that ``base`` has not, oldest first. Raises HostError, over 1,000 as well."""
        with translated(f"compare {base} with {head}", "contents"):
            url = f"{self._path}/compare/{quote(base, safe='')}...{quote(head, safe='')}"
            commits = entries(self._requester, url, member="commits")
            found = tuple(map(reading.commit, islice(commits, _MOST_COMMITS + 1)))
        if len(found) > _MOST_COMMITS:
            raise HostError(f"{head} has over {_MOST_COMMITS} commits that {base} has not; remove the branch")
        return found

    def required_checks(self, branch: str) -> tuple[str, ...] | None:
        """Return the checks that protection and rulesets of a branch require; None where these may not be known."""
        try:
            with translated(f"read what {branch} requires", "contents"):
                _headers, found = self._requester.requestJsonAndCheck("GET", f"{self._path}/branches/{quote(branch)}")
                names = set(_required(found.get("protection") or {}))
        except ForbiddenError:
            return None
        try:
            with translated(f"read the rules of {branch}", "metadata"):
                url = f"{self._path}/rules/branches/{quote(branch)}"
                for rule in entries(self._requester, url):
                    if rule["type"] == "required_status_checks":
                        names |= {entry["context"] for entry in rule["parameters"]["required_status_checks"]}
        except NotThereError:
            # A server that is older than rulesets.
            pass
        except ForbiddenError:
            return None
        return tuple(sorted(names))

    def create(self, name: str, sha: str) -> None:
        """Create a branch. An answer that is lost is looked up. Raises AlreadyThereError."""
        body = {"ref": f"refs/heads/{name}", "sha": sha}
        for _attempt in range(2):
            try:
                with translated(f"create the branch {name}", "contents"):
                    _headers, made = self._requester.requestJsonAndCheck("POST", f"{self._path}/git/refs", input=body)
                    reading.text(made["object"]["sha"])
                    return
            except LostAnswerError:
                there = self.one(name)
                if there == sha:
                    return
                if there is not None:
                    raise AlreadyThereError(f"the branch {name} was made by somebody else meanwhile") from None
            except ForbiddenError as error:
                raise self._named(error, sha) from None
        raise LostAnswerError(f"could not create the branch {name}: GitHub does not answer; run debtscan again")

    def move(self, name: str, sha: str, *, expected: str) -> None:
        """Make a branch point at ``sha`` where it points at ``expected``. Raises StaleError.

        GitHub compares and moves at once by GraphQL (``updateRefs``). Servers without that are asked where the branch
        points, then told to move it: without force where the new commit follows, so that GitHub itself refuses
        what somebody pushed meanwhile; with force else, and then a push in between, a fraction of a second, is lost.
        """
        try:
            if not self._swap(name, sha, expected):
                self._move_in_steps(name, sha, expected)
        except ForbiddenError as error:
            raise self._named(error, sha) from None
        except HostError:
            # Done before an answer was lost, or by another run with the same content.
            there = self.one(name)
            if there == sha:
                return
            if there is None:
                raise NotThereError(f"the branch {name} is gone") from None
            if there != expected:
                raise _stale(name) from None
            raise

    def delete(self, name: str) -> None:
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

    def _move_in_steps(self, name: str, sha: str, expected: str) -> None:
        if self.one(name) != expected:
            raise _stale(name)
        try:
            self._patch(name, sha, force=False)
        except StaleError:
            if self.one(name) != expected:
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

    def _named(self, error: ForbiddenError, sha: str) -> ForbiddenError:
        """Return the error with the permission that is missing where GitHub tells it by its words alone."""
        return no_workflows(sha[:10]) if error.permission == "workflows" else error


def _stale(name: str) -> StaleError:
    return StaleError(f"the branch {name} was moved by somebody else; what they pushed is left as it is")


def _required(protection: Mapping[str, Any]) -> list[str]:
    return [reading.text(name) for name in (protection.get("required_status_checks") or {}).get("contexts") or ()]
