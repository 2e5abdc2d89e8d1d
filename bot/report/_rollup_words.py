"""What the roll-up's page and its Markdown say in the same words."""

from __future__ import annotations

from bot import past, wording
from bot.rollup import RollUp
from bot.rollup_member import Member
from bot.ruleset import Grade, grade


def title(rolled: RollUp) -> str:
    """Return what the roll-up is of."""
    return rolled.owner or wording.count(len(rolled.members) + len(rolled.left_out), "repository", "repositories")


def counts(rolled: RollUp) -> str:
    """Return ``50 repositories scanned, 2 of them not judged, 3 passed over, 1 failed``."""
    failed = sum(entry.state == "failed" for entry in rolled.left_out)
    numbers = (
        (len(rolled.members) - len(rolled.judged), "of them not judged"),
        (len(rolled.left_out) - failed, "passed over"),
        (failed, "failed"),
    )
    scanned = f"{wording.count(len(rolled.members), 'repository', 'repositories')} scanned"
    return ", ".join((scanned, *(f"{number:,} {what}" for number, what in numbers if number)))


def middle(rolled: RollUp) -> Grade | None:
    """Return the grade of the median; None where nothing could be judged."""
    return None if rolled.median is None else grade(rolled.median)


def short(name: str, owner: str) -> str:
    """Return the name of a repository without that of the organisation that the whole roll-up is of."""
    # GitHub takes any case, and answers in its own.
    return name[len(owner) + 1 :] if owner and name.lower().startswith(f"{owner.lower()}/") else name


def difference(member: Member) -> str:
    """Return how the score moved; "" where that is not known."""
    return past.difference(member.since.score, member.score) if member.since and not member.unjudged else ""
