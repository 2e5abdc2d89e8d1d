"""What a start of the service asks first."""

from __future__ import annotations

import pytest

from bot.github.app_preflight import preflight
from bot.github.auth import App
from bot.github.errors import HostError
from bot.github.session import Settings
from tests.support.github.grants import App as StandInApp
from tests.support.github.messages import Response
from tests.support.github.standin import GitHubStandIn
from tests.support.github_client import FakeClock, settings_for


@pytest.fixture
def app(github: GitHubStandIn) -> StandInApp:
    made = github.app("debtscan")
    made.hook_url = "https://debtscan.example.org/webhooks/github"
    return made


@pytest.fixture
def settings(github: GitHubStandIn, clock: FakeClock) -> Settings:
    return settings_for(github, clock)


def test_the_app_its_hook_and_githubs_time_are_told(app: StandInApp, settings: Settings, clock: FakeClock) -> None:
    found = preflight(App(str(app.id), app.private_key), settings)
    assert found.app
    assert (found.app.slug, found.app.id) == ("debtscan", app.id)
    assert found.hook_url == "https://debtscan.example.org/webhooks/github"
    assert found.time == clock.moment()


def test_a_key_that_is_not_taken_is_no_error_and_the_time_is_told_all_the_same(
    app: StandInApp, settings: Settings, clock: FakeClock
) -> None:
    found = preflight(App(str(app.id + 1), app.private_key), settings)
    assert found.app is None
    assert found.time == clock.moment()


@pytest.mark.parametrize("status", [403, 500])
def test_another_refusal_is_an_error(app: StandInApp, settings: Settings, github: GitHubStandIn, status: int) -> None:
    github.fault("GET /app", status=status, times=99)
    with pytest.raises(HostError):
        preflight(App(str(app.id), app.private_key), settings)


@pytest.mark.parametrize("date", [{}, {"date": "yesterday"}])
def test_an_answer_without_a_date_has_no_time(
    app: StandInApp, settings: Settings, github: GitHubStandIn, date: dict[str, str]
) -> None:
    github.fault("GET /app", response=Response(status=401, body={"message": "Bad credentials"}, headers=date))
    assert preflight(App(str(app.id), app.private_key), settings).time is None
