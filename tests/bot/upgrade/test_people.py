"""What people and other bots do to a branch of debtscan: it stays as they left it, and that is said."""

from __future__ import annotations

import pytest

from bot.upgrade.body import body
from bot.upgrade.publish import Offer, Outcome, Publisher
from bot.upgrade.tidy import Tidier
from tests.support.github import GitHubStandIn, HostedRepository, effects
from tests.support.github.git_store import TreeEntry
from tests.support.hosts import LOGIN, opened
from tests.support.upgrades import background, move, upgrade, written

NAME = "acme/shop"
PREFIX = "debtscan/"
BOT = "pre-commit-ci[bot]"
OURS = "Bump\n\n- requests\n\nDebtscan-Upgrade: pypi-requests-2\nDebtscan-Digest: 00000000000000000000\n"
SEALED = f"{OURS}Debtscan-Tree: {{tree}}\n"


def _publish(github: GitHubStandIn, target: str) -> Outcome:
    made = upgrade(move("requests", target=target))
    files = {"requirements.txt": f"requests=={target}\n".encode()}
    what = written(made, files=files, commits=(("Bump requests", files),))
    with opened(github, NAME) as client:
        repo = client.repository()
        assert repo.head
        publisher = Publisher(client, repo, repo.head, client.pulls(PREFIX), client.branches(PREFIX))
        return publisher.publish(Offer(written=what, body=body(what, background())))


def _commit(repository: HostedRepository, branch: str, message: str, author: str, committer: str, *more: str) -> None:
    """Put a commit on a branch, as GitHub's buttons and other bots do; ``more`` are parents beside its head."""
    settings, world = repository.settings, repository.world
    head = repository.branches[branch]
    who = [repository._signature(world.account(login)) for login in (author, committer)]
    tree = settings.git.write_tree(head, ())
    sha = settings.git.write_commit(tree, (head, *more), message.format(tree=tree), who[0], who[1])
    effects.moved(world, settings, branch, sha, world.account(committer))


@pytest.mark.parametrize(
    ("message", "author", "committer", "merges"),
    [
        pytest.param(SEALED, LOGIN, "ada", False, id="rebased by a person"),
        pytest.param("Merge branch 'main'\n", "ada", "web-flow", True, id="brought up to date by the button"),
        pytest.param(f"Update a\n\nCo-authored-by: {LOGIN} <a@b>\n", "ada", "web-flow", False, id="a suggestion taken"),
        pytest.param("auto fixes\n", BOT, BOT, False, id="of another bot"),
        pytest.param(SEALED, BOT, "web-flow", False, id="of another bot, with our trailers"),
        pytest.param("My fix\n", LOGIN, LOGIN, False, id="of a person whose token debtscan has"),
        pytest.param(OURS, LOGIN, LOGIN, False, id="of that person, with trailers of ours"),
        pytest.param(f"{OURS}Debtscan-Tree: {'0' * 40}\n", LOGIN, LOGIN, False, id="of that person, with another tree"),
    ],
)
def test_it_stays_and_is_said(github: GitHubStandIn, message: str, author: str, committer: str, merges: bool) -> None:
    repository = github.repository(NAME, {"requirements.txt": "requests==2.31.0\n"}, collaborators={LOGIN: "write"})
    _publish(github, "2.32.4")
    (pull,) = repository.pulls
    more = (repository.commit({"README.md": "Shop\n"}),) if merges else ()
    _commit(repository, pull.branch, message, author, committer, *more)
    head, before = repository.branches[pull.branch], len(github.writes)
    assert _publish(github, "2.32.5").kept == "somebody else's commits are on the branch, and stay"
    with opened(github, NAME) as client:
        tidier = Tidier(client, repository.head, client.login())
        assert tidier.close(client.pulls(PREFIX)[0], "Nothing needs it any more.") == ()
        assert tidier.sweep(client.branches(PREFIX), (), ()) == ()
    assert repository.branches[pull.branch] == head
    assert github.writes[before:] == []


def test_what_is_pushed_while_a_round_goes_on_is_not_deleted(github: GitHubStandIn) -> None:
    """Lock tools may take long between the look at a branch and its end."""
    repository = github.repository(NAME, {"requirements.txt": "requests==2.31.0\n"}, collaborators={LOGIN: "write"})
    _publish(github, "2.32.4")
    with opened(github, NAME) as client:
        (seen,) = client.pulls(PREFIX)
        _commit(repository, seen.branch, "My fix\n", "ada", "ada")
        before = len(github.writes)
        assert Tidier(client, repository.head, client.login()).close(seen, "Nothing needs it any more.") == ()
    assert seen.branch in repository.branches
    assert github.writes[before:] == []


def test_what_a_person_whose_token_debtscan_has_amends_or_rebases_is_theirs(github: GitHubStandIn) -> None:
    repository = github.repository(NAME, {"requirements.txt": "requests==2.31.0\n"}, collaborators={LOGIN: "write"})
    _publish(github, "2.32.4")
    (pull,) = repository.pulls
    git = repository.settings.git
    made = git.commit(pull.head)
    who = repository._signature(repository.world.account(LOGIN))
    amended = git.write_commit(
        git.write_tree(pull.head, [TreeEntry(path="fix.py", mode="100644", sha=git.write_blob(b"x = 1\n"))]),
        made.parents,
        made.message,
        who,
        who,
    )
    base = repository.commit({"README.md": "Shop\n"})
    lines = git.write_blob(b"requests==2.32.4\n")
    rebased = git.write_commit(
        git.write_tree(base, [TreeEntry(path="requirements.txt", mode="100644", sha=lines)]),
        (base,),
        made.message,
        who,
        who,
    )
    for theirs in (amended, rebased):
        repository.point(pull.branch, theirs, login=LOGIN)
        assert _publish(github, "2.32.5").kept == "somebody else's commits are on the branch, and stay"
        assert repository.branches[pull.branch] == theirs


def test_words_alone_that_are_amended_keep_it_debtscans(github: GitHubStandIn) -> None:
    repository = github.repository(NAME, {"requirements.txt": "requests==2.31.0\n"}, collaborators={LOGIN: "write"})
    _publish(github, "2.32.4")
    (pull,) = repository.pulls
    git = repository.settings.git
    made, who = git.commit(pull.head), repository._signature(repository.world.account(LOGIN))
    words = made.message.replace("Bump requests", "Bump requests, as agreed")
    repository.point(pull.branch, git.write_commit(made.tree, made.parents, words, who, who), login=LOGIN)
    assert _publish(github, "2.32.4").done == ()
    assert _publish(github, "2.32.5").kept == ""
