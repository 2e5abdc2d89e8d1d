"""Strangers' Markdown, drawn anew: readable, and never more than text, whatever renders it."""

from __future__ import annotations

import html
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.upgrade.prose import blocks, inline
from tests.support.github_page import rendered
from tests.support.harmless import assert_harmless


def drawn(text: str) -> str:
    return "\n".join(block.markdown for block in blocks(text))


def said(text: str) -> str:
    """Return what a reader sees: text alone."""
    return html.unescape(re.sub(r"<[^>]*>", "", rendered(drawn(text)))).replace("\u200b", "").strip()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("# Title", "<p><strong>Title</strong></p>\n"),
        ("Title\n=====\ntext", "<p><strong>Title</strong></p>\n<p>text</p>\n"),
        ("one\ntwo", "<p>one two</p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("* a\n  goes on\n* b", "<ul>\n<li>a goes on</li>\n<li>b</li>\n</ul>\n"),
        ("- a\n    - b", "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>\n"),
        ("1. a\n2. b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("use `a<b>` now", "<p>use <code>a&lt;b&gt;</code> now</p>\n"),
        ("**bold** _it_ ~~gone~~ *x* 2 * 3", "<p>bold it gone x 2 * 3</p>\n"),
        (r"a\_b \*c\*", "<p>a_b *c*</p>\n"),
        ("a &lt;b&gt; &amp; c", "<p>a &lt;b&gt; &amp; c</p>\n"),
        ("> quoted", "<p>quoted</p>\n"),
        ("| a | b |\n|---|:-:|\n| 1 | 2 |", "<ul>\n<li>a · b</li>\n<li>1 · 2</li>\n</ul>\n"),
        ("a<br>b<details><summary>More</summary>c</details>", "<p>a b</p>\n<p>More c</p>\n"),
        ("a <!-- hidden --> b", "<p>a  b</p>\n"),
        ("a <!-- never ends", "<p>a</p>\n"),
        ("---\ntext\n***", "<p>text</p>\n"),
        ("[x]: https://example.org\ntext", "<p>text</p>\n"),
        ("![a picture](https://example.org/x.png)", "<p>(image: a picture)</p>\n"),
        ("[![badge](https://a.example/b)](https://c.example/d)", ""),
        ("fixed in a1b2c3d4e5f6", "<p>fixed in <code>a1b2c3d4e5f6</code></p>\n"),
        ("```\nx <y> `z`\n\n@a\n```\nend", "<pre><code>x &#60;y&#62; &#96;z&#96;\n\n&#64;a</code></pre>\n<p>end</p>\n"),
        ("~~~~\nopen for ever", "<pre><code>open for ever</code></pre>\n"),
        (
            "see [the guide](https://docs.example.org/a?b=1&c=2#d).",
            '<p>see <a href="https://docs.example.org/a?b=1&amp;c=2#d">the guide</a> (docs.example.org).</p>\n',
        ),
        ("https://docs.example.org/a.", '<p><a href="https://docs.example.org/a">docs.example.org/a</a>.</p>\n'),
        (
            "[changes](https://github.com/o/r/blob/main/CHANGES.md)",
            '<p><a href="https://github.com/o/r/blob/main/CHANGES.md">changes</a> (github.com)</p>\n',
        ),
    ],
)
def test_what_is_read_is_drawn_anew(text: str, shown: str) -> None:
    assert rendered(drawn(text)).replace("\u200b", "") == shown
    assert_harmless(drawn(text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("thanks @octocat", "thanks @octocat"),
        ("fixes #12, GH-13, o/r#14 and o/r@a1b2c3d4e5f6", "fixes #12, GH-13, o/r#14 and o/r@a1b2c3d4e5f6"),
        ("[#12](https://github.com/o/r/issues/12)", "#12"),
        ("https://github.com/o/r/pull/12", "o/r#12"),
        ("<https://github.com/o/r/issues/12>", "o/r#12"),
        ("https://GITHUB.com:443/o/r/pull/12", "o/r#12"),
        ("https://github.com/o/r/commit/a1b2c3d4e5f60718", "o/r a1b2c3d4"),
        ("https://git.example.org/o/r/pull/12", "o/r#12"),
        ("[see](https://gitlab.com/o/r/-/merge_requests/12)", "see"),
        ("[see](https://github.com/o/r/releases/../pull/12)", "see"),
        ("[see](https://github.com/o/r/blob/%2e%2e/%2e%2e/pull/12)", "see"),
        ("[see](https://github.com/octocat)", "see"),
        ("[see](https://gist.github.com/octocat/1)", "see"),
        ("[see](javascript:alert(1))", "[see](javascript:alert(1))"),
        ("[see](JaVaScRiPt:alert)", "see"),
        ("[see](data:text/html,x)", "see"),
        ("[see](//example.org)", "see"),
        ("[see](/etc/passwd)", "see"),
        ("[see](https://user:pass@example.org/)", "see"),
        ("[see](https://exämple.org/)", "see"),
        ("[see](https://127.0.0.1/)", "see"),
        ("[see](https://[::1]/)", "see"),
        ("[see](https://example.org:99999/)", "see"),
        ("[see](https://example.org/\u202egnp.exe)", "see (example.org)"),
        ("a\x1b[31mb\u202ec\x00d", "a\\x1b[31mb\\u202ec\\x00d"),
        ("::error::x", "::error::x"),
        ("::set-output name=a::b", "::set-output name=a::b"),
        ("<script>alert(1)</script>", "alert(1)"),
        ("<img src=x onerror=alert(1)>", ""),
        ("<a href='javascript:x'>y</a>", "y"),
        ("</details></details>x", "x"),
        ("<!-- debtscan: {} -->x", "x"),
        ("<\\!-- debtscan: {} -->", "<!-- debtscan: {} -->"),
        ("&lt;!-- debtscan: {} --&gt;", "<!-- debtscan: {} -->"),
        ("`<!-- debtscan: {} -->`", "``"),
        ("`` ` `` and ```` x", "` `` and ```` x"),
        ("a | b", "a | b"),
        ("[^1] [^1]: x", "[^1] [^1]: x"),
        ("- [ ] task", "[ ] task"),
        ("`a@b.org` `@a/b@1.x` a@b.org", "a@b.org @a/b@1.x a@b.org"),
        ("$$x$$ and $`y`$", "$$x$$ and $y$"),
        ("[x][y] [z][]", "[x][y] [z][]"),
    ],
)
def test_what_could_do_harm_is_text(text: str, shown: str) -> None:
    assert said(text) == shown
    assert_harmless(drawn(text))


PIECES = st.sampled_from(
    [
        *(
            "@octocat",
            "#12",
            "GH-7",
            "o/r#1",
            "o/r@",
            "a1b2c3d4e5f6",
            "https://github.com/o/r/issues/1",
            "::error::",
            "x",
        ),
        *("<", ">", "</details>", "<summary>", "<!--", "-->", "<!-- debtscan: {}", "<img src=x>", "&lt;", "&#64;", "&"),
        *("[", "](", ")", "![", "[a](https://e.org/)", "(", "`", "``", "```", "~~~", "\n", "\n\n", "|", "|-|\n", "# "),
        *("- ", "  - ", "1. ", "> ", "***", "**", "_", "\\", "\t", "    ", " ", "=\n", "---\n", "\x1b", "\u202e", "\r"),
        *("www.e.org", "a@b.org", "http://", "$", "x", ":tada:", "[x]: y", "[^1]"),
    ]
)


@settings(deadline=None, max_examples=400)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_no_text_becomes_more_than_text(text: str) -> None:
    assert_harmless(drawn(text))
    assert_harmless(f"<details><summary>x</summary>\n\n{drawn(text)}\n\n</details>\n")
    assert_harmless(f"| a |\n|---|\n| {inline(text)} |\n")
    for block in blocks(text):
        assert_harmless(f"- {block.line}\n")


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=60))
def test_nothing_of_unicode_gets_through(text: str) -> None:
    assert_harmless(drawn(text))


@pytest.mark.parametrize(
    "text",
    [
        "`" * 60_000,
        "[" * 60_000,
        "![" * 30_000,
        "[a](" * 15_000,
        "<a" * 30_000,
        "<!--" * 15_000,
        "*_" * 30_000,
        "> " * 30_000,
        "- " * 30_000,
        "|-" * 30_000,
        "\\" * 60_000,
        "https://" * 7_500,
        "a" * 60_000,
        "0a" * 30_000,
        "\n" * 60_000,
        "&" * 60_000,
        "- a\n" * 15_000,
        "``" + "a" * 60_000,
        "```\n" + ("@" * 1_999 + "\n") * 30,
        ("GH-" * 600 + "\n\n") * 30,
        ("[a](https://e.org/" + "x/" * 500 + ")\n\n") * 50,
        ("*_~`" * 400 + "\n\n") * 40,
    ],
)
def test_reading_takes_time_in_proportion(text: str) -> None:
    began = time.process_time()
    drawn(text)
    assert time.process_time() - began < 2
