"""The dashboard's issue on the stand-in: opened once, kept up to date, and left alone where people want that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from analyzers.config import Posts
from bot.github.client import Client
from bot.github.dry_run import DryRun
from bot.github.errors import ForbiddenError, HostError
from bot.github.objects import Missing
from bot.posts import boxes, dashboard
from bot.posts.boxes import Ignore, Wish
from bot.posts.issue import DashboardIssue, Settled
from bot.posts.model import Told
from bot.posts.offboard import WORD
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.hosts import LOGIN, opened
from tests.support.posts import monday, told

NAME = "acme/shop"
SETTINGS = Posts()
TITLE = SETTINGS.dashboard_title
DJANGO = Wish("open", "pypi-django-2")
FLASK = Wish("rebase", "pypi-flask-2")


@pytest.fixture
def repository(github: GitHubStandIn) -> HostedRepository:
    return github.repository(NAME, {"app.py": "one\n"}, collaborators={LOGIN: "write", "ada": "write"})


@pytest.fixture
def client(github: GitHubStandIn, repository: HostedRepository) -> Iterator[Client]:
    with opened(github, repository.name) as client:
        yield client


def _post(client: Client, what: Told | None = None, settings: Posts = SETTINGS, *obeyed: Wish) -> Settled:
    issue = DashboardIssue(client, client.repository(), settings)
    return issue.post(what or monday(), frozenset(obeyed))


def _wishes(client: Client) -> frozenset[Wish]:
    return DashboardIssue(client, client.repository(), SETTINGS).wishes()


def _tick(repository: HostedRepository, *wishes: Wish, number: int = 1) -> None:
    text = repository.settings.issues[number].body or ""
    for wish in wishes:
        text = text.replace(boxes.box(wish), boxes.box(wish, ticked=True))
    # As GitHub's editor ends lines.
    repository.edit_issue(number, body=text.replace("\n", "\r\n"))


def test_the_first_run_opens_it_and_the_second_writes_nothing(
    github: GitHubStandIn, client: Client, repository: HostedRepository
) -> None:
    assert _post(client).done == ("opened the dashboard #1",)
    (issue,) = repository.issues
    assert (issue.title, issue.labels, issue.body) == (TITLE, ["debtscan"], dashboard.body(monday(), TITLE))
    assert len(github.writes) == 1
    settled = _post(client)
    assert (settled.done, settled.left) == ((), ())
    assert len(github.writes) == 1


def test_news_are_written_in_place(client: Client, repository: HostedRepository) -> None:
    _post(client)
    later = replace(monday(), as_of=date(2026, 11, 29))
    assert _post(client, later).done == ("updated the dashboard #1",)
    (issue,) = repository.issues
    assert issue.body == dashboard.body(later, TITLE)


@pytest.mark.parametrize(
    "edited",
    [
        lambda text: text.replace("Grade D", "Grade A"),
        lambda text: f"Hello\n\n{text}",
        lambda text: text.partition("### Upgrades")[0] + "<!--" + text.rpartition("<!--")[2],
        lambda text: text.partition("<!-- debtscan-dashboard")[0],
        lambda _text: "",
        lambda text: text + text,
    ],
    ids=["another grade", "a word above", "a part gone", "the marker gone", "all gone", "twice"],
)
def test_what_people_changed_in_the_text_is_put_right(
    client: Client, repository: HostedRepository, edited: object
) -> None:
    assert callable(edited)
    _post(client)
    repository.edit_issue(1, body=edited(repository.issues[0].body))
    assert _post(client).done == ("updated the dashboard #1",)
    (issue,) = repository.issues
    assert issue.body == dashboard.body(monday(), TITLE)


def test_only_other_ends_of_lines_are_no_change(
    github: GitHubStandIn, client: Client, repository: HostedRepository
) -> None:
    _post(client)
    repository.edit_issue(1, body=(repository.issues[0].body or "").replace("\n", "\r\n").rstrip())
    assert _post(client).done == ()
    assert len(github.writes) == 1


def test_ticks_are_wishes_and_those_that_were_obeyed_are_cleared(client: Client, repository: HostedRepository) -> None:
    _post(client)
    assert _wishes(client) == frozenset()
    _tick(repository, DJANGO, FLASK)
    assert _wishes(client) == {DJANGO, FLASK}
    # Ticked while the run goes on: it was not seen, so it stays.
    late = Wish("retry", "pypi-numpy-2")
    _tick(repository, late)
    _post(client, None, SETTINGS, DJANGO, FLASK)
    assert _wishes(client) == {late}
    _post(client, None, SETTINGS, late)
    assert _wishes(client) == frozenset()


def test_a_tick_that_nobody_obeys_stays_and_is_no_reason_to_write(
    github: GitHubStandIn, client: Client, repository: HostedRepository
) -> None:
    _post(client)
    _tick(repository, DJANGO)
    _post(client)
    assert len(github.writes) == 1
    assert _wishes(client) == {DJANGO}


def test_what_a_person_closed_stays_closed_and_is_told(
    github: GitHubStandIn, client: Client, repository: HostedRepository
) -> None:
    _post(client)
    before = repository.issues[0].body
    repository.close_issue(1)
    settled = _post(client, told())
    (said,) = settled.left
    assert said.startswith("the dashboard #1 was closed by ada, so it stays closed; posting goes on elsewhere")
    assert _wishes(client) == frozenset()
    assert len(github.writes) == 1
    assert [(issue.state, issue.body) for issue in repository.issues] == [("closed", before)]
    repository.reopen_issue(1)
    assert _post(client, told()).done == ("updated the dashboard #1",)
    assert [issue.state for issue in repository.issues] == ["open"]


def test_what_a_person_closes_while_a_run_goes_on_is_not_written(
    github: GitHubStandIn, client: Client, repository: HostedRepository
) -> None:
    _post(client)
    github.fault("GET /repos/{owner}/{repo}/issues/{issue_number}", call=lambda: repository.close_issue(1))
    assert "was closed by ada" in _post(client, told()).left[0]
    assert len(github.writes) == 1


def test_closed_by_the_same_login_but_not_by_debtscan_it_stays_closed(
    client: Client, repository: HostedRepository
) -> None:
    """In a workflow, what tidies up old issues goes by the same login as debtscan."""
    _post(client)
    repository.close_issue(1, login=LOGIN)
    assert f"was closed by {LOGIN}" in _post(client).left[0]
    assert len(repository.issues) == 1


def test_a_title_of_peoples_own_stays_until_the_configuration_says_another(
    github: GitHubStandIn, client: Client, repository: HostedRepository
) -> None:
    _post(client)
    repository.edit_issue(1, title="Our debts")
    _post(client)
    assert len(github.writes) == 1
    _post(client, told())
    assert repository.issues[0].title == "Our debts"
    other = Posts(dashboard_title="Debt of the shop")
    _post(client, told(), other)
    assert repository.issues[0].title == "Debt of the shop"
    before = len(github.writes)
    _post(client, told(), other)
    assert len(github.writes) == before


@pytest.mark.parametrize("labels", [(), ("other",), ("a, b",)], ids=["none", "another", "with a comma"])
def test_it_is_found_again_whatever_its_labels_are(
    client: Client, repository: HostedRepository, labels: tuple[str, ...]
) -> None:
    _post(client)
    repository.settings.issues[1].labels = list(labels)
    settings = Posts(dashboard_labels=("a, b",)) if "," in "".join(labels) else SETTINGS
    assert _post(client, told(), settings).done == ("updated the dashboard #1",)
    assert len(repository.issues) == 1


def test_what_others_opened_and_what_is_no_dashboard_is_left(
    github: GitHubStandIn, client: Client, repository: HostedRepository
) -> None:
    with opened(github, NAME, github.token(login="eve")) as eve:
        eve.create_issue(title=TITLE, body=dashboard.body(monday(), TITLE), labels=["debtscan"])
    client.create_issue(title=TITLE, body="Written by another workflow", labels=[])
    client.create_issue(title="Release", body="Ours", labels=["debtscan"])
    before = [issue.body for issue in repository.issues]
    assert _post(client).done == ("opened the dashboard #4",)
    assert [issue.body for issue in repository.issues[:3]] == before


def test_of_two_the_newer_is_closed_with_a_word(
    github: GitHubStandIn, client: Client, repository: HostedRepository
) -> None:
    _post(client)
    client.create_issue(title=TITLE, body=dashboard.body(monday(), TITLE), labels=["debtscan"])
    word = "#1 is the dashboard, so I close this one."
    assert _post(client).done == (f"closed the dashboard #2: {word}",)
    assert [issue.state for issue in repository.issues] == ["open", "closed"]
    assert repository.issues[1].comments[0].body.startswith(word)
    assert (repository.issues[1].body or "").startswith(f"**Closed.** {word}")
    before = len(github.writes)
    _post(client)
    assert len(github.writes) == before
    # Now a person closes the other one: the copy does not count.
    repository.close_issue(1)
    assert "#1 was closed by ada" in _post(client).left[0]


def test_two_runs_that_open_one_in_the_same_moment_leave_one(
    github: GitHubStandIn, client: Client, repository: HostedRepository
) -> None:
    def other() -> None:
        with opened(github, NAME) as rival:
            rival.create_issue(title=TITLE, body=dashboard.body(told(), TITLE), labels=["debtscan"])

    github.fault("POST /repos/{owner}/{repo}/issues", call=other)
    settled = _post(client)
    assert settled.done == ("closed the dashboard #2: #1 is the dashboard, so I close this one.",)
    assert settled.issue is not None
    assert settled.issue.number == 1
    assert [issue.state for issue in repository.issues] == ["open", "closed"]


def test_where_issues_are_switched_off_that_is_told(
    github: GitHubStandIn, client: Client, repository: HostedRepository
) -> None:
    repository.settings.has_issues = False
    assert "issues are switched off" in _post(client).left[0]
    assert _wishes(client) == frozenset()
    assert github.writes == []


def test_without_the_permission_that_is_told_with_the_remedy(github: GitHubStandIn, client: Client) -> None:
    lacks = Missing(permission="Issues", withholds="no issue is written", remedy="set Issues: Read and write")
    issue = DashboardIssue(client, client.repository(), SETTINGS, (lacks,))
    assert issue.post(monday()).left == ("the permission Issues is missing: set Issues: Read and write",)
    assert github.writes == []


@pytest.mark.usefixtures("repository")
def test_a_refusal_later_names_the_permission(github: GitHubStandIn) -> None:
    token = github.token(login=LOGIN, permissions={"issues": "read", "metadata": "read", "contents": "read"})
    with opened(github, NAME, token) as client, pytest.raises(ForbiddenError, match="'issues'"):
        _post(client)


def test_a_locked_one_is_kept_up_to_date_and_closed_without_a_comment(
    github: GitHubStandIn, client: Client, repository: HostedRepository
) -> None:
    _post(client)
    repository.settings.issues[1].locked = True
    repository.settings.collaborators[LOGIN] = "read"
    assert _post(client, told()).done == ("updated the dashboard #1",)
    settled = _post(client, told(), Posts(dashboard=False))
    assert settled.left == ("#1 is locked, so why it is closed stands only in its text",)
    (issue,) = repository.issues
    assert (issue.state, issue.comments) == ("closed", [])
    assert (issue.body or "").startswith("**Closed.** The dashboard was switched off")
    assert github.writes


def test_switched_off_it_is_closed_once_and_switched_on_again_there_is_a_new_one(
    github: GitHubStandIn, client: Client, repository: HostedRepository
) -> None:
    _post(client)
    _tick(repository, DJANGO)
    off = Posts(dashboard=False)
    assert len(_post(client, None, off).done) == 1
    (issue,) = repository.issues
    assert (issue.state, len(issue.comments)) == ("closed", 1)
    before = len(github.writes)
    assert _post(client, None, off) == Settled()
    assert len(github.writes) == before
    _post(client)
    assert [issue.state for issue in repository.issues] == ["closed", "open"]
    # The first one, reopened by a person, is the dashboard again; what was ticked before is no wish any more.
    repository.reopen_issue(1)
    assert _wishes(client) == frozenset()
    _post(client)
    assert [issue.state for issue in repository.issues] == ["open", "closed"]
    assert repository.issues[0].body == dashboard.body(monday(), TITLE)


def test_offboarding_closes_it_with_a_word_and_leaves_what_a_person_closed(
    github: GitHubStandIn, client: Client, repository: HostedRepository
) -> None:
    _post(client)
    issue = DashboardIssue(client, client.repository(), SETTINGS)
    assert issue.offboard(WORD).done == (f"closed the dashboard #1: {WORD}",)
    before = len(github.writes)
    assert DashboardIssue(client, client.repository(), SETTINGS).offboard(WORD) == Settled()
    assert len(github.writes) == before
    assert repository.issues[0].comments[0].body.startswith(WORD)


@pytest.mark.parametrize("after", [False, True], ids=["before the effect", "after the effect"])
@pytest.mark.parametrize("nth", range(1, 7))
def test_ended_at_any_write_the_next_run_does_the_rest_and_nothing_twice(
    github: GitHubStandIn, repository: HostedRepository, nth: int, after: bool
) -> None:
    """Opened, a copy of it closed, changed, switched off: ended once somewhere on the way, each is done once."""
    github.fault("write", nth=nth, after=after, times=0, status=401)

    def all_of_it() -> None:
        with opened(github, NAME) as client:
            _post(client)
            if len(repository.issues) == 1 and not repository.issues[0].closed:
                client.create_issue(title=TITLE, body=dashboard.body(monday(), TITLE), labels=["debtscan"])
            _post(client, told())
            _post(client, told(), Posts(dashboard=False))

    with pytest.raises(HostError):
        all_of_it()
    github._faults.clear()
    with opened(github, NAME) as client:
        _post(client, told())
        opens = [issue for issue in repository.issues if issue.state == "open"]
        assert [issue.body for issue in opens] == [dashboard.body(told(), TITLE)]
        _post(client, told(), Posts(dashboard=False))
        assert all(issue.state == "closed" for issue in repository.issues)
        assert all(len(issue.comments) == 1 for issue in repository.issues)
        before = len(github.writes)
        _post(client, told(), Posts(dashboard=False))
        assert len(github.writes) == before


def test_an_answer_that_is_lost_makes_no_second_one(
    github: GitHubStandIn, client: Client, repository: HostedRepository
) -> None:
    github.fault("POST /repos/{owner}/{repo}/issues", after=True, drop=True)
    _post(client)
    assert len(repository.issues) == 1


def test_a_dry_run_says_each_write_and_makes_none(
    github: GitHubStandIn, client: Client, repository: HostedRepository
) -> None:
    said: list[str] = []
    dry = DryRun(client, said.append)
    settled = DashboardIssue(dry, dry.repository(), SETTINGS).post(monday())
    assert said[0].startswith(f"would open the issue '{TITLE}', labelled debtscan:\n    ## Grade D")
    assert settled.done == (f"opened the dashboard '{TITLE}'",)
    DashboardIssue(dry, dry.repository(), SETTINGS).post(told())
    assert len(said) == 2
    assert said[1].startswith(f"would change the issue '{TITLE}': set the text:")
    DashboardIssue(dry, dry.repository(), SETTINGS).offboard(WORD)
    assert len(said) == 4
    assert github.writes == []
    assert repository.issues == []


def test_what_the_marker_keeps_is_changed_at_once_and_carried_on(
    github: GitHubStandIn, repository: HostedRepository, client: Client
) -> None:
    _post(client)
    issue = DashboardIssue(client, client.repository(), SETTINGS)
    ignore = Ignore(name="left-pad", by="ada")
    assert issue.keep(1, lambda said: said.with_ignore(ignore))
    before = len(github.writes)
    assert issue.keep(1, lambda said: said.with_ignore(ignore))
    assert github.writes[before:] == []
    _post(client)
    assert "box=allow/left-pad" in (repository.issues[0].body or "")
    assert not issue.keep(1, lambda _said: None)
    repository.edit_issue(1, body="Mine")
    assert not issue.keep(1, lambda said: said.with_ignore(ignore))
    assert repository.issues[0].body == "Mine"
