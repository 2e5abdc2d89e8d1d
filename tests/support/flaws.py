"""A report with security findings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from analyzers.model.advisory import Flaw
from analyzers.model.finding import Severity
from analyzers.model.inventory import Dependency
from analyzers.model.place import Place
from bot.scorecard import Charged, Report
from tests.support.reports import empty_report, finding


def flaw(name: str, **fields: object) -> Flaw:
    given = {
        "aliases": ("GHSA-1",),
        "records": ("GHSA-1",),
        "summary": "It leaks.",
        "level": "high",
        "score": 7.5,
        "vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N",
        "published": date(2024, 1, 2),
        "malicious": False,
        **fields,
    }
    return Flaw(id=name, **given)  # type: ignore[arg-type] # passed on


BARE = {"aliases": (), "level": None, "score": None, "vector": None, "published": None, "summary": ""}


def flawed_report(*flaws: Flaw, severity: Severity = Severity.HIGH) -> Report:
    """Return a report in which ``web`` 1.0 and ``db`` 2.0 each have the flaws."""
    rows = [("web", "1.0", 3), ("db", "2.0", 4)]
    charged = []
    for name, version, line in rows:
        found = finding(
            "vulnerable-dependency",
            "dependencies",
            name,
            path="a.txt",
            line=line,
            current=version,
            latest="9.9",
            severity=severity,
        )
        charged.append(
            Charged(finding=replace(found, flaws=flaws), points=60, score_lost=1.0, fingerprint=f"{name}-{line}")
        )
    dependencies = tuple(
        Dependency(
            ecosystem="pypi",
            name=name,
            place=Place("a.txt", line, 1, 0, 1),
            kind="requirements",
            purl=f"pkg:pypi/{name}@{version}",
            version=version,
        )
        for name, version, line in rows
    )
    report = empty_report()
    inventory = replace(report.inventory, dependencies=dependencies)
    return replace(report, findings=tuple(charged), inventory=inventory)
