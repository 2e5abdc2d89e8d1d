"""Versions as people read them."""

from __future__ import annotations

import pytest

from analyzers.model.edit import Change, Edit
from analyzers.model.inventory import Dependency
from analyzers.model.place import Place
from bot.upgrade import names
from bot.upgrade.messages import commit_message
from bot.upgrade.spelling import versions
from bot.upgrade.write import move_title
from tests.support.plans import move

SHA = "8e5e7e5ab8b370d6c329ec480221332ada57f0ab"
ROW = Dependency(
    ecosystem="githubactions", name="a/b", place=Place(path="x", line=1, column=1, start=0, end=1), kind="x", purl=""
)


def _edit(value: str | None = None, comment: str | None = None) -> Edit:
    return Edit((Change(row=ROW, value=value, comment=comment),))


TABLE = [
    ("the target decides where no text is known", "1.0.0", "v2.1.0", None, "v1.0.0", "v2.1.0"),
    ("the other way round", "v1.0.0", "2.1.0", None, "1.0.0", "2.1.0"),
    ("both alike already", "1.0", "2.0", None, "1.0", "2.0"),
    ("the file writes it with the letter", "1.0.0", "2.1.0", _edit("v2.1.0"), "v1.0.0", "v2.1.0"),
    ("the file writes it without", "1.0.0", "v2.1.0", _edit("2.1.0"), "1.0.0", "2.1.0"),
    ("a range", "v1.2.0", "v2.1.0", _edit("~> 2.1.0"), "1.2.0", "2.1.0"),
    ("an address with a ref", "1.2.0", "v2.1.0", _edit("git::https://x/y?ref=v2.1.0"), "v1.2.0", "v2.1.0"),
    ("the comment beside a commit", "1.0.0", "2.1.0", _edit(SHA, "v2.1.0"), "v1.0.0", "v2.1.0"),
    ("another version that begins the same", "1.0", "v2.1", _edit("v2.1.5 12.1 2.10"), "v1.0", "v2.1"),
    ("suffixes stay", "1.0.0-slim", "v2.1.0-rc.1", None, "v1.0.0-slim", "v2.1.0-rc.1"),
    ("nobody knows what is left", None, "v2.1.0", _edit("2.1.0"), None, "2.1.0"),
    ("a commit is no version", SHA, "v2.1.0", None, SHA, "v2.1.0"),
    ("a branch is none", "main", "v2.1.0", None, "main", "v2.1.0"),
    ("a name that begins with the letter", "vista", "v2", None, "vista", "v2"),
    ("a codename", "v12", "bookworm", None, "v12", "bookworm"),
    ("a tag with a name before it", "1.0", "release-v2.0", None, "1.0", "release-v2.0"),
    ("a digest beside a tag", "v7.2", "7.2@sha256:0123456789ab", None, "v7.2", "7.2@sha256:0123456789ab"),
    ("hostile", "1" * 500, "v" * 500, None, "1" * 500, "v" * 500),
]


@pytest.mark.parametrize(
    ("current", "target", "edit", "left", "reached"), [one[1:] for one in TABLE], ids=[one[0] for one in TABLE]
)
def test_both_versions_have_one_spelling(
    current: str | None, target: str, edit: Edit | None, left: str | None, reached: str
) -> None:
    assert versions(move("x 1 2 major", current=current, target=target, edit=edit)) == (left, reached)


def test_titles_and_messages_take_it_and_targets_stay_as_they_are() -> None:
    moved = move("actions/a 1.0.0 v2.1.0 major", "githubactions")
    assert names.title([moved]) == "Update actions/a from v1.0.0 to v2.1.0"
    assert move_title(moved) == "Upgrade actions/a from v1.0.0 to v2.1.0"
    assert "- actions/a from v1.0.0 to v2.1.0\n" in commit_message("x", [moved], "id")
    assert (moved.current, moved.target) == ("1.0.0", "v2.1.0")


def test_what_is_the_same_in_one_spelling_is_not_told_twice() -> None:
    moved = move("actions/a 2.1.0 v2.1.0 major", "githubactions")
    assert names.title([moved]) == "Update actions/a to v2.1.0"
    assert move_title(moved) == "Upgrade actions/a to v2.1.0"
    assert "- actions/a to v2.1.0\n" in commit_message("x", [moved], "id")


def test_two_that_go_to_one_version_are_named_with_it() -> None:
    moves = [move("react 18.0 v19.1 major", "npm"), move("react-dom 18.0 19.1 major", "npm", edit=_edit("v19.1"))]
    assert names.title(moves) == "Update react and react-dom to v19.1"
