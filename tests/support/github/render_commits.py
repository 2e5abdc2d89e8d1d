"""Commits and who wrote them, as GitHub's API shows them."""

from __future__ import annotations

from tests.support.github.git_store import CommitObject, Signature
from tests.support.github.messages import Json
from tests.support.github.render import html_url, node, repository_url, user_or_none
from tests.support.github.threads import Account
from tests.support.github.world import Repository, World


def verification(repository: Repository, sha: str) -> Json:
    """Render whether GitHub signed a commit."""
    signed = sha in repository.verified
    return {
        "verified": signed,
        "reason": "valid" if signed else "unsigned",
        "signature": "-----BEGIN PGP SIGNATURE-----" if signed else None,
        "payload": "tree" if signed else None,
        "verified_at": None,
    }


def git_commit(world: World, repository: Repository, commit: CommitObject) -> Json:
    """Render a commit as the Git Data API does."""
    url = repository_url(world, repository)
    web = html_url(world, repository)
    return {
        "sha": commit.sha,
        "node_id": node("C", commit.sha),
        "url": f"{url}/git/commits/{commit.sha}",
        "html_url": f"{web}/commit/{commit.sha}",
        "author": signature(commit.author),
        "committer": signature(commit.committer),
        "tree": {"sha": commit.tree, "url": f"{url}/git/trees/{commit.tree}"},
        "message": commit.message,
        "parents": [
            {"sha": parent, "url": f"{url}/git/commits/{parent}", "html_url": f"{web}/commit/{parent}"}
            for parent in commit.parents
        ],
        "verification": verification(repository, commit.sha),
    }


def full_commit(world: World, repository: Repository, commit: CommitObject) -> Json:
    """Render a commit as the lists of commits do; its people are accounts where their addresses say so."""
    url = repository_url(world, repository)
    web = html_url(world, repository)
    return {
        "sha": commit.sha,
        "node_id": node("C", commit.sha),
        "url": f"{url}/commits/{commit.sha}",
        "html_url": f"{web}/commit/{commit.sha}",
        "comments_url": f"{url}/commits/{commit.sha}/comments",
        "commit": {
            "url": f"{url}/git/commits/{commit.sha}",
            "author": signature(commit.author),
            "committer": signature(commit.committer),
            "message": commit.message,
            "tree": {"sha": commit.tree, "url": f"{url}/git/trees/{commit.tree}"},
            "comment_count": 0,
            "verification": verification(repository, commit.sha),
        },
        "author": user_or_none(world, owner_of(world, commit.author.email)),
        "committer": user_or_none(world, owner_of(world, commit.committer.email)),
        "parents": [
            {"sha": parent, "url": f"{url}/commits/{parent}", "html_url": f"{web}/commit/{parent}"}
            for parent in commit.parents
        ],
    }


def signature(value: Signature) -> Json:
    """Render who wrote a commit."""
    return {"name": value.name, "email": value.email, "date": value.date.replace("+00:00", "Z")}


def owner_of(world: World, email: str) -> Account | None:
    """Return whose address it is: GitHub's own kind (``1+ada@users.noreply.github.com``) names its account."""
    name, _, host = email.partition("@")
    if host == "github.com":
        return world.account("web-flow")
    login = name.partition("+")[2] or name
    return world.accounts.get(login.lower()) if host == "users.noreply.github.com" else None


def address_of(account: Account) -> str:
    """Return the address under which GitHub commits for an account."""
    return f"{account.id}+{account.login}@users.noreply.github.com"
