"""What debtscan answers to a comment: what can be said to it, what was not understood, and a rule's page. Pure.

What people wrote comes back as text alone, whatever it holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from analyzers.model.finding import Rule
from bot import pages
from bot.markup import Raw, markdown_code
from bot.posts.commands import NAME

MOST: Final = 20_000
"""Of an answer, in characters; GitHub takes 65,536."""
_MOST_OF_A_PAGE: Final = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """One command: how it is written (what stands in brackets may be left out), where, and what it does."""

    command: str
    where: str
    what: str


_BOTH: Final = "both"
_PULL: Final = "pull request"
USAGE: Final = (
    Usage(command="rebase", where=_PULL, what="makes the branch anew on the head of the default branch"),
    Usage(
        command="recreate",
        where=_PULL,
        what="the same, although commits of people are on it: they are taken off, and the answer says where they are",
    ),
    Usage(command="close [because REASON]", where=_PULL, what="closes it: what is in it is ignored for good"),
    Usage(
        command="ignore [until YYYY-MM-DD] [because REASON]",
        where=_PULL,
        what="closes it: what is in it is ignored up to that day, or for good",
    ),
    Usage(
        command="ignore NAME [until YYYY-MM-DD] [because REASON]",
        where=_BOTH,
        what="ignores a package, image, action or chart; a * stands for any characters",
    ),
    Usage(command="unignore NAME", where=_BOTH, what="takes an ignore back, or opens again what was closed"),
    Usage(
        command="open NAME",
        where=_BOTH,
        what="opens an upgrade now, by its id or by the name of what is in it, whatever it waits for",
    ),
    Usage(command="explain RULE", where=_BOTH, what="answers with the page of a rule"),
    Usage(command="explain NAME", where=_BOTH, what="answers why something is upgraded or is not"),
    Usage(command="help", where=_BOTH, what="answers with this list"),
)


def usage_table() -> str:
    """Return all commands as a table in Markdown."""
    rows = [f"| `@{NAME} {usage.command}` | {usage.where} | {usage.what} |" for usage in USAGE]
    return "\n".join(("| comment | where | what it does |", "|---|---|---|", *rows)) + "\n"


def help_text() -> Raw:
    """Return what can be said, and where."""
    return Raw(
        f"A line that begins so is obeyed with the next run, on debtscan's own pull requests and, where both is said,"
        f" on the dashboard, from people who may write to this repository:\n\n{usage_table()}"
    )


def unclear(lines: Iterable[str]) -> Raw:
    """Return that lines were not understood, and what would be."""
    shown = ", ".join(markdown_code(line) for line in lines if line)
    return Raw(f"I did not understand {shown or 'what to do'}. {help_text()}")


def page(rule: Rule) -> Raw:
    """Return a rule's page, shortened to what fits an answer."""
    whole = pages.rule_page(rule)
    kept, length = list[str](), 0
    for part in whole.strip().split("\n\n"):
        length += len(part) + 2
        if length > _MOST_OF_A_PAGE:
            kept.append(f"… The whole page: `debtscan explain {rule.id}`.")
            break
        # A heading of a page is too large within a conversation.
        kept.append(f"##{part}" if part.startswith("#") else part)
    return Raw("\n\n".join(kept))


def joined(parts: Iterable[Raw]) -> Raw:
    """Return an answer of several parts: as many as fit."""
    text = ""
    for part in dict.fromkeys(parts):
        more = f"{text}\n\n{part}".strip()
        if len(more) > MOST:
            return Raw(f"{text}\n\n… The rest does not fit; ask for less at once.".strip())
        text = more
    return Raw(text)
