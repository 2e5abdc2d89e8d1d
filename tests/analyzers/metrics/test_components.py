"""Vue and Svelte: scripts are measured where they stand, and nothing else is."""

from __future__ import annotations

import time

import pytest

from analyzers.metrics._scripts import scripts_of
from tests.support.complexity import FIXTURES, complexities, measure
from tests.support.pace import allowed


def test_functions_of_scripts_have_the_lines_of_the_file() -> None:
    source = (FIXTURES / "Shapes.vue").read_text(encoding="utf-8")
    measured = measure("vue", source)
    assert measured.doubt is None
    assert [
        (one.name, one.language, one.line, one.end_line, one.complexity, one.lines) for one in measured.functions
    ] == [("area", "vue", 11, 16, 3, 6), ("clear", "vue", 18, 22, 2, 5)]
    assert source.splitlines()[10].startswith("function area")


def test_every_script_of_a_component_is_read() -> None:
    source = (FIXTURES / "Shapes.svelte").read_text(encoding="utf-8")
    assert [(one.name, one.line, one.complexity) for one in measure("svelte", source).functions] == [
        ("first", 2, 2),
        ("add", 11, 2),
    ]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<script>a</script>b", "a"),
        ("<SCRIPT type='module'\n>a</SCRIPT >b", "a"),
        ("<script a=\"x>y\" b='>'>a", "a"),
        ("<!-- <script>a</script>", ""),
        ("<!-- --><script>a</script><script>b</script>", "a b"),
        ("<script src='x' /><p>a</p>", ""),
        ("<script type='application/ld+json'>{}</script>", ""),
        ("<scripts>a</scripts>", ""),
        ("<script", ""),
    ],
)
def test_all_but_scripts_is_blanked_and_nothing_moves(source: str, text: str) -> None:
    found = scripts_of(source.encode())
    assert " ".join(found.text.decode().split()) == text
    assert len(found.text) == len(source)
    assert found.text.count(b"\n") == source.count("\n")
    assert found.unknown is None


def test_types_are_read_where_they_are_stated_and_other_languages_are_named() -> None:
    typed = "<script lang='ts'>\nconst f = (a: A<B>) => <C>a ? 1 : 2\n</script>"
    assert complexities("vue", typed) == [("f", 2)]
    measured = measure("vue", "<template/>\n<script lang='coffee'>\nf = -> 1\n</script>")
    assert measured.functions == ()
    assert measured.doubt is not None
    assert (measured.doubt.line, measured.doubt.reason) == (2, "unsupported-syntax")


def test_a_component_without_a_script_has_no_functions() -> None:
    measured = measure("vue", "<template>\n  <p>{{ a && b }}</p>\n</template>\n")
    assert (measured.functions, measured.doubt, measured.code_lines) == ((), None, 3)


@pytest.mark.parametrize("unit", ["<script ", "<script>", "<!--", "<script a='", '<script "', "</script", "<script/>"])
def test_time_is_linear_in_the_file(unit: str) -> None:
    content = unit.encode() * 100_000 + b"</script>"
    started = time.process_time()
    assert len(scripts_of(content).text) == len(content)
    assert time.process_time() - started < allowed(5)
