"""Check runs: written by Apps alone, and never twice where an answer is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.github.client import Client
from bot.github.errors import ForbiddenError
from bot.github.objects import OWN_CHECK, OWN_NOTE, Annotation, CheckText
from tests.support.github.hosted import HostedRepository
from tests.support.github.standin import GitHubStandIn
from tests.support.github.world import CheckRun
from tests.support.github_client import Opener, installed_app

NAME = "debtscan: technical debt"
NOTED = Annotation(path="a.txt", line=1, end_line=1, level="warning", title="Old", message="It is old")
SAID = CheckText(external_id="debtscan:1", conclusion="neutral", title="B", summary="**B**", annotations=(NOTED,))


@pytest.fixture
def hosted(github: GitHubStandIn) -> HostedRepository:
    return github.repository("acme/shop", {"a.txt": "1\n"})


@pytest.fixture
def client(github: GitHubStandIn, opener: Opener, hosted: HostedRepository) -> Client:
    return opener(hosted.name, installed_app(github, "acme"))


def _runs(hosted: HostedRepository) -> list[CheckRun]:
    return hosted.settings.check_runs


def test_a_run_is_written_found_and_changed(hosted: HostedRepository, client: Client) -> None:
    made = client.create_check_run(hosted.head, NAME, SAID)
    assert client.check_runs(hosted.head, NAME) == (made,)
    assert made.author == client.login() == "debtscan[bot]"
    client.update_check_run(made, CheckText(external_id="debtscan:2", conclusion="failure", title="C", summary="C"))
    (run,) = _runs(hosted)
    assert (run.external_id, run.status, run.conclusion, run.title) == ("debtscan:2", "completed", "failure", "C")
    assert [one["message"] for one in run.annotations] == ["It is old"]


def test_one_without_a_conclusion_still_runs(hosted: HostedRepository, client: Client) -> None:
    client.create_check_run(hosted.head, NAME, CheckText(external_id="x", conclusion=None, title="…", summary="…"))
    (run,) = _runs(hosted)
    assert (run.status, run.conclusion) == ("in_progress", None)


def test_others_of_that_name_are_found_with_who_made_them(hosted: HostedRepository, client: Client) -> None:
    hosted.check(hosted.head, NAME)
    hosted.check(hosted.head, "other")
    made = client.create_check_run(hosted.head, NAME, SAID)
    found = client.check_runs(hosted.head, NAME)
    assert [run.author for run in found] == ["github-actions[bot]", "debtscan[bot]"]
    assert found[1] == made


@pytest.mark.parametrize("after", [True, False])
def test_a_run_whose_answer_is_lost_stands_there_once(
    github: GitHubStandIn, hosted: HostedRepository, client: Client, *, after: bool
) -> None:
    github.fault("POST /repos/{owner}/{repo}/check-runs", drop=True, after=after)
    client.create_check_run(hosted.head, NAME, SAID)
    assert len(_runs(hosted)) == 1


@pytest.mark.parametrize("after", [True, False])
def test_annotations_whose_answer_is_lost_stand_there_once(
    github: GitHubStandIn, hosted: HostedRepository, client: Client, *, after: bool
) -> None:
    made = client.create_check_run(hosted.head, NAME, SAID)
    github.fault("PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", drop=True, after=after)
    more = CheckText(external_id="debtscan:2", conclusion="neutral", title="B", summary="B", annotations=(NOTED,))
    client.update_check_run(made, more)
    assert len(_runs(hosted)[0].annotations) == 2


def test_a_token_of_a_person_writes_none(hosted: HostedRepository, opener: Opener) -> None:
    with pytest.raises(ForbiddenError):
        opener(hosted.name).create_check_run(hosted.head, NAME, SAID)


def test_debtscans_own_check_run_neither_passes_nor_fails_a_commit(
    github: GitHubStandIn, opener: Opener, hosted: HostedRepository
) -> None:
    client = opener(hosted.name, installed_app(github, "acme"))
    said = CheckText(external_id=f"{OWN_NOTE}1", conclusion="failure", title="F", summary="F")
    client.create_check_run(hosted.head, OWN_CHECK, said)
    assert client.checks(hosted.head).state == "none"
    hosted.check(hosted.head, "build")
    assert client.checks(hosted.head).state == "success"
    client.create_check_run(hosted.head, OWN_CHECK, replace(said, external_id="theirs"))
    assert client.checks(hosted.head).failed == (OWN_CHECK,)
