"""Issues of one repository, without those that are pull requests."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from github.Issue import Issue as GithubIssue

from bot.github import reading
from bot.github.errors import LostAnswerError
from bot.github.objects import Issue
from bot.github.paging import PAGE, entries
from bot.github.requester import ClientRequester
from bot.github.translate import translated

# Of those that a login opened, pull requests among them, the last changed ones.
_MOST = 1000


class Issues:
    """Reads and writes issues; `path` is where the repository begins in GitHub's interface."""

    def __init__(self, requester: ClientRequester, path: str) -> None:
        self._requester = requester
        self._path = f"{path}/issues"

    def of(self, creator: str, labels: Sequence[str] = ()) -> tuple[Issue, ...]:
        """Return those that ``creator`` opened and that have all of ``labels``, by number: the 1,000 last changed."""
        parameters = {**PAGE, "state": "all", "creator": creator, "sort": "updated", "direction": "desc"}
        if labels:
            parameters["labels"] = ",".join(labels)
        with translated(f"list the issues of {creator}", "issues"):
            listed = islice(entries(self._requester, self._path, parameters), _MOST)
            found = [
                reading.issue(GithubIssue(self._requester, {}, entry, completed=True))
                for entry in listed
                if entry.get("pull_request") is None
            ]
        return tuple(sorted(found, key=lambda issue: issue.number))

    def one(self, number: int) -> Issue:
        """Return one issue, with who closed it. Raises NotThereError."""
        with translated(f"read the issue #{number}", "issues"):
            headers, found = self._requester.requestJsonAndCheck("GET", f"{self._path}/{number}")
            return reading.issue(GithubIssue(self._requester, headers, found, completed=True))

    def create(self, *, title: str, body: str, labels: Sequence[str], login: str) -> Issue:
        """Open one as ``login``. An answer that is lost is looked up: it must not be there twice.

        Raises NotThereError where issues are switched off.
        """
        wish = {"title": title, "body": body, "labels": list(labels)}
        for _attempt in range(2):
            try:
                with translated(f"open the issue {title!r}", "issues"):
                    headers, made = self._requester.requestJsonAndCheck("POST", self._path, input=wish)
                    return reading.issue(GithubIssue(self._requester, headers, made, completed=True))
            except LostAnswerError:
                same = [issue for issue in self.of(login) if (issue.title, issue.body) == (title, body)]
                if same:
                    return same[-1]
        raise LostAnswerError(f"could not open the issue {title!r}: GitHub does not answer; run debtscan again")

    def update(self, number: int, *, title: str | None, body: str | None, is_open: bool | None) -> None:
        """Change what is not None, in one request."""
        state = None if is_open is None else ("open" if is_open else "closed")
        given = {"title": title, "body": body, "state": state}
        wish = {name: value for name, value in given.items() if value is not None}
        if wish:
            with translated(f"change the issue #{number}", "issues"):
                self._requester.requestJsonAndCheck("PATCH", f"{self._path}/{number}", input=wish)
