from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from bot.hotspots import HotspotReport
from bot.report import hotspots_json as renderer
from bot.report.renderer import Options
from tests.support.hotspots import empty_hotspots, quiet_hotspots, sample_hotspots

PUBLISHED = Path(__file__).parents[3] / "docs" / "schemas" / "hotspots-1.json"
# docs/contract.md, key by key.
KEYS = {
    "": "schema_version tool scanned_at as_of repository top accepted history hotspots hotspot_files couplings "
    "more_couplings folders targets skipped timings",
    "history": "since until commits left_out complete",
    "hotspots": "path function line end_line language complexity nesting parameters lines revisions authors fixes "
    "followed points effort_minutes reasons trend complexities",
    "hotspot_files": "path lines complexity most_complex revisions authors fixes defect_density main_author main_share "
    "authors_ever authors_gone present_author present_share added deleted points months",
    "couplings": "one other together one_revisions other_revisions",
    "folders": "path files authors gone bus_factor",
    "targets": "path function line end_line complexity effort_minutes points branches reason tests tests_seen "
    "tests_complete",
    "targets.branches": "line end_line kind complexity nesting",
}


def document(report: HotspotReport) -> Any:  # noqa: ANN401 - JSON
    return json.loads(renderer.render(report, Options()))


@pytest.mark.parametrize(("place", "keys"), KEYS.items())
def test_every_key_of_the_contract_is_there(place: str, keys: str) -> None:
    node = document(sample_hotspots())
    for step in filter(None, place.split(".")):
        node = node[step]
        node = node[0] if isinstance(node, list) else node
    assert set(keys.split()) == set(node)


@pytest.mark.parametrize("make", [sample_hotspots, empty_hotspots, quiet_hotspots])
def test_every_report_is_valid_against_the_published_schema(make: Callable[[], HotspotReport]) -> None:
    schema = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    jsonschema_rs.validator_for(schema, validate_formats=True).validate(document(make()))


def test_the_published_schema_is_the_one_that_the_code_prints() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == renderer.schema()


def test_a_wrong_document_is_refused_by_the_schema() -> None:
    wrong = document(sample_hotspots())
    del wrong["hotspots"][0]["complexities"]
    assert not jsonschema_rs.is_valid(json.loads(renderer.schema()), wrong)


def test_lists_hold_the_rows_that_were_asked_for() -> None:
    three, whole = document(sample_hotspots(top=3)), document(sample_hotspots(top=0))
    assert (len(three["hotspots"]), len(three["hotspot_files"]), three["top"]) == (3, 3, 3)
    assert len(whole["hotspots"]) == 13
    assert three["hotspots"] == whole["hotspots"][:3]


def test_what_is_not_known_is_null() -> None:
    empty = document(empty_hotspots())
    assert (empty["history"], empty["hotspots"], empty["hotspot_files"]) == (None, [], [])
    known = {row["path"]: row["main_author"] for row in document(sample_hotspots())["hotspot_files"]}
    assert (known["shop/app/base.py"], known["bin/release.sh"]) == ("Ada Lovelace", None)
    assert document(sample_hotspots())["hotspots"][0]["complexities"][:3] == [None, None, 21]


def test_nothing_in_it_can_deceive_a_terminal() -> None:
    text = renderer.render(sample_hotspots(), Options())
    assert all(char == "\n" or char.isprintable() for char in text)
    assert "gnp.\u202eyp" in {row["path"] for row in document(sample_hotspots())["hotspots"]}
    text.encode()
