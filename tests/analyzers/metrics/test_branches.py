"""Every language that tells the parts of functions tells them alike, so that blocks can be chosen among them."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzers.metrics.measure import languages
from tests.support.branches import are_nested
from tests.support.complexity import FIXTURES, function

SUFFIXES = {suffix: language for language in languages().values() if language.branches for suffix in language.suffixes}
FILES = sorted(path for path in FIXTURES.rglob("*") if path.suffix in SUFFIXES)


def lines(language: str, source: str) -> list[tuple[int, int, str]]:
    """Return first line, last line and kind of the parts of the one function of a source."""
    tell = languages()[language].branches
    found = function(language, source)
    assert tell
    return [(part.line, part.end_line, part.kind) for part in tell(source.encode(), found.line, found.end_line)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_outermost_parts_add_up_to_the_complexity_less_one_and_inner_ones_lie_in_them(path: Path) -> None:
    language, content = SUFFIXES[path.suffix], path.read_bytes()
    assert language.branches
    for found in language.measure(path.name, content).functions:
        branches = language.branches(content, found.line, found.end_line)
        assert 1 + sum(branch.complexity for branch in branches if not branch.nesting) == found.complexity, found.name
        assert are_nested(branches), found.name


def test_a_case_of_go_ends_where_its_text_does() -> None:
    source = "package a\nfunc f() {\n\tswitch a {\n\tcase 1:\n\t\tg()\n\tcase 2:\n\t\tif a {\n\t\t}\n\t}\n}\n"
    assert lines("go", source) == [(3, 9, "switch"), (4, 5, "case"), (6, 8, "case"), (7, 8, "if")]


JUMPS = {
    "go": """\
package a
func f() {
  for a {
    if b {
      continue
    }
    switch c {
    case 1:
      if d {
        break
      }
    }
    for b {
      if c {
        break
      }
    }
    switch d {
    case 1:
      continue
    }
  }
}
""",
    "javascript": """\

function f() {
  for (const a of b) {
    if (b) {
      continue
    }
    switch (c) {
      case 1:
        if (d) {
          break
        }
    }
    do {
      if (c) {
        break
      }
    } while (b)
    switch (d) {
      case 1:
        continue
    }
  }
}
""",
    "java": """\
class A {
  void f() {
  while (a) {
    if (b) {
      continue;
    }
    switch (c) {
      case 1:
        if (d) {
          break;
        }
    }
    for (int b : c) {
      if (c) {
        break;
      }
    }
    switch (d) {
      case 1:
        continue;
    }
  }
}}
""",
}


@pytest.mark.parametrize("language", JUMPS)
def test_a_part_that_goes_on_with_a_loop_around_it_jumps(language: str) -> None:
    tell, source = languages()[language].branches, JUMPS[language]
    found = function(language, source)
    assert tell
    jumping = {part.line for part in tell(source.encode(), found.line, found.end_line) if part.jumps}
    # What ends a case is no jump: it stays where it is.
    assert jumping == {4, 14, 18, 19}


def test_a_jump_that_names_its_loop_may_mean_any() -> None:
    source = "package a\nfunc f() {\nL:\n\tfor a {\n\t\tfor b {\n\t\t\tbreak L\n\t\t}\n\t}\n}\n"
    tell = languages()["go"].branches
    assert tell
    assert [part.jumps for part in tell(source.encode(), 2, 9)] == [True, True]
