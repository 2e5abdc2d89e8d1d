"""Files that Jinja makes other files of."""

from __future__ import annotations

import time

import pytest

from analyzers import templated
from analyzers.ecosystems.docker.ecosystem import ECOSYSTEM as DOCKER
from analyzers.ecosystems.github_actions.ecosystem import ECOSYSTEM as ACTIONS
from analyzers.ecosystems.python.ecosystem import ECOSYSTEM as PYTHON
from analyzers.errors import InvalidSyntaxError, UnreadableError
from analyzers.model.ecosystem import Format, Reading
from analyzers.syntax.text import SourceText
from tests.support.pace import allowed

COMPOSE = """\
# é {# a note
  of two lines #}
services:
  web:{% if x %} &web{% endif %}
    image: {{ cookiecutter.slug }}_web
  {%- if cookiecutter.use_celery == "é" %}
  {{ cookiecutter.slug }}_queue:
    image: docker.io/redis:7.2
  {%- else %}{# nothing #}
  {% if y %}cache: {image: "memcached:1.6-{{ cookiecutter.base }}"}{% endif %}
  {%- endif %}
"""
PYPROJECT = """\
[project]
name = "{{ cookiecutter.slug }}"
requires-python = ">=3.11"
dependencies = [
  {%- if cookiecutter.x %}
  "django==5.2",
  {%- endif %}
  "requests>={{ cookiecutter.least }}",
]
"""
WORKFLOW = """\
jobs:
  {%- if cookiecutter.x %}
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: {% raw %}${{ inputs.python }}{% endraw %}
  {%- endif %}
"""


def form_of(path: str) -> Format:
    return next(form for world in (ACTIONS, DOCKER, PYTHON) for form in world.formats if form.matches(path))


def of(path: str, text: str) -> Reading:
    return templated.read(form_of(path), SourceText(path, text))


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (
            "compose.yml",
            COMPOSE,
            [
                ("{{…}}_web", None, "unpinned-expression", 5),
                ("docker.io/redis", "7.2", None, 8),
                ("memcached:1.6-{{…}}", None, "unpinned-expression", 10),
            ],
        ),
        (
            "pyproject.toml",
            PYPROJECT,
            [
                ("python", ">=3.11", None, 3),
                ("django", "==5.2", None, 6),
                ("requests", None, "unpinned-expression", 8),
            ],
        ),
        (
            "{{cookiecutter.slug}}/.github/workflows/ci.yml",
            WORKFLOW,
            [
                ("ubuntu-24.04", "ubuntu-24.04", None, 4),
                ("actions/checkout", "v4", None, 6),
                ("actions/setup-python", "v5", None, 7),
                ("python", "${{ inputs.python }}", "unpinned-expression", 9),
            ],
        ),
    ],
)
def test_every_branch_is_read_at_the_text_to_change(
    path: str, text: str, expected: list[tuple[str, str | None, str | None, int]]
) -> None:
    reading = of(path, text)
    rows = sorted(reading.dependencies, key=lambda row: row.place)
    assert [(row.name, row.value, row.skip_reason, row.place.line) for row in rows] == expected
    for row in rows:
        assert row.value is None or text.encode()[row.place.start : row.place.end].decode() == row.value
    assert [entry.reason for entry in reading.skipped][-1] == "not-rendered"


def test_a_file_that_can_be_read_is_left_as_it_is() -> None:
    reading = of("compose.yml", "services: {a: {image: 'a:1'}, b: {image: '{{ x }}'}} # {% no tag %}\n")
    assert [(row.name, row.skip_reason) for row in reading.dependencies] == [
        ("a", None),
        ("{{ x }}", "unpinned-expression"),
    ]
    assert reading.skipped == ()


@pytest.mark.parametrize("text", ["services: [", "services: [ {% if x %}"])
def test_what_is_no_yaml_without_tags_either_stays_an_error(text: str) -> None:
    with pytest.raises(InvalidSyntaxError):
        of("compose.yml", text)


@pytest.mark.parametrize("piece", ["{%", "{{", "{#", "{% %", "{{ }", "{{ x }}", "{% x %}"])
def test_the_time_grows_with_the_text_alone(piece: str) -> None:
    def took(count: int) -> float:
        started = time.process_time()
        with pytest.raises(UnreadableError):
            of("compose.yml", "services: [\n" + piece * count)
        return time.process_time() - started

    assert took(20_000) < allowed(1.0)
