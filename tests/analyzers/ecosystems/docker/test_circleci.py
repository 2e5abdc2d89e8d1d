from __future__ import annotations

import pytest

from analyzers.ecosystems.docker._files import is_circleci as matches
from analyzers.ecosystems.docker.circleci import read
from analyzers.syntax.text import SourceText

TEXT = """version: 2.1
executors:
  main: &main
    docker:
      - image: cimg/python:3.9
        environment: {image: not}
jobs:
  build:
    <<: *main
  test:
    docker:
      - image: cimg/node:<< parameters.tag >>
      - image: cimg/go:1.20-<<parameters.variant>>
      - image: postgres:13-alpine
        name: db
      - name: none
  vm:
    machine:
      image: ubuntu-2204:2024.01.1
"""


def test_every_image_is_found_once_where_it_is_written() -> None:
    reading = read(SourceText(".circleci/config.yml", TEXT))
    assert [(row.name, row.value, row.place.line, row.skip_reason) for row in reading.dependencies] == [
        ("cimg/python", "3.9", 5, None),
        ("cimg/node", "<< parameters.tag >>", 12, "unpinned-expression"),
        ("cimg/go", "1.20-<<parameters.variant>>", 13, "unpinned-expression"),
        ("postgres", "13-alpine", 14, None),
    ]
    for row in reading.dependencies:
        assert row.value is None or TEXT[row.place.start : row.place.end] == row.value


@pytest.mark.parametrize("text", ["", "- a\n", "jobs: []\n", "jobs: {a: b, c: {docker: x}}\n"])
def test_what_names_no_image_is_read_as_nothing(text: str) -> None:
    assert read(SourceText(".circleci/config.yml", text)).dependencies == ()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (".circleci/config.yml", True),
        ("a/.circleci/config.yaml", True),
        (".circleci/jobs/build.yml", True),
        ("circleci/config.yml", False),
        ("x.circleci/config.yml", False),
        (".circleci/config.yml.bak", False),
    ],
)
def test_names_of_its_files(path: str, *, expected: bool) -> None:
    assert matches(path) == expected
