"""How old the versions of actions are, and which older one goes in place of one that is too young.

Git's protocol tells no days, so GitHub is asked for those of the actions that are behind, once the scan is done: no
rule needs them. Of images no day but the newest tag's is known, and that is waited for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from analyzers.model.edit import Edit
from analyzers.model.facts import GitRefs, Known
from analyzers.model.finding import Finding
from analyzers.model.question import Question
from analyzers.scan import ScanResult
from analyzers.upstream.tags import releases_question
from analyzers.versions import action_ref
from bot.upgrade.releases import Releases, is_young

WAITS: Final = "waits"
"""The detail of a finding that says which newer version has to wait for its age."""
_RULE: Final = "outdated-action"
_HOST: Final = "https://github.com"


def questions(result: ScanResult) -> Iterator[Question]:
    """Name what tells the days of the actions that are behind."""
    names = sorted({finding.subject.name for finding in result.findings if finding.rule == _RULE})
    yield from map(_days_of, names)


def published(releases: Releases, name: str, version: str) -> date | None:
    """Return the day of a version; of a tag that moves along a line (``v4``), that on which the line began."""
    told, asked = releases.told(_days_of(name)), action_ref.parse(version)
    if told is None or asked is None:
        return None
    days = [
        (found.precision, one.published)
        for one in told.releases
        if one.published
        and (found := action_ref.parse(one.version))
        and found.family == asked.family
        and found.suffix == asked.suffix
        and found.numbers[: asked.precision] == asked.numbers
    ]
    exact = [day for precision, day in days if precision == asked.precision]
    return min(exact or [day for _, day in days], default=None)


def old_enough(releases: Releases, finding: Finding, edit: Edit) -> tuple[Finding, Edit]:
    """Return a finding and its edit with the newest version that is old enough, where the newest of all is not.

    As they are where no older one is known to be: then the newest is waited for.
    """
    name, newest = finding.subject.name, finding.subject.latest or ""
    day = published(releases, name, newest)
    if finding.rule != _RULE or day is None or not is_young(day, releases.as_of, releases.settings):
        return finding, edit
    answer = releases.facts.get(Question("git-refs", f"{_HOST}/{name}"))
    tags = answer.value.tags if isinstance(answer, Known) and isinstance(answer.value, GitRefs) else {}
    current = finding.subject.current or ""
    older = action_ref.newest(current, (tag for tag in tags if _is_old(releases, name, tag)))
    step = action_ref.step(current, older) if older else None
    commit = tags.get(older or "")
    if older is None or step is None or (not commit and any(one.digest for one in edit.changes)):
        return finding, edit
    changes = tuple(
        replace(
            one,
            value=commit if one.digest else older,
            digest=commit if one.digest else None,
            comment=older if one.comment else None,
        )
        for one in edit.changes
    )
    age = (releases.as_of - day).days
    waits = f"{newest} is {age} {'day' if age == 1 else 'days'} old and waits"
    # What is left of the way counts as much as all of it, so that the step itself wins nothing.
    moved = replace(
        finding,
        subject=replace(finding.subject, latest=older),
        minutes=0,
        details={**finding.details, "step": step, WAITS: waits},
    )
    return moved, Edit(changes)


def _is_old(releases: Releases, name: str, tag: str) -> bool:
    day = published(releases, name, tag)
    return day is not None and not is_young(day, releases.as_of, releases.settings)


def _days_of(name: str) -> Question:
    return releases_question(f"{_HOST}/{name}")
