"""A language's runtime that the project runs on, tests on, or promises to support, after its end of life."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final, TypeAlias

from analyzers.checks.dependencies._cycles import Lines, admitted, has_ended, is_floating
from analyzers.checks.dependencies._rows import worlds, worst
from analyzers.checks.dependencies._runtimes import RUNTIMES
from analyzers.checks.dependencies._stated import (
    MATRIX,
    NEWEST_TAKEN,
    SETUPS,
    Stated,
    ended,
    ending,
    number,
    promised,
    runs_on_it,
    unknown,
)
from analyzers.lifecycles import tools
from analyzers.model.facts import Known, Lifecycle, Unknown
from analyzers.model.finding import Evidence, Finding, Rule, Severity
from analyzers.model.inventory import Dependency
from analyzers.model.question import Question
from analyzers.model.scheme import Scheme
from analyzers.model.skipped import Skipped
from analyzers.model.subject import SubjectKey
from analyzers.versions import npm

RULE = Rule(
    id="end-of-life-runtime",
    group="dependencies",
    title="A runtime of the project has ended",
    what=(
        "Judges the Python, Node.js, Go, Java, Ruby, PHP, .NET, Perl, Elixir or Erlang that version files "
        "(.python-version, .nvmrc, .node-version, Volta, .tool-versions, mise), engines, the setup steps of workflows "
        "and pre-commit name, the range that requires-python or engines admits, and the Terraform or OpenTofu that "
        "required_version admits, against the published ends of support. A version in use that has ended, and a range "
        "in which every line has ended, weigh fully; in workflows, hooks and required_version half. A range that "
        "merely still admits an ended line, and a matrix that still tests on one, are promises of support and weigh "
        "little, but required_version promises nothing by its lower bound. An end within ending-days is announced. "
        "Languages that only support their newest few weeks' release (Rust, Deno, Bun) are left out."
    ),
    why=(
        "After its last supported day a runtime gets no security fixes any more, and packages drop it one after the "
        "other: the newest releases of what you use will not install. Supporting an ended line keeps your own code "
        "from using what came after it."
    ),
    remediation=(
        "Move the version in use to a line that lives long enough, run the tests on it, and raise the lower bound of "
        "the range once nobody needs the ended line."
    ),
    minutes=120,
    severity=Severity.HIGH,
    example='.nvmrc: 16\nrequires-python = ">=3.8"',
    better='.nvmrc: 24\nrequires-python = ">=3.11"',
    sources=("lifecycle",),
)


_KnownLines: TypeAlias = dict[tuple[Scheme, str, str], Lines | None]

_JAVA: Final = re.compile(r"(?:1\.)?([0-9]+(?:\.[0-9]+){0,2})")


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each ended (or soon ending) runtime, and a note for what could not be judged."""
    found: list[Finding] = []
    for entry in _check(evidence):
        if isinstance(entry, Skipped):
            yield entry
        else:
            found.append(entry)
    # Workflows name the same one in every job.
    yield from worst(found, alike=lambda one: one.identity)


def _check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    noted: set[SubjectKey] = set()
    files: set[tuple[str, str, str]] = set()
    # A lockfile states the same few ranges hundreds of times.
    known: _KnownLines = {}
    for entry in evidence.inventory.dependencies:
        runtime = RUNTIMES.get(entry.name) if entry.ecosystem == "generic" else None
        if runtime is None or entry.skip_reason or not (value := _in_use(entry)) or is_floating(value):
            continue
        first = (entry.place.path, entry.kind, entry.name) not in files
        files.add((entry.place.path, entry.kind, entry.name))
        product = tools.product(entry.name, tools.distribution_of(entry.purl))
        if product is None:
            yield _no_ends(entry)
            continue
        answer = evidence.facts.get(Question("lifecycle", product))
        key = SubjectKey("generic", runtime.name)
        if key not in noted:
            noted.add(key)
            yield from _source(entry, key, answer)
        if isinstance(answer, Known) and isinstance(answer.value, Lifecycle):
            yield from _judge(evidence, Stated(entry, runtime, answer.value, _line_of(entry), first, RULE), known)


def _in_use(entry: Dependency) -> str | None:
    """Return the version that a lockfile chose, else what is written."""
    return entry.locked_version or entry.value


def _line_of(entry: Dependency) -> str:
    """Return the value as its line is counted: Java 1.8 is Java 8, and its builds have more than three numbers."""
    value = _in_use(entry) or ""
    java = _JAVA.match(value) if entry.name == "java" else None
    return java[1] if java else value


def _no_ends(entry: Dependency) -> Skipped:
    return Skipped(
        what="dependency",
        path=entry.place.path,
        source="lifecycle",
        reason="unknown-cycle",
        detail=f"who builds this {entry.name} publishes no ends of support that are known here",
    )


def _source(entry: Dependency, key: SubjectKey, answer: Known | Unknown) -> Iterator[Skipped]:
    """Yield a note where the answer is none, or comes from the bundled table."""
    if isinstance(answer, Unknown):
        detail = f"{entry.name}: {answer.detail or answer.reason}"
        yield Skipped(
            what="look-up",
            path=entry.place.path,
            source="lifecycle",
            reason=answer.reason,
            detail=detail,
            subject=key,
        )
    elif answer.bundled and isinstance(answer.value, Lifecycle):
        yield Skipped(
            what="look-up",
            path=entry.place.path,
            source="endoflife",
            reason="bundled-table",
            detail=f"{entry.name} is judged by the bundled table of {answer.value.table_date.isoformat()}",
            subject=key,
        )


def _judge(evidence: Evidence, stated: Stated, known: _KnownLines) -> Iterator[Finding | Skipped]:
    world = worlds().get(stated.runtime.ecosystem)
    # Setup actions read every range as npm does, whatever the language.
    scheme = world.scheme if world and stated.entry.kind not in SETUPS else npm.SCHEME
    asked = scheme, stated.value, stated.lifecycle.product
    if asked not in known:
        known[asked] = admitted(scheme, stated.value, stated.lifecycle, evidence.as_of)
    lines = known[asked]
    if lines is None:
        yield unknown(stated, "unsupported-version", "is no version and no range that can be read")
    elif not lines.admitted:
        yield unknown(stated, "unknown-cycle", f"names no line of {stated.runtime.title} that the table knows")
    else:
        yield from _judge_lines(evidence, stated, lines)


def _judge_lines(evidence: Evidence, stated: Stated, lines: Lines) -> Iterator[Finding]:
    as_of = evidence.as_of
    over = [cycle for cycle in lines.admitted if has_ended(cycle, stated.lifecycle, as_of)]
    newest, lowest = lines.admitted[0], min(lines.admitted, key=number)
    if len(over) == len(lines.admitted):
        last = max(over, key=lambda cycle: (cycle.end or date.min, number(cycle)))
        yield ended(stated, last, as_of) if runs_on_it(stated) else promised(stated, last, as_of)
    elif len(lines.admitted) == 1:
        # Until a line ends, a matrix is right to test on it.
        if (
            stated.entry.dependency_group != MATRIX
            and newest.end
            and (newest.end - as_of).days <= evidence.config.dependencies.ending_days
        ):
            yield ending(stated, newest, newest.end, as_of)
    elif lines.is_bounded and lowest in over and stated.entry.kind not in NEWEST_TAKEN:
        yield promised(stated, lowest, as_of)
