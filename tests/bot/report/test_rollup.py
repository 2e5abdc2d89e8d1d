"""The roll-up as HTML, Markdown and JSON: the same facts, nothing unescaped, nothing left out unsaid."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cmarkgfm
import jsonschema_rs
import pytest
from cmarkgfm.cmark import Options as CmarkOptions

from bot.report import rollup_html, rollup_json, rollup_markdown
from bot.rollup import RollUp, roll_up
from tests.support.reports import AS_OF, HOSTILE_NAMES, SCANNED_AT
from tests.support.rollups import LEFT_OUT, member, organisation

PUBLISHED = Path(__file__).parents[3] / "docs" / "schemas" / "roll-up-1.json"
OWN_TAGS = {"h2", "h3", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "code", "sub"}
WHOLE = organisation()
NOTHING = roll_up([], scanned_at=SCANNED_AT, as_of=AS_OF)
ALL_FAILED = roll_up([], LEFT_OUT, owner="acme", scanned_at=SCANNED_AT, as_of=AS_OF)
RENDERS: list[Callable[[RollUp], str]] = [rollup_html.render, rollup_markdown.render, rollup_json.render]
ROLLED = pytest.mark.parametrize("rolled", [WHOLE, NOTHING, ALL_FAILED], ids=["whole", "nothing", "failed"])
EACH = pytest.mark.parametrize("render", RENDERS, ids=["html", "markdown", "json"])


def _shown(text: str) -> str:
    return str(cmarkgfm.github_flavored_markdown_to_html(text, options=CmarkOptions.CMARK_OPT_UNSAFE))


@EACH
@ROLLED
def test_the_same_facts_give_the_same_bytes(render: Callable[[RollUp], str], rolled: RollUp) -> None:
    again = replace(rolled, members=tuple(replace(one) for one in rolled.members))
    assert render(rolled).encode(errors="replace") == render(again).encode(errors="replace")


@EACH
def test_every_form_tells_what_was_left_out_and_why(render: Callable[[RollUp], str]) -> None:
    told = html.unescape(render(WHOLE))
    for entry in LEFT_OUT:
        assert entry.name.removeprefix("acme/") in told
        assert entry.why in told
    undone = [one for one in WHOLE.members if one.failed]
    assert len(undone) == 3
    assert undone[0].failed[0] in told
    assert told.count(undone[0].failed[0]) == (3 if render is rollup_json.render else 1)


@ROLLED
def test_the_document_is_what_the_published_schema_says(rolled: RollUp) -> None:
    jsonschema_rs.validator_for(json.loads(PUBLISHED.read_text(encoding="utf-8"))).validate(
        json.loads(rollup_json.render(rolled))
    )


def test_the_document_holds_all_of_it() -> None:
    document = json.loads(rollup_json.render(WHOLE))
    assert len(document["repositories"]) == 50
    assert [entry["name"] for entry in document["left_out"]] == [entry.name for entry in WHOLE.left_out]
    shared = next(entry for entry in document["shared"] if entry["name"] == "requests")
    assert (shared["target"], len(shared["repositories"]), shared["points"]) == ("2.32.5", 25, 1000)
    assert [entry["title"] for entry in document["ends"]] == ["python 3.8", "python 3.10"]
    assert document["improved"][0]["score_after"] > document["improved"][0]["score_before"]


@ROLLED
def test_the_markdown_renders_to_our_own_elements_only(rolled: RollUp) -> None:
    rendered = _shown(rollup_markdown.render(rolled))
    assert set(re.findall(r"</?([a-z0-9]+)", rendered)) <= OWN_TAGS
    assert set(re.findall(r"<[a-z0-9]+ ([^>]*)>", rendered)) <= {'align="right"'}


def test_every_row_has_the_cells_of_its_table() -> None:
    tables = re.findall(r"<table>.*?</table>", _shown(rollup_markdown.render(WHOLE)), re.DOTALL)
    assert len(tables) == 7
    for table in tables:
        head, *rows = re.findall(r"<tr>.*?</tr>", table, re.DOTALL)
        assert rows
        assert {row.count("<td") for row in rows} == {head.count("<th")}


def test_nobody_is_mentioned_and_nothing_referred_to() -> None:
    outside_code = re.sub(r"<code>.*?</code>", "", _shown(rollup_markdown.render(WHOLE)))
    assert not re.search(r"[@#]\w", html.unescape(outside_code))


def test_hostile_names_are_shown_whole() -> None:
    shown = html.unescape(_shown(rollup_markdown.render(WHOLE)))
    used = {one.name.removeprefix("acme/") for one in WHOLE.members} & set(HOSTILE_NAMES)
    assert len(used) > 2
    for name in used:
        if name.isprintable():
            assert f"<code>{name}</code>" in shown


@pytest.mark.parametrize(("count", "most"), [(50, 60_000), (1500, rollup_markdown.MOST), (1500, 20_000)])
def test_the_markdown_fits_and_counts_what_it_leaves_out(count: int, most: int) -> None:
    text = rollup_markdown.render(organisation(count), most)
    assert len(text) <= most
    shown = len(re.findall(r"^\| <code>[^|]*</code> \| (?:[A-F]|not judged) \|", text, re.MULTILINE))
    assert shown == count or f"and {count - shown:,} more" in text
    assert text.endswith("</sub>\n")


def test_the_page_counts_what_it_leaves_out() -> None:
    many = tuple(member(f"r{number}") for number in range(rollup_html.MOST_REPOSITORIES + 3))
    told = rollup_html.render(roll_up(many, owner="acme", scanned_at=SCANNED_AT, as_of=AS_OF))
    assert told.count("<tr data-g=") == rollup_html.MOST_REPOSITORIES
    assert "3 more, with better scores, are not on this page" in told


def test_without_an_organisation_it_is_of_so_many_repositories_with_whole_names() -> None:
    rolled = replace(WHOLE, owner="")
    assert "Technical debt: 53 repositories" in rollup_markdown.render(rolled)
    assert "<code>acme/gone</code>" in rollup_markdown.render(rolled)
    assert "<bdi>53 repositories</bdi>" in rollup_html.render(rolled)


@pytest.mark.parametrize("owner", ["acme", "Acme"])
def test_of_an_organisation_names_stand_without_it_however_it_was_typed(owner: str) -> None:
    rolled = replace(WHOLE, owner=owner)
    assert "acme/" not in rollup_markdown.render(rolled)
    assert ">acme/" not in rollup_html.render(rolled)


def test_where_nothing_was_judged_no_grade_is_claimed() -> None:
    page, text = rollup_html.render(ALL_FAILED), rollup_markdown.render(ALL_FAILED)
    assert "Median score" not in page
    assert "median" not in text
    assert "0 repositories scanned, 2 passed over, 1 failed" in page
    assert json.loads(rollup_json.render(ALL_FAILED))["median"] is None
