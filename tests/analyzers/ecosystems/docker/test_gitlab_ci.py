from __future__ import annotations

import pytest

from analyzers.ecosystems.docker.gitlab_ci import matches, read
from analyzers.syntax.text import SourceText

TEXT = """include:
  - local: /ci/test.yml
  - local: 'build.gitlab-ci.yml'
  - local: 'ci/*.yml'
  - project: group/templates
    ref: v1
    file: x.yml
  - https://example.com/x.yml
variables:
  PYTHON: "3.9"
  MOVING: $OTHER
image: alpine:3.18
default:
  image:
    name: ruby:3.1
    entrypoint: [""]
  services: [mysql:5.7]
.base:
  image: python:${PYTHON}-slim
  services:
    - name: postgres:13
      alias: db
    - redis
test:
  extends: .base
  variables:
    PYTHON: "3.8"
  image: python:$PYTHON
proxy:
  image: ${CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX}/node:18
own:
  image: $CI_REGISTRY_IMAGE/app:$CI_COMMIT_SHA
moving:
  image: node:$MOVING
referenced:
  image: !reference [.base, image]
none:
  image: null
"""


def test_every_image_is_found_where_its_version_is_written() -> None:
    reading = read(SourceText(".gitlab-ci.yml", TEXT))
    assert [(row.name, row.value, row.place.line, row.skip_reason) for row in reading.dependencies] == [
        ("python", "3.9", 10, None),
        ("alpine", "3.18", 12, None),
        ("ruby", "3.1", 15, None),
        ("mysql", "5.7", 17, None),
        ("postgres", "13", 21, None),
        ("redis", None, 23, None),
        ("python", "3.8", 27, None),
        ("node", "18", 30, None),
        ("$CI_REGISTRY_IMAGE/app", "$CI_COMMIT_SHA", 32, "unpinned-expression"),
        ("node", "$MOVING", 34, "unpinned-expression"),
    ]
    for row in reading.dependencies:
        assert row.value is None or TEXT[row.place.start : row.place.end] == row.value
    assert {row.kind for row in reading.dependencies} == {"gitlab-ci"}


def test_files_of_the_repository_are_followed() -> None:
    reading = read(SourceText(".gitlab-ci.yml", TEXT))
    assert reading.includes == (("ci/test.yml", "gitlab-ci"),)
    assert [entry.reason for entry in reading.skipped] == ["unpinned-expression"]
    assert read(SourceText(".gitlab-ci.yml", "include: /a.yml")).includes == (("a.yml", "gitlab-ci"),)
    assert read(SourceText(".gitlab-ci.yml", "include: {local: ../a.yml}")).includes == ()


@pytest.mark.parametrize("text", ["", "- a\n", "image: []\n", "services: {a: b}\n", "job: text\n", "variables: [a]\n"])
def test_what_names_no_image_is_read_as_nothing(text: str) -> None:
    assert read(SourceText(".gitlab-ci.yml", text)).dependencies == ()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (".gitlab-ci.yml", True),
        ("a/.gitlab-ci.yaml", True),
        ("templates/build.gitlab-ci.yml", True),
        ("gitlab-ci.yml", False),
        (".gitlab-ci.yml.j2", False),
    ],
)
def test_names_of_pipelines(path: str, *, expected: bool) -> None:
    assert matches(path) == expected
