"""Comparisons for tests of posts: a middling one, one of many findings, and one with nothing to tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from analyzers.model.skipped import Skipped
from analyzers.model.subject import SubjectKey
from bot.comparison import Comparison, compare
from bot.posts.words import Setting
from tests.support.reports import HOSTILE_NAMES, SCANNED_AT, finding, sample_result

SETTING = Setting(url="https://github.com/example/shop", base="main")
_SAMPLE = sample_result()


def sample_change(*, days: int = 0) -> Comparison:
    """Return a change that adds 20 findings with hostile names, mends 6, and sets two aside; judged ``days`` later."""
    result = replace(_SAMPLE, as_of=_SAMPLE.as_of + timedelta(days=days))
    base = replace(result, findings=result.findings[:40], ignored=())
    head = replace(result, findings=result.findings[6:])
    return compare(base, head, scanned_at=SCANNED_AT)


def large_change(count: int) -> Comparison:
    """Return a change that adds so many findings of long names."""
    found = tuple(
        finding(
            "outdated-dependency",
            "dependencies",
            f"package-{number}-{'x' * 60}",
            path="requirements.txt",
            line=number + 1,
        )
        for number in range(count)
    )
    return compare(replace(_SAMPLE, findings=()), replace(_SAMPLE, findings=found), scanned_at=SCANNED_AT)


def silent_change() -> Comparison:
    """Return a change that adds and mends nothing."""
    return compare(_SAMPLE, _SAMPLE, scanned_at=SCANNED_AT)


def mending_change() -> Comparison:
    """Return a change that mends everything."""
    return compare(_SAMPLE, replace(_SAMPLE, findings=()), scanned_at=SCANNED_AT)


def blinding_change() -> Comparison:
    """Return a change after which two files of hostile names cannot be read, and a look-up has no answer."""
    broken = tuple(
        Skipped(what="file", path=name, reason="invalid-syntax", detail=f"line 1: {name}") for name in HOSTILE_NAMES
    )
    silent = Skipped(what="look-up", source="pypi", reason="time-out", subject=SubjectKey("pypi", "x"))
    lost = {entry.path for entry in broken} | {"requirements.txt"}
    kept = tuple(entry for entry in _SAMPLE.findings if entry.path not in lost)
    head = replace(_SAMPLE, findings=kept, skipped=(*_SAMPLE.skipped, *broken, silent))
    return compare(_SAMPLE, head, scanned_at=SCANNED_AT)
