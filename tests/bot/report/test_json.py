from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from bot.report import json as renderer
from bot.report.renderer import Options
from bot.scorecard import Report
from tests.support.entries import with_history
from tests.support.flaws import flaw, flawed_report
from tests.support.moved import changed_report
from tests.support.reports import empty_report, perfect_report, sample_report, unjudged_report

PUBLISHED = Path(__file__).parents[3] / "docs" / "schemas" / "report-1.json"


def _past_report() -> Report:
    return with_history(sample_report())


REPORTS = [sample_report, changed_report, empty_report, perfect_report, unjudged_report, _past_report]

# docs/contract.md, key by key.
KEYS = {
    "": "schema_version tool scanned_at as_of repository inventory findings ignored hotspots scorecard skipped timings",
    "tool": "name version ruleset",
    "repository": "name commit branch dirty",
    "inventory": "ecosystem name path line column value version locked_version digest kind direct dependency_group "
    "purl skip_reason",
    "findings": "id rule group severity confidence title message path line end_line subject effort_minutes points fix "
    "fingerprint facts",
    "findings.subject": "ecosystem name current latest purl",
    "findings.fix": "available to safe",
    "ignored": "id rule group severity confidence title message path line end_line subject effort_minutes points fix "
    "fingerprint facts reason until",
    "hotspots": "path function line complexity revisions authors lines points reasons trend",
    "scorecard": "score low high grade effort_minutes libyears groups accepted change budgets history",
    "scorecard.groups": "group score_lost findings points effort_minutes",
    "skipped": "what path source reason detail",
}


def _document(report: Report) -> Any:  # noqa: ANN401 - JSON
    return json.loads(renderer.render(report, Options()))


@pytest.mark.parametrize(("place", "keys"), KEYS.items())
def test_every_key_of_the_contract_is_there(place: str, keys: str) -> None:
    node = _document(sample_report())
    for step in filter(None, place.split(".")):
        node = node[step]
        node = node[0] if isinstance(node, list) else node
    assert set(keys.split()) <= set(node)


@pytest.mark.parametrize("make", REPORTS)
def test_every_report_is_valid_against_the_published_schema(make: Callable[[], Report]) -> None:
    schema = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    jsonschema_rs.validator_for(schema, validate_formats=True).validate(_document(make()))


def test_the_history_holds_the_earlier_scorecards_oldest_first() -> None:
    report = _past_report()
    past = _document(report)["scorecard"]["history"]
    assert [entry["as_of"] for entry in past] == [entry.as_of.isoformat() for entry in report.history]
    assert past[0]["score"] == report.history[0].score
    assert past[0]["findings"] == {"critical": 0, "high": 1, "medium": 2, "low": 0}
    assert _document(sample_report())["scorecard"]["history"] == []


def test_the_published_schema_is_the_one_that_the_code_prints() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == renderer.schema()


def test_a_wrong_document_is_refused_by_the_schema() -> None:
    document = _document(sample_report())
    del document["scorecard"]["grade"]
    assert not jsonschema_rs.is_valid(json.loads(renderer.schema()), document)


def test_the_same_facts_give_the_same_bytes() -> None:
    assert renderer.render(sample_report(), Options()) == renderer.render(sample_report(), Options())


def test_only_the_clock_and_the_timings_differ_between_two_scans() -> None:
    first, second = sample_report(), sample_report()
    later = replace(second, scanned_at=second.scanned_at.replace(hour=23), timings={"read": 9.0})
    one, two = _document(first), _document(later)
    assert one != two
    for document in (one, two):
        del document["scanned_at"], document["timings"]
    assert one == two


def test_the_parts_of_the_score_sum_to_the_loss() -> None:
    card = _document(sample_report())["scorecard"]
    lost = sum(round(share["score_lost"] * 10_000) for share in card["groups"])
    assert lost == round((100 - card["score"]) * 10_000)


def test_the_inventory_is_the_same_document_without_judgement() -> None:
    report = sample_report()
    whole, part = _document(report), json.loads(renderer.render_inventory(report))
    assert set(whole) - set(part) == {
        *("findings", "scorecard", "hotspots", "hotspot_files", "couplings", "more_couplings", "folders", "history")
    }
    assert part == {key: whole[key] for key in part}


def test_nothing_in_it_can_deceive_a_terminal() -> None:
    text = renderer.render(sample_report(), Options())
    assert all(char == "\n" or char.isprintable() for char in text)
    assert "gnp.\u202eyp" in {finding["path"] for finding in _document(sample_report())["findings"]}
    text.encode()


def test_vulnerabilities_stand_with_their_finding_and_fit_the_schema() -> None:
    document = _document(flawed_report(flaw("CVE-1")))
    schema = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    jsonschema_rs.validator_for(schema, validate_formats=True).validate(document)
    assert document["findings"][0]["vulnerabilities"] == [
        {
            "id": "CVE-1",
            "aliases": ["GHSA-1"],
            "summary": "It leaks.",
            "level": "high",
            "score": 7.5,
            "vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N",
            "published": "2024-01-02",
            "malicious": False,
        }
    ]


def test_the_parts_of_the_change_sum_to_it_and_its_items_to_the_parts() -> None:
    change = _document(changed_report())["scorecard"]["change"]
    whole = round(change["score_after"] - change["score_before"], 4)
    assert whole == round(change["own"] + change["world"] + change["rules"], 4) != 0
    for part in ("own", "world", "rules"):
        items = [item for item in change["items"] if item["part"] == part]
        assert round(sum(item["score"] for item in items), 4) == change[part]
        assert sum(item["points"] for item in items) == change[f"{part}_points"]
    assert (change["since"], change["unsplit"]) == ("2026-11-19", "")
    assert _document(sample_report())["scorecard"]["change"] is None
