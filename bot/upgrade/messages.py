"""Titles and commit messages. Plain text, which GitHub reads for mentions, references and commands all the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.markup import in_pieces, visible
from bot.upgrade.model import Move, Written
from bot.upgrade.spelling import versions

TITLE: Final = 72
_LINE: Final = 200
_MOST_LINES: Final = 100
# An invisible space between the sign and the name keeps a mention or a reference from being one.
_SIGN: Final = re.compile(r"[@#](?=[\w(])|\b(?:GH|gh|Gh|gH)(?=-\d)|(?<=:):")
_COMMIT: Final = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{7,40}(?![0-9A-Za-z])", re.IGNORECASE)
TRAILER: Final = "Debtscan-Upgrade"


def plain(text: str, most: int = TITLE) -> str:
    """Return ``text`` as one line of at most ``most`` characters that GitHub makes nothing of.

    No mention, no reference to an issue or a commit, no ``[skip ci]``, no control characters.
    """
    line = visible(text).replace("[", "(").replace("]", ")")
    line = _COMMIT.sub(lambda found: in_pieces(found[0], "\u200b"), _SIGN.sub("\\g<0>\u200b", line))
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def commit_messages(written: Written) -> tuple[str, ...]:
    """Return the message of each commit: its title, what moves, and the trailer that names the upgrade."""
    refused = {(left.name, left.target) for left in written.refused}
    made = tuple(move for move in written.upgrade.moves if (move.name, move.target) not in refused)
    stepwise = len(made) == len(written.commits)
    return tuple(
        commit_message(title, made[index : index + 1] if stepwise else made, written.upgrade.id)
        for index, (title, _files) in enumerate(written.commits)
    )


def commit_message(title: str, moves: Sequence[Move], upgrade: str) -> str:
    """Return the message of a commit of the upgrade of that id."""
    lines = [f"- {plain(f'{move.name}{_from_to(*versions(move))}', _LINE)}" for move in moves[:_MOST_LINES]]
    if len(moves) > _MOST_LINES:
        lines.append(f"- and {len(moves) - _MOST_LINES:,} more")
    return "\n".join((plain(title), "", *lines, "", f"{TRAILER}: {plain(upgrade, _LINE)}", ""))


def _from_to(current: str | None, target: str) -> str:
    return f" from {current} to {target}" if current and current != target else f" to {target}"
