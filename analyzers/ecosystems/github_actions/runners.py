"""``runs-on:`` in all its forms: the labels of the machines that jobs ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzers.ecosystems.github_actions.matrix import Scope, expand, literal
from analyzers.model.inventory import Dependency
from analyzers.model.skipped import SkipReason
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.purl import package_url
from analyzers.syntax.spliced import Spliced
from analyzers.syntax.text import SourceText

KIND = "runner"
_SELF_HOSTED = "self-hosted"
# The shapes of GitHub's own labels. What else there is, people made: larger runners and their own machines.
_HOSTED = re.compile(
    r"ubuntu-(?:latest|slim|[0-9]{2}\.[0-9]{2})(?:-arm)?"
    r"|windows-(?:latest|[0-9]{2}|[0-9]{4})(?:-arm|-vs[0-9]{4})?"
    r"|macos-(?:latest|[0-9]{2}(?:\.[0-9]{2})?)(?:-(?:intel|large|xlarge))?",
    re.IGNORECASE,
)


def runners(source: SourceText, runs_on: Node | None, scope: Scope) -> Iterator[Dependency]:
    """Yield a dependency for every label, matrix entries each at its own place."""
    if isinstance(runs_on, Scalar):
        yield from _of_scalar(source, runs_on, scope)
    elif isinstance(runs_on, Sequence):
        yield from _of_labels(source, runs_on, scope)
    elif isinstance(runs_on, Mapping):
        yield from _of_group(source, runs_on, scope)


def _of_scalar(source: SourceText, scalar: Scalar, scope: Scope) -> Iterator[Dependency]:
    for value in expand(source, scalar, scope) if scalar.value else ():
        if isinstance(value, Spliced):
            yield _runner(source, value)
        elif isinstance(value, Scalar):
            yield _of_written(source, value)
        else:
            # The labels of one matrix entry; what they hold is literal, or unknown.
            yield from runners(source, value, scope.closed())


def _of_labels(source: SourceText, labels: Sequence, scope: Scope) -> Iterator[Dependency]:
    """Yield the labels of a list: all of them have to fit, so beside ``self-hosted`` every one is the owner's."""
    scalars = [item for item in labels.items if isinstance(item, Scalar)]
    owned = any(scalar.value.lower() == _SELF_HOSTED for scalar in scalars)
    for scalar in scalars:
        if owned:
            yield _of_written(source, scalar, "unknown-label")
        else:
            yield from _of_scalar(source, scalar, scope)


def _of_group(source: SourceText, runs_on: Mapping, scope: Scope) -> Iterator[Dependency]:
    """Yield the labels of ``{group: …, labels: …}``; a group's runners are the owner's, whatever their labels say."""
    group, labels = runs_on.get("group"), runs_on.get("labels")
    if group is None:
        yield from runners(source, labels if not isinstance(labels, Mapping) else None, scope)
        return
    items = labels.items if isinstance(labels, Sequence) else (labels,)
    for item in (group, *items):
        if isinstance(item, Scalar):
            yield _of_written(source, item, "unknown-label")


def _of_written(source: SourceText, scalar: Scalar, reason: SkipReason | None = None) -> Dependency:
    written = literal(source, scalar)
    if written is None:
        return _runner(source, Spliced.at(scalar.value, scalar.start), "unsupported-syntax", scalar.end)
    return _runner(source, written, reason)


def _runner(source: SourceText, label: Spliced, reason: SkipReason | None = None, end: int | None = None) -> Dependency:
    """Return one label. Where it is put together, its place is the part that carries the version."""
    pieces = [piece for piece in label.runs() if piece[0]] or [(label.text, label.origin(0))]
    value, start = next((piece for piece in pieces if any(map(str.isdigit, piece[0]))), pieces[0])
    if label.gaps or "${{" in label.text:
        reason = "unpinned-expression"
    if reason is None and not _HOSTED.fullmatch(label.text):
        reason = "unknown-label"
    return Dependency(
        ecosystem="generic",
        name=label.text,
        place=source.place(start, start + len(value) if end is None else end),
        kind=KIND,
        purl=package_url("generic", label.text),
        value=value or None,
        skip_reason=reason,
    )
