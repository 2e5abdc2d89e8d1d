"""Pull requests of one repository, and what stands on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from urllib.parse import quote

from github.CheckRun import CheckRun
from github.CommitStatus import CommitStatus
from github.Issue import Issue
from github.PullRequest import PullRequest

from bot.github import reading
from bot.github.errors import AlreadyThereError, HostError, LostAnswerError
from bot.github.objects import Actor, Checks, MergeMethod, Pull
from bot.github.paging import PAGE, entries, objects
from bot.github.requester import ClientRequester
from bot.github.translate import translated

# Of those that are closed, the last changed ones: all of a busy repository would take hundreds of requests. Older ones
# are looked for among what debtscan itself opened, for one that a person closed stays an ignore.
_MOST_CLOSED = 1000
_MOST_OLDER = 200


class Pulls:
    """Reads and writes pull requests; `path` is where the repository begins in GitHub's interface."""

    def __init__(self, requester: ClientRequester, path: str, owner: str, *, most_closed: int = _MOST_CLOSED) -> None:
        self._requester = requester
        self._path = path
        self._owner = owner
        self._most_closed = most_closed

    def matching(self, prefix: str, login: Callable[[], str]) -> tuple[Pull, ...]:
        """Return those whose head branches, in this repository, begin with ``prefix``, by number.

        All that are open, those among the 1,000 last changed of the closed ones, and the last 200 before those that
        ``login`` opened and that were closed unmerged. One that was closed unmerged costs one request more, for who
        closed it; while it does not change, that is free.
        """
        found: dict[int, Pull] = {}
        with translated("list the pull requests", "pull_requests"):
            closed = list(islice(self._list("closed"), self._most_closed))
            older = self._older({pull.number for pull in closed}, login()) if len(closed) == self._most_closed else ()
            for pull in (*self._list("open"), *closed, *older):
                if pull.head.ref.startswith(prefix) and reading.is_own(pull):
                    found[pull.number] = reading.pull(pull, self._closed_by(pull))
        return tuple(found[number] for number in sorted(found))

    def _older(self, known: set[int], login: str) -> Iterator[PullRequest]:
        """Yield what ``login`` opened and what was closed unmerged, beside what is known."""
        asked = {**PAGE, "state": "closed", "creator": login, "sort": "updated", "direction": "desc"}
        issues = entries(self._requester, f"{self._path}/issues", asked)
        unmerged = (entry["number"] for entry in issues if _is_unmerged(entry.get("pull_request")))
        with translated(f"list the older pull requests of {login}", "issues"):
            for number in islice((number for number in unmerged if number not in known), _MOST_OLDER):
                yield self._fetched(number)

    def _list(self, state: str) -> Iterator[PullRequest]:
        order = {"sort": "updated", "direction": "desc"} if state == "closed" else {}
        return objects(PullRequest, self._requester, f"{self._path}/pulls", {**PAGE, **order, "state": state})

    def _closed_by(self, pull: PullRequest) -> Actor | None:
        if pull.state == "open" or pull.raw_data.get("merged_at"):
            return None
        headers, found = self._requester.requestJsonAndCheck("GET", f"{self._path}/issues/{pull.number}")
        closer = Issue(self._requester, headers, found, completed=True).closed_by
        return None if closer is None else reading.actor(closer)

    def create(self, *, branch: str, base: str, title: str, body: str, draft: bool) -> Pull:
        """Open one. An answer that is lost is looked up. Raises AlreadyThereError."""
        wish = {"title": title, "head": branch, "base": base, "body": body, "draft": draft}
        for _attempt in range(2):
            try:
                with translated(f"open a pull request for {branch}", "pull_requests"):
                    headers, made = self._requester.requestJsonAndCheck("POST", f"{self._path}/pulls", input=wish)
                    return reading.pull(PullRequest(self._requester, headers, made, completed=True), is_whole=True)
            except LostAnswerError:
                there = self._open_for(branch)
                if there is not None and (there.title, there.base) == (title, base):
                    return there
                if there is not None:
                    raise AlreadyThereError(f"{branch} has a pull request already: {there.url}") from None
        raise LostAnswerError(f"could not open a pull request for {branch}: GitHub does not answer; run debtscan again")

    def _open_for(self, branch: str) -> Pull | None:
        parameters = {**PAGE, "state": "open", "head": f"{self._owner}:{branch}"}
        with translated(f"look for the pull request of {branch}", "pull_requests"):
            for found in objects(PullRequest, self._requester, f"{self._path}/pulls", parameters):
                if found.head.ref == branch:
                    return reading.pull(found)
        return None

    def update(
        self, number: int, *, title: str | None, body: str | None, draft: bool | None, is_open: bool | None
    ) -> None:
        """Change what is not None."""
        state = None if is_open is None else ("open" if is_open else "closed")
        wish = {"title": title, "body": body, "state": state}
        wish = {name: value for name, value in wish.items() if value is not None}
        with translated(f"change the pull request #{number}", "pull_requests"):
            if wish:
                self._requester.requestJsonAndCheck("PATCH", f"{self._path}/pulls/{number}", input=wish)
            if draft is not None:
                self._set_draft(number, draft=draft)

    def _set_draft(self, number: int, *, draft: bool) -> None:
        """Change it by GraphQL: REST shows a draft, and cannot change it."""
        pull = self._fetched(number)
        if pull.draft == draft:
            return
        if draft:
            pull.convert_to_draft()
        else:
            pull.mark_ready_for_review()

    def label(self, number: int, labels: Sequence[str]) -> None:
        """Add labels; GitHub makes those that are new."""
        if labels:
            self._post_to_issue(number, "labels", {"labels": list(labels)}, "add labels to")

    def assign(self, number: int, logins: Sequence[str]) -> tuple[str, ...]:
        """Add assignees; return those that GitHub silently left out."""
        if not logins:
            return ()
        found = self._post_to_issue(number, "assignees", {"assignees": list(logins)}, "assign")
        with translated(f"assign #{number}"):
            taken = {str(user["login"]).lower() for user in found["assignees"]}
        return tuple(login for login in logins if login.lower() not in taken)

    def request_reviews(self, number: int, logins: Sequence[str], teams: Sequence[str]) -> tuple[str, ...]:
        """Ask for reviews; return whom GitHub did not take. One name that it does not take would spoil the others."""
        wanted = [("reviewers", login) for login in logins] + [("team_reviewers", team) for team in teams]
        if not wanted or self._ask_for_reviews(number, wanted):
            return ()
        if len(wanted) == 1:
            return (wanted[0][1],)
        return tuple(entry[1] for entry in wanted if not self._ask_for_reviews(number, [entry]))

    def _ask_for_reviews(self, number: int, wanted: list[tuple[str, str]]) -> bool:
        body: dict[str, list[str]] = {}
        for kind, name in wanted:
            body.setdefault(kind, []).append(name)
        try:
            with translated(f"ask for reviews of #{number}", "pull_requests"):
                url = f"{self._path}/pulls/{number}/requested_reviewers"
                self._requester.requestJsonAndCheck("POST", url, input=body)
        except HostError as error:
            # Of the kinds only this says that a name is wrong, and not that all would fail.
            if type(error) is HostError:
                return False
            raise
        return True

    def checks(self, sha: str) -> Checks:
        """Return how the checks and statuses of a commit stand."""
        url = f"{self._path}/commits/{quote(sha, safe='')}"
        with translated(f"read the checks of {sha[:10]}", "checks"):
            runs = list(objects(CheckRun, self._requester, f"{url}/check-runs", member="check_runs"))
        with translated(f"read the statuses of {sha[:10]}", "statuses"):
            found = entries(self._requester, f"{url}/status", member="statuses")
            statuses = [CommitStatus(self._requester, {}, entry) for entry in found]
            return reading.checks(runs, statuses)

    def merge(self, number: int, *, sha: str, method: MergeMethod) -> None:
        """Merge one whose head is ``sha``. An answer that is lost is looked up. Raises StaleError."""
        try:
            with translated(f"merge #{number}", "contents"):
                body = {"sha": sha, "merge_method": method}
                self._requester.requestJsonAndCheck("PUT", f"{self._path}/pulls/{number}/merge", input=body)
        except LostAnswerError:
            there = self.one(number)
            if (there.state, there.head) != ("merged", sha):
                raise

    def one(self, number: int) -> Pull:
        """Return one pull request, with whether it can be merged."""
        with translated(f"read the pull request #{number}", "pull_requests"):
            return reading.pull(self._fetched(number), is_whole=True)

    def _fetched(self, number: int) -> PullRequest:
        headers, found = self._requester.requestJsonAndCheck("GET", f"{self._path}/pulls/{number}")
        return PullRequest(self._requester, headers, found, completed=True)

    def enable_auto_merge(self, pull: Pull, method: MergeMethod) -> None:
        """Let GitHub merge this very commit once it may be."""
        with translated(f"let GitHub merge #{pull.number} by itself", "pull_requests"):
            self._known(pull).enable_automerge(merge_method=method.upper(), expected_head_oid=pull.head)

    def disable_auto_merge(self, pull: Pull) -> None:
        """Let GitHub not merge it by itself any more."""
        with translated(f"let GitHub not merge #{pull.number} by itself", "pull_requests"):
            self._known(pull).disable_automerge()

    def _known(self, pull: Pull) -> PullRequest:
        """Return one as PyGithub has it, without asking for it again."""
        known = {"node_id": pull.node_id, "number": pull.number, "url": f"{self._path}/pulls/{pull.number}"}
        return PullRequest(self._requester, {}, known, completed=True)

    def _post_to_issue(self, number: int, what: str, body: dict[str, Any], doing: str) -> Any:  # noqa: ANN401 - JSON
        with translated(f"{doing} #{number}", "pull_requests"):
            return self._requester.requestJsonAndCheck("POST", f"{self._path}/issues/{number}/{what}", input=body)[1]


def _is_unmerged(link: Mapping[str, Any] | None) -> bool:
    """Whether an issue's link says that it is a pull request, and that it was not merged."""
    return link is not None and link.get("merged_at") is None
