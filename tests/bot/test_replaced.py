"""Templates that others wrote: escaped, bounded, without reach, and told of with their line where they are wrong."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from bot import replaced
from bot.markup import Raw
from bot.replaced import Replaced, TemplateError

NAME = "post.md.j2"


@dataclass(frozen=True)
class Thing:
    title: str
    path: Path = Path(__file__)
    day: date = date(2026, 1, 15)


BOX = Raw("- [ ] <!-- box -->")
VALUES = {"title": "<b> | @all", "raw": Raw("**{}**"), "box": BOX, "thing": Thing("*x*"), "rows": 3, "call": len}


def _drawn(text: str, **theirs: str) -> str:
    return Replaced(ours={NAME: "ours {{ title }}"}, theirs={NAME: text, **theirs}).draw(NAME, VALUES)


def _error(text: str, **theirs: str) -> str:
    with pytest.raises(TemplateError) as raised:
        _drawn(text, **theirs)
    return str(raised.value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{ thing.title }} {{ raw }}", "&#42;x&#42; **{}**"),
        ("{{ raw.format(title) }}", "&#42;&#42;&#60;b&#62; &#124; &#64;&#8203;all&#42;&#42;"),
        ("{{ raw ~ title }}", "&#42;&#42;&#123;&#125;&#42;&#42;&#60;b&#62; &#124; &#64;&#8203;all"),
        ("{% set x %}{{ raw }}{% endset %}{{ x }}", "&#42;&#42;&#123;&#125;&#42;&#42;"),
        ("{{ '<i>' | e }}", "&#38;lt;i&#38;gt;"),
        ("{% autoescape false %}{{ title }}{% endautoescape %}", "&#60;b&#62; &#124; &#64;&#8203;all"),
        ("{{ title | code }}", "<code>&#60;b&#62; &#124; &#64;all</code>"),
    ],
)
def test_nothing_that_a_template_makes_counts_as_finished(text: str, shown: str) -> None:
    assert _drawn(text) == shown


def test_what_is_not_there_is_ours_and_ours_stands_behind_a_prefix() -> None:
    both = Replaced(ours={NAME: "ours {{ rows }}", "part.md.j2": "part"}, theirs={NAME: "{% include 'part.md.j2' %}!"})
    assert both.draw(NAME, VALUES) == "part!"
    assert _drawn("{% include 'debtscan/post.md.j2' %}!") == "ours &#60;b&#62; &#124; &#64;&#8203;all!"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "a\n{{ titel }}",
            "post.md.j2:2: 'titel' is undefined. The values there are: box, call, raw, rows,",
        ),
        ("a\n\n{{ thing.titel }}", "has no attribute 'titel'; it has title, path, day"),
        ("{% if %}", "post.md.j2:1: "),
        ("\n{{ title | safe }}", "post.md.j2:2: No filter named 'safe'."),
        ("{{ rows | random }}", "No filter named 'random'"),
        ("\n{% include 'other.md.j2' %}", "there is no template 'other.md.j2'"),
        ("\n{{ 1 / 0 }}", "post.md.j2:2: division by zero"),
        ("{{ title + 1 }}", "post.md.j2:1: can only concatenate str"),
        ("{% include 'post.md.j2' %}", "post.md.j2:1: maximum recursion depth exceeded"),
    ],
)
def test_an_error_names_template_line_and_what_there_is(text: str, said: str) -> None:
    assert said in _error(text)


def test_a_mistake_in_what_is_included_is_told_of_that() -> None:
    told = _error("{% include 'part.md.j2' %}", **{"part.md.j2": "a\n{{ nothing }}"})
    assert told.startswith("part.md.j2:2: 'nothing'")


def test_names_are_compared_where_no_example_leads() -> None:
    wrong = Replaced(ours={NAME: ""}, theirs={NAME: "{% if rows > 5 %}\n{{ titel }}{% endif %}"})
    assert wrong.draw(NAME, VALUES) == ""
    with pytest.raises(TemplateError, match=r"post.md.j2:2: 'titel' is undefined. The values there are: box"):
        wrong.draw(NAME, VALUES, check=True)


@pytest.mark.parametrize(
    "text",
    [
        "{{ thing.path.read_text() }}",
        "{{ thing.path.cwd() }}",
        "{{ thing.day.today() }}",
        "{{ thing.__class__.__mro__ }}",
        "{{ call.__self__ }}",
        "{{ self.__init__.__globals__ }}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ '{0.__class__}'.format(thing) }}",
        "{{ lipsum() }}",
    ],
)
def test_there_is_no_reach_and_no_clock(text: str) -> None:
    told = _error(text)
    assert "safe" in told or "undefined" in told


@pytest.mark.parametrize(
    "opened", [lambda: Path(__file__).read_text(encoding="utf-8"), lambda: socket.create_connection(("127.0.0.1", 9))]
)
def test_its_process_can_open_nothing(opened: Callable[[], object]) -> None:
    one = Replaced(ours={NAME: ""}, theirs={NAME: "{{ opened() }}"})
    with pytest.raises(TemplateError, match="Too many open files"):
        one.draw(NAME, {"opened": opened})


@pytest.mark.parametrize(
    "text",
    [
        "{{ 'a' * 10 ** 10 }}",
        "{{ 'a'.ljust(10 ** 10) }}",
        "{{ '%10000000000d' % 1 }}",
        "{{ range(90000) | join('a' * 10 ** 6) }}",
        "{% set n = namespace(x='aa') %}{% for _ in range(60) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
    ],
)
def test_what_would_take_all_memory_is_ended(text: str) -> None:
    assert "takes more than 10 s or 512 MiB to draw" in _error(text)


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(60) }}",
        "{{ (10 ** 8) ** (10 ** 8) }}",
    ],
)
def test_what_would_take_hours_is_ended(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaced, "SECONDS", 1)
    began = time.monotonic()
    assert _error(text).endswith("takes more than 10 s or 512 MiB to draw")
    assert time.monotonic() - began < 30


def test_what_is_slow_is_told_with_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaced, "SECONDS", 1)
    text = "\n\n{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    assert _error(text).startswith("post.md.j2:3: takes")
    assert _error("\n{{ 'a' * 10 ** 12 }}").startswith("post.md.j2:2: takes")


def test_a_text_is_bounded() -> None:
    told = _error("{% for a in range(99999) %}" + "a" * 100 + "{% endfor %}")
    assert told.endswith("draws more than 2,000,000 characters")


@pytest.mark.parametrize(
    "text",
    [
        "a\n<!-- box -->",
        "a\n<!{{ '' }}-- box -->",
        "- [x] <!-- box -->",
        "{{ box }}\n<!-- debtscan: {} -->",
    ],
)
def test_hidden_comments_are_not_a_templates(text: str) -> None:
    assert "hidden comments are debtscan's own marks" in _error(text)
    assert _drawn("{{ box }} yes\n{# ours #}") == f"{BOX} yes\n"


def test_a_box_cannot_be_ticked() -> None:
    assert "<!--" not in _drawn("- [x] {{ box[6:] }} {{ box | replace('[ ]', '[x]') }}")
