from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.http.credentials import Credentials
from analyzers.model.exchange import Exchange, Response
from analyzers.model.facts import GitRefs, Known, Unknown
from analyzers.model.question import Question
from analyzers.registries import git_refs
from analyzers.registries.git_refs import SOURCE, look_up
from tests.support.exchanges import drive, play
from tests.support.fetching import fetcher_with
from tests.support.git_server import GitHost, serve_git
from tests.support.pace import allowed

NAME = "https://github.com/actions/checkout"
COMMIT, OTHER = "a" * 40, "b" * 40
V2 = b"001e# service=git-upload-pack\n0000000eversion 2\n0013ls-refs=unborn\n0000"


@pytest.fixture
def host(tmp_path: Path) -> Iterator[GitHost]:
    with serve_git(tmp_path) as running:
        yield running


def ask(host: GitHost, name: str = NAME, credentials: Credentials | None = None) -> GitRefs | Unknown:
    with fetcher_with(credentials=credentials) as fetcher:
        answer = drive(look_up(Question("git-refs", name), host.addresses), fetcher)
    if isinstance(answer, Unknown):
        return answer
    assert isinstance(answer.value, GitRefs)
    return answer.value


def asked(name: str = NAME, *, address: str = "") -> Exchange:
    return look_up(Question("git-refs", name, address), {})


def ok(body: bytes) -> Response:
    return Response(200, {}, body)


def pkt(line: str) -> bytes:
    return b"%04x%b" % (len(line.encode()) + 4, line.encode())


def test_tags_and_branches_come_by_git_s_own_protocol(host: GitHost) -> None:
    built = host.repository("actions/checkout").commit("One")
    first = built.head
    built.git("tag", "v1.0.0")
    built.commit("Two").git("tag", "--annotate", "--message", "two", "v2.0.0")
    built.git("branch", "releases/v2")
    built.git("update-ref", "refs/pull/7/head", first)
    found = ask(host)
    assert found == GitRefs(
        NAME, {"v1.0.0": first, "v2.0.0": built.head}, {"main": built.head, "releases/v2": built.head}, "main"
    )
    assert host.requests == [
        "GET /actions/checkout.git/info/refs?service=git-upload-pack",
        "POST /actions/checkout.git/git-upload-pack",
    ]


def test_a_server_of_the_old_protocol_tells_the_same(tmp_path: Path) -> None:
    with serve_git(tmp_path, old_protocol=True) as host:
        built = host.action("actions/checkout", v1="node12", v2="node16")
        found = ask(host)
        commits = {tag: built.git("rev-parse", f"{tag}^{{commit}}").strip() for tag in ("v1", "v2")}
        assert found == GitRefs(NAME, commits, {"main": built.head}, "main")
        assert len(host.requests) == 1


def test_both_protocols_agree(tmp_path: Path) -> None:
    with serve_git(tmp_path) as host, serve_git(tmp_path, old_protocol=True) as old:
        host.action("actions/checkout", v1="node12", v1_2_0="node16").branch("next")
        assert ask(host) == ask(old)


def test_a_repository_of_sha256_is_read(host: GitHost) -> None:
    folder = host.root / "actions" / "checkout.git"
    folder.mkdir(parents=True)
    built = host.repository("actions/checkout")
    built.git("config", "--local", "core.repositoryformatversion", "0")
    for left in (folder / ".git").rglob("*"):
        if left.is_file():
            left.unlink()
    built.git("init", "--quiet", "--object-format=sha256", "--initial-branch=main")
    built.commit("One").git("tag", "v1")
    found = ask(host)
    assert isinstance(found, GitRefs)
    assert found.tags == {"v1": built.head}
    assert len(built.head) == 64


def test_an_empty_repository_has_no_refs(host: GitHost) -> None:
    host.repository("actions/checkout")
    assert ask(host) == GitRefs(NAME, {}, {}, None)


def test_an_empty_repository_has_no_refs_in_the_old_protocol_either(tmp_path: Path) -> None:
    with serve_git(tmp_path, old_protocol=True) as host:
        host.repository("actions/checkout")
        assert ask(host) == GitRefs(NAME, {}, {}, None)


def test_a_repository_that_moved_is_followed(host: GitHost) -> None:
    host.action("new/name", v1="node20")
    host.moved["actions/checkout"] = "new/name"
    found = ask(host)
    assert isinstance(found, GitRefs)
    assert list(found.tags) == ["v1"]


def test_a_missing_repository_is_not_found(host: GitHost) -> None:
    assert getattr(ask(host), "reason", "") == "not-found"


def test_without_credentials_a_private_repository_is_refused(tmp_path: Path) -> None:
    with serve_git(tmp_path, token="secret") as host:
        host.action("actions/checkout", v1="node20")
        assert getattr(ask(host), "reason", "") == "refused"


def test_another_host_is_asked_at_its_own_address(host: GitHost) -> None:
    host.repository("group/hooks").commit("One").git("tag", "v1")
    found = ask(host, f"{host.url}/group/hooks.git")
    assert isinstance(found, GitRefs)
    assert list(found.tags) == ["v1"]


@pytest.mark.parametrize(
    "name",
    ["", "actions/checkout", "ssh://github.com/a/b", "https://", "https://github.com/", "https://github.com/../x",
     "file:///etc/passwd", "https://[::1/a/b"],
)  # fmt: skip
def test_what_is_no_address_is_not_asked(name: str) -> None:
    answer, requests = play_nothing(name)
    assert isinstance(answer, Unknown)
    assert answer.reason == "not-found"
    assert requests == 0


def play_nothing(name: str) -> tuple[object, int]:
    try:
        next(asked(name))
    except StopIteration as done:
        return done.value, 0
    return None, 1


def test_credentials_in_an_address_are_dropped() -> None:
    request = next(asked("https://user:secret@git.example.org/a/b"))
    assert request.url == "https://git.example.org/a/b.git/info/refs?service=git-upload-pack"
    assert request.credentials == "git.example.org"


def test_the_address_of_the_question_goes_first() -> None:
    request = next(asked(address="https://ghe.example.org/git/"))
    assert request.url.startswith("https://ghe.example.org/git/actions/checkout.git/")


@pytest.mark.parametrize(
    ("status", "reason"),
    [(401, "refused"), (403, "refused"), (404, "not-found"), (429, "rate-limited"), (418, "malformed-answer")],
)
def test_a_refusal_keeps_its_reason(status: int, reason: str) -> None:
    answer, _ = play(asked(), Response(status, {}, b""))
    assert isinstance(answer, Unknown)
    assert answer.reason == reason
    answer, _ = play(asked(), ok(V2), Response(status, {}, b""))
    assert isinstance(answer, Unknown)
    assert answer.reason == reason


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "malformed-answer"),
        (b"<html>", "malformed-answer"),
        (b"0000", "malformed-answer"),
        (b"ffff too short", "malformed-answer"),
        (b"+123abc", "malformed-answer"),
        (pkt("no refs here"), "malformed-answer"),
        (pkt("version 1\n") + pkt("nonsense"), "malformed-answer"),
        (pkt("ERR repository gone\n"), "refused"),
    ],
)
def test_what_is_no_advertisement_is_malformed(body: bytes, reason: str) -> None:
    answer, _ = play(asked(), ok(body))
    assert isinstance(answer, Unknown)
    assert answer.reason == reason


def test_an_error_of_the_server_in_the_second_answer_is_a_refusal() -> None:
    answer, _ = play(asked(), ok(V2), ok(pkt("ERR no access\n")))
    assert answer == Unknown("refused", "github.com: no access")


def test_refs_that_no_honest_server_sends_are_left_out() -> None:
    names = ["refs/tags/v1", "refs/tags/" + "x" * 2000, f"refs/tags/v3 peeled:{OTHER}", "refs/tags/v4 peeled:zz", "x"]
    lines = [*(f"{COMMIT} {name}" for name in names), COMMIT, "", "xyz refs/tags/v2"]
    body = b"".join(map(pkt, lines)) + b"%04x%b refs/tags/\xff" % (4 + 40 + 12, COMMIT.encode()) + b"0000"
    answer, _ = play(asked(), ok(V2), ok(body))
    assert answer == Known(GitRefs(NAME, {"v1": COMMIT, "v3": OTHER}, {}, None))


def test_too_many_refs_are_refused() -> None:
    body = pkt(f"{COMMIT} refs/tags/v1") * (git_refs.MAX_REFS + 2)
    answer, _ = play(asked(), ok(V2), ok(body))
    assert isinstance(answer, Unknown)
    assert answer.reason == "malformed-answer"


def test_a_redirect_to_another_host_is_not_followed() -> None:
    answer, _ = play(asked(), ok(V2), Response(301, {"location": "https://evil.example/x"}, b""))
    assert answer == Unknown("refused", "github.com redirects to another host, which is not followed")


def test_a_circle_of_redirects_ends() -> None:
    again = Response(307, {"location": "/actions/checkout.git/git-upload-pack"}, b"")
    answer, requests = play(asked(), ok(V2), again, again, again, again)
    assert isinstance(answer, Unknown)
    assert len(requests) == 5


@given(st.binary(max_size=60), st.booleans())
@settings(deadline=None, max_examples=300)
def test_any_bytes_are_answered(body: bytes, second: bool) -> None:
    begun = time.process_time()
    answer = play(asked(), *([ok(V2)] * second), ok(body), ok(body))[0]
    assert isinstance(answer, Known | Unknown)
    assert time.process_time() - begun < allowed(1)


def test_the_source_states_what_it_answers() -> None:
    assert (SOURCE.name, SOURCE.value) == ("git-refs", GitRefs)
