"""Branches made anew because people asked for it: once, and what people did is thrown away by one word alone."""

from __future__ import annotations

import pytest

from bot.upgrade import marker
from bot.upgrade.body import body
from bot.upgrade.branches import lost_to
from bot.upgrade.marker import Marker
from bot.upgrade.publish import Offer, Outcome, Publisher
from bot.upgrade.wishes import BOX, NONE, Wishes
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.hosts import LOGIN, opened
from tests.support.upgrades import background, move, upgrade, written

NAME = "acme/shop"
PREFIX = "debtscan/"
ID = "pypi-requests-2"
BRANCH = f"{PREFIX}{ID}"
MINE = "Mine\n"


@pytest.fixture
def repository(github: GitHubStandIn) -> HostedRepository:
    files = {"requirements.txt": "requests==2.31.0\n", "README.md": "Shop\n"}
    made = github.repository(NAME, files, collaborators={"ada": "write", LOGIN: "write"})
    _publish(github)
    made.commit({"README.md": "Shop, new\n"})
    return made


def _publish(github: GitHubStandIn, wishes: Wishes = NONE) -> Outcome:
    made = upgrade(move("requests", target="2.32.4"))
    files = {"requirements.txt": b"requests==2.32.4\n"}
    ready = written(made, files=files, commits=(("Bump requests", files),))
    with opened(github, NAME) as client:
        repo = client.repository()
        assert repo.head
        publisher = Publisher(client, repo, repo.head, client.pulls(PREFIX), client.branches(PREFIX), wishes)
        return publisher.publish(Offer(written=ready, body=body(ready, background())))


def _parents(github: GitHubStandIn, repository: HostedRepository) -> list[tuple[str, ...]]:
    with opened(github, NAME) as client:
        return [one.parents for one in client.commits_between(repository.head, repository.branches[BRANCH])]


def _said(repository: HostedRepository) -> Marker:
    said = marker.parse(repository.pulls[0].body or "")
    assert said
    return said


@pytest.mark.parametrize(
    "wishes", [Wishes(rebase=frozenset({ID})), Wishes(everything=True), Wishes(recreate={ID: "7"})]
)
def test_a_branch_is_made_anew_on_the_head_of_the_default_one_once(
    github: GitHubStandIn, repository: HostedRepository, wishes: Wishes
) -> None:
    assert _parents(github, repository) != [(repository.head,)]
    assert _publish(github, wishes).done == (f"remade {BRANCH}",)
    assert _parents(github, repository) == [(repository.head,)]
    before = len(github.writes)
    assert _publish(github, wishes).done == ()
    assert github.writes[before:] == []


def test_other_branches_stay(github: GitHubStandIn, repository: HostedRepository) -> None:
    before = repository.branches[BRANCH]
    assert _publish(github, Wishes(rebase=frozenset({"pypi-flask-3"}), recreate={"npm-x-1": "7"})).done == ()
    assert repository.branches[BRANCH] == before


def test_a_rebase_leaves_what_people_did(github: GitHubStandIn, repository: HostedRepository) -> None:
    theirs = repository.commit({"mine.txt": MINE}, branch=BRANCH)
    assert "somebody else's commits" in _publish(github, Wishes(rebase=frozenset({ID}), everything=True)).kept
    assert repository.branches[BRANCH] == theirs


@pytest.mark.parametrize("who", ["7", BOX])
def test_made_anew_without_what_people_did_it_is_told_where_that_was(
    github: GitHubStandIn, repository: HostedRepository, who: str
) -> None:
    theirs = repository.commit({"mine.txt": MINE}, branch=BRANCH)
    outcome = _publish(github, Wishes(recreate={ID: who}))
    assert (outcome.lost, outcome.note, outcome.kept) == (theirs, "", "")
    assert lost_to(_said(repository), who) == theirs
    assert lost_to(_said(repository), "8") == ""
    assert repository.file("mine.txt", BRANCH) is None
    assert _parents(github, repository) == [(repository.head,)]


def test_what_people_add_after_that_is_not_thrown_away_by_the_same_word(
    github: GitHubStandIn, repository: HostedRepository
) -> None:
    first = repository.commit({"mine.txt": MINE}, branch=BRANCH)
    _publish(github, Wishes(recreate={ID: "7"}))
    theirs = repository.commit({"mine.txt": "Mine, again\n"}, branch=BRANCH)
    assert "somebody else's commits" in _publish(github, Wishes(recreate={ID: "7"})).kept
    assert repository.branches[BRANCH] == theirs
    assert lost_to(_said(repository), "7") == first
    assert _publish(github, Wishes(recreate={ID: "8"})).lost == theirs


def test_ended_after_the_note_the_next_run_goes_on(github: GitHubStandIn, repository: HostedRepository) -> None:
    theirs = repository.commit({"mine.txt": MINE}, branch=BRANCH)
    pull = repository.pulls[0]
    said = _said(repository)
    pull.body = marker.restate(pull.body or "", {**said.state, "recreated": f"7:{theirs}"})
    before = len(github.writes)
    assert _publish(github, Wishes(recreate={ID: "7"})).lost == theirs
    assert repository.file("mine.txt", BRANCH) is None
    assert not any(call.startswith("PATCH") and "/pulls/" in call for call in map(str, github.writes[before:]))


def test_a_pull_request_of_somebody_else_is_never_made_anew(
    github: GitHubStandIn, repository: HostedRepository
) -> None:
    theirs = repository.commit({"mine.txt": MINE}, branch=BRANCH)
    pull = repository.pulls[0]
    pull.author = github.world.account("eve")
    assert "eve opened #1" in _publish(github, Wishes(recreate={ID: "7"})).kept
    assert repository.branches[BRANCH] == theirs


def test_what_stands_is_made_again_where_somebody_wants_it_tried(
    github: GitHubStandIn, repository: HostedRepository
) -> None:
    pull = repository.pulls[0]
    pull.body = marker.restate(pull.body or "", {}, inputs="0" * 20)

    def stands(wishes: Wishes) -> bool:
        with opened(github, NAME) as client:
            head = client.repository().head or ""
            publisher = Publisher(
                client, client.repository(), head, client.pulls(PREFIX), client.branches(PREFIX), wishes
            )
            return publisher.standing(BRANCH, ["0" * 20], "") is not None

    assert stands(NONE)
    assert not stands(Wishes(retry=frozenset({ID})))
    assert not stands(Wishes(rebase=frozenset({ID})))
