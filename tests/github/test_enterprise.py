"""GitHub Enterprise Server, an authority of one's own, and repositories of an owner."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme
from github import Auth, Github

from tests.support.github import GitHubStandIn
from tests.support.github.asking import Asker


def test_the_api_lies_below_a_path(tmp_path: Path) -> None:
    with GitHubStandIn(tmp_path, enterprise=True) as github:
        hosted = github.repository("acme/shop", {"a": "1\n"})
        hosted.commit({"a": "2\n"}, branch="topic")
        client = Github(auth=Auth.Token(github.token()), base_url=github.api_url, retry=None)
        shop = client.get_repo("acme/shop")
        assert shop.url == f"{github.url}/api/v3/repos/acme/shop"
        pull = shop.create_pull(base="main", head="topic", title="T")
        pull.convert_to_draft()
        assert hosted.pull(1).draft
        assert Asker(github.url).get("/repos/acme/shop").status == 404
        assert github.violations == ["GET /outside-the-api/repos/acme/shop is not stood in for"]
        github.violations.clear()


def test_it_speaks_tls_with_a_certificate_of_ones_own(tmp_path: Path) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with GitHubStandIn(tmp_path / "github", tls=context) as github:
        github.repository("acme/shop", {"a": "1\n"})
        known = Github(base_url=github.api_url, verify=str(tmp_path / "ca.pem"), retry=None)
        assert known.get_repo("acme/shop").full_name == "acme/shop"


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/orgs/acme/repos", ["acme/a", "acme/fork", "acme/old"]),
        ("/orgs/acme/repos?type=sources", ["acme/a", "acme/old"]),
        ("/orgs/acme/repos?type=forks", ["acme/fork"]),
        ("/orgs/acme/repos?per_page=1&page=3", ["acme/old"]),
        ("/users/acme/repos", ["acme/a", "acme/fork", "acme/old"]),
    ],
)
def test_repositories_of_an_owner(github: GitHubStandIn, path: str, names: list[str]) -> None:
    github.repository("acme/a", {"a": "b"}, organization=True)
    github.repository("acme/fork", {"a": "b"}, fork=True)
    github.repository("acme/old", archived=True, mirror_url="https://example.org/old.git")
    github.repository("acme/secret", private=True)
    github.repository("else/a")
    asker = Asker(github.api_url, github.token(repositories=["acme/a"]))
    assert [each["full_name"] for each in asker.get(path).body] == names
    assert asker.get("/orgs/acme").body["type"] == "Organization"
    assert asker.get("/orgs/else").status == 404


def test_who_a_token_is(github: GitHubStandIn) -> None:
    assert Asker(github.api_url, github.token(login="ada")).get("/user").body["login"] == "ada"
    assert Asker(github.api_url).get("/user").status == 401
    github.repository("acme/shop")
    workflow = Asker(github.api_url, github.workflow_token("acme/shop", {}))
    assert workflow.get("/user").message == "Resource not accessible by integration"
    assert workflow.get("/users/github-actions%5Bbot%5D").body["type"] == "Bot"
