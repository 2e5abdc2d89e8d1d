from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.ecosystems.docker.compose import is_compose, read
from analyzers.errors import UnreadableError
from analyzers.syntax.text import SourceText

FIXTURE = Path(__file__).parent / "fixtures" / "everything.compose.yml"


def test_every_service_names_its_image_once() -> None:
    content = FIXTURE.read_bytes()
    reading = read(SourceText.decode("compose.yml", content))
    rows = [
        (row.name, row.value, row.version, row.place.line, row.platform, row.skip_reason)
        for row in reading.dependencies
    ]
    assert rows == [
        ("postgres", "13", "13", 2, None, None),
        ("own/app", "1", "1", 7, None, "local-path"),
        ("redis", None, "6", 8, None, None),
        ("mysql", None, None, 10, None, None),
        ("app", "$TAG", None, 11, None, "unpinned-expression"),
        ("mongo", "4.4", "4.4", 12, "linux/arm64", None),
        ("node", "18", "18", 13, None, None),
    ]
    for row in reading.dependencies:
        if row.value:
            assert content[row.place.start : row.place.end].decode() == row.value
    assert {row.kind for row in reading.dependencies} == {"compose"}
    assert [(entry.what, entry.reason) for entry in reading.skipped] == [("dependency", "unsupported-syntax")]


@pytest.mark.parametrize(
    "text",
    ["", "services:\n", "services: []\n", "services: {a: 1, b: {image: [x]}, c: {image: ''}}\n", "- a\n", "text\n"],
)
def test_what_names_no_image_is_read_as_nothing(text: str) -> None:
    assert read(SourceText("compose.yml", text)).dependencies == ()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("compose.yaml", True),
        ("a/compose.yml", True),
        ("docker-compose.yml", True),
        ("docker-compose.prod.yaml", True),
        ("docker-compose-dev.yml", True),
        ("compose.override.yml", True),
        ("local.docker-compose.yml", True),
        ("Docker-Compose.yml", True),
        ("composer.yml", False),
        ("compose.json", False),
        ("my-compose.yml", False),
        ("compose/app.yml", False),
    ],
)
def test_names_of_compose_files(path: str, expected: bool) -> None:
    assert is_compose(path) == expected


@given(
    st.one_of(
        st.binary(max_size=200), st.lists(st.sampled_from(FIXTURE.read_bytes().splitlines(keepends=True))).map(b"".join)
    )
)
@settings(deadline=None, max_examples=100)
def test_any_bytes_end_in_a_reading_or_an_expected_error(content: bytes) -> None:
    try:
        read(SourceText.decode("compose.yml", content))
    except UnreadableError:
        return


def test_an_image_that_another_service_builds_is_no_registrys() -> None:
    text = """services:
  worker:
    image: app:dev
  web:
    build: .
    image: app:dev
  other:
    image: app:1
"""
    reading = read(SourceText("compose.yml", text))
    rows = [(row.place.line, row.value, row.skip_reason) for row in reading.dependencies]
    assert rows == [(3, "dev", "local-path"), (6, "dev", "local-path"), (8, "1", None)]
