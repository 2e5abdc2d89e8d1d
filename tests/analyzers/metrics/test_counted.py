"""Lines of code of the languages that are only counted."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.metrics.counted import LANGUAGES
from tests.support.pace import allowed

BY_SUFFIX = {suffix: language for language in LANGUAGES for suffix in language.suffixes}


@pytest.mark.parametrize(
    ("suffix", "source", "lines"),
    [
        (".dart", "// a\n\nlet x = 1; // b\n/* c\n d */\ny();\n", 2),
        (".dart", 'glob("src/*");\nb();\n"*/";\n', 3),
        (".swift", "/* a */ b();\n/* c */ /* d */\n", 1),
        (".scala", "/* never closed\nx\ny\n", 0),
        (".pl", "# a\n=pod\nx\n=cut\nprint 1;\n", 1),
        (".sh", "#!/bin/sh\n# a\necho\n  \n", 1),
        (".lua", "--[[ a\nb ]]\n-- c\nx = 1\n", 1),
        (".ps1", "# a\n<# b\n c #>\necho 1\n", 1),
        (".sql", "-- a\nSELECT 1;\n/* b */\n", 1),
        (".hs", "{- a\n-}\nmain = x -- b\n", 1),
        (".tf", "# a\n// b\nresource {}\n", 1),
        (".kt", "a\r\n\r\n// b\rc", 2),
        (".kt", "", 0),
    ],
)
def test_blank_lines_and_comments_do_not_count(suffix: str, source: str, lines: int) -> None:
    assert BY_SUFFIX[suffix].measure("a", source.encode()).code_lines == lines


def test_names_and_suffixes_are_each_stated_once() -> None:
    names = [language.name for language in LANGUAGES]
    suffixes = [suffix for language in LANGUAGES for suffix in language.suffixes]
    assert len(set(names)) == len(names)
    assert len(set(suffixes)) == len(suffixes)


@pytest.mark.parametrize("shape", ["/*", "/* \n", "//\n", "*/\n", " ", "\n", "/**/", "(*", "{-", "--[["])
def test_time_is_linear_in_the_file(shape: str) -> None:
    content = (shape * 2_000_000)[:2_000_000].encode()
    start = time.process_time()
    for suffix in (".dart", ".pl", ".lua", ".hs", ".fs"):
        BY_SUFFIX[suffix].count(content)
    assert time.process_time() - start < allowed(10)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(LANGUAGES), st.text(alphabet="/*-#={}<!>()[]; \n\r\tab'", max_size=200))
def test_there_are_never_more_lines_of_code_than_lines(language: object, text: str) -> None:
    count = language.measure("a", text.encode()).code_lines  # type: ignore[attr-defined]  # strategies lose the type
    assert 0 <= count <= text.count("\n") + text.count("\r") + 1
