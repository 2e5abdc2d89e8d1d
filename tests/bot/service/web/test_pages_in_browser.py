"""The pages in a real browser: policies hold, everybody can use them, and they fit every window."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from bot.service import sign_ins
from bot.service.web.model import Web
from tests.support.browser import AXE, CHROMIUM, CONTRAST, Seen, barriers, opened_page, running_browser
from tests.support.github import GitHubStandIn
from tests.support.service import data
from tests.support.service.kinds import Scans
from tests.support.service.serving import serving
from tests.support.service.web import Clock, make_web, secrets_of

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed at /usr/bin/chromium")

LEGACY = "/acme/billing-026"
PAGES = {
    "start": "/",
    "organisation": "/acme",
    "filtered": "/acme?q=shop&grade=B&sort=name&page=1",
    "uses": "/acme/-/uses?q=flask",
    "things": "/acme/-/uses",
    "repository": LEGACY,
    "clean": "/acme/a-service-with-a-rather-long-name-for-the-mobile-apps-034",
    "waiting": "/acme/web-frontend-007",
    "failed": "/acme/shop-005",
    "hotspots": f"{LEGACY}/hotspots",
    "rule": "/-/rules/end-of-life-base-image",
}

Open = Callable[..., Seen]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as started:
        yield started


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, scans: Mapping[str, Scans]) -> Iterator[Web]:
    """Serve the sample organisation."""
    folder = tmp_path_factory.mktemp("served")

    def make(url: str) -> Web:
        # Tests load more in a second than people do: each look at this clock takes one.
        return replace(make_web(folder, Clock(data.NOW), url=url), clock=count().__next__)

    with serving(make) as web:
        data.filled(web.services.engine, scans)
        yield web


@pytest.fixture
def show(browser: Browser, served: Web) -> Iterator[Open]:
    """Open a page as somebody who sees everything: ``show(path, visible=…, width=1280, scheme="light")``."""
    with ExitStack() as stack:

        def opened(path: str, *, visible: frozenset[int] = data.ids(), **window: Any) -> Seen:  # noqa: ANN401 - as opened_page's; a constant
            value = sign_ins.open_for(served.services, 1, "ada", visible)
            cookie = ("debtscan", value)
            return stack.enter_context(opened_page(browser, served.url + path, cookie=cookie, **window))

        yield opened


def rows(seen: Seen) -> list[str]:
    return seen.page.locator("table.repos tbody th > a").all_text_contents()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_complains_of_nothing_fits_and_keeps_nobody_out(show: Open, served: Web, page: str) -> None:
    seen = show(PAGES[page])
    for width in (1280, 390):
        seen.page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            seen.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
            assert seen.page.evaluate(CONTRAST) == [], f"{width} {scheme}"
        if not AXE.exists():
            pytest.skip("axe-core is not installed; 'make axe' does it")
        assert barriers(seen.page) == [], width
    assert seen.complaints == []
    assert [url for url in seen.requests if not url.startswith((served.url, "data:"))] == []


def test_the_list_is_filtered_by_keys_alone(show: Open) -> None:
    seen = show("/acme")
    page = seen.page
    page.get_by_role("searchbox", name="Name").focus()
    page.keyboard.type("billing-02")
    page.keyboard.press("Tab")
    page.keyboard.press("E")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Filter").press("Enter")
    expect(page).to_have_url(re.compile(r"/Acme\?q=billing-02&grade=E&state=&phase=#repositories$"))
    assert rows(seen) == ["billing-026"]
    expect(page.get_by_role("status")).to_have_text("1 repository.")
    page.get_by_role("link", name="Clear").press("Enter")
    assert len(rows(seen)) == 50
    assert seen.complaints == []


def test_the_first_stop_of_the_keyboard_leads_to_the_content(show: Open) -> None:
    page = show(LEGACY).page
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False])
def test_findings_are_filtered_with_scripts_and_without(show: Open, *, scripts: bool) -> None:
    page = show(LEGACY, scripts=scripts).page
    page.get_by_label("Group").select_option("docker")
    page.get_by_label("Severity").select_option("high")
    page.get_by_role("button", name="Filter").click()
    expect(page).to_have_url(re.compile(r"group=docker&severity=high&rule=#findings$"))
    found = page.locator("table.list tbody tr")
    assert 0 < found.count() < 32
    assert page.get_by_label("Group").input_value() == "docker"


def test_pages_of_the_list_are_turned(show: Open) -> None:
    seen = show("/acme?sort=name")
    first = rows(seen)
    seen.page.get_by_role("link", name="Next").click()
    expect(seen.page.get_by_text("Page 2 of 4")).to_be_visible()
    assert not set(first) & set(rows(seen))
    seen.page.get_by_role("link", name="Previous").click()
    assert rows(seen) == first
    seen.page.get_by_role("link", name="Score").click()
    expect(seen.page.locator("th[aria-sort=ascending]")).to_have_text("Score")


def test_a_repository_that_one_may_not_see_is_not_there(show: Open) -> None:
    seen = show(LEGACY, visible=frozenset({data.FIRST + 1}))
    expect(seen.page.locator(".code")).to_have_text("404")
    expect(seen.page.get_by_text("billing-026")).to_have_count(0)
    unknown = show("/acme/nothing", visible=frozenset({data.FIRST + 1}))
    assert _told(seen) == _told(unknown)


def _told(seen: Seen) -> str:
    return re.sub(r"name this request: \w+", "", seen.page.locator("main").inner_text())


def test_the_map_is_drawn_and_tells_of_a_file(show: Open) -> None:
    seen = show(f"{LEGACY}/hotspots")
    page = seen.page
    expect(page.locator("#map-off")).to_be_hidden()
    page.locator("#circles circle.f").first.click(force=True)
    expect(page.locator("#file h3")).to_have_text("rules.py")
    page.keyboard.press("Escape")
    page.get_by_role("searchbox", name="Find a file on the map").fill("rules")
    page.locator("#map-hits button, #map-hits a").first.click()
    expect(page.locator("#file")).to_be_visible()
    assert seen.complaints == []


def test_without_scripts_the_map_says_so_and_the_tables_stay(show: Open) -> None:
    page = show(f"{LEGACY}/hotspots", scripts=False).page
    expect(page.get_by_text("The map needs scripts")).to_be_visible()
    assert page.locator("table.hot tbody tr").count() >= 14


def test_who_signs_in_sees_what_github_shows(
    browser: Browser, github: GitHubStandIn, scans: Mapping[str, Scans], tmp_path: Path
) -> None:
    made = github.repository("acme/shop", {"a": "1"}, organization=True, private=True, collaborators={"ada": "read"})
    app, clock = github.app("debtscan", on=["acme"]), Clock(data.NOW)

    def make(url: str) -> Web:
        app.callbacks = (f"{url}/-/signed-in",)
        return make_web(tmp_path, clock, url=url, github=github.url, secrets=secrets_of(app))

    with serving(make) as web:
        first, installation = github.world.repositories[made.name].id, app.installations[0].id
        with web.services.engine.begin() as connection:
            data.prepare(connection)
            data.fill(connection, scans, count=3, installation=installation, first=first)
        with opened_page(browser, f"{web.url}/acme") as seen:
            seen.page.get_by_role("button").first.click()
            expect(seen.page).to_have_url(f"{web.url}/acme")
            assert rows(seen) == ["shop-000"]
            # What GitHub showed is asked anew by and by, also where a form leads.
            clock.go(minutes=11)
            seen.page.get_by_role("searchbox", name="Name").fill("shop")
            seen.page.get_by_role("button", name="Filter").click()
            expect(seen.page).to_have_url(re.compile(f"^{re.escape(github.url)}/login/oauth/authorize"))
            seen.page.get_by_role("button").first.click()
            expect(seen.page).to_have_url(re.compile(r"/Acme\?q=shop&grade=&state=&phase="))
            seen.page.get_by_role("link", name="shop-000").first.click()
            expect(seen.page.get_by_role("heading", level=1)).to_have_text("Acme/shop-000")
            assert seen.complaints == []
