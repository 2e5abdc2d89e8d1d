"""The findings known at a date, kept in a file, so that a later scan can say what is new."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec

from analyzers.errors import UsageError
from analyzers.typed import from_json
from bot.markup import visible
from bot.scorecard import Charged, Report

_KEEP = "fingerprints of the findings known on a date; made by 'debtscan baseline', read by 'debtscan scan --baseline'"


class _Known(msgspec.Struct, frozen=True):
    fingerprint: str


class _Baseline(msgspec.Struct, frozen=True, kw_only=True):
    """What is read of a baseline, and of a JSON report, which serves as one too."""

    findings: tuple[_Known, ...]
    ignored: tuple[_Known, ...] = ()


def render(report: Report) -> str:
    """Return the baseline of a report."""
    document = {
        "schema_version": "1",
        "purpose": _KEEP,
        "as_of": report.as_of.isoformat(),
        "findings": [_row(charged) for charged in sorted(_known(report), key=_order)],
    }
    return json.dumps(document, indent=1) + "\n"


def load(path: Path) -> frozenset[str]:
    """Return the fingerprints of the baseline at ``path``. Raises UsageError that names it."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror or error}); name another --baseline") from error
    return parse(text, str(path))


def parse(text: str | bytes, name: str) -> frozenset[str]:
    """Return the fingerprints of a baseline or a JSON report. Raises UsageError that names the file ``name``."""
    try:
        baseline = from_json(text, _Baseline)
    except (msgspec.DecodeError, UnicodeDecodeError, UnicodeEncodeError, RecursionError) as error:
        raise UsageError(f"{name}: is no baseline ({error}); write one with 'debtscan baseline'") from error
    return frozenset(known.fingerprint for known in (*baseline.findings, *baseline.ignored))


def of(report: Report) -> frozenset[str]:
    """Return the fingerprints of a report's findings."""
    return frozenset(charged.fingerprint for charged in _known(report))


def _known(report: Report) -> list[Charged]:
    # What is set aside belongs to it: an ignore that ends makes nothing new.
    return [*report.findings, *(accepted.charged for accepted in report.ignored)]


def _row(charged: Charged) -> dict[str, str]:
    # Rule, path and title are for people who read the diff of this file; only the fingerprint is read back.
    finding = charged.finding
    return {
        "fingerprint": charged.fingerprint,
        "rule": finding.rule,
        "path": visible(finding.path),
        "title": visible(finding.title),
    }


def _order(charged: Charged) -> tuple[str, str, str]:
    return (charged.finding.path, charged.finding.rule, charged.fingerprint)
