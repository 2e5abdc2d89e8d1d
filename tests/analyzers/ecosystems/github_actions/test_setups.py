"""Versions under ``with:`` of setup actions, where they come from and where they stand."""

from __future__ import annotations

import time

import pytest

from analyzers.ecosystems.github_actions.reader import read_action, read_workflow
from analyzers.ecosystems.github_actions.setups import INPUTS
from analyzers.lifecycles import tools
from analyzers.model.inventory import Dependency
from analyzers.syntax.text import SourceText
from tests.support.pace import allowed

_HEAD = "jobs:\n  a:\n    strategy: {matrix: %s}\n    steps:\n      - uses: %s@v1\n        with:\n"


def rows(action: str, given: str, *, matrix: str = "{}", before: str = "") -> list[Dependency]:
    body = "".join(f"          {line}\n" for line in given.split("\n"))
    text = before + _HEAD % (matrix, action) + body
    found = read_workflow(SourceText(".github/workflows/ci.yml", text)).dependencies
    installed = [row for row in found if row.kind == "workflow-with"]
    assert all(text[row.place.start : row.place.end] == row.value for row in installed if row.value)
    return installed


def values(found: list[Dependency]) -> list[tuple[str | None, str | None, str | None]]:
    return [(row.value, row.dependency_group, row.skip_reason) for row in found]


@pytest.mark.parametrize(
    ("action", "given", "ecosystem", "name", "value", "version"),
    [
        ("actions/setup-python", "python-version: '3.9'", "generic", "python", "3.9", None),
        ("actions/setup-python", "python-version: 3.9.18", "generic", "python", "3.9.18", "3.9.18"),
        ("actions/setup-python", "python-version: 3.x", "generic", "python", "3.x", None),
        ("actions/setup-python", "python-version: 3.13-dev", "generic", "python", "3.13", None),
        ("actions/setup-python", "python-version: '>=3.9 <3.12'", "generic", "python", ">=3.9 <3.12", None),
        ("ACTIONS/setup-Node", "node-version: 18", "generic", "node", "18", None),
        ("actions/setup-node", "node-version: lts/*", "generic", "node", "lts/*", None),
        ("actions/setup-go", "go-version: ^1.21", "generic", "go", "^1.21", None),
        ("actions/setup-java", "java-version: 17.0.8+7", "generic", "java", "17.0.8+7", "17.0.8+7"),
        ("actions/setup-java", "java-version: 21-ea", "generic", "java", "21", None),
        ("actions/setup-dotnet", "dotnet-version: 8.0.x", "generic", "dotnet", "8.0.x", None),
        ("ruby/setup-ruby", "ruby-version: ruby-3.1", "generic", "ruby", "3.1", None),
        ("shivammathur/setup-php", "php-version: '8.1'", "generic", "php", "8.1", None),
        ("erlef/setup-beam", "otp-version: 26", "generic", "erlang", "26", None),
        ("astral-sh/setup-uv", "version: 0.5.0", "pypi", "uv", "0.5.0", "0.5.0"),
        ("pnpm/action-setup", "version: 8.6.0", "npm", "pnpm", "8.6.0", "8.6.0"),
        ("golangci/golangci-lint-action", "version: v1.55", "github", "golangci-lint", "v1.55", "1.55"),
        ("golangci/golangci-lint-action", "version: latest", "github", "golangci-lint", "latest", None),
        ("hashicorp/setup-terraform", "terraform_version: 1.5.x", "github", "terraform", "1.5.x", None),
        ("oven-sh/setup-bun", "bun-version: 1.0.0", "github", "bun", "1.0.0", "bun-1.0.0"),
        ("helm/kind-action", "node_image: kindest/node:v1.27.3", "docker", "kindest/node", "v1.27.3", "1.27.3"),
        (
            "renovatebot/github-action",
            "renovate-version: 44.1.0",
            "docker",
            "ghcr.io/renovatebot/renovate",
            "44.1.0",
            "44.1.0",
        ),
        (
            "renovatebot/github-action",
            f"renovate-image: a.io/b\nrenovate-version: 44@sha256:{64 * 'b'}",
            "docker",
            "a.io/b",
            "44",
            "44",
        ),
        ("conda-incubator/setup-miniconda", "miniforge-version: latest", "github", "miniforge", "latest", None),
        ("zizmorcore/zizmor-action", "version: 1.26.1", "pypi", "zizmor", "1.26.1", "1.26.1"),
        ("cloudflare/wrangler-action", "wranglerVersion: 4.1.0", "npm", "wrangler", "4.1.0", "4.1.0"),
    ],
)
def test_a_version_is_that_of_the_runtime_or_tool(
    action: str, given: str, ecosystem: str, name: str, value: str, version: str | None
) -> None:
    (row,) = rows(action, given)
    assert (row.ecosystem, row.name, row.value, row.version) == (ecosystem, name, value, version)
    assert row.skip_reason is None


@pytest.mark.parametrize(
    ("action", "given", "reason"),
    [
        ("actions/setup-python", "python-version: pypy3.9", "unsupported-version"),
        ("actions/setup-python", "python-version: ${{ vars.PYTHON }}", "unpinned-expression"),
        ("actions/setup-python", "python-version: 3.${{ vars.MINOR }}", "unpinned-expression"),
        ("actions/setup-python", r'python-version: "\x33.9"', "unsupported-syntax"),
        ("actions/setup-go", "go-version: oldstable", "unsupported-version"),
        ("ruby/setup-ruby", "ruby-version: jruby-9.4", "unsupported-version"),
        ("hashicorp/setup-terraform", "terraform_version: ~1.5", "unsupported-version"),
        ("dart-lang/setup-dart", "sdk: 3.1.0", "unsupported-source"),
    ],
)
def test_what_cannot_be_judged_is_listed_with_its_reason(action: str, given: str, reason: str) -> None:
    (row,) = rows(action, given)
    assert row.skip_reason == reason


@pytest.mark.parametrize(
    "given", ["python-version-file: .python-version", "check-latest: true", "python-version: ''", "python-version:"]
)
def test_other_inputs_name_no_version(given: str) -> None:
    assert rows("actions/setup-python", given) == []
    assert rows("somebody/setup-python", "python-version: 3.9") == []


def test_each_version_of_a_matrix_is_a_row_at_its_own_place() -> None:
    matrix = "{python: ['3.8', 3.9, pypy3.9], include: [{python: '3.12'}], exclude: [{python: 3.9}]}"
    found = rows("actions/setup-python", "python-version: ${{ matrix.python }}", matrix=matrix)
    assert values(found) == [
        ("3.8", "matrix", None),
        ("pypy3.9", "matrix", "unsupported-version"),
        ("3.12", "matrix", None),
    ]
    assert {row.place.line for row in found} == {3}


def test_a_matrix_of_one_version_is_what_the_job_runs_on() -> None:
    found = rows("actions/setup-node", "node-version: ${{ matrix.node }}", matrix="{node: [18]}")
    assert values(found) == [("18", None, None)]


@pytest.mark.parametrize(
    ("before", "given", "expected"),
    [
        ("env: {PY: '3.9'}\n", "${{ env.PY }}", "3.9"),
        ("on: {workflow_call: {inputs: {py: {default: '3.9'}}}}\n", "${{ inputs.py }}", "3.9"),
        ("on: {workflow_dispatch: {inputs: {py: {default: '3.9'}}}}\n", "${{ inputs.py || '3.12' }}", "3.9"),
        ("", "${{ inputs.py || '3.12' }}", "3.12"),
        ("", "${{ github.ref == 'main' && '3.11' || '3.11' }}", "3.11"),
    ],
)
def test_an_expression_leads_to_the_text_that_it_is_worth(before: str, given: str, expected: str) -> None:
    found = rows("actions/setup-python", f"python-version: {given}", before=before)
    assert found[0].value == expected
    assert found[0].skip_reason is None


def test_a_block_of_several_lines_names_several_versions() -> None:
    found = rows("actions/setup-dotnet", "dotnet-version: |\n  6.0.x\n\n  8.0.100\n  ${{ vars.X }}")
    assert values(found) == [
        ("6.0.x", "matrix", None),
        ("8.0.100", "matrix", None),
        ("${{ vars.X }}", "matrix", "unsupported-syntax"),
    ]


def test_who_builds_a_java_stands_in_its_purl() -> None:
    (row,) = rows("actions/setup-java", "java-version: 17\ndistribution: Zulu")
    assert row.purl == "pkg:generic/java?distribution=zulu"


def test_a_composite_action_installs_the_default_of_its_input() -> None:
    text = (
        "inputs: {python: {default: '3.9'}}\nruns:\n  using: composite\n  steps:\n"
        "    - {uses: actions/setup-python@v4, with: {python-version: '${{ inputs.python }}'}}\n"
    )
    found = read_action(SourceText("action.yml", text)).dependencies
    (row,) = (row for row in found if row.kind == "action-with")
    assert (row.name, row.value, row.place.line) == ("python", "3.9", 1)


def test_every_name_is_one_that_the_table_of_tools_uses() -> None:
    for action, inputs in INPUTS.items():
        assert action == action.lower()
        assert all(tools.canonical(name) == name for name in inputs.values())


def _many(line: str, count: int, matrix: str) -> str:
    return f"jobs:\n  a:\n    strategy:\n      matrix:\n{matrix}    steps:\n" + line * count


STEP = "      - {uses: actions/setup-python@v4, with: {python-version: '${{ matrix.v }}'}}\n"
AXIS = f"        v: [{', '.join(f'3.{minor}' for minor in range(200))}]\n"
LINES = "        v:\n          - |\n" + "".join(f"            3.{minor}\n" for minor in range(2000))
EXCLUDED = "        v: [3.9]\n        exclude:\n" + "".join(f"          - v: z{number}\n" for number in range(2000))
CHOSEN = STEP.replace("matrix.v", " || ".join(["matrix.v"] * 10))


@pytest.mark.parametrize(
    ("line", "matrix", "told"),
    [(STEP, AXIS, True), (STEP, LINES, True), (CHOSEN, AXIS, True), (STEP, EXCLUDED, False)],
    ids=["values", "lines", "chosen", "excluded"],
)
def test_a_matrix_times_its_steps_is_bounded_and_says_so(line: str, matrix: str, told: bool) -> None:
    source = SourceText(".github/workflows/ci.yml", _many(line, 2000, matrix))
    started = time.process_time()
    reading = read_workflow(source)
    assert time.process_time() - started < allowed(4)
    assert [(note.path, note.reason) for note in reading.skipped] == [(source.path, "limit-reached")] * told
    # Each step is there: its action, and its version or that it is not known.
    installed = [row for row in reading.dependencies if row.kind == "workflow-with"]
    assert len(reading.dependencies) - len(installed) == 2000
    assert {row.skip_reason for row in installed} == ({None, "unpinned-expression"} if told else {None})
    if told:
        left_out = [row for row in installed if row.skip_reason]
        assert reading.skipped[0].detail.endswith(f" values: {len(left_out):,}")


def test_images_of_services_share_the_room_and_a_large_honest_matrix_fits() -> None:
    service = "      s%d: {image: 'x:${{ matrix.v }}'}\n"
    head = "jobs:\n  a:\n    strategy:\n      matrix:\n" + AXIS + "    services:\n"
    counts = {}
    for count in (20, 1000):
        text = head + "".join(service % number for number in range(count))
        reading = read_workflow(SourceText(".github/workflows/ci.yml", text))
        counts[count] = (len(reading.dependencies), len(reading.skipped))
    assert counts[20] == (200, 0)
    assert counts[1000] == (200 + 1000 - 5000 // 200, 1)
