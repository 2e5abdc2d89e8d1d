from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from bot.service.database.tables import INSTALLATIONS, REPORTS, REPOSITORIES, SCANS
from bot.service.model import Phase, Reason, ScanOutcome
from bot.service.reading import contents
from bot.service.reading.repositories import State
from bot.service.web._words import OUTCOMES, PHASES, REASONS, STATES
from bot.service.web.model import Web
from bot.store._tables import ENTRIES
from tests.support.service import data
from tests.support.service.counted import queries
from tests.support.service.kinds import Scans
from tests.support.service.web import Clock, client_of, make_web, sign_in

LEGACY = "/acme/billing-026"


def shown(page: str) -> list[str]:
    """Return the fingerprints of the findings in a page."""
    return re.findall(r'<tr id="f-(\w+)"', page)


@pytest.fixture
def own(tmp_path: Path, scans: dict[str, Scans]) -> Iterator[Web]:
    """Make a service of ten repositories, to break something in."""
    made = make_web(tmp_path / "own", Clock(data.NOW))
    data.filled(made.services.engine, scans, count=40)
    yield made
    made.services.engine.dispose()


@pytest.fixture
def carol(own: Web) -> Iterator[TestClient]:
    with client_of(own) as made:
        sign_in(own, made, data.ids())
        yield made


def change(web: Web, statement: sa.Update) -> None:
    with web.services.engine.begin() as connection:
        connection.execute(statement)


def test_it_shows_the_scorecard_and_all_that_belongs_to_it(ada: TestClient) -> None:
    page = ada.get(LEGACY).text
    for title in (
        "Best next fixes",
        "What moved the score since 2026-11-19",
        "Where the score goes",
        "Over time",
        "Upgrades",
        "Findings",
        "What was not judged",
        "What debtscan does here",
    ):
        assert f">{title}</h2>" in page
    assert "−0.2 since 2026-11-19: own 0, world −0.2, rules 0" in page
    assert "debtscan opens upgrades as pull requests" in page
    assert 'href="https://github.com/Acme/billing-026/blob/' in page
    assert 'href="https://github.com/Acme/billing-026/pull/1"' in page
    assert 'href="/-/rules/end-of-life-base-image"' in page
    assert 'href="/Acme/billing-026/hotspots"' in page


def test_it_asks_the_database_at_most_five_times(ada: TestClient, sample: Web) -> None:
    with queries(sample.services.engine) as asked:
        assert ada.get(f"{LEGACY}?group=docker").status_code == 200
    assert len(asked) <= 5


def test_findings_are_filtered_by_the_address(ada: TestClient) -> None:
    everything = shown(ada.get(LEGACY).text)
    assert len(everything) == 32
    docker = ada.get(f"{LEGACY}?group=docker").text
    assert 0 < len(shown(docker)) < 32
    assert "<option selected>docker</option>" in docker
    assert f"{len(shown(docker))} of 32 findings" in docker
    assert set(shown(ada.get(f"{LEGACY}?severity=high").text)) < set(everything)
    assert len(shown(ada.get(f"{LEGACY}?rule=complexity-hotspot").text)) == 14
    assert shown(ada.get(f"{LEGACY}?q=decide_13").text)
    nothing = ada.get(f"{LEGACY}?q=nothing-like-it").text
    assert shown(nothing) == []
    assert "No finding is like that." in nothing
    assert shown(ada.get(f"{LEGACY}?group=else&severity=else&rule=else&page=else").text) == everything


def test_an_invisible_repository_is_like_an_unknown_one(bob: TestClient) -> None:
    invisible, unknown = bob.get(LEGACY), bob.get("/acme/nothing-026")
    assert (invisible.status_code, unknown.status_code) == (404, 404)
    one, other = (re.sub(r"<code>\w+</code>|value=.[\w=-]+.", "", page.text) for page in (invisible, unknown))
    assert one == other
    for further in ("/hotspots", "?group=docker"):
        assert bob.get(LEGACY + further).status_code == 404


def test_somebody_who_did_not_sign_in_sees_nothing_at_all(sample: Web) -> None:
    with client_of(sample) as client:
        for path in (LEGACY, "/acme/nothing", f"{LEGACY}/hotspots"):
            assert client.get(path).status_code == 303


def test_what_was_not_scanned_yet_says_so(ada: TestClient) -> None:
    page = ada.get("/acme/web-frontend-007").text
    assert "It was not scanned yet." in page
    assert "No scan is recorded." in page
    assert "It was not scanned yet." in ada.get("/acme/web-frontend-007/hotspots").text


def test_what_is_left_alone_says_why(ada: TestClient) -> None:
    assert (
        "left alone: it is archived" in ada.get("/acme/a-service-with-a-rather-long-name-for-the-mobile-apps-009").text
    )


def test_a_failed_scan_is_told_and_the_one_before_stays(ada: TestClient) -> None:
    page = ada.get("/acme/shop-005").text
    assert "The last scan failed (2026-11-21 09:00 UTC): the repository is larger" in page
    assert "or leave it out. What stands here is of the scan before." in page
    assert shown(page)


def test_what_could_not_be_judged_has_no_grade(ada: TestClient) -> None:
    page = ada.get("/acme/search-003").text
    assert "nothing in it could be judged" in page
    assert 'class="grade' not in page


def test_newer_commits_are_told(own: Web, carol: TestClient) -> None:
    assert "newer commits" not in carol.get(LEGACY).text
    change(own, sa.update(REPOSITORIES).values(head="d" * 40))
    assert "There are newer commits than the one that was scanned" in carol.get(LEGACY).text


def test_damage_is_told_and_the_rest_stays(own: Web, carol: TestClient) -> None:
    change(own, sa.update(REPORTS).values(document=b"no zlib", upgrades=b"\0", hotspots=b""))
    change(own, sa.update(ENTRIES).where(ENTRIES.c.as_of < data.day(2)).values(entry="{}"))
    page = carol.get(LEGACY)
    assert page.status_code == 200
    assert "the report of repository 100027 at 1bccccc cannot be read" in page.text
    assert "the list of upgrades of repository 100027" in page.text
    assert "10 entries of the history could not be read" in page.text
    assert "Over time" in page.text
    hotspots = carol.get(f"{LEGACY}/hotspots")
    assert (hotspots.status_code, "cannot be read" in hotspots.text) == (200, True)
    organisation = carol.get("/acme")
    assert organisation.status_code == 200
    assert "of the history could not be read" in organisation.text


@pytest.mark.parametrize(
    ("phase", "said"), [("silent", "posts nothing"), ("declined", "was closed"), ("invited", "Merging it")]
)
def test_each_phase_is_explained(own: Web, carol: TestClient, phase: str, said: str) -> None:
    change(own, sa.update(REPOSITORIES).values(phase=phase))
    assert said in carol.get(LEGACY).text


def test_hostile_names_stay_text(own: Web, carol: TestClient) -> None:
    attack = "<img src=x onerror=alert(1)>\"'\u202e"
    with own.services.engine.begin() as connection:
        row = connection.execute(sa.select(REPORTS).where(REPORTS.c.repository_id == data.FIRST + 26)).one()
        text = contents.unpacked(row.document, "it").decode()
        escaped = attack.replace('"', '\\"')
        text = text.replace("rules.py", escaped).replace("decide_13", escaped).replace('"==3.0.1"', f'"{escaped}"')
        hot = contents.unpacked(row.hotspots, "it").decode().replace("rules.py", escaped).replace("decide_13", escaped)
        connection.execute(
            sa.update(REPORTS)
            .where(REPORTS.c.repository_id == data.FIRST + 26)
            .values(document=contents.packed(text.encode()), hotspots=contents.packed(hot.encode()))
        )
    for path in (LEGACY, f"{LEGACY}/hotspots"):
        page = carol.get(path).text
        assert "<img src=x" not in page
        assert "\u202e" not in page
        assert "onerror" in page


def test_links_of_pull_requests_lead_nowhere_else(own: Web, carol: TestClient) -> None:
    line = b'[{"id":"x","title":"Update x","state":"open","number":3,"url":"javascript:alert(1)"}]'
    change(own, sa.update(REPORTS).values(upgrades=contents.packed(line)))
    page = carol.get(LEGACY).text
    assert "Update x" in page
    assert "javascript:" not in page


def test_the_map_has_its_script_and_its_data(ada: TestClient) -> None:
    page = ada.get(f"{LEGACY}/hotspots").text
    scripts = re.findall(r'<script src="(/-/static/[^"]+)" defer>', page)
    assert [script.rpartition("/")[2].partition("-")[2] for script in scripts] == [
        "page.js",
        "d3-hierarchy.js",
        "hotspot-file.js",
        "hotspot-map.js",
    ]
    assert all(ada.get(script).status_code == 200 for script in scripts)
    assert '<script type="application/json" id="map-data">' in page


def test_a_rule_has_its_page_for_everybody(sample: Web) -> None:
    with client_of(sample) as client:
        page = client.get("/-/rules/outdated-dependency")
        assert client.get("/-/rules/nothing").status_code == 404
    assert page.status_code == 200
    assert "How to mend it" in page.text


def test_what_went_wrong_after_a_scan_is_told_beside_it(own: Web, carol: TestClient) -> None:
    change(own, sa.update(SCANS).values(outcome="done", error="Failed: no branch could be written", reason="again"))
    page = carol.get(LEGACY).text
    assert "it was asked for meanwhile" in page
    assert "Failed: no branch could be written" in page


def test_a_suspended_installation_is_told(own: Web, carol: TestClient) -> None:
    change(own, sa.update(INSTALLATIONS).values(suspended_at=data.NOW))
    assert "The installation is suspended since 2026-11-26 09:00 UTC" in carol.get(LEGACY).text


def test_every_reason_and_outcome_has_its_words() -> None:
    assert set(REASONS) == set(get_args(Reason))
    assert set(OUTCOMES) == set(get_args(ScanOutcome))
    assert set(PHASES) == set(get_args(Phase))
    assert set(STATES) == set(get_args(State))
