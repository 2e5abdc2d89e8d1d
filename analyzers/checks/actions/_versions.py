"""What the tags and branches of an action's repository say about a call: which version it is, and what is newer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from analyzers.checks.actions._calls import Call, doubt
from analyzers.ecosystems.github_actions.uses import refs_question
from analyzers.model.facts import GitRefs, Known
from analyzers.model.finding import Evidence, Fix
from analyzers.model.scheme import Step
from analyzers.versions import action_ref


class Newer(NamedTuple):
    """A newer version: the `tag`, how big the `step` to it is, how many `majors` it spans, the edit that takes it."""

    tag: str
    step: Step
    majors: int
    fix: Fix


def known_refs(evidence: Evidence, call: Call) -> GitRefs | None:
    """Return the refs of the action's repository, where they may be used; commits are empty in a bundled answer."""
    answer = evidence.facts.get(refs_question(call.action))
    why = doubt(evidence, answer)
    if (why and why.forbids) or not isinstance(answer, Known) or not isinstance(answer.value, GitRefs):
        return None
    return answer.value


def tags_at(refs: GitRefs | None, commit: str) -> tuple[str, ...]:
    """Return the tags that point at a commit."""
    return tuple(tag for tag, target in refs.tags.items() if target == commit.lower()) if refs else ()


def version_ref(call: Call, refs: GitRefs | None) -> str | None:
    """Return the ref that says which version is called; None where nothing does.

    Of a commit that is its most precise tag, and only without one the comment, which anybody may have got wrong.
    """
    if not call.is_pinned:
        return call.action.ref
    return most_precise(tags_at(refs, call.action.ref)) or call.dependency.version


def most_precise(tags: Iterable[str]) -> str | None:
    """Return the tag that says most about the version; None where none is a version."""
    parsed = ((found.precision, not found.suffix, tag) for tag in tags if (found := action_ref.parse(tag)))
    return max(parsed, default=(0, False, None))[2]


def newer(evidence: Evidence, call: Call) -> Newer | None:
    """Return the newest version beyond the one that is called; None where none is known."""
    refs = known_refs(evidence, call)
    current = version_ref(call, refs)
    if refs is None or current is None:
        return None
    # Some actions keep a branch for each line; a branch nobody tagged may be work in progress, so tags go first.
    names = refs.branches if current not in refs.tags and current in refs.branches else refs.tags
    tag = action_ref.newest(current, names)
    old, new = action_ref.parse(current), action_ref.parse(tag or "")
    step = action_ref.step(current, tag) if tag else None
    if tag is None or step is None or old is None or new is None:
        return None
    to = (names[tag] or None) if call.is_pinned else tag
    return Newer(tag, step, new.numbers[0] - old.numbers[0], Fix(available=to is not None, to=to, safe=step != "major"))
