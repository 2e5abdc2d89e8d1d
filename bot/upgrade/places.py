"""Moves of what is no package: images, actions, runners, charts. Their rules say what to write where. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from analyzers.ecosystems.docker.images import manifest_question
from analyzers.model.edit import Change, Edit
from analyzers.model.exposure import is_development
from analyzers.model.facts import GitRefs, ImageManifest, Known
from analyzers.model.finding import Finding
from analyzers.model.inventory import Dependency
from analyzers.model.place import Place
from analyzers.model.question import Question
from analyzers.model.scheme import Scheme, Step
from analyzers.model.subject import SubjectKey
from analyzers.versions import action_ref, docker_tag
from bot.proposals import Proposal
from bot.score import raw_points
from bot.upgrade import action_days
from bot.upgrade.ground import Ground, ends_of
from bot.upgrade.model import Kind, LeftOut, LeftOutReason, Move
from bot.upgrade.names import line_of

_PINS: Final = frozenset({"unpinned-action", "unpinned-base-image", "mismatched-action-comment"})
_DIGESTS: Final = frozenset({"stale-base-digest"})
_REPLACED: Final = frozenset(
    {"deprecated-base-image", "archived-action", "removed-kubernetes-api", "deprecated-kubernetes-api"}
)
_SCHEMES: Final[dict[str, Scheme]] = {"githubactions": action_ref.SCHEME, "docker": docker_tag.SCHEME}
_SHOWN_DIGEST: Final = 19


def of_place(ground: Ground, key: SubjectKey, found: Sequence[Proposal]) -> Iterator[Move | LeftOut]:
    """Yield the moves of one subject: one a target, for a tag of an image has variants that move apart."""
    spots: dict[Place, list[tuple[Finding, Edit]]] = defaultdict(list)
    for proposal in found:
        if proposal.edit is None:
            yield _left_out(proposal.finding, "no-edit", "nothing is written there that an edit could change")
        else:
            entry = action_days.old_enough(ground.releases, proposal.finding, proposal.edit)
            spots[proposal.edit.changes[0].row.place].append(entry)
    by_target: dict[str, list[tuple[Finding, Edit]]] = defaultdict(list)
    for competing in spots.values():
        chosen, rest = _choose(ground, key, competing)
        for finding, edit in chosen:
            by_target[_label(chosen[0][0])].append((finding, edit))
        for finding, _ in rest:
            yield _left_out(finding, "later", f"{_label(chosen[0][0])} goes first, at the same place")
    for target, entries in by_target.items():
        yield _move(ground, key, target, entries)


def _left_out(finding: Finding, reason: LeftOutReason, detail: str) -> LeftOut:
    return LeftOut(
        name=finding.subject.name, target=finding.subject.latest, reason=reason, detail=detail, findings=(finding,)
    )


_Entries = list[tuple[Finding, Edit]]


def _choose(ground: Ground, key: SubjectKey, competing: _Entries) -> tuple[_Entries, _Entries]:
    """Return the finding whose target is taken at one place with all that it mends as well, and the rest."""
    ordered = sorted(competing, key=lambda entry: (_is_mark(entry[0]), -raw_points(entry[0]), entry[0].rule))
    (leading, edit), *others = ordered
    pins = any(finding.rule == "unpinned-action" for finding, _ in others)
    pinned = _pinned(ground, key, leading, edit) if pins and not _is_mark(leading) else None
    taken = [(leading, pinned or edit)]
    rest = []
    for finding, other in others:
        if _is_mended(key, leading, finding, pinned=pinned is not None):
            taken.append((finding, pinned or edit))
        else:
            rest.append((finding, other))
    return taken, rest


def _is_mark(finding: Finding) -> bool:
    """Whether a finding is about how the version is written, which no other version has to change."""
    return finding.rule in _PINS or finding.rule in _DIGESTS


def _is_mended(key: SubjectKey, leading: Finding, other: Finding, *, pinned: bool) -> bool:
    if other.rule == "unpinned-action":
        return pinned or _is_mark(leading)
    if _is_mark(other) or _label(leading) == _label(other):
        return True
    scheme = _SCHEMES.get(key.ecosystem)
    step = scheme.step(_label(other), _label(leading)) if scheme else None
    return step is not None


def _pinned(ground: Ground, key: SubjectKey, leading: Finding, edit: Edit) -> Edit | None:
    """Return the edit with the commit of the new version in place of its tag: who pins must not be unpinned by it."""
    tag = leading.subject.latest
    answer = ground.result.facts.get(Question("git-refs", f"https://github.com/{key.name}"))
    if not tag or not isinstance(answer, Known) or not isinstance(answer.value, GitRefs):
        return None
    commit = answer.value.tags.get(tag)
    if not commit:
        return None
    return Edit(tuple(replace(one, value=commit, digest=commit, comment=tag) for one in edit.changes))


def _label(finding: Finding) -> str:
    """Return what people call the target: a version, a tag, the digest beside one."""
    if finding.rule in _DIGESTS:
        return f"{finding.subject.current or ''}@{(finding.fix.to or '')[:_SHOWN_DIGEST]}".lstrip("@")
    if finding.rule == "unpinned-action":
        return str(finding.details.get("version") or finding.subject.current or "")
    return finding.subject.latest or finding.fix.to or ""


def _move(ground: Ground, key: SubjectKey, target: str, entries: _Entries) -> Move:
    findings = tuple(finding for finding, _ in entries)
    leading = max(findings, key=lambda finding: (not _is_mark(finding), raw_points(finding)))
    changes = tuple(dict.fromkeys(change for _, edit in entries for change in edit.changes))
    rows = tuple(dict.fromkeys(change.row for change in changes))
    written = tuple(change for change in changes if not _is_only_locked(ground, change))
    paths = {row.place.path for row in rows}
    locks = ground.locks_of(paths)
    step = _step(key, leading)
    repository = ground.releases.repository(rows[0], ground.releases.catalogue(rows[0]))
    family, reason = ground.family(key, repository)
    return Move(
        key=key,
        name=leading.subject.name,
        current=leading.subject.current,
        target=target,
        kind=_kind(findings, leading, step),
        step=step,
        edit=Edit(written) if written else None,
        findings=findings,
        files=tuple(sorted({*(change.row.place.path for change in written), *locks})),
        locks=locks,
        published=_published(ground, key, target),
        current_published=_published(ground, key, leading.subject.current or ""),
        repository=repository,
        advisories=tuple(dict.fromkeys(flaw.id for finding in findings for flaw in finding.flaws)),
        development=all(is_development(row) for row in rows),
        line=line_of(target, key.ecosystem),
        family=family,
        family_reason=reason,
        points=sum(raw_points(finding) for finding in findings),
        owed=ground.owed(key),
        ends=ends_of(findings),
        heat=ground.heat(key, paths),
        note=next(
            (str(finding.details[action_days.WAITS]) for finding in findings if action_days.WAITS in finding.details),
            "",
        ),
    )


def _is_only_locked(ground: Ground, change: Change) -> bool:
    """Whether what is written admits the target already, so that only the lockfile has to change."""
    row: Dependency = change.row
    scheme = ground.releases.scheme(row.ecosystem)
    if scheme is None or change.value is None or not row.locked_version or not row.value or row.version:
        return False
    return scheme.satisfies(change.value, row.value)


def _kind(findings: Sequence[Finding], leading: Finding, step: Step | None) -> Kind:
    if any(finding.flaws for finding in findings):
        return "security"
    if leading.rule in _PINS:
        return "pin"
    if leading.rule in _DIGESTS:
        return "digest"
    if leading.rule in _REPLACED:
        return "replace"
    return step or "major"


def _step(key: SubjectKey, leading: Finding) -> Step | None:
    """Return the step as the rule tells it; a new line of a base image may break what stands on it, as a major may."""
    if _is_mark(leading):
        return None
    told = leading.details.get("step")
    if told in {"patch", "minor", "major"}:
        return "patch" if told == "patch" else "minor" if told == "minor" else "major"
    if told == "build":
        return "patch"
    scheme = _SCHEMES.get(key.ecosystem)
    if key.ecosystem == "githubactions" and scheme:
        return scheme.step(leading.subject.current or "", leading.subject.latest or "") or "major"
    return "major"


def _published(ground: Ground, key: SubjectKey, version: str) -> date | None:
    """Return the day of an image's build or of an action's release, where the scan was told."""
    if not version:
        return None
    if key.ecosystem == "docker":
        answer = ground.result.facts.get(manifest_question(key.name, version))
        value = answer.value if isinstance(answer, Known) else None
        return value.created if isinstance(value, ImageManifest) else None
    if key.ecosystem == "githubactions":
        return action_days.published(ground.releases, key.name, version)
    return None
