"""The version beside a commit is not the version of that commit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analyzers.checks.actions import _calls, _versions
from analyzers.model.facts import GitRefs
from analyzers.model.finding import Evidence, Finding, Fix, Rule, Severity
from analyzers.model.skipped import Skipped
from analyzers.versions import action_ref

# Fewer numbers name a line, whose tag may move.
_WHOLE = 3

RULE = Rule(
    id="mismatched-action-comment",
    group="actions",
    title="The comment beside the commit names another version",
    what=(
        "Looks up the tags at the commit that is called and compares them with the version in the comment behind it. "
        "A comment may be less precise than the tag (v4 beside the commit of v4.2.0)."
    ),
    why=(
        "Reviewers and update tools believe the comment. A wrong one hides what really runs: an old version, "
        "or a commit that somebody slipped in."
    ),
    remediation="Find out which of the two is meant, then let the comment name the tag of the commit.",
    minutes=5,
    severity=Severity.MEDIUM,
    example="- uses: actions/checkout@f548e57... # v4.2.0, but the commit is v7.0.1",
    better="- uses: actions/checkout@f548e57... # v7.0.1",
    sources=("git-refs",),
)


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each wrong comment; without live refs there is none, as `outdated-action` says."""
    versions = _versions.Versions(evidence)
    for call in _calls.calls(evidence):
        refs = versions.refs(call)
        version = call.dependency.version
        if refs is None or not call.is_pinned or version is None or call.dependency.comment is None:
            continue
        tags = versions.tags_at(call, call.action.ref)
        if _is_wrong(version, tags, refs):
            yield _finding(call, version, tags)


def _is_wrong(version: str, tags: tuple[str, ...], refs: GitRefs) -> bool:
    """Whether a comment contradicts the tags. Of a commit without any, only that another commit has that very tag."""
    named = action_ref.parse(version)
    if named is None:
        return False
    if not tags:
        # The bundled table knows tags without their commits: nothing follows from those.
        elsewhere = (tag for tag, commit in refs.tags.items() if commit)
        return named.precision >= _WHOLE and any(found.text == version for found in _versions_of(elsewhere))
    found = list(_versions_of(tags))
    # A tag that says less than the comment speaks only where no other says more: v4 does not excuse 4.1.0 at v4.2.0.
    telling = [tag for tag in found if tag.precision >= named.precision] or found
    return not any(_agree(named, tag) for tag in telling) and bool(found)


def _versions_of(tags: Iterable[str]) -> Iterator[action_ref.ActionRef]:
    return (found for found in map(action_ref.parse, tags) if found)


def _agree(named: action_ref.ActionRef, found: action_ref.ActionRef) -> bool:
    """Whether one of the two names the other's line: ``4`` and ``v4.2.0`` agree, ``4.2.1`` and ``v4`` do as well."""
    shared = min(named.precision, found.precision)
    return named.numbers[:shared] == found.numbers[:shared] and named.suffix == found.suffix


def _finding(call: _calls.Call, version: str, tags: tuple[str, ...]) -> Finding:
    right = _versions.most_precise(tags)
    commit = call.action.ref
    is_at = f"is at the commit of {right}" if right else f"is at a commit without a tag, and {version} at another"
    remedy = f"Write # {right}, or call the commit of {version}" if right else f"Call the commit of {version}"
    return _calls.finding(
        RULE,
        call,
        title=f"{call.action.full_name}: the comment says {version}, the commit is {right or 'no tag'}",
        message=f"{call.action.full_name}@{commit[:12]} {is_at}, but the comment says {version}. {remedy}.",
        latest=right,
        place=call.dependency.comment,
        fix=Fix(available=right is not None, to=right, safe=True),
        details={"comment": version, "tag": right},
    )
