from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.model.exchange import Response
from analyzers.model.facts import ActionDefinition, Answer, Known, Unknown
from analyzers.model.question import Question
from analyzers.registries.action import SOURCE, look_up
from tests.support.exchanges import drive, play
from tests.support.fetching import fetcher_with
from tests.support.git_server import GitHost, serve_git

COMPOSITE = """
runs:
  using: "composite"
  steps:
    - uses: actions/checkout@v2
    - run: echo hello
      shell: bash
    - uses: ./local
    - uses: actions/checkout@v2
    - uses: {not: text}
    - text
"""


@pytest.fixture
def host(tmp_path: Path) -> Iterator[GitHost]:
    with serve_git(tmp_path) as running:
        yield running


def ask(host: GitHost, name: str) -> Answer:
    with fetcher_with() as fetcher:
        return drive(look_up(Question("action", name), host.addresses), fetcher)


def read(body: str) -> Answer:
    return play(look_up(Question("action", "a/b@v1"), {}), Response(200, {}, body.encode()))[0]


def test_the_runtime_is_that_of_the_exact_ref(host: GitHost) -> None:
    built = host.action("actions/cache", v3_0_0="node16", v3_5_0="node20")
    assert ask(host, "actions/cache@v3.0.0") == Known(ActionDefinition("actions/cache@v3.0.0", "node16"))
    assert ask(host, "actions/cache@v3.5.0") == Known(ActionDefinition("actions/cache@v3.5.0", "node20"))
    name = f"actions/cache@{built.head}"
    assert ask(host, name) == Known(ActionDefinition(name, "node20"))


def test_an_action_may_lie_in_a_folder_and_its_ref_hold_a_slash(host: GitHost) -> None:
    host.repository("owner/tools").write("sub/dir/action.yaml", "runs: {using: node24}").commit().branch("release/v1")
    name = "owner/tools/sub/dir@release/v1"
    assert ask(host, name) == Known(ActionDefinition(name, "node24"))
    assert len(host.requests) == 2


def test_a_dockerfile_alone_makes_an_action(host: GitHost) -> None:
    host.repository("owner/image").write("Dockerfile", "FROM alpine").commit()
    assert ask(host, "owner/image@main") == Known(ActionDefinition("owner/image@main", "docker"))


def test_what_has_no_definition_is_not_found(host: GitHost) -> None:
    host.repository("owner/empty").commit()
    assert getattr(ask(host, "owner/empty@main"), "reason", "") == "not-found"
    assert getattr(ask(host, "owner/missing@main"), "reason", "") == "not-found"


@pytest.mark.parametrize(
    ("body", "using", "uses"),
    [
        ("runs: {using: node20, main: x.js}", "node20", ()),
        ("runs: {using: Node20}", "node20", ()),
        ("runs: {using: 'docker', image: Dockerfile}", "docker", ()),
        ("runs: {plugin: checkout}", "plugin", ()),
        ("\ufeffruns: {using: node16}", "node16", ()),
        (COMPOSITE, "composite", ("actions/checkout@v2", "./local")),
    ],
)
def test_a_definition_says_what_it_runs_on(body: str, using: str, uses: tuple[str, ...]) -> None:
    assert read(body) == Known(ActionDefinition("a/b@v1", using, uses))


@pytest.mark.parametrize("body", ["", "text", "runs: node20", "runs: {}", "runs: {using: ''}", "a: [", "- 1", "\0"])
def test_what_says_nothing_is_malformed(body: str) -> None:
    assert getattr(read(body), "reason", "") == "malformed-answer"


@pytest.mark.parametrize("name", ["", "a", "a/b", "a@v1", "a/b@", "a//b@v1", "a/b/../c@v1", "a/b@../../x", "a/b@v1//x"])
def test_what_is_no_call_is_not_asked(name: str) -> None:
    with pytest.raises(StopIteration) as done:
        next(look_up(Question("action", name), {}))
    assert done.value.value.reason == "not-found"


def test_odd_characters_are_quoted() -> None:
    request = next(look_up(Question("action", "a/b/c d@v1#x?y%"), {}))
    assert request.url == "https://raw.githubusercontent.com/a/b/v1%23x%3Fy%25/c%20d/action.yml"


def test_a_refusal_ends_the_search() -> None:
    answer, requests = play(look_up(Question("action", "a/b@v1"), {}), Response(403, {}, b""))
    assert getattr(answer, "reason", "") == "refused"
    assert len(requests) == 1


@given(st.binary(max_size=80))
@settings(deadline=None, max_examples=200)
def test_any_bytes_are_answered(body: bytes) -> None:
    answer, _ = play(look_up(Question("action", "a/b@v1"), {}), Response(200, {}, body))
    assert isinstance(answer, Known | Unknown)


def test_the_source_states_what_it_answers() -> None:
    assert (SOURCE.name, SOURCE.value) == ("action", ActionDefinition)
