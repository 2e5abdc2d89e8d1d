"""What a comment asks of debtscan: what people see said to it, and nothing else."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.posts.commands import MOST, WORDS, Asked, Command, parse

DAY = date(2027, 1, 31)
CLOSE = Command(word="close")


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("@debtscan rebase", Command(word="rebase")),
        ("@debtscan recreate.", Command(word="recreate")),
        ("@Debtscan: Help!", Command(word="help")),
        ("  @debtscan, close", CLOSE),
        ("@debtscan close because it is too old", Command(word="close", reason="it is too old")),
        ("@debtscan ignore", Command(word="ignore")),
        ("@debtscan ignore left-pad", Command(word="ignore", name="left-pad")),
        ("@debtscan ignore until 2027-01-31", Command(word="ignore", until=DAY)),
        ("@debtscan ignore because no", Command(word="ignore", reason="no")),
        (
            "@debtscan ignore `@types/*`, until 2027-01-31, because *we* wait for x_y_z.",
            Command(word="ignore", name="@types/*", until=DAY, reason="*we* wait for x_y_z."),
        ),
        ("@debtscan ignore *-plugin*", Command(word="ignore", name="*-plugin*")),
        ("@debtscan unignore left-pad", Command(word="unignore", name="left-pad")),
        ("@debtscan open pypi-django-5", Command(word="open", name="pypi-django-5")),
        ("@debtscan explain outdated-dependency", Command(word="explain", name="outdated-dependency")),
        ("@debtscan close <!-- as agreed -->", CLOSE),
    ],
)
def test_a_command_is_understood(line: str, command: Command) -> None:
    assert parse(f"Hello,\n{line}\nThank you") == Asked(commands=(command,))


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "thanks!",
        "merge",
        "rebase now",
        "close pypi-django-5",
        "ignore until soon",
        "ignore a until 2027-02-30",
        "ignore a until 2027-1-5",
        "ignore a until \u0662\u0660\u0662\u0667-01-31",
        "ignore a b",
        "ignore a\u202eb",
        "ignore a\u200bb",
        "unignore",
        "open a because b",
        "explain a until 2027-01-31",
        "open " + "a" * 400,
    ],
)
def test_what_is_no_command_is_unclear(rest: str) -> None:
    asked = parse(f"@debtscan {rest}")
    assert asked.commands == ()
    assert len(asked.unclear) == 1
    assert len(asked.unclear[0]) <= 120


@pytest.mark.parametrize(
    "body",
    [
        "",
        "rebase",
        "Please @debtscan close",
        "@debtscanner close",
        "@debtscan/team close",
        "@debt\u200bscan close",
        "\u200b@debtscan close",
        "    @debtscan close",
        "\t@debtscan close",
        "> @debtscan close",
        ">> @debtscan close",
        # People see these lines within the quote.
        "> said\n@debtscan close",
        "> ```\n> @debtscan close",
        "- @debtscan close",
        "1. x\n\n   @debtscan close",
        "```\n@debtscan close\n```",
        "~~~~\n```\n@debtscan close\n~~~\n@debtscan close",
        "```\r\n@debtscan close\r\n```\r\n",
        "<!--\n@debtscan close\n-->",
        "see <!-- this\n@debtscan close\n-->",
        "<!-- x --> @debtscan close",
        "<pre>\n@debtscan close\n</pre>",
        "`see\n@debtscan close`",
        "`@debtscan` close",
        "# @debtscan close",
    ],
)
def test_what_is_not_said_to_debtscan_is_not_heard(body: str) -> None:
    assert not parse(body)


def test_a_comment_may_hold_several_with_text_between() -> None:
    body = "@debtscan rebase\r\nand\r\n\r\n> @debtscan recreate\r\n\r\n@debtscan close\r\n@debtscan dance\r\n"
    assert parse(body) == Asked(commands=(Command(word="rebase"), CLOSE), unclear=("dance",))


def test_more_than_people_write_are_not_obeyed() -> None:
    asked = parse("@debtscan help\n\n" * 5_000)
    assert (len(asked.commands), len(asked.unclear)) == (MOST, MOST)


@pytest.mark.parametrize("mention", ["@acme-debt", "@acme-debt[bot]", "@ACME-debt", "@debtscan"])
def test_an_app_is_called_by_its_own_name_too(mention: str) -> None:
    assert parse(f"{mention} close", ["acme-debt[bot]"]) == Asked(commands=(CLOSE,))


HOSTILE = (
    *("[", "`a", "> ", "*a_ ", "<!--", "![[", "- ", "*", "a**b", "<", "&", "[a](<b", "[a]: x\n", "\\", "\t", " \n"),
    *("```\n", "<a ", "a\n", "# ", "<!-- a\n", "1. ", "> > > > a\n", "@debtscan close\n", "\x00", "\ud800", "\x1b[2J"),
    f"@debtscan ignore {',' * 3_900} a\n\n",
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_comment_takes_no_time(piece: str) -> None:
    body = piece * (65_536 // len(piece))
    started = time.process_time()
    for text in (body, f"@debtscan close\n\n{body}", f"@debtscan close {body}", f"{body}\n\n@debtscan close"):
        parse(text)
    assert time.process_time() - started < 5


_PIECES = st.sampled_from(
    [*HOSTILE, "@debtscan ", "@debtscan", *WORDS, " until ", "because", "2027-01-31", "\n", "\r", " "]
)


@given(st.lists(st.one_of(_PIECES, st.text(max_size=8)), max_size=60).map("".join))
def test_it_never_raises_and_what_it_gives_is_bounded_and_printable(body: str) -> None:
    asked = parse(body)
    assert len(asked.commands) <= MOST
    assert len(asked.unclear) <= MOST
    for command in asked.commands:
        assert command.word in WORDS
        assert len(command.name) <= 300
        assert len(command.reason) <= 300
        assert f"{command.name}{command.reason}".isprintable()
        assert bool(command.name) or command.word not in {"open", "unignore", "explain"}


@given(st.text(max_size=200))
def test_whatever_is_fenced_is_not_heard(text: str) -> None:
    assert not parse(f"~~~~~~\n{text.replace('~', '')}\n@debtscan close\n~~~~~~")
