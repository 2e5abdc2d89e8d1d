"""What the tags and branches of an action's repository say about a call: which version it is, and what is newer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from analyzers.checks.actions._calls import Call, doubt
from analyzers.ecosystems.github_actions.uses import refs_question
from analyzers.model.facts import GitRefs, Known
from analyzers.model.finding import Evidence, Fix
from analyzers.model.question import Question
from analyzers.model.scheme import Step
from analyzers.versions import action_ref

# dtolnay/rust-toolchain@1.75 installs Rust 1.75; its branches go far beyond what is released.
_CHOOSING = frozenset({"dtolnay/rust-toolchain"})


class Newer(NamedTuple):
    """A newer version: the `tag`, how big the `step` to it is, how many `majors` it spans, the edit that takes it."""

    tag: str
    step: Step
    majors: int
    fix: Fix


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of all called actions, each worked out once however often it is called: tags can be thousands."""

    evidence: Evidence
    _tags: dict[Question, dict[str, list[str]]] = field(default_factory=dict)
    _newest: dict[tuple[Question, str], str | None] = field(default_factory=dict)

    def refs(self, call: Call) -> GitRefs | None:
        """Return the refs of the action's repository, where they may be used; commits are empty in a bundled answer."""
        answer = self.evidence.facts.get(refs_question(call.action))
        why = doubt(self.evidence, answer)
        if (why and why.forbids) or not isinstance(answer, Known) or not isinstance(answer.value, GitRefs):
            return None
        return answer.value

    def tags_at(self, call: Call, commit: str) -> tuple[str, ...]:
        """Return the tags of the action's repository that point at a commit."""
        refs, question = self.refs(call), refs_question(call.action)
        if refs is None:
            return ()
        if question not in self._tags:
            index = self._tags[question] = {}
            for tag, target in refs.tags.items():
                index.setdefault(target, []).append(tag)
        return tuple(self._tags[question].get(commit.lower(), ()))

    def ref(self, call: Call) -> str | None:
        """Return the ref that says which version is called; None where nothing does.

        Of a commit that is its most precise tag, and only without one the comment, which anybody may have got wrong.
        """
        if not call.is_pinned:
            return call.action.ref
        tags = self.tags_at(call, call.action.ref)
        return _told(tags, call) or most_precise(tags) or call.dependency.version

    def newer(self, call: Call) -> Newer | None:
        """Return the newest version beyond the one that is called; None where none is known."""
        refs, current = self.refs(call), self.ref(call)
        if refs is None or current is None or counts_other_things(call):
            return None
        # Some actions keep a branch for each line; a branch nobody tagged may be work in progress, so tags go first.
        names = refs.branches if current not in refs.tags and current in refs.branches else refs.tags
        asked = refs_question(call.action), current
        if asked not in self._newest:
            self._newest[asked] = action_ref.newest(current, names)
        tag = self._newest[asked]
        step = action_ref.step(current, tag) if tag else None
        old, new = action_ref.parse(current), action_ref.parse(tag or "")
        if tag is None or step is None or old is None or new is None:
            return None
        to = (names[tag] or None) if call.is_pinned else tag
        return Newer(tag, step, new.numbers[0] - old.numbers[0], Fix(available=bool(to), to=to, safe=step != "major"))


def _told(tags: Iterable[str], call: Call) -> str | None:
    """Return the tag at the commit that the call itself speaks of: one of several families that share a commit.

    In a repository of many actions that is the family named like the called path (``setup-v1.2.0`` for o/r/setup), else
    that of the version in the comment, where it is as precise as any.
    """
    versions = [tag for tag in tags if action_ref.parse(tag)]
    path = call.action.full_name.lower().split("/")[2:]
    named = [tag for tag in versions if any(part and _family(tag).startswith(part) for part in path)]
    if named:
        return most_precise(named)
    said = call.dependency.version or ""
    telling = [tag for tag in versions if tag.lstrip("vV") == said.lstrip("vV")]
    best = most_precise(versions)
    return telling[0] if telling and best and _numbers(telling[0]) >= _numbers(best) else None


def _family(tag: str) -> str:
    parsed = action_ref.parse(tag)
    return parsed.family if parsed else ""


def _numbers(tag: str) -> int:
    parsed = action_ref.parse(tag)
    return parsed.precision if parsed else 0


def counts_other_things(call: Call) -> bool:
    """Whether the refs of an action are no versions of it: they choose what it installs, and may be there before."""
    return call.action.name.lower() in _CHOOSING


def most_precise(tags: Iterable[str]) -> str | None:
    """Return the tag that says most about the version, the highest of several; None where none is a version."""
    parsed = (
        (found.precision, not found.suffix, found.padded, tag) for tag in tags if (found := action_ref.parse(tag))
    )
    return max(parsed, default=(0, False, (), None))[3]
