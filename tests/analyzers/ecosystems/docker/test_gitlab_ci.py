from __future__ import annotations

import pytest

from analyzers.ecosystems.docker._files import is_pipeline as matches
from analyzers.ecosystems.docker.gitlab_ci import read
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
    assert [(entry.reason, entry.detail) for entry in reading.skipped] == [
        ("unpinned-expression", "line 4: the included ci/*.yml is a pattern, and not followed"),
        ("version-control", "line 5: the included project group/templates at v1 is not read"),
        ("direct-url", "line 8: the included address https://example.com/x.yml is not read"),
    ]
    assert read(SourceText(".gitlab-ci.yml", "include: /a.yml")).includes == (("a.yml", "gitlab-ci"),)
    assert read(SourceText(".gitlab-ci.yml", "include: {local: ../a.yml}")).includes == ()


@pytest.mark.parametrize(
    ("entry", "reason", "said"),
    [
        ("local: /../../x.yml", "outside-repository", "../../x.yml lies outside of the repository"),
        ("local: ..", "outside-repository", ".. lies outside of the repository"),
        ("local: $FILE", "unpinned-expression", "$FILE is a pattern, and not followed"),
        ("remote: 'https://u:p@h.example/x.yml?private_token=p'", "direct-url", "address https://h.example/x.yml "),
        ("local: 'https://u:p@h.example/x.yml'", "direct-url", "address https://h.example/x.yml "),
        ("project: g/p\n    file: [a.yml]", "version-control", "project g/p is not read"),
        ("component: gitlab.com/g/p/lint@1.2", "no-registry", "component gitlab.com/g/p/lint@1.2 is not read"),
        ("template: Jobs/SAST.gitlab-ci.yml", "unsupported-source", "template of GitLab Jobs/SAST.gitlab-ci.yml "),
        ("artifact: made.yml\n    job: make", "unsupported-source", "artifact of a job made.yml is not read"),
        ("local: [a.yml]", "unsupported-syntax", "a form that is not known"),
        ("[a.yml]", "unsupported-syntax", "a form that is not known"),
    ],
)
def test_what_is_included_from_elsewhere_is_named(entry: str, reason: str, said: str) -> None:
    reading = read(SourceText(".gitlab-ci.yml", f"include:\n  - {entry}\n"))
    (note,) = reading.skipped
    assert (note.reason, note.path, reading.includes) == (reason, ".gitlab-ci.yml", ())
    assert note.detail.startswith("line 2: the included ")
    assert said in note.detail
    assert "p@" not in note.detail
    assert "token" not in note.detail


@pytest.mark.parametrize("text", ["include:\n", "include: ''\n", "include: null\n", "include: []\n"])
def test_where_nothing_is_included_nothing_is_said(text: str) -> None:
    reading = read(SourceText(".gitlab-ci.yml", text))
    assert (reading.includes, reading.skipped) == ((), ())


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
