"""``debtscan run`` and its dashboard on the stand-in: what the plan came to stands there, nothing is written twice."""

from __future__ import annotations

import pytest

from bot.cli import main
from bot.posts import boxes
from bot.posts.boxes import Wish
from tests.support.checked import Opening, run
from tests.support.github import HostedRepository
from tests.support.shop import NAME

SETTINGS = """\
[upgrades]
group-kinds = []
open-limit = 2

[[upgrades.ignore]]
name = "dog"
reason = "we leave it"
[posts]
dashboard = true
check-run = false
"""
NAMES = ("ant", "bee", "cat", "dog")


@pytest.fixture
def repository(opening: Opening, capsys: pytest.CaptureFixture[str]) -> HostedRepository:
    made = opening(SETTINGS, names=NAMES)
    assert "opened the dashboard #3" in run(capsys)
    return made


def _body(repository: HostedRepository) -> str:
    (issue,) = repository.issues
    return issue.body or ""


def test_the_plan_stands_there_with_a_box_each_and_a_second_run_writes_nothing(
    opening: Opening, repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    body = _body(repository)
    assert "**2 open.** A tick has the branch made anew on <code>main</code>." in body
    for number, name in enumerate(("ant", "bee"), start=1):
        assert f"[#{number}]({opening.github.url}/{NAME}/pull/{number}) Update {name} from 1.0.0 to 1.1.0\n" in body
    assert "box=open/pypi-cat-1 --> Update cat from 1.0.0 to 1.1.0 · 2 are open, and open-limit is 2\n" in body
    assert "- dog 1.1.0 · &#91;&#91;upgrades.ignore&#93;&#93;&#58; we leave it\n" in body
    assert set(boxes.wishes(body.replace("- [ ]", "- [x]"))) == {
        Wish("rebase", "pypi-ant-1"),
        Wish("rebase", "pypi-bee-1"),
        Wish("open", "pypi-cat-1"),
        Wish("refresh"),
    }
    before = len(opening.github.writes)
    assert "the dashboard" not in run(capsys)
    assert opening.github.writes[before:] == []
    assert _body(repository) == body


def test_what_a_person_does_to_a_pull_request_is_seen_there(
    repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.close(1)
    repository.commit({"app.py": "print()\n"}, branch=repository.pulls[1].branch)
    assert "updated the dashboard #3" in run(capsys)
    body = _body(repository)
    assert "box=unignore/pypi-ant-1 --> [#1](" in body
    assert "Update ant from 1.0.0 to 1.1.0 · ada&#58; closed it\n" in body
    assert "box=recreate/pypi-bee-1 --> [#2](" in body
    assert "somebody else&#39;s commits are on the branch" in body


def test_closed_by_a_person_it_stays_closed_and_the_rest_goes_on(
    opening: Opening, repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.close_issue(3)
    repository.commit({"requirements.txt": "ant==1.1.0\nbee==1.0.0\ncat==1.0.0\ndog==1.0.0\n"})
    told = run(capsys)
    assert "the dashboard #3 was closed by ada, so it stays closed" in told
    assert "closed #1" in told
    assert [issue.state for issue in repository.issues] == ["closed"]
    before = len(opening.github.writes)
    run(capsys)
    assert opening.github.writes[before:] == []


def test_without_the_permission_the_rest_is_done_and_the_remedy_told(
    opening: Opening, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = opening(SETTINGS, names=NAMES)
    held = {"contents": "write", "pull_requests": "write", "workflows": "write", "metadata": "read"}
    app = opening.github.app(permissions=held, on=["acme"])
    opening.act_as(DEBTSCAN_APP_ID=str(app.id), DEBTSCAN_APP_PRIVATE_KEY=app.private_key)
    told = run(capsys)
    assert "withheld: the permission Issues is missing: set Issues: Read and write in the App's settings" in told
    assert len(repository.pulls) == 2
    assert repository.issues == []


def test_where_issues_are_switched_off_the_rest_is_done(opening: Opening, capsys: pytest.CaptureFixture[str]) -> None:
    repository = opening(SETTINGS, names=NAMES, has_issues=False)
    assert "withheld: issues are switched off in this repository" in run(capsys)
    assert len(repository.pulls) == 2


def test_a_dry_run_prints_it_and_writes_nothing(opening: Opening, capsys: pytest.CaptureFixture[str]) -> None:
    opening(SETTINGS, names=NAMES)
    assert main(["run", NAME, "--dry-run", "--quiet", "--jobs", "1"]) == 0
    told = capsys.readouterr().out
    assert "would open the issue 'Technical debt', labelled debtscan:" in told
    assert "## Grade" in told
    assert opening.github.writes == []


def test_offboarding_closes_it_with_a_word(repository: HostedRepository, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["offboard", NAME]) == 0
    assert "closed the dashboard #3: debtscan was taken off this repository" in " ".join(
        capsys.readouterr().out.split()
    )
    (issue,) = repository.issues
    assert (issue.state, len(issue.comments)) == ("closed", 1)
