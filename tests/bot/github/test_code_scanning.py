from __future__ import annotations

import json

import pytest

from bot.github.client import Client
from bot.github.errors import ForbiddenError
from bot.github.objects import Analysis
from tests.support.github.hosted import HostedRepository
from tests.support.github.standin import GitHubStandIn
from tests.support.github_client import Opener

MAIN = "refs/heads/main"
RUN = {
    "tool": {"driver": {"name": "debtscan", "version": "1+abc", "rules": []}},
    "automationDetails": {"id": "debtscan/"},
    "results": [],
}
SARIF = json.dumps({"version": "2.1.0", "runs": [RUN]})


@pytest.fixture
def hosted(github: GitHubStandIn) -> HostedRepository:
    return github.repository("acme/shop", {"a.txt": "1\n"})


@pytest.fixture
def client(opener: Opener, hosted: HostedRepository) -> Client:
    return opener(hosted.name)


def test_what_is_uploaded_is_listed(hosted: HostedRepository, client: Client) -> None:
    assert client.analyses(MAIN, "debtscan") == ()
    client.upload_sarif(hosted.head, MAIN, SARIF)
    assert hosted.settings.analyses[0].sarif == json.loads(SARIF)
    assert client.analyses(MAIN, "debtscan") == (Analysis(commit=hosted.head, category="debtscan", version="1+abc"),)
    assert client.analyses("refs/heads/other", "debtscan") == ()


def test_where_it_is_off_it_is_refused(hosted: HostedRepository, client: Client) -> None:
    hosted.settings.code_scanning = False
    with pytest.raises(ForbiddenError, match="Advanced Security"):
        client.analyses(MAIN, "debtscan")
    with pytest.raises(ForbiddenError, match="Advanced Security"):
        client.upload_sarif(hosted.head, MAIN, SARIF)


def test_without_the_permission_it_is_named(github: GitHubStandIn, hosted: HostedRepository, opener: Opener) -> None:
    client = opener(hosted.name, github.token(without=["security_events"]))
    with pytest.raises(ForbiddenError) as caught:
        client.upload_sarif(hosted.head, MAIN, SARIF)
    assert caught.value.permission == "security_events"
