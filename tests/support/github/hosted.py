"""A repository of the stand-in in a test's hands: what people do to it, and what is to be seen of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.support.github import effects, happenings
from tests.support.github.git_store import ABSENT, Signature, TreeEntry
from tests.support.github.owned import PERSON, OwnedRepository
from tests.support.github.threads import Account, Comment, Issue, Pull, Review
from tests.support.github.world import CheckRun, Protection, Release, Repository, Status


@dataclass(frozen=True, slots=True)
class HostedRepository(OwnedRepository):
    """`settings` is the repository itself: its fields (``archived``, ``allow_auto_merge``, …) may be changed.

    What is done here is done by people, not by the bot: it needs no token, and counts as no request.
    """

    @property
    def clone_url(self) -> str:
        """Where it can be cloned."""
        return f"{self.world.url}/{self.name}.git"

    @property
    def branches(self) -> dict[str, str]:
        """Branch → commit."""
        return self.settings.branches

    @property
    def head(self) -> str:
        """The commit of the default branch."""
        return self.branches[self.settings.default_branch]

    @property
    def pulls(self) -> list[Pull]:
        """All pull requests, oldest first."""
        return [self.settings.pulls[number] for number in sorted(self.settings.pulls)]

    def files(self, ref: str = "") -> dict[str, bytes]:
        """Return path → bytes at a branch, tag or commit."""
        sha = self._resolve(ref)
        entries = self.settings.git.tree(sha, recursive=True)
        return {
            entry.path: self.settings.git.blob(entry.sha) for entry in entries if entry.kind == "blob" and entry.sha
        }

    def file(self, path: str, ref: str = "") -> bytes | None:
        """Return the bytes of one file, None where there is none."""
        return self.files(ref).get(path)

    def commit(
        self,
        files: Mapping[str, str | bytes | None],
        *,
        branch: str = "",
        message: str = "Change",
        login: str = PERSON,
    ) -> str:
        """Commit files (None deletes one) on a branch, made from the default one where it is new; return the hash."""
        with self.lock:
            git, account = self.settings.git, self.world.account(login)
            branch = branch or self.settings.default_branch
            tip = self.branches.get(branch) or self.branches.get(self.settings.default_branch)
            entries = [_entry(self.settings, path, content) for path, content in files.items()]
            tree = git.write_tree(tip, entries)
            who = self._signature(account)
            sha = git.write_commit(tree, (tip,) if tip else (), message, who, who)
            effects.moved(self.world, self.settings, branch, sha, account)
            return sha

    def point(self, branch: str, sha: str, *, login: str = PERSON) -> None:
        """Make a branch point at a commit, by force."""
        with self.lock:
            effects.moved(self.world, self.settings, branch, sha, self.world.account(login))

    def delete_branch(self, branch: str, *, login: str = PERSON) -> None:
        """Delete a branch; its open pull requests close."""
        self.point(branch, ABSENT, login=login)

    def tag(self, name: str, ref: str = "") -> None:
        """Tag a commit."""
        self.settings.git.update_ref(f"refs/tags/{name}", self._resolve(ref))

    def release(self, tag: str, body: str = "", *, ref: str = "", prerelease: bool = False) -> None:
        """Tag a commit and publish notes for it."""
        with self.lock:
            self.tag(tag, ref)
            made = Release(
                id=next(self.world.ids),
                tag=tag,
                name=tag,
                body=body,
                author=self.world.account(PERSON),
                published=self.world.now,
                prerelease=prerelease,
            )
            self.settings.releases.append(made)

    def pull(self, number: int) -> Pull:
        """Return a pull request."""
        return self.settings.pulls[number]

    def open_pull(self, branch: str, *, title: str = "Change", body: str = "", login: str = PERSON) -> Pull:
        """Let somebody open a pull request from a branch to the default one."""
        with self.lock:
            account, base = self.world.account(login), self.settings.default_branch
            made = Pull(
                id=next(self.world.ids),
                number=max(self.settings.issues, default=0) + 1,
                author=account,
                title=title,
                body=body,
                created=self.world.now,
                updated=self.world.now,
                branch=branch,
                base=base,
                head=self.branches[branch],
                base_sha=self.branches[base],
            )
            self.settings.git.update_ref(f"refs/pull/{made.number}/head", made.head)
            self.settings.issues[made.number] = made
            happenings.pull_changed(self.world, self.settings, made, "opened", account)
            return made

    def pull_from_fork(
        self, login: str, branch: str, files: Mapping[str, str | bytes | None], *, title: str = "Change", body: str = ""
    ) -> Pull:
        """Let somebody open a pull request from a branch of a fork; its name may be one of our own branches."""
        with self.lock:
            git, account = self.settings.git, self.world.account(login)
            number = max(self.settings.issues, default=0) + 1
            tree = git.write_tree(self.head, [_entry(self.settings, path, content) for path, content in files.items()])
            who = self._signature(account)
            sha = git.write_commit(tree, (self.head,), title, who, who)
            git.update_ref(f"refs/pull/{number}/head", sha)
            made = Pull(
                id=next(self.world.ids),
                number=number,
                author=account,
                title=title,
                body=body,
                created=self.world.now,
                updated=self.world.now,
                branch=branch,
                base=self.settings.default_branch,
                head=sha,
                base_sha=self.head,
                fork=account,
            )
            self.settings.issues[number] = made
            happenings.pull_changed(self.world, self.settings, made, "opened", account)
            return made

    def merge(self, number: int, *, method: str = "merge", login: str = PERSON) -> str:
        """Merge a pull request; return the new commit."""
        with self.lock:
            return effects.merge(self.world, self.settings, self.pull(number), method, self.world.account(login))

    def close(self, number: int, *, login: str = PERSON) -> None:
        """Close a pull request unmerged."""
        with self.lock:
            effects.close(self.world, self.settings, self.pull(number), self.world.account(login))

    def reopen(self, number: int, *, login: str = PERSON) -> None:
        """Open a closed pull request again."""
        with self.lock:
            effects.reopen(self.world, self.settings, self.pull(number), self.world.account(login))

    @property
    def issues(self) -> list[Issue]:
        """All issues that are no pull requests, oldest first."""
        return [issue for _number, issue in sorted(self.settings.issues.items()) if not isinstance(issue, Pull)]

    def edit_issue(
        self, number: int, *, title: str | None = None, body: str | None = None, login: str = PERSON
    ) -> None:
        """Give an issue, or a pull request, another title or text: a box that is ticked is another text."""
        with self.lock:
            issue = self.settings.issues[number]
            title, body = issue.title if title is None else title, issue.body if body is None else body
            effects.edit(self.world, self.settings, issue, self.world.account(login), title=title, body=body)

    def close_issue(self, number: int, *, login: str = PERSON) -> None:
        """Close an issue."""
        with self.lock:
            effects.close(self.world, self.settings, self.settings.issues[number], self.world.account(login))

    def reopen_issue(self, number: int, *, login: str = PERSON) -> None:
        """Open a closed issue again."""
        with self.lock:
            effects.reopen(self.world, self.settings, self.settings.issues[number], self.world.account(login))

    def comment(self, number: int, body: str, *, login: str = PERSON) -> Comment:
        """Comment on an issue or pull request."""
        with self.lock:
            issue = self.settings.issues[number]
            return effects.say(self.world, self.settings, issue, self.world.account(login), body)

    def review(self, number: int, *, state: str = "APPROVED", login: str = PERSON) -> None:
        """Review a pull request."""
        with self.lock:
            pull, account = self.pull(number), self.world.account(login)
            review = Review(
                id=next(self.world.ids),
                author=account,
                state=state,
                body="",
                commit=pull.head,
                submitted=self.world.now,
            )
            pull.reviews.append(review)
            effects.settle(self.world, self.settings)

    def check(self, sha: str, name: str, conclusion: str | None = "success") -> CheckRun:
        """Add a check run of GitHub Actions; None is one that still runs."""
        with self.lock:
            run = effects.add_check(self.world, self.settings, sha, name, conclusion)
            effects.settle(self.world, self.settings)
            return run

    def status(self, sha: str, context: str, state: str = "success") -> None:
        """Add a commit status."""
        with self.lock:
            made = Status(
                id=next(self.world.ids),
                sha=sha,
                context=context,
                state=state,
                description=None,
                target_url=None,
                creator=self.world.account(PERSON),
                created=self.world.now,
            )
            self.settings.statuses.append(made)
            effects.settle(self.world, self.settings)

    def protect(
        self, branch: str = "", *, contexts: tuple[str, ...] = (), approvals: int = 0, strict: bool = False
    ) -> None:
        """Ask checks and approvals before a merge into a branch, with `strict` also to hold its newest commit."""
        branch = branch or self.settings.default_branch
        self.settings.protections[branch] = Protection(contexts=contexts, approvals=approvals, strict=strict)

    def check_with(self, ci: Callable[[dict[str, bytes]], Mapping[str, str]]) -> None:
        """Run ``ci`` on every commit that a branch is moved to: files → name of a check → its conclusion."""

        def run(repository: Repository, branch: str, sha: str) -> Mapping[str, str]:
            del repository, branch
            return ci(self.files(sha))

        self.settings.ci = run

    def _resolve(self, ref: str) -> str:
        sha = self.settings.git.resolve(ref or self.settings.default_branch)
        if sha is None:
            raise KeyError(ref)
        return sha

    def _signature(self, account: Account) -> Signature:
        return effects.signature_of(self.world, account)


def _entry(repository: Repository, path: str, content: str | bytes | None) -> TreeEntry:
    if content is None:
        return TreeEntry(path=path, mode="100644", sha=None)
    raw = content.encode() if isinstance(content, str) else content
    return TreeEntry(path=path, mode="100644", sha=repository.git.write_blob(raw))
