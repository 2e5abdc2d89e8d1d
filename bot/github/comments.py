"""Comments on issues and pull requests of one repository."""

from __future__ import annotations

from itertools import islice

from github.IssueComment import IssueComment

from bot.github import reading
from bot.github.errors import LostAnswerError, NotThereError
from bot.github.objects import Comment
from bot.github.paging import objects
from bot.github.requester import ClientRequester
from bot.github.translate import translated

MOST_READ = 1000
"""Of so many comments, the oldest, an issue or a pull request is known."""


class Comments:
    """Reads and writes comments; `path` is where the repository begins in GitHub's interface."""

    def __init__(self, requester: ClientRequester, path: str) -> None:
        self._requester = requester
        self._issues = f"{path}/issues"

    def of(self, number: int) -> tuple[Comment, ...]:
        """Return the comments, oldest first; the first 1,000."""
        with translated(f"read the comments of #{number}", "pull_requests"):
            found = objects(IssueComment, self._requester, f"{self._issues}/{number}/comments")
            return tuple(map(reading.comment, islice(found, MOST_READ)))

    def add(self, number: int, body: str, login: str) -> None:
        """Add a comment as ``login``. An answer that is lost is looked up: it must not stand there twice."""
        for _attempt in range(2):
            try:
                with translated(f"comment on #{number}", "pull_requests"):
                    url = f"{self._issues}/{number}/comments"
                    self._requester.requestJsonAndCheck("POST", url, input={"body": body})
            except LostAnswerError:
                last = self.of(number)[-1:]
                if last and (last[0].body, last[0].author.login) == (body, login):
                    return
            else:
                return
        raise LostAnswerError(f"could not comment on #{number}: GitHub does not answer; run debtscan again")

    def edit(self, comment: int, body: str) -> None:
        """Give a comment another text. Raises NotThereError."""
        with translated(f"change the comment {comment}", "pull_requests"):
            self._requester.requestJsonAndCheck("PATCH", f"{self._issues}/comments/{comment}", input={"body": body})

    def delete(self, comment: int) -> None:
        """Delete a comment; nothing happens where it is gone."""
        try:
            with translated(f"delete the comment {comment}", "pull_requests"):
                self._requester.requestJsonAndCheck("DELETE", f"{self._issues}/comments/{comment}")
        except NotThereError:
            return
