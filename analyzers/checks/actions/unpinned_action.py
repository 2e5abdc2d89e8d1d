"""A third party's action is called by a ref that its owner can move."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzers.checks.actions import _calls, _versions
from analyzers.model.facts import GitRefs
from analyzers.model.finding import Evidence, Finding, Fix, Rule, Severity
from analyzers.model.skipped import Skipped

_SLSA = "slsa-framework/slsa-github-generator"
_RELEASE = re.compile(r"v[0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.]+)?")
RULE = Rule(
    id="unpinned-action",
    group="actions",
    title="A third-party action is not pinned to a commit",
    what=(
        "Reports calls of actions and reusable workflows by a tag or branch, unless their owner is trusted "
        "(actions.trusted-owners; actions and github by default), and but for the workflows of slsa-github-generator: "
        "what they make can only be verified when they are called by the tag of a release. The owner of the scanned "
        "repository is trusted only where the setting names it: tags can be moved there as well, and whose repository "
        "it is depends on the clone that is scanned."
    ),
    why=(
        "Whoever takes over the repository, or its owner's account, can move the tag to other code, and your next run "
        "executes it with your secrets. It has happened to widely used actions. A commit cannot be moved."
    ),
    remediation="Write the commit in place of the tag, and the version behind it as a comment: tools can update both.",
    minutes=5,
    severity=Severity.MEDIUM,
    example="- uses: docker/login-action@v4",
    better="- uses: docker/login-action@9f4a8ea... # v4.1.0 (the whole hash of 40 digits)",
    sources=("git-refs",),
)


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each such call."""
    trusted = {owner.lower() for owner in evidence.config.actions.trusted_owners}
    versions = _versions.Versions(evidence)
    for call in _calls.calls(evidence):
        if not call.is_pinned and not _by_tag_alone(call) and call.action.owner.lower() not in trusted:
            yield _finding(call, versions)


def _by_tag_alone(call: _calls.Call) -> bool:
    """Whether the workflow fails when it is called in any other way than by the tag of a release."""
    return call.action.is_workflow and call.action.name.lower() == _SLSA and bool(_RELEASE.fullmatch(call.action.ref))


def _finding(call: _calls.Call, versions: _versions.Versions) -> Finding:
    commit = _commit(versions.refs(call), call.action.ref)
    version = _versions.most_precise(versions.tags_at(call, commit)) if commit else None
    to = f"the commit {commit}" if commit else "the whole commit hash"
    return _calls.finding(
        RULE,
        call,
        title=f"{call.action.full_name}@{call.action.ref} can be moved by {call.action.owner}",
        message=(
            f"{call.shown} is a ref that {call.action.owner} can point at other code at any time. "
            f"Write {to} and the comment # {version or call.action.ref}."
        ),
        fix=Fix(available=bool(commit), to=commit, safe=bool(commit)),
        details={"version": version or call.action.ref},
    )


def _commit(refs: GitRefs | None, ref: str) -> str | None:
    """Return the commit at which a tag or branch stands now; None where only its name is known."""
    return (refs.tags.get(ref) or refs.branches.get(ref) or None) if refs else None
