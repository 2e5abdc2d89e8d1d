from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.ecosystems.github_actions.reader import read_action, read_workflow
from analyzers.errors import InvalidSyntaxError, UnreadableError
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Manifest
from analyzers.syntax.text import SourceText


def images(text: str) -> list[tuple[str, str | None, str, str | None]]:
    """Return (name, value, kind, skip reason) of each image."""
    found = read_workflow(SourceText("w.yml", text)).dependencies
    for row in found:
        assert text.encode()[row.place.start : row.place.end].decode() == (row.value or "") or row.skip_reason
    return [(row.name, row.value, row.kind, row.skip_reason) for row in found if row.ecosystem == "docker"]


def job(*lines: str) -> str:
    return "jobs:\n  a:\n" + "".join(f"    {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (job("container: node:18-alpine"), [("node", "18-alpine", None)]),
        (job("container: {image: 'ghcr.io/a/b:1.2'}"), [("ghcr.io/a/b", "1.2", None)]),
        (job("services: {db: {image: postgres:12}, x: {}}"), [("postgres", "12", None)]),
        (job("container: ''", "services: {a: {image: ''}}"), []),
        (job("container:"), []),
        (
            job("strategy: {matrix: {v: ['3.8', '3.9']}}", "container: python:${{ matrix.v }}"),
            [("python", "3.8", None), ("python", "3.9", None)],
        ),
        (
            job("strategy: {matrix: {c: [{image: 'a:1'}, 'b:2', '']}}", "container: ${{ matrix.c }}"),
            [("a", "1", None), ("b", "2", None)],
        ),
        (
            job("container: ${{ inputs.image }}"),
            [("${{ inputs.image }}", None, "unpinned-expression")],
        ),
    ],
)
def test_images_of_containers_and_services_are_read(
    text: str, expected: list[tuple[str, str | None, str | None]]
) -> None:
    assert images(text) == [(name, value, "workflow-container", reason) for name, value, reason in expected]


def test_a_reusable_workflow_is_a_call_of_the_job() -> None:
    reading = read_workflow(SourceText("w.yml", job("uses: o/r/.github/workflows/x.yml@v1", "with: {a: b}")))
    (found,) = reading.dependencies
    assert (found.name, found.value, found.kind) == ("o/r", "v1", "workflow-uses")
    assert found.purl.endswith("#.github/workflows/x.yml")


def test_jobs_that_share_steps_by_an_alias_name_them_once() -> None:
    text = "jobs:\n  a:\n    steps: &s\n    - uses: a/b@v1\n    - run: echo ::add-path::x\n  b:\n    steps: *s\n"
    reading = read_workflow(SourceText("w.yml", text))
    assert len(reading.dependencies) == 1
    assert len(reading.observations) == 1


def test_a_workflow_is_a_manifest() -> None:
    assert read_workflow(SourceText("w.yml", "jobs: {}")).manifest == Manifest(
        path="w.yml", ecosystem="githubactions", format="workflow"
    )


@pytest.mark.parametrize(
    "text", ["jobs: []", "jobs: {a: b}", "jobs: {a: {steps: x}}", "jobs: {a: {steps: [x, {run: [], uses: {}}]}}",
             "jobs: {a: {services: [], container: []}}", "jobs:", "", "# nothing\n", "jobs: {a: {runs-on: [[x]]}}"]
)  # fmt: skip
def test_odd_shapes_hold_nothing(text: str) -> None:
    reading = read_workflow(SourceText("w.yml", text))
    assert (reading.dependencies, reading.observations) == ((), ())


@pytest.mark.parametrize("text", ["- a", "text", "a: [", "[]"])
def test_what_is_no_mapping_is_no_workflow(text: str) -> None:
    with pytest.raises(InvalidSyntaxError):
        read_workflow(SourceText("w.yml", text))


def test_an_own_action_states_its_runtime_and_its_calls() -> None:
    text = "name: x\nruns:\n  using: 'node16'\n  steps:\n    - uses: a/b@v1\n"
    reading = read_action(SourceText("action.yml", text))
    (seen,) = reading.observations
    assert (seen.kind, seen.name, text[seen.place.start : seen.place.end]) == ("action-runtime", "node16", "node16")
    assert [(row.name, row.kind) for row in reading.dependencies] == [("a/b", "action-uses")]


@pytest.mark.parametrize(
    ("image", "expected"), [("docker://alpine:3.8", [("alpine", "3.8", "action-uses")]), ("Dockerfile", [])]
)
def test_an_own_action_may_be_an_image(image: str, expected: list[tuple[str, str, str]]) -> None:
    text = f"runs:\n  using: docker\n  image: '{image}'\n"
    found = read_action(SourceText("action.yml", text)).dependencies
    assert [(row.name, row.value, row.kind) for row in found] == expected
    assert all(text[row.place.start : row.place.end] == row.value for row in found)


@pytest.mark.parametrize("text", ["name: x", "runs: text", "", "a: b\n---\nc: d"])
def test_a_file_that_runs_nothing_is_no_action(text: str) -> None:
    assert read_action(SourceText("action.yml", text)) == Reading()


_WORDS = ["jobs:", "a:", "steps:", "- uses: a/b@v1", "- run: |", "echo ::add-path::x", "runs-on: ${{ matrix.os }}",
          "strategy:", "matrix:", "os: [x, &a y, *a]", "runs:", "using: node16", "container: x:1", "\n", "  ", "    ",
          "- ", "{", "}", "[", "'", "#", "\t"]  # fmt: skip


@given(st.lists(st.sampled_from(_WORDS), max_size=14).map("".join) | st.text(max_size=60))
@settings(deadline=None, max_examples=400)
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (read_workflow, read_action):
        source = SourceText("w.yml", text)
        try:
            reading = read(source)
        except UnreadableError:
            continue
        for row in reading.dependencies:
            assert row.skip_reason or text.encode()[row.place.start : row.place.end].decode() == (row.value or "")
        for seen in reading.observations:
            assert text.encode()[seen.place.start : seen.place.end]
