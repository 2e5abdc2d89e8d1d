"""What holds for every language that tree-sitter parses: any bytes are measured, in part or not, within bounds."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.config import Config
from analyzers.errors import TooDeepError, TooLargeError, UnreadableError
from analyzers.metrics import _tree_parse
from analyzers.metrics.files import FileResult
from analyzers.metrics.measure import languages, measure_tree
from analyzers.metrics.processes import Child
from analyzers.model.language import Language
from analyzers.repository.snapshot import open_snapshot
from tests.support.complexity import FIXTURES
from tests.support.pace import allowed

FILES = {
    "c": "shapes.c",
    "c++": "shapes.cpp",
    "c#": "shapes.cs",
    "go": "shapes.go",
    "java": "Shapes.java",
    "javascript": "shapes.js",
    "php": "shapes.php",
    "ruby": "shapes.rb",
    "rust": "shapes.rs",
    "typescript": "shapes.ts",
}
BEFORE_CODE = {"php": "<?php "}
COMPONENTS = {"vue", "svelte"}
TREES = sorted(
    (one for one in languages().values() if one.needs_process and one.name not in COMPONENTS), key=lambda one: one.name
)
COMMENTS = {"ruby": b"#"}
LONG = 4_000
UNITS = ["(", "a<", "\0", "if(a)", "`${", "!", '"', "x=>"]


def source(language: Language) -> bytes:
    return (FIXTURES / FILES[language.name]).read_bytes()


def test_each_language_has_a_fixture() -> None:
    assert {one.name for one in TREES} == set(FILES)


@pytest.mark.parametrize("language", TREES, ids=lambda one: one.name)
def test_what_repeats_without_end_costs_no_more_than_itself(language: Language) -> None:
    child = Child("analyzers.metrics.child", list[FileResult])
    for unit in UNITS:
        started = time.perf_counter()
        content = f"{BEFORE_CODE.get(language.name, '')}{unit * LONG}"[:LONG]
        answer = child.ask([("a", language.name, content.encode())])
        assert answer is None or len(answer) == 1, unit
        assert time.perf_counter() - started < allowed(20), unit
    measured = child.ask([("a", language.name, source(language))])
    assert measured is not None
    assert measured[0].functions == language.measure("a", source(language)).functions
    child.stop()


@pytest.mark.parametrize("language", TREES, ids=lambda one: one.name)
def test_one_long_line_is_measured(language: Language) -> None:
    content = COMMENTS.get(language.name, b"//") + b" x" * 400_000 + b"\n" + source(language)
    functions = language.measure("a", source(language)).functions
    measured = language.measure("a", content).functions
    assert [(one.name, one.line, one.complexity) for one in measured] == [
        (one.name, one.line + 1, one.complexity) for one in functions
    ]


@pytest.mark.parametrize("language", TREES, ids=lambda one: one.name)
def test_a_huge_file_and_one_that_nests_too_deep_are_refused(language: Language) -> None:
    with pytest.raises(TooLargeError):
        language.measure("a", b" " * (_tree_parse.MAX_BYTES + 1))
    with pytest.raises(TooDeepError):
        language.measure("a", b"(" * 1_001)
    assert language.measure("a", b"(" * 900 + b")" * 900).functions == ()


def test_a_grammar_that_follows_every_reading_of_an_angle_is_spared_many() -> None:
    with pytest.raises(TooDeepError):
        languages()["java"].measure("a", b"class A { int f() { return " + b"a<" * 1_001 + b"b; } }")
    many = b"class A { void f() { " + b"List<A> a = b < c ? d : e;\n" * 2_000 + b"} }"
    assert languages()["java"].measure("a", many).functions[0].complexity == 2_001


def test_what_takes_too_many_steps_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_tree_parse, "_STEPS_ANYWAY", 0)
    monkeypatch.setattr(_tree_parse, "_STEPS_A_BYTE", 0)
    with pytest.raises(TooDeepError, match="more time or memory"):
        languages()["go"].measure("a", source(languages()["go"]))


@pytest.mark.parametrize("language", TREES, ids=lambda one: one.name)
def test_marks_line_ends_and_wrong_bytes_in_text_change_no_number(language: Language) -> None:
    plain = language.measure("a", source(language))
    for content in (
        b"\xef\xbb\xbf" + source(language),
        source(language).replace(b"\n", b"\r\n"),
        source(language).replace(b"One ", b"\xe9\xff "),
    ):
        assert language.measure("a", content) == plain


@pytest.mark.parametrize("language", TREES, ids=lambda one: one.name)
def test_a_version_of_a_file_is_asked_for_one_function(language: Language) -> None:
    content = source(language)
    assert language.complexity_at is not None
    assert language.branches is not None
    for function in language.measure("a", content).functions:
        found = language.complexity_at(content, function.line, function.end_line)
        parts = language.branches(content, function.line, function.end_line)
        assert found == function.complexity
        assert sum(part.complexity for part in parts if not part.nesting) == function.complexity - 1
        assert all(function.line <= part.line <= part.end_line <= function.end_line for part in parts)
    assert language.complexity_at(content, 1, 1) is None
    assert language.branches(content, 1, 1) == ()


def test_of_functions_on_the_same_lines_the_complex_one_is_meant() -> None:
    typescript = languages()["typescript"]
    assert typescript.complexity_at is not None
    assert typescript.branches is not None
    content = b"const load = (id) => async (dispatch) => {\n  if (id) { dispatch(id); }\n  while (id) { id--; }\n};\n"
    assert [one.complexity for one in typescript.measure("a.ts", content).functions] == [1, 3]
    assert typescript.complexity_at(content, 1, 4) == 3
    assert [part.kind for part in typescript.branches(content, 1, 4)] == ["if", "while"]


def test_a_version_that_cannot_be_parsed_around_the_function_says_so() -> None:
    go = languages()["go"]
    assert go.complexity_at is not None
    with pytest.raises(UnreadableError):
        go.complexity_at(b"package a\nfunc f( { if a { } }\n", 2, 2)
    assert go.complexity_at(b"package a\nfunc f() { if a { } }\nfunc g( {}\n", 2, 2) == 2


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(TREES),
    st.binary(max_size=120) | st.text(alphabet="(){}[]<>;:,.=&|?!'\"`/* \nifaclsfunc", max_size=120).map(str.encode),
)
def test_any_bytes_are_measured_or_refused(language: Language, content: bytes) -> None:
    try:
        measured = language.measure("a", content)
    except TooDeepError:
        # What is none of the language can take a thousand steps a byte.
        return
    lines = content.count(b"\n") + 1
    assert 0 <= measured.code_lines <= lines
    for function in measured.functions:
        assert 1 <= function.line <= function.end_line <= lines
        assert 0 <= function.lines <= measured.code_lines


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(TREES), st.integers(min_value=0), st.integers(min_value=0, max_value=60))
def test_what_is_cut_out_leaves_sound_functions_or_a_doubt(language: Language, start: int, length: int) -> None:
    content = source(language)
    start %= len(content)
    measured = language.measure("a", content[:start] + content[start + length :])
    if measured.doubt:
        assert measured.doubt.reason == "invalid-syntax"
        assert measured.doubt.line is not None


def test_a_file_that_is_read_in_part_is_measured_and_named(tmp_path: Path) -> None:
    files = {"a.go": b"package a\nfunc f() { if a { } }\n\nfunc g( { if a { } }\n", "b.go": b"package a\nfunc h() {}\n"}
    measured = measure_tree(open_snapshot(tmp_path, Config()).with_files(files), Config(), 1)
    assert [(one.path, one.name) for one in measured.functions] == [("a.go", "f"), ("b.go", "h")]
    assert [source.lines for source in measured.sources] == [3, 2]
    assert [(one.path, one.source, one.reason) for one in measured.skipped] == [("a.go", "go", "invalid-syntax")]
    assert measured.skipped[0].detail.startswith("line 4: cannot be parsed there")


def test_what_could_end_the_process_is_measured_in_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise AssertionError

    monkeypatch.setattr(_tree_parse, "parse", refuse)
    monkeypatch.setattr("analyzers.metrics._tree_sitter.parse", refuse)
    snapshot = open_snapshot(tmp_path, Config()).with_files({"a.go": b"package a\nfunc f() {}\n"})
    assert len(measure_tree(snapshot, Config(), 1).functions) == 1
