from __future__ import annotations

import html
import json
import re
from pathlib import Path

import cmarkgfm
import jinja2
import pytest
from cmarkgfm.cmark import Options as CmarkOptions
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import markup

HOSTILE = (
    "a|b",
    "`x`",
    "<script>alert(1)</script>",
    "@octocat and #12",
    "[click](https://example.com)",
    "https://example.com www.example.com someone@example.com",
    "line\nbreak\r\n# heading",
    "\\| \\` \\<",
    "**bold** _it_ ~~gone~~ ![i](u)",
    "- item",
    "1. item",
    "    code",
    "---",
    "&lt; &#60; &amp;",
    "\x1b[31mred\u202egnp.exe",
    "a\u2028b\ud800",
)


def _rendered(text: str) -> str:
    return str(cmarkgfm.github_flavored_markdown_to_html(text, options=CmarkOptions.CMARK_OPT_UNSAFE))


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_text_renders_as_itself_and_nothing_else(text: str) -> None:
    assert _text_of(_rendered(markup.markdown_text(text))) == f"<p>{markup.visible(text)}</p>\n"


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet=st.sampled_from("a1 |`<>@#[]()!*_~\\-+.:/&;w\n\t=\"'é"), min_size=1, max_size=20))
def test_no_text_breaks_out_of_a_table_cell(text: str) -> None:
    table = f"| a | b |\n|---|---|\n| {markup.markdown_text(text)} | {markup.markdown_code(text)} |\n"
    cells = re.findall(r"<td>(.*)</td>", _rendered(table))
    assert len(cells) == 2
    assert "<" not in cells[0]
    assert cells[1].startswith("<code>")
    assert "<" not in cells[1].removeprefix("<code>").removesuffix("</code>")
    assert _text_of(cells[0]).strip() == markup.visible(text).strip()


def _text_of(rendered: str) -> str:
    return html.unescape(rendered).replace("\u200b", "")


def test_a_mention_and_a_reference_are_broken_by_an_invisible_space() -> None:
    assert "@\u200boctocat and #\u200b12" in _rendered(markup.markdown_text("@octocat and #12"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain é 漢", "plain é 漢"),
        ("\x1b[2J", "\\x1b[2J"),
        ("a\u202eb", "a\\u202eb"),
        ("a\nb", "a\\nb"),
        ("\U000e0041", "\\U000e0041"),
        ("\udc80", "\\udc80"),
        ("\x9b31m", "\\x9b31m"),
    ],
)
def test_what_cannot_be_seen_is_written_out(text: str, shown: str) -> None:
    assert markup.visible(text) == shown
    shown.encode()


def test_kept_characters_stay() -> None:
    assert markup.visible("a\nb\x1b", keep="\n") == "a\nb\\x1b"


def test_workflow_commands_cannot_be_ended_or_extended() -> None:
    assert markup.command_message("50%\n::error::x") == "50%25%0A::error::x"
    assert markup.command_property("a:b,c\nd%") == "a%3Ab%2Cc\\nd%25"


def test_json_cannot_end_its_script_element() -> None:
    text = markup.script_json({"name": "</script><!--\u2028&"})
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == {"name": "</script><!--\u2028&"}


def test_html_is_escaped_and_finished_markup_is_not() -> None:
    drawn = markup.environment("html").from_string('<b title="{{ name }}">{{ name }}</b>{{ "<i>" | safe }}')
    assert drawn.render(name='"<\x1b') == '<b title="&#34;&lt;\\x1b">&#34;&lt;\\x1b</b><i>'


def test_markdown_expressions_are_escaped_unless_raw() -> None:
    drawn = markup.environment("markdown").from_string("{{ name }} {{ name | code }} {{ raw }} {{ 1.5 }}")
    shown = drawn.render(name="a|b", raw=markup.Raw("**x**"))
    assert shown == "a&#124;b <code>a&#124;b</code> **x** 1.5"


@pytest.mark.parametrize("language", ["html", "markdown"])
def test_a_missing_name_is_an_error(language: markup.Language) -> None:
    with pytest.raises(jinja2.UndefinedError):
        markup.environment(language).from_string("{{ missing }}").render()


def test_templates_are_found_in_a_checkout_and_in_a_wheel(tmp_path: Path) -> None:
    package = tmp_path / "bot"
    package.mkdir()
    assert markup.templates_folder(package) == tmp_path / "templates"
    (package / "templates").mkdir()
    assert markup.templates_folder(package) == package / "templates"
    assert markup.templates_folder().is_dir()


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("GH-12", "GH\u200b-12"),
        ("at a1b2c3d4e5f6a7", "at a1b2c3\u200bd4e5f6\u200ba7"),
        ("0123456789abcdef0123", "012345\u200b6789ab\u200bcdef01\u200b23"),
        ("decade 20260101 defaced", "decade 20260101 defaced"),
    ],
)
def test_names_of_issues_and_commits_are_broken(text: str, broken: str) -> None:
    assert broken in _rendered(markup.markdown_text(text))


def test_code_holds_no_address_of_mail() -> None:
    for text in ("a@b.org", "a@" + "b" * 500 + ".org", "@scope/a@1.x.org"):
        assert "mailto" not in _rendered(markup.markdown_code(text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::set-output name=a::b", "\\x3a:set-output name=a::b"),
        ("a\n  ::error::b\n\n\t::add-mask::c", "a\n  \\x3a:error::b\n\n\t\\x3a:add-mask::c"),
        ("\x1b[1;2m ::debug::a\x1b[0m", "\x1b[1;2m \\x3a:debug::a\x1b[0m"),
        ("a ##[command]b ##vso[task.x]", "a \\x23#[command]b \\x23#vso[task.x]"),
        ("Foo::Bar [::1] # one ## two", "Foo::Bar [::1] # one ## two"),
    ],
)
def test_no_line_of_a_log_is_a_command_of_a_workflow(text: str, shown: str) -> None:
    assert markup.inert(text) == shown
