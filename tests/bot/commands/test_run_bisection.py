"""The search for what breaks the checks of a group, run by run: how many it takes, whoever is guilty, and whatever ends
a run in its middle.
"""

from __future__ import annotations

import json

import pytest

from bot.upgrade.bisect import most_runs
from tests.support.checked import Opening, checked_by, moved, settle
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.hasty import run_here
from tests.support.killed import kill_after_write
from tests.support.shop import NAME

RUN = ("run", NAME, "--quiet", "--jobs", "1")
# The note of what is tried, the tree, the commit, the branch, and the text.
WRITES = 5
# Every place of the small groups and the ends of the large ones; tests/bot/upgrade/test_trial.py has them all.
PLACES = [*((count, place) for count in (2, 3) for place in range(count)), (5, 4), (8, 7), (13, 0), (13, 12)]


def _names(count: int) -> list[str]:
    return [f"package-{number:02}" for number in range(count)]


def _tried(github: GitHubStandIn, repository: HostedRepository) -> list[frozenset[str]]:
    """Return what was on the branch in turn, each time that it was made or moved: every one costs a pipeline."""
    found = []
    for exchange in github.writes:
        body = json.loads(exchange.request.body or b"null")
        if exchange.name == "POST /repos/{owner}/{repo}/git/refs":
            found.append(body["sha"])
        elif exchange.template == "/graphql" and "updateRefs" in body["query"]:
            found += [update["afterOid"] for update in body["variables"]["input"]["refUpdates"]]
    return [frozenset(moved(repository, sha)) for sha in found]


@pytest.mark.parametrize(("count", "place"), PLACES)
def test_a_culprit_is_found_in_at_most_twice_the_logarithm_of_runs(
    opening: Opening, capsys: pytest.CaptureFixture[str], count: int, place: int
) -> None:
    names = _names(count)
    repository = opening(names=names)
    repository.check_with(checked_by(lambda there: names[place] not in there))
    settle(repository, capsys)
    whole, *runs, green = _tried(opening.github, repository)
    assert whole == set(names)
    assert green == set(names) - {names[place]}
    assert len(runs) <= most_runs(count)
    assert len(set(runs)) == len(runs)
    assert all(run < whole for run in runs)


@pytest.mark.parametrize("first", [0, 3])
def test_killed_in_each_of_its_runs_the_search_goes_on_from_where_it_was(
    opening: Opening, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], first: int
) -> None:
    """Each run is killed after another of its writes, so that the two searches have all of them."""
    names = _names(3)
    repository = opening(names=names)
    repository.check_with(checked_by(lambda there: names[1] not in there))
    assert run_here(monkeypatch, *RUN) == 0
    for number in range(most_runs(len(names)) + 1):
        nth = (first + number) % WRITES + 1
        before = len(opening.github.writes)
        kill_after_write(opening.github, nth, *RUN)
        assert len(opening.github.writes) == before + nth
        capsys.readouterr()
        assert run_here(monkeypatch, *RUN) == 0
        if "breaks the checks" in "".join(capsys.readouterr()):
            break
    else:
        pytest.fail("the culprit was not found")
    whole, *runs, green = _tried(opening.github, repository)
    assert whole == set(names)
    assert green == {names[0], names[2]}
    assert len(runs) <= most_runs(len(names))
    assert len(set(runs)) == len(runs)
    (pull,) = repository.pulls
    assert moved(repository, pull.branch) == green
    assert f"{names[1]} 1.1.0 is left out" in (pull.body or "")
