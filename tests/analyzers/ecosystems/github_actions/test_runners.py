from __future__ import annotations

import pytest

from analyzers.ecosystems.github_actions.reader import read_workflow
from analyzers.syntax.text import SourceText


def job(text: str) -> str:
    return "jobs:\n  a:\n" + "".join(f"    {line}\n" for line in text.splitlines())


def rows(text: str) -> list[tuple[str, str | None, str | None]]:
    """Return (label, text at its place, skip reason) of each row."""
    source = job(text)
    found = read_workflow(SourceText(".github/workflows/ci.yml", source)).dependencies
    assert all((row.ecosystem, row.kind) == ("generic", "runner") for row in found)
    assert all(source[row.place.start : row.place.end] == (row.value or "") for row in found)
    return [(row.name, row.value, row.skip_reason) for row in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("runs-on: ubuntu-20.04", [("ubuntu-20.04", "ubuntu-20.04", None)]),
        ("runs-on: 'Ubuntu-Latest'", [("Ubuntu-Latest", "Ubuntu-Latest", None)]),
        ("runs-on: [windows-2019]", [("windows-2019", "windows-2019", None)]),
        ("runs-on:\n- macos-13-xlarge", [("macos-13-xlarge", "macos-13-xlarge", None)]),
        ("runs-on: {labels: ubuntu-22.04-arm}", [("ubuntu-22.04-arm", "ubuntu-22.04-arm", None)]),
        ("runs-on: {labels: [macos-10.15]}", [("macos-10.15", "macos-10.15", None)]),
        ("runs-on: windows-2025-vs2026", [("windows-2025-vs2026", "windows-2025-vs2026", None)]),
        (
            "runs-on: [self-hosted, ubuntu-20.04]",
            [("self-hosted", "self-hosted", "unknown-label"), ("ubuntu-20.04", "ubuntu-20.04", "unknown-label")],
        ),
        ("runs-on: ubuntu-22.04-16core", [("ubuntu-22.04-16core", "ubuntu-22.04-16core", "unknown-label")]),
        ("runs-on: my-machine", [("my-machine", "my-machine", "unknown-label")]),
        ("runs-on: {group: big}", [("big", "big", "unknown-label")]),
        (
            "runs-on: {group: big, labels: [ubuntu-20.04]}",
            [("big", "big", "unknown-label"), ("ubuntu-20.04", "ubuntu-20.04", "unknown-label")],
        ),
        ('runs-on: "ubuntu-\\x3220.04"', [("ubuntu-220.04", "ubuntu-220.04", "unsupported-syntax")]),
        (
            "runs-on: ${{ inputs.os || 'ubuntu-20.04' }}",
            [("ubuntu-20.04", "ubuntu-20.04", None)],
        ),
        ("runs-on: ${{ fromJSON('{}')", [("${{ fromJSON('{}')", "${{ fromJSON('{}')", "unpinned-expression")]),
        ("runs-on:", []),
        ("steps: []", []),
    ],
)
def test_labels_are_read_in_every_form(text: str, expected: list[tuple[str, str | None, str | None]]) -> None:
    if "\\x" in text:
        found = read_workflow(SourceText(".github/workflows/ci.yml", job(text))).dependencies
        assert [row.skip_reason for row in found] == ["unsupported-syntax"]
        return
    assert rows(text) == expected


MATRIX = "strategy: {{matrix: {0}}}\nruns-on: {1}"


@pytest.mark.parametrize(
    ("matrix", "runs_on", "expected"),
    [
        ("{os: [ubuntu-20.04, macos-12]}", "${{ matrix.os }}", ["ubuntu-20.04", "macos-12"]),
        ("{os: [ubuntu-20.04]}", "'${{matrix.os}}'", ["ubuntu-20.04"]),
        ("{on: {}, os: [{name: macos-12}]}", "${{ matrix.os.name }}", ["macos-12"]),
        ("{include: [{os: macos-12}, {x: 1}]}", "${{ matrix.os }}", ["macos-12"]),
        ("{os: [macos-11], include: [{os: macos-12}]}", "${{ matrix.os }}", ["macos-11", "macos-12"]),
        ("{os: [macos-11, macos-12], exclude: [{os: macos-11}]}", "${{ matrix.os }}", ["macos-12"]),
        ("{os: [macos-11], exclude: [{os: macos-11, x: 1}]}", "${{ matrix.os }}", ["macos-11"]),
        ("{v: [20.04]}", "ubuntu-${{ matrix.v }}", ["ubuntu-20.04"]),
        ("{os: [[macos-12]]}", "${{ matrix.os }}", ["macos-12"]),
        ("{os: [{labels: macos-12}]}", "${{ matrix.os }}", ["macos-12"]),
        ("{os: [macos-12]}", "['${{ matrix.os }}']", ["macos-12"]),
        ("{os: [macos-12]}", "{labels: '${{ matrix.os }}'}", ["macos-12"]),
        ("{os: [&a macos-12, *a]}", "${{ matrix.os }}", ["macos-12"]),
    ],
)
def test_matrix_values_are_rows_of_their_own(matrix: str, runs_on: str, expected: list[str]) -> None:
    found = rows(MATRIX.format(matrix, runs_on))
    assert [row[0] for row in found] == expected
    assert {row[2] for row in found} == {None}


@pytest.mark.parametrize(
    ("matrix", "runs_on", "expected"),
    [
        ("'${{ fromJSON(x) }}'", "${{ matrix.os }}", ["${{ matrix.os }}"]),
        ("{os: '${{ fromJSON(x) }}'}", "${{ matrix.os }}", ["${{ matrix.os }}"]),
        ("{os: [macos-12], include: '${{ x }}'}", "${{ matrix.os }}", ["${{ matrix.os }}", "macos-12"]),
        ("{os: ['${{ inputs.os }}']}", "${{ matrix.os }}", ["${{ inputs.os }}"]),
        ("{v: [1]}", "${{ matrix.os }}", ["${{ matrix.os }}"]),
        ("{os: [a], v: [1]}", "${{ matrix.os }}-${{ matrix.v }}", ["${{ matrix.os }}-${{ matrix.v }}"]),
        ("[a]", "${{ matrix.os }}", ["${{ matrix.os }}"]),
    ],
)
def test_what_is_not_literal_is_listed_as_expression(matrix: str, runs_on: str, expected: list[str]) -> None:
    found = rows(MATRIX.format(matrix, runs_on))
    assert [row[0] for row in found] == expected
    assert found[0][2] == "unpinned-expression"


def test_a_label_put_together_stands_where_its_version_does() -> None:
    assert rows(MATRIX.format("{v: [20.04, latest]}", "ubuntu-${{ matrix.v }}")) == [
        ("ubuntu-20.04", "20.04", None),
        ("ubuntu-latest", "ubuntu-", None),
    ]


def test_a_large_matrix_is_cut() -> None:
    values = ", ".join(f"m{number}" for number in range(2000))
    assert len(rows(MATRIX.format(f"{{os: [{values}]}}", "${{ matrix.os }}"))) == 256
