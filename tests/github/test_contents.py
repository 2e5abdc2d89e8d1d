"""Files by path, commits, comparisons, releases: what is read, and what writing leaves behind."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.github.asking import Asker
from tests.support.repository import RepositoryBuilder

SHOP = "/repos/acme/shop"
A = base64.b64encode(b"new\n").decode()


@pytest.fixture
def hosted(github: GitHubStandIn) -> HostedRepository:
    return github.repository("acme/shop", {"a.txt": "1\n", "d/ä b.txt": b"\xff\x00", "d/e/f": ""})


@pytest.fixture
def asker(github: GitHubStandIn, hosted: HostedRepository) -> Asker:
    del hosted
    return Asker(github.api_url, github.token())


def test_a_file_and_a_folder(asker: Asker) -> None:
    answer = asker.get(f"{SHOP}/contents/d/%C3%A4%20b.txt")
    assert base64.b64decode(answer.body["content"]) == b"\xff\x00"
    raw = asker.get(f"{SHOP}/contents/d/%C3%A4%20b.txt", {"accept": "application/vnd.github.raw+json"})
    assert raw.body == b"\xff\x00"
    folder = asker.get(f"{SHOP}/contents/d").body
    assert [(each["type"], each["path"]) for each in folder] == [("dir", "d/e"), ("file", "d/ä b.txt")]
    assert [each["name"] for each in asker.get(f"{SHOP}/contents/").body] == ["a.txt", "d"]


def test_a_file_is_written_where_it_is_as_it_was(asker: Asker, hosted: HostedRepository) -> None:
    path = f"{SHOP}/contents/a.txt"
    sha = asker.get(path).body["sha"]
    assert asker.ask("PUT", path, {"message": "m", "content": A}).status == 422
    stale = asker.ask("PUT", path, {"message": "m", "content": A, "sha": "1" * 40})
    assert (stale.status, "does not match" in stale.message) == (409, True)
    written = asker.ask("PUT", path, {"message": "m", "content": A, "sha": sha})
    assert (written.status, hosted.file("a.txt"), hosted.head) == (200, b"new\n", written.body["commit"]["sha"])
    assert asker.ask("PUT", f"{SHOP}/contents/x/y", {"message": "m", "content": A}).status == 201
    gone = asker.ask("DELETE", path, {"message": "m", "sha": written.body["content"]["sha"]})
    assert gone.status == 200
    assert sorted(hosted.files()) == ["d/e/f", "d/ä b.txt", "x/y"]


def test_the_first_file_of_an_empty_repository(github: GitHubStandIn) -> None:
    empty = github.repository("acme/empty")
    asker = Asker(github.api_url, github.token())
    made = asker.ask("PUT", "/repos/acme/empty/contents/a.txt", {"message": "m", "content": A})
    assert (made.status, empty.files()) == (201, {"a.txt": b"new\n"})


def test_two_branches_are_compared(asker: Asker, hosted: HostedRepository) -> None:
    hosted.commit({"a.txt": "2\n"}, branch="topic", message="One")
    hosted.commit({"a.txt": None, "b": "x\ny\n"}, branch="topic", message="Two")
    ahead = asker.get(f"{SHOP}/compare/main...topic").body
    assert (ahead["status"], ahead["ahead_by"], ahead["behind_by"]) == ("ahead", 2, 0)
    assert [each["commit"]["message"] for each in ahead["commits"]] == ["One", "Two"]
    assert [(each["filename"], each["status"], each["changes"]) for each in ahead["files"]] == [
        ("a.txt", "removed", 1),
        ("b", "added", 2),
    ]
    hosted.commit({"c": ""})
    assert asker.get(f"{SHOP}/compare/main...acme:topic").body["status"] == "diverged"
    assert asker.get(f"{SHOP}/compare/main...main").body["status"] == "identical"


def test_commits_of_a_branch_and_of_a_path(asker: Asker, hosted: HostedRepository) -> None:
    hosted.commit({"a.txt": "2\n"}, message="Second", login="grace")
    listed = asker.get(f"{SHOP}/commits").body
    assert [(each["commit"]["message"], each["author"]["login"]) for each in listed] == [
        ("Second", "grace"),
        ("Begin", "ada"),
    ]
    assert len(asker.get(f"{SHOP}/commits?path=d/e/f").body) == 1


def test_releases_and_tags(asker: Asker, hosted: HostedRepository) -> None:
    hosted.release("v1.0", "First\n")
    hosted.release("pkg/v2.0-rc1", "Soon", prerelease=True)
    assert [each["tag_name"] for each in asker.get(f"{SHOP}/releases").body] == ["pkg/v2.0-rc1", "v1.0"]
    assert asker.get(f"{SHOP}/releases/latest").body["body"] == "First\n"
    assert asker.get(f"{SHOP}/releases/tags/pkg/v2.0-rc1").body["prerelease"]
    assert [each["name"] for each in asker.get(f"{SHOP}/tags").body] == ["v1.0", "pkg/v2.0-rc1"]
    assert [each["ref"] for each in asker.get(f"{SHOP}/git/matching-refs/tags/v1").body] == ["refs/tags/v1.0"]


def test_a_local_repository_is_copied(github: GitHubStandIn, tmp_path: Path) -> None:
    local = RepositoryBuilder(tmp_path / "local").write("x", "1\n").commit("Begin").branch("trunk")
    local.write("x", "2\n").commit("Go on")
    hosted = github.repository("acme/copy", source=local.path)
    assert (hosted.settings.default_branch, hosted.head) == ("trunk", local.head)
    assert hosted.file("x", "main") == b"1\n"
    hosted.commit({"x": "3\n"})
    assert local.git("show", "trunk:x") == "2\n"
