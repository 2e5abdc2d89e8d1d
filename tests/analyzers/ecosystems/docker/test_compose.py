from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.ecosystems.docker._files import is_compose
from analyzers.ecosystems.docker.compose import read
from analyzers.ecosystems.docker.ecosystem import ECOSYSTEM
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
        ("x", None, None, 13, None, None),
    ]
    for row in reading.dependencies:
        if row.value:
            assert content[row.place.start : row.place.end].decode() == row.value
    assert {row.kind for row in reading.dependencies} == {"compose", "dockerfile-from"}
    assert reading.skipped == ()


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


INLINE = """services:
  app:
    build:
      context: .
      dockerfile_inline: |
        # syntax=docker/dockerfile:1.4
        ARG PYTHON=3.9
        FROM python:$${PYTHON}-slim AS base
        MAINTAINER é
        RUN <<EOF
        FROM nothing
        EOF
        FROM node:18 \\
          AS web
        COPY --from=base /a /b
        COPY --from=nginx:1.25 /a /b
        FROM alpine:$TAG
    image: own/app
  other:
    build:
      dockerfile_inline: "FROM redis:6"
  escaped:
    build:
      dockerfile_inline: "FROM redis:6\\nRUN x"
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_dockerfile_written_inside_is_read_where_it_stands(newline: str) -> None:
    content = INLINE.replace("\n", newline).encode()
    reading = read(SourceText.decode("compose.yml", content))
    assert [(row.kind, row.name, row.value, row.place.line, row.skip_reason) for row in reading.dependencies] == [
        ("dockerfile-syntax", "docker/dockerfile", "1.4", 6, None),
        ("dockerfile-from", "python", "3.9", 7, None),
        ("dockerfile-from", "node", "18", 13, None),
        ("dockerfile-copy", "nginx", "1.25", 16, None),
        ("dockerfile-from", "alpine", "$TAG", 17, "unpinned-expression"),
        ("compose", "own/app", None, 18, "local-path"),
        ("dockerfile-from", "redis", "6", 21, None),
    ]
    for row in reading.dependencies:
        assert row.value is None or content[row.place.start : row.place.end].decode() == row.value
    assert [(seen.name, seen.place.line) for seen in reading.observations] == [("MAINTAINER", 9)]
    assert [entry.detail for entry in reading.skipped] == [
        "line 24: a Dockerfile written with escapes or folded lines is not read"
    ]


@pytest.mark.parametrize(
    ("text", "includes", "reasons"),
    [
        ("include: [a/web.yaml, ../b.yml]", [("x/a/web.yaml", "compose"), ("b.yml", "compose")], []),
        (
            "include: [{path: [one.yml, two.yml], env_file: x}]",
            [("x/one.yml", "compose"), ("x/two.yml", "compose")],
            [],
        ),
        ("include: [a/compose.yaml, {path: compose.dev.yml}]", [], []),
        (
            "include: ['oci://x/y', ../../z.yml, '$A.yml']",
            [],
            ["unpinned-expression", "outside-repository", "unpinned-expression"],
        ),
        ("services: {a: {extends: {file: common.yml, service: b}}}", [("x/common.yml", "compose")], []),
        ("services: {a: {extends: {service: b}}, c: {extends: b}}", [], []),
        (
            "services: {a: {build: {context: ./api, dockerfile: ../docker/api.docker}}}",
            [("x/docker/api.docker", "dockerfile")],
            [],
        ),
        ("services: {a: {build: {dockerfile: Dockerfile.dev}}}", [], []),
        ("services: {a: {build: {context: 'https://x/y.git', dockerfile: web.df}}}", [], []),
        ("services: {a: {build: {context: $A, dockerfile: web.df}}}", [], []),
    ],
)
def test_other_files_are_followed(text: str, includes: list[tuple[str, str]], reasons: list[str]) -> None:
    reading = read(SourceText("x/compose.yaml", text))
    assert list(reading.includes) == includes
    assert sorted(entry.reason for entry in reading.skipped) == sorted(reasons)


def test_the_first_version_of_the_format_has_its_services_on_top() -> None:
    text = "web:\n  image: nginx:1.21\ndb:\n  build: .\nx-common:\n  labels: {a: b}\n"
    assert [(row.name, row.value) for row in read(SourceText("docker-compose.yml", text)).dependencies] == [
        ("nginx", "1.21")
    ]


def test_contexts_may_be_a_list() -> None:
    text = "services: {a: {build: {additional_contexts: [res=/x, 'base=docker-image://alpine:3.18']}}}"
    (row,) = read(SourceText("compose.yml", text)).dependencies
    assert (row.name, text[row.place.start : row.place.end]) == ("alpine", "3.18")


COMPOSE = """services:
  db: {image: "postgres:${PG_VERSION:-13}-alpine"}
  cache: {image: "redis:${REDIS_VERSION}"}
  web: {image: "${IMAGE}"}
  none: {image: "mysql:${MYSQL:-8.0}"}
  lively: {image: "mongo:${MONGO}"}
  plain: {image: "nginx:1.25"}
"""
ENV = """# versions
export PG_VERSION=14.1 # é
REDIS_VERSION='6.2'
IMAGE="ghcr.io/é/x"
IMAGE=node:18
MONGO=$A
PASSWORD=secret
"""


def paired(files: dict[str, str]) -> list[tuple[object, ...]]:
    readings = ECOSYSTEM.pair(
        {
            path: next(form for form in ECOSYSTEM.formats if form.matches(path)).read(
                SourceText.decode(path, text.encode())
            )
            for path, text in files.items()
        }
    )
    rows = [row for reading in readings.values() for row in reading.dependencies]
    for row in rows:
        content = files[row.place.path].encode()
        assert row.value is None or content[row.place.start : row.place.end].decode() == row.value
    assert "secret" not in repr(list(rows))
    return [(row.name, row.value, row.place.path, row.place.line, row.skip_reason) for row in rows]


def test_a_variable_has_its_value_in_the_env_file_beside() -> None:
    assert paired({"a/compose.yaml": COMPOSE, "a/.env": ENV}) == [
        ("postgres", "14.1", "a/.env", 2, None),
        ("redis", "6.2", "a/.env", 3, None),
        ("node", "18", "a/.env", 5, None),
        ("mysql", "8.0", "a/compose.yaml", 5, None),
        ("mongo", "${MONGO}", "a/compose.yaml", 6, "unpinned-expression"),
        ("nginx", "1.25", "a/compose.yaml", 7, None),
    ]


def test_an_env_file_elsewhere_says_nothing() -> None:
    assert ("postgres", "13", "a/compose.yaml", 2, None) in paired({"a/compose.yaml": COMPOSE, ".env": ENV})
