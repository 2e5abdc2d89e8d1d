from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.syntax.dockerfile import Instruction, flags, parse, plain_words, triggered, words
from analyzers.syntax.spliced import Spliced
from analyzers.syntax.text import SourceText
from tests.support.pace import allowed


def _read(text: str) -> list[tuple[str, str]]:
    parsed = parse(SourceText("Dockerfile", text))
    return [(instruction.keyword, instruction.arguments.text) for instruction in parsed.instructions]


# What BuildKit's own parser answers.
LINES = [
    ("FROM node:18", [("FROM", "node:18")]),
    ("from node:18 as x\n", [("FROM", "node:18 as x")]),
    ("  FROM a\t\n\n# c\n RUN  b  ", [("FROM", "a"), ("RUN", "b")]),
    ("RUN a \\\n  b", [("RUN", "a   b")]),
    ("RUN a \\  \n  b", [("RUN", "a   b")]),
    ("RUN a \\\r\n  b\r\nFROM c\r\n", [("RUN", "a   b"), ("FROM", "c")]),
    ("RUN a \\\n# c\n\n   # d\n b\nFROM c", [("RUN", "a  b"), ("FROM", "c")]),
    ("RUN a\\\\\nFROM c", [("RUN", "a\\\\"), ("FROM", "c")]),
    ("RUN a \\", [("RUN", "a")]),
    ("FROM no\\\nde:18", [("FROM", "node:18")]),
    ("\\\nFROM a", [("FROM", "a")]),
    ("# escape=`\nRUN a `\n b\nRUN c \\\nFROM d", [("RUN", "a  b"), ("RUN", "c \\"), ("FROM", "d")]),
    ("FROM a\n# escape=`\nRUN a `\nFROM d", [("FROM", "a"), ("RUN", "a `"), ("FROM", "d")]),
    ("RUN <<EOF\nFROM no\nEOF\nFROM yes", [("RUN", "<<EOF"), ("FROM", "yes")]),
    ("RUN <<EOF\r\nFROM no\r\nEOF\r\nFROM yes", [("RUN", "<<EOF"), ("FROM", "yes")]),
    ("RUN <<-E cat\nFROM no\n\t\tE\nFROM yes", [("RUN", "<<-E cat"), ("FROM", "yes")]),
    ("RUN <<E cat\n\tE\nFROM no\nE\nFROM yes", [("RUN", "<<E cat"), ("FROM", "yes")]),
    ("COPY <<A <<'B c' /x\nFROM no\nA\nFROM no\nB c\nFROM yes", [("COPY", "<<A <<'B c' /x"), ("FROM", "yes")]),
    ("RUN 3<<E\nFROM no\nE\nFROM yes", [("RUN", "3<<E"), ("FROM", "yes")]),
    ("ONBUILD RUN <<E\nFROM no\nE\nFROM yes", [("ONBUILD", "RUN <<E"), ("FROM", "yes")]),
    ("RUN a<<E\nFROM yes", [("RUN", "a<<E"), ("FROM", "yes")]),
    ("RUN <<<E\nFROM yes", [("RUN", "<<<E"), ("FROM", "yes")]),
    ("RUN << E\nFROM yes", [("RUN", "<< E"), ("FROM", "yes")]),
    ("RUN echo '<<E'\nFROM yes", [("RUN", "echo '<<E'"), ("FROM", "yes")]),
    ('RUN echo "<<E\nFROM yes', [("RUN", 'echo "<<E'), ("FROM", "yes")]),
    ('RUN ["a", "<<E"]\nFROM yes', [("RUN", '["a", "<<E"]'), ("FROM", "yes")]),
    ("RUN [ a ] <<E ]\nFROM no\nE\nFROM yes", [("RUN", "[ a ] <<E ]"), ("FROM", "yes")]),
    ("CMD <<E\nFROM yes", [("CMD", "<<E"), ("FROM", "yes")]),
    ("", []),
    ("\n\n#\n", []),
]


@pytest.mark.parametrize(("text", "expected"), LINES)
def test_lines_are_cut_as_buildkit_cuts_them(text: str, expected: list[tuple[str, str]]) -> None:
    assert _read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# syntax=docker/dockerfile:1\n# escape=`\nFROM a", {"syntax": "docker/dockerfile:1", "escape": "`"}),
        ("#Syntax = docker/dockerfile:1 \nFROM a", {"syntax": "docker/dockerfile:1"}),
        ("# other=x\n# syntax=a/b\n", {"syntax": "a/b"}),
        ("# a comment\n# syntax=a/b\n", {}),
        ("\n# syntax=a/b\n", {}),
        ("FROM a\n# syntax=a/b\n", {}),
        ("# syntax=a/b\n# syntax=c/d\n", {"syntax": "a/b"}),
    ],
)
def test_directives_stand_on_top(text: str, expected: dict[str, str]) -> None:
    directives = parse(SourceText("Dockerfile", text)).directives
    assert {name: scalar.value for name, scalar in directives.items()} == expected
    assert all(text[scalar.start : scalar.end] == scalar.value for scalar in directives.values())


@pytest.mark.parametrize(
    ("text", "line", "detail"),
    [
        ("FROM a\n\nHELLO x\nBYE\n", 3, "`HELLO` is no instruction"),
        ("{% if a %}\nFROM a\n", 1, "`{%` is no instruction"),
        ("FROM a\nRUN <<E\nx\n", 2, "the here-document `E` has no end"),
    ],
)
def test_what_buildkit_refuses_is_named_and_the_rest_is_read(text: str, line: int, detail: str) -> None:
    parsed = parse(SourceText("Dockerfile", text))
    assert parsed.problem == (detail, line)
    assert "FROM" in {instruction.keyword for instruction in parsed.instructions}


def _instruction(text: str) -> Instruction:
    return parse(SourceText("Dockerfile", text)).instructions[0]


def test_flags_stand_in_front_and_lose_no_place() -> None:
    text = 'COPY --from=a \\\n --chown="b c" --link --x= d --from=e'
    found = [(name, value.text, text[value.origin(0)]) for name, value in flags(_instruction(text)) if value.text]
    assert found == [("from", "a", "a"), ("chown", '"b c"', '"')]


def test_words_lose_quotes_and_escapes() -> None:
    arguments = Spliced.at(r"""a "b c" 'd \e' f\ g "h""", 0)
    assert [word.text for word in words(arguments)] == ["a", "b c", r"d \e", "f g", "h"]
    assert [word.is_closed for word in words(arguments)] == [True, True, True, True, False]
    assert [word.text for word in plain_words(arguments)][:3] == ["a", '"b', 'c"']
    assert len(list(words(arguments, limit=2))) == 2


def test_onbuild_puts_another_instruction_off() -> None:
    inner = triggered(_instruction("ONBUILD copy --from=a b c"))
    assert inner is not None
    assert (inner.keyword, inner.arguments.text, inner.start, inner.triggered) == ("COPY", "--from=a b c", 8, True)
    assert triggered(_instruction("RUN x")) is None
    assert triggered(_instruction("ONBUILD")) is None


@pytest.mark.parametrize(
    "text",
    [
        "RUN a \\\n" * 50_000,
        "RUN <<A <<B <<C\n" * 20_000,
        "FROM node:18\n" * 50_000,
        "ENV " + "a \\\n" * 50_000,
        "COPY " + "--from=x " * 50_000,
        "RUN " + '"' * 400_000,
        "RUN <<E\n" + "[" * 400_000,
        "RUN " + "[" * 200_000 + "<<" + "]" * 200_000,
        "\\" * 400_000,
        " \t" * 200_000,
        "# a=" + " " * 400_000 + "\n",
        "ARG " + "a=" * 200_000,
    ],
    ids=range(12),
)
def test_big_files_are_read_in_linear_time(text: str) -> None:
    began = time.process_time()
    for instruction in parse(SourceText("Dockerfile", text)).instructions:
        list(words(instruction.arguments))
        list(flags(instruction))
    assert time.process_time() - began < allowed(10)


_FRAGMENTS = st.sampled_from(
    [
        "FROM a",
        "RUN <<E",
        "E",
        "\\",
        "RUN b \\",
        "# c",
        "",
        "\t",
        "'",
        '"',
        "`",
        "ONBUILD",
        "COPY --from=x",
        "\r",
        "<<-'E F'",
    ]
)


@given(st.one_of(st.text(), st.lists(_FRAGMENTS).map("\n".join)))
@settings(deadline=None)
def test_no_text_makes_it_raise_and_every_character_is_where_it_says(text: str) -> None:
    for instruction in parse(SourceText("Dockerfile", text)).instructions:
        arguments = instruction.arguments
        assert [text[arguments.origin(index)] for index in range(len(arguments.text))] == list(arguments.text)
        assert text[instruction.start : instruction.end].upper() == instruction.keyword or "\\" in text
        list(flags(instruction))
