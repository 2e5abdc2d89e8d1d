from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Reference

from analyzers.syntax.requirement import parse_requirement, read_lines
from tests.support.pace import allowed


@pytest.mark.parametrize(
    ("text", "name", "extras", "specifier", "marker"),
    [
        ("requests", "requests", (), "", None),
        ("requests==2.1", "requests", (), "==2.1", None),
        (" requests >= 1 , < 2 ", "requests", (), ">= 1 , < 2", None),
        ("google-api-core[grpc]>=2", "google-api-core", ("grpc",), ">=2", None),
        ("a.b_c [x, y] ~=1.0;python_version<'3'", "a.b_c", ("x", "y"), "~=1.0", "python_version<'3'"),
        ("foo (>=1,<2)", "foo", (), ">=1,<2", None),
        ("foo ; os_name == 'nt'", "foo", (), "", "os_name == 'nt'"),
        ("foo[x]", "foo", ("x",), "", None),
        ("pytz>=2011k", "pytz", (), ">=2011k", None),
        ("foo==1.*", "foo", (), "==1.*", None),
        ("foo===any text", "foo", (), "===any text", None),
        ("foo==${VERSION}", "foo", (), "==${VERSION}", None),
    ],
)
def test_a_requirement_gives_its_parts(
    text: str, name: str, extras: tuple[str, ...], specifier: str, marker: str | None
) -> None:
    found = parse_requirement(text)
    assert found is not None
    assert (found.name, found.extras, found.specifier, found.marker) == (name, extras, specifier, marker)
    assert text[found.start : found.end] == specifier


def test_a_bare_name_has_an_empty_span_behind_its_extras() -> None:
    found = parse_requirement("foo[x]  ; os_name == 'nt'")
    assert found is not None
    assert (found.start, found.end) == (6, 6)


def test_a_url_is_no_specifier() -> None:
    text = "foo[x] @ https://example.org/foo.whl#sha256=0 ; os_name == 'nt'"
    found = parse_requirement(text)
    assert found is not None
    assert found.url == text[found.start : found.end] == "https://example.org/foo.whl#sha256=0"
    assert (found.specifier, found.marker) == ("", "os_name == 'nt'")


@pytest.mark.parametrize(
    "text",
    ["", "foo bar", "-foo", "foo-", "./foo", "foo/", "{{ name }}", "föö", "foo[x", "git+https://x/y"],
)
def test_what_is_no_requirement_is_none(text: str) -> None:
    assert parse_requirement(text) is None


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet="ab-._ []<>=!~,;@()'\"1x\n", max_size=30) | st.text())
def test_whatever_packaging_reads_is_read_alike(text: str) -> None:
    try:
        expected = Reference(text)
    except InvalidRequirement:
        parse_requirement(text)
        return
    found = parse_requirement(text)
    if "\n" in text:
        # A logical line holds no line end; packaging takes one into the address.
        return
    assert found is not None
    assert (found.name, set(found.extras), found.url) == (expected.name, expected.extras, expected.url)
    assert {part.strip() for part in found.specifier.split(",")} - {""} == {
        part.strip() for part in text[found.start : found.end].split(",") if not found.url
    } - {""}


FILE = """\
# a heading
--index-url https://example.org/simple
-r base.in
--requirement=other.txt
-cconstraints.txt
requests==2.1 \\
    --hash=sha256:00 \\
    --hash sha256:11
    # via
    #   -r base.in
flask>=1,<2  # via app
-e git+https://example.org/x.git@v1#egg=x
django \\
  >=4
  # not about
# the next
"quoted" --global-option="a b" --strange
"""


def test_lines_are_joined_and_comments_set_apart() -> None:
    lines = list(read_lines(FILE))
    said = [(line.text, [(option.name, option.value) for option in line.options], line.comments) for line in lines]
    assert said == [
        ("", [("--index-url", "https://example.org/simple")], ()),
        ("", [("--requirement", "base.in")], ()),
        ("", [("--requirement", "other.txt")], ()),
        ("", [("--constraint", "constraints.txt")], ()),
        ("requests==2.1", [("--hash", "sha256:00"), ("--hash", "sha256:11")], ("via", "-r base.in")),
        ("flask>=1,<2", [], ("via app",)),
        ("", [("--editable", "git+https://example.org/x.git@v1#egg=x")], ()),
        ("django     >=4", [], ("not about",)),
        ('"quoted"', [("--global-option", "a b"), ("--strange", "")], ()),
    ]


def test_offsets_point_into_the_file_across_continuations() -> None:
    for line in read_lines(FILE):
        assert FILE.startswith(line.text[:6], line.start)
        for option in line.options:
            assert FILE[option.start : option.end] == option.value
    django = next(line for line in read_lines(FILE) if line.text.startswith("django"))
    found = parse_requirement(django.text)
    assert found is not None
    assert FILE[django.start + found.start : django.start + found.end] == ">=4"


def test_only_options_unknown_to_pip_are_marked() -> None:
    options = [option for line in read_lines("--pre\nfoo --strange --hash=x\n-x\n") for option in line.options]
    assert [(option.name, option.known) for option in options] == [
        ("--pre", True),
        ("--strange", False),
        ("--hash", True),
        ("-x", False),
    ]


def test_windows_line_ends_are_no_part_of_anything() -> None:
    (line,) = read_lines("foo==1 \\\r\n  --hash=x\r\n")
    assert (line.text, line.options[0].value) == ("foo==1", "x")


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="ab-=#\\ \n\r\t\"'r;[]@") | st.text())
def test_no_text_is_too_strange(text: str) -> None:
    for line in read_lines(text):
        assert 0 <= line.start <= len(text)
        assert all(0 <= option.start <= option.end <= len(text) for option in line.options)
        parse_requirement(line.text)


@pytest.mark.parametrize(
    "unit", ["a", "a ", "-", " -r", "#", "\\\n", '"', "a[", "a==1,", ";", "# \\\n", "a\n # b\n", "\t", "a # b", "\n #"]
)
def test_repeated_fragments_take_linear_time(unit: str) -> None:
    text = unit * 50_000
    begun = time.process_time()
    for line in read_lines(text):
        parse_requirement(line.text)
    parse_requirement(text)
    assert time.process_time() - begun < allowed(10)
