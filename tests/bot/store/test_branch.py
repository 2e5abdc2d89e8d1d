"""The branch behind the stand-in, with git below: two writers at once, kills, what others put there."""

from __future__ import annotations

import gzip
import json
import threading
from datetime import date, timedelta

import pytest

from analyzers.config import History
from bot.github.dry_run import DryRun
from bot.github.errors import HostError
from bot.store.branch import BranchStore
from bot.store.errors import DamagedHistoryError, ForeignBranchError, HistoryError, NewerHistoryError
from bot.store.files import facts_path
from tests.support.entries import entry_of, facts_of
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.github_client import Opener

NAME, BRANCH = "acme/shop", "debtscan-history"
DAY = date(2026, 11, 23)


@pytest.fixture
def hosted(github: GitHubStandIn) -> HostedRepository:
    return github.repository(NAME, {"app.py": "1\n"})


@pytest.fixture
def store(opener: Opener, hosted: HostedRepository) -> BranchStore:
    return _again(opener, hosted)


def _again(opener: Opener, hosted: HostedRepository) -> BranchStore:
    return BranchStore(opener(hosted.name), BRANCH)


def _fill(store: BranchStore, weeks: int) -> None:
    for week in range(weeks, 0, -1):
        day = DAY - timedelta(weeks=week)
        store.append(entry_of(day), facts_of(day))


def test_the_branch_begins_with_no_parent_and_says_what_it_is(
    hosted: HostedRepository, store: BranchStore, github: GitHubStandIn
) -> None:
    main = hosted.head
    store.append(entry_of(DAY), facts_of(DAY))
    files = hosted.files(BRANCH)
    assert sorted(files) == ["README.md", f"facts/{entry_of(DAY).facts}.json.gz", "history.jsonl"]
    assert b"debtscan history" in files["README.md"]
    assert [commit.parents for commit in hosted.settings.git.log(BRANCH)] == [()]
    assert hosted.branches == {"main": main, BRANCH: hosted.branches[BRANCH]}
    # A blob for the Facts, a tree, a commit, a branch.
    assert [exchange.template.rpartition("/git/")[2] for exchange in github.writes] == [
        "blobs",
        "trees",
        "commits",
        "refs",
    ]


def test_one_line_an_entry_and_the_facts_as_they_were(hosted: HostedRepository, store: BranchStore) -> None:
    _fill(store, 2)
    head, *lines = hosted.files(BRANCH)["history.jsonl"].splitlines()
    assert json.loads(head) == {"debtscan-history": 1}
    assert [json.loads(line)["as_of"] for line in lines] == ["2026-11-09", "2026-11-16"]
    assert all(len(line) < 1000 for line in lines)
    facts = gzip.decompress(hosted.files(BRANCH)[f"facts/{json.loads(lines[0])['facts']}.json.gz"])
    assert json.loads(facts)["looked_up"] == "2026-11-09"


def test_each_entry_is_a_commit_on_top_of_the_last(hosted: HostedRepository, store: BranchStore) -> None:
    _fill(store, 2)
    first = hosted.branches[BRANCH]
    store.append(entry_of(DAY), facts_of(DAY))
    newest, *older = hosted.settings.git.log(BRANCH)
    assert newest.parents == (first,)
    assert newest.message == "Add the scorecard of aaaaaaaaaa as of 2026-11-23"
    assert len(older) == 2


def test_the_same_entry_again_is_no_write(
    opener: Opener, hosted: HostedRepository, store: BranchStore, github: GitHubStandIn
) -> None:
    store.append(entry_of(DAY), facts_of(DAY), {"badge.svg": b"<svg/>"})
    done = len(github.writes)
    assert not _again(opener, hosted).append(entry_of(DAY), facts_of(DAY), {"badge.svg": b"<svg/>"})
    assert len(github.writes) == done


def test_files_beside_are_written_in_the_same_commit_and_where_they_differ(
    hosted: HostedRepository, store: BranchStore
) -> None:
    store.append(entry_of(DAY), facts_of(DAY), {"badge.svg": b"<svg/>", "badge.json": b"{}"})
    assert len(hosted.settings.git.log(BRANCH)) == 1
    assert store.append(entry_of(DAY), facts_of(DAY), {"badge.svg": b"<svg>A</svg>", "badge.json": b"{}"})
    newest, first = hosted.settings.git.log(BRANCH)
    changes = hosted.settings.git.changes(first.sha, newest.sha)
    assert [path for _status, _added, _gone, path in changes] == ["badge.svg"]
    assert len(store.entries()) == 1


def test_two_writers_at_once_lose_nothing(
    opener: Opener, hosted: HostedRepository, store: BranchStore, github: GitHubStandIn
) -> None:
    other = _again(opener, hosted)
    late = DAY - timedelta(days=1)

    def write_meanwhile() -> None:
        other.append(entry_of(late), facts_of(late))

    # Once before the branch is made, once before it is moved.
    github.fault("POST /repos/{owner}/{repo}/git/refs", call=write_meanwhile)
    assert store.append(entry_of(DAY), facts_of(DAY))
    assert [entry.as_of for entry in store.entries()] == [late, DAY]
    late += timedelta(days=2)
    github.fault("POST /graphql", call=write_meanwhile)
    newest = DAY + timedelta(days=2)
    assert store.append(entry_of(newest), facts_of(newest))
    assert [entry.as_of.day for entry in store.entries()] == [22, 23, 24, 25]
    assert all(store.facts(entry) for entry in store.entries())
    assert len(hosted.settings.git.log(BRANCH)) == 4


def test_many_writers_at_once_lose_nothing(opener: Opener, hosted: HostedRepository) -> None:
    days = [DAY - timedelta(days=number) for number in range(4)]
    stores = [_again(opener, hosted) for _day in days]
    writers = [
        threading.Thread(target=store.append, args=(entry_of(day), facts_of(day)))
        for store, day in zip(stores, days, strict=True)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=60)
    assert [entry.as_of for entry in _again(opener, hosted).entries()] == sorted(days)


def test_a_branch_that_never_stands_still_is_an_error(
    opener: Opener, hosted: HostedRepository, store: BranchStore, github: GitHubStandIn
) -> None:
    store.append(entry_of(DAY), facts_of(DAY))
    numbers = iter(range(100))

    def push() -> None:
        hosted.commit({"note.txt": f"{next(numbers)}"}, branch=BRANCH)

    github.fault("POST /graphql", times=0, call=push)
    later = DAY + timedelta(days=1)
    with pytest.raises(HistoryError, match="moved by others 8 times"):
        store.append(entry_of(later), facts_of(later))
    assert _again(opener, hosted).entries() == (entry_of(DAY),)


# Killed before a write's effect is the same as killed after the effect of the write before it: blob, tree, commit, ref.
@pytest.mark.parametrize("nth", range(1, 5))
@pytest.mark.parametrize("begun", [False, True], ids=["first", "later"])
def test_a_run_that_ends_at_any_write_loses_nothing(
    opener: Opener, hosted: HostedRepository, github: GitHubStandIn, nth: int, *, begun: bool
) -> None:
    stored = [DAY - timedelta(days=7)] if begun else []
    for day in stored:
        _again(opener, hosted).append(entry_of(day), facts_of(day))
    # From the nth write on nothing of this run reaches GitHub.
    end = github.fault("write", nth=nth, times=0, drop=True)
    with pytest.raises(HostError):
        _again(opener, hosted).append(entry_of(DAY), facts_of(DAY))
    assert end.struck
    end.times = end.struck
    assert [entry.as_of for entry in _again(opener, hosted).entries()] == stored
    assert _again(opener, hosted).append(entry_of(DAY), facts_of(DAY))
    assert [entry.as_of for entry in _again(opener, hosted).entries()] == [*stored, DAY]
    assert len(hosted.settings.git.log(BRANCH)) == len(stored) + 1


@pytest.mark.parametrize("nth", range(1, 4))
def test_pruning_that_ends_at_any_write_loses_nothing(
    opener: Opener, hosted: HostedRepository, store: BranchStore, github: GitHubStandIn, nth: int
) -> None:
    _fill(store, 14)
    end = github.fault("write", nth=nth, times=0, drop=True)
    with pytest.raises(HostError):
        _again(opener, hosted).prune(History(), DAY)
    end.times = end.struck
    assert len(_again(opener, hosted).entries()) == 14
    assert _again(opener, hosted).prune(History(), DAY) > 0
    assert len(_again(opener, hosted).entries()) == 14
    assert len(hosted.settings.git.log(BRANCH)) == 1


@pytest.mark.parametrize("where", ["POST /repos/{owner}/{repo}/git/refs", "POST /graphql"])
def test_a_lost_answer_is_looked_up(
    opener: Opener, hosted: HostedRepository, github: GitHubStandIn, where: str
) -> None:
    if where == "POST /graphql":
        _fill(_again(opener, hosted), 1)
    github.fault(where, after=True, drop=True)
    assert _again(opener, hosted).append(entry_of(DAY), facts_of(DAY))
    assert _again(opener, hosted).entries()[-1] == entry_of(DAY)
    assert not _again(opener, hosted).append(entry_of(DAY), facts_of(DAY))


def test_pruning_begins_the_branch_anew_where_it_is_worth_it(
    opener: Opener, hosted: HostedRepository, store: BranchStore, github: GitHubStandIn
) -> None:
    keep = History(all_days=90, weekly_days=365, facts_days=365)
    _fill(store, 5)
    store.append(entry_of(DAY), facts_of(DAY), {"badge.svg": b"<svg/>"})
    done = len(github.writes)
    # Three Facts would go: that is not worth it.
    assert store.prune(keep, DAY) == 0
    assert len(github.writes) == done
    later = [DAY + timedelta(weeks=week) for week in range(1, 12)]
    for day in later:
        store.append(entry_of(day), facts_of(day))
    assert store.prune(keep, later[-1]) == 13
    assert [commit.parents for commit in hosted.settings.git.log(BRANCH)] == [()]
    assert hosted.file("badge.svg", BRANCH) == b"<svg/>"
    entries = _again(opener, hosted).entries()
    kept = [date(2026, 10, 19), date(2027, 1, 4), *later[-2:]]
    assert [entry.as_of for entry in entries if store.facts(entry)] == kept
    assert len(entries) == 17
    assert _again(opener, hosted).prune(keep, later[-1]) == 0


def test_an_entry_that_comes_while_the_branch_begins_anew_is_kept(
    opener: Opener, hosted: HostedRepository, store: BranchStore, github: GitHubStandIn
) -> None:
    _fill(store, 14)
    other = _again(opener, hosted)

    def write_meanwhile() -> None:
        other.append(entry_of(DAY), facts_of(DAY))

    github.fault("POST /graphql", call=write_meanwhile)
    assert store.prune(History(), DAY) > 0
    assert store.entries()[-1] == entry_of(DAY)
    assert len(store.entries()) == 15
    assert len(hosted.settings.git.log(BRANCH)) == 1


def test_a_branch_of_somebody_elses_is_left_as_it_is(
    hosted: HostedRepository, store: BranchStore, github: GitHubStandIn
) -> None:
    there = hosted.commit({"notes.txt": "mine"}, branch=BRANCH)
    with pytest.raises(ForeignBranchError, match=r"not debtscan's .* set history\.branch"):
        store.append(entry_of(DAY), facts_of(DAY))
    with pytest.raises(ForeignBranchError):
        store.entries()
    with pytest.raises(ForeignBranchError):
        store.prune(History(), DAY)
    assert hosted.branches[BRANCH] == there
    assert not github.writes


@pytest.mark.parametrize(
    ("content", "error", "told"),
    [
        (b'{"debtscan-history":2}\n{}\n', NewerHistoryError, r"version 2, this one reads 1\); upgrade debtscan"),
        (b"", DamagedHistoryError, r"history\.jsonl on the branch debtscan-history:1: .*earlier commit"),
        (b"notes\n", DamagedHistoryError, r"debtscan-history:1: "),
        (b'{"debtscan-history":1}\n{"id":"x"}\n', DamagedHistoryError, r"debtscan-history:2: is no entry"),
        (b'{"debtscan-history":1}\n\xff\n', DamagedHistoryError, r"debtscan-history:2: is no entry"),
    ],
    ids=["newer", "empty", "notes", "no-entry", "no-text"],
)
def test_what_cannot_be_read_is_named_and_not_overwritten(
    hosted: HostedRepository,
    store: BranchStore,
    github: GitHubStandIn,
    content: bytes,
    error: type[HistoryError],
    told: str,
) -> None:
    there = hosted.commit({"history.jsonl": content}, branch=BRANCH)
    with pytest.raises(error, match=told):
        store.entries()
    with pytest.raises(error):
        store.append(entry_of(DAY), facts_of(DAY))
    assert hosted.branches[BRANCH] == there
    assert not github.writes


def test_a_dry_run_says_it_and_does_nothing(opener: Opener, hosted: HostedRepository, github: GitHubStandIn) -> None:
    said: list[str] = []
    dry = BranchStore(DryRun(opener(NAME), said.append), BRANCH)
    assert dry.append(entry_of(DAY), facts_of(DAY))
    assert dry.entries() == (entry_of(DAY),)
    assert dry.facts(entry_of(DAY)) == facts_of(DAY)
    assert not dry.append(entry_of(DAY), facts_of(DAY))
    writes = ", ".join(f"write {path}" for path in ("README.md", facts_path(entry_of(DAY).facts), "history.jsonl"))
    assert said == [
        f"would commit 'Add the scorecard of aaaaaaaaaa as of 2026-11-23': {writes}",
        "would create the branch debtscan-history",
    ]
    assert not github.writes
    assert BRANCH not in hosted.branches


def test_the_same_entries_give_the_same_bytes(github: GitHubStandIn, opener: Opener) -> None:
    written = []
    for name in ("acme/one", "acme/two"):
        hosted = github.repository(name, {"app.py": "1\n"})
        _fill(BranchStore(opener(name), BRANCH), 3)
        written.append(hosted.files(BRANCH))
    assert written[0] == written[1]
