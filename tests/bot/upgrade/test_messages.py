"""Titles and commit messages: one line each, whatever a package is called, and nothing that GitHub acts on."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.upgrade.messages import TITLE, commit_message, commit_messages, plain
from tests.support.upgrades import REFUSED, move, upgrade, written

_ACTED_ON = re.compile(r"@\w|#\d|\bGH-\d|\[(?:skip|ci|no)|(?m:^::\w)", re.IGNORECASE)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Update requests to 2.32.3", "Update requests to 2.32.3"),
        ("Update @types/node to 24", "Update @\u200btypes/node to 24"),
        ("Fixes #12 and GH-13", "Fixes #\u200b12 and GH\u200b-13"),
        ("1.0[skip ci]", "1.0(skip ci)"),
        ("a\nCo-authored-by: x", "a\\nCo-authored-by: x"),
        ("::error::x", "::\u200berror::\u200bx"),
        ("\x1b[31mred\u202e", "\\x1b(31mred\\u202e"),
        (
            "0123456789abcdef0123456789abcdef01234567",
            "012345\u200b6789ab\u200bcdef01\u200b234567\u200b89abcd\u200bef0123\u200b4567",
        ),
        ("x" * 100, "x" * 71 + "…"),
    ],
)
def test_a_title_is_one_line_that_does_nothing(text: str, shown: str) -> None:
    assert plain(text) == shown


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["@", "#", "a", "1", "[skip ci]", "::", "\n", "\r", "GH-", "\u2028", " "])).map("".join)
)
def test_no_name_makes_a_message_do_anything(name: str) -> None:
    message = commit_message(f"Update {name}", [move(name, target=name)], "an-id")
    assert not _ACTED_ON.search(message)
    lines = message.splitlines()
    assert len(lines) == 5
    assert len(lines[0]) <= TITLE
    assert lines[1] == lines[3] == ""
    assert lines[4] == "Debtscan-Upgrade: an-id"


def test_each_commit_names_what_it_moves() -> None:
    made = upgrade(move("a"), move("b", current=None), move("flask"))
    files = {"x": b""}
    done = written(made, commits=(("Update a", files), ("Update b", files)), refused=(REFUSED,))
    assert commit_messages(done) == (
        "Update a\n\n- a from 2.19.0 to 2.32.3\n\nDebtscan-Upgrade: pypi-requests-2\n",
        "Update b\n\n- b to 2.32.3\n\nDebtscan-Upgrade: pypi-requests-2\n",
    )
    together = commit_messages(written(made, commits=(("Update all", files),)))
    assert [line for line in together[0].splitlines() if line.startswith("- ")] == [
        "- a from 2.19.0 to 2.32.3",
        "- b to 2.32.3",
        "- flask from 2.19.0 to 2.32.3",
    ]


def test_a_message_of_many_moves_is_bounded() -> None:
    message = commit_message("Update all", [move(f"package-{number}") for number in range(500)], "all")
    assert "- and 400 more\n" in message
