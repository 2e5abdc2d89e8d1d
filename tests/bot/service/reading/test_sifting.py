from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.report import json
from bot.report.renderer import Options
from bot.service.reading import contents, sifting
from bot.service.reading.documents import Found
from bot.service.reading.sifting import Sought, Wanted
from tests.support.service.data import NOW, listed
from tests.support.service.kinds import Scans

ROWS = (
    listed("Acme/shop", id=1, score=80.0, findings=4, minutes=60),
    listed("Acme/Billing", id=2, score=95.0, grade="A", findings=9, minutes=5, scanned_at=NOW - timedelta(days=1)),
    listed("Acme/search", id=3, score=20.0, grade="E", findings=2, minutes=500, phase="posting"),
    listed("Acme/new", id=4, score=None, grade=None, findings=None, minutes=None, scanned_at=None),
    listed("Acme/old", id=5, score=50.0, grade="C", skip="archived"),
)


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({}, ["search", "shop", "Billing", "new", "old"]),
        ({"falling": True}, ["Billing", "shop", "search", "new", "old"]),
        ({"sort": "name"}, ["Billing", "new", "old", "search", "shop"]),
        ({"sort": "name", "falling": True}, ["shop", "search", "old", "new", "Billing"]),
        ({"sort": "findings", "falling": True}, ["Billing", "shop", "search", "new", "old"]),
        ({"sort": "work"}, ["Billing", "shop", "search", "new", "old"]),
        ({"sort": "scanned"}, ["Billing", "old", "search", "shop", "new"]),
        ({"text": "S"}, ["search", "shop"]),
        ({"text": "ACME h s"}, ["search", "shop"]),
        ({"grade": "E"}, ["search"]),
        ({"grade": "-"}, ["new", "old"]),
        ({"state": "skipped"}, ["old"]),
        ({"phase": "posting"}, ["search"]),
        ({"text": "nothing"}, []),
    ],
)
def test_repositories_are_filtered_and_sorted(wanted: dict[str, Any], names: list[str]) -> None:
    assert [one.short for one in sifting.sifted(ROWS, Wanted(**wanted)) if "acme" in one.name.lower()] == names


@pytest.mark.parametrize(
    ("number", "rows", "first"), [(1, 50, 1), (3, 20, 101), (9, 20, 101), (0, 50, 1), (-(10**30), 50, 1)]
)
def test_a_page_is_always_one_that_is_there(number: int, rows: int, first: int) -> None:
    found = sifting.page(range(120), number)
    assert (len(found.rows), found.first, found.pages, found.total) == (rows, first, 3, 120)


def test_an_empty_list_has_one_empty_page() -> None:
    found: sifting.Page[str] = sifting.page((), 4)
    assert (found.rows, found.number, found.pages, found.first) == ((), 1, 1, 0)


@pytest.fixture(scope="module")
def findings(scans: dict[str, Scans]) -> Any:  # noqa: ANN401 - rows of a report
    text = json.render(scans["legacy"].before[-1].report, Options()).encode()
    return contents.parsed(text, Found, "it").findings


@pytest.mark.parametrize(
    ("by", "holds"),
    [
        ({"group": "docker"}, lambda one: one.group == "docker"),
        ({"severity": "high"}, lambda one: one.severity in {"high", "critical"}),
        ({"rule": "complexity-hotspot"}, lambda one: one.rule == "complexity-hotspot"),
        ({"text": "DOCKERFILE python"}, lambda one: "ockerfile" in one.path),
    ],
)
def test_findings_are_filtered(findings: Any, by: dict[str, str], holds: Any) -> None:  # noqa: ANN401
    found = sifting.sought(findings, Sought(**by))
    assert found
    assert all(map(holds, found))
    assert 0 < len(found) < len(findings)


def test_all_findings_come_in_their_order(findings: Any) -> None:  # noqa: ANN401
    assert sifting.sought(findings, Sought()) == findings
    assert sifting.sought(findings, Sought(severity="low")) == findings
    assert sifting.sought(findings, Sought(group="docker", rule="complexity-hotspot")) == ()


def test_the_figures_of_a_failed_repository_still_sort() -> None:
    failed = replace(ROWS[0], error="too large")
    assert [one.id for one in sifting.sifted((failed, ROWS[1]), Wanted())] == [1, 2]
