"""Comments on issues and pull requests of one repository."""

from __future__ import annotations

from itertools import islice

from github.IssueComment import IssueComment
from github.Reaction import Reaction as GithubReaction

from bot.github import reading
from bot.github.errors import LostAnswerError, NotThereError
from bot.github.objects import MOST_COMMENTS, Comment, Reaction, ReactionKind
from bot.github.paging import entries, last_entries, objects
from bot.github.requester import ClientRequester
from bot.github.translate import translated


class Comments:
    """Reads and writes comments; `path` is where the repository begins in GitHub's interface."""

    def __init__(self, requester: ClientRequester, path: str) -> None:
        self._requester = requester
        self._issues = f"{path}/issues"

    def of(self, number: int) -> tuple[Comment, ...]:
        """Return the comments, oldest first; the first 1,000."""
        with translated(f"read the comments of #{number}", "pull_requests"):
            found = objects(IssueComment, self._requester, f"{self._issues}/{number}/comments")
            return tuple(map(reading.comment, islice(found, MOST_COMMENTS)))

    def newest(self, number: int) -> tuple[Comment, ...]:
        """Return the newest comments, oldest first: 100 or a few more, or all."""
        with translated(f"read the comments of #{number}", "pull_requests"):
            found = last_entries(self._requester, f"{self._issues}/{number}/comments")
            return tuple(reading.comment(IssueComment(self._requester, {}, entry, completed=True)) for entry in found)

    def reactions(self, comment: int) -> tuple[Reaction, ...]:
        """Return the reactions to a comment, oldest first; the first 1,000. Raises NotThereError."""
        with translated(f"read the reactions to the comment {comment}", "issues"):
            listed = islice(entries(self._requester, f"{self._issues}/comments/{comment}/reactions"), MOST_COMMENTS)
            found = [GithubReaction(self._requester, {}, entry) for entry in listed]
            return tuple(Reaction(author=reading.actor(one.user), kind=one.content) for one in found)

    def react(self, comment: int, kind: ReactionKind) -> None:
        """React to a comment; nothing happens where that was done before. Raises NotThereError."""
        with translated(f"react to the comment {comment}", "issues"):
            url = f"{self._issues}/comments/{comment}/reactions"
            self._requester.requestJsonAndCheck("POST", url, input={"content": kind})

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
