"""The map of hotspots in a real browser, on both pages that show it: mouse, keyboard, panel of a file, tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.hotspots import HotspotReport
from bot.report.hotspots_html import HOTSPOTS
from bot.report.html import RENDERER
from bot.report.renderer import Options
from tests.support.browser import CHROMIUM, CONTRAST, Seen, opened_page, running_browser
from tests.support.hotspots import BASE, WORKER, empty_hotspots, quiet_hotspots, sample_hotspots
from tests.support.reports import sample_report

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed at /usr/bin/chromium")

SCAN = RENDERER.render(sample_report(), Options())
SAMPLE = HOTSPOTS.render(sample_hotspots(), Options())
Open = Callable[..., Seen]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as started:
        yield started


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Open a page: ``show(text, width=1280, scheme="light", scripts=True)``."""
    with ExitStack() as stack:

        def opened(text: str, **window: Any) -> Seen:  # noqa: ANN401 - as opened_page's
            file = tmp_path / "page.html"
            file.write_bytes(text.encode())
            return stack.enter_context(opened_page(browser, file.as_uri(), **window))

        yield opened


def circle(page: Page, path: str) -> tuple[float, float]:
    """Return where on the screen the circle of a file is, once the map is in view."""
    page.locator("#map").scroll_into_view_if_needed()
    page.locator("#map-q").fill(path)
    hit = page.locator("#circles .hit")
    expect(hit).to_have_count(1)
    box = hit.bounding_box()
    page.locator("#map-q").fill("")
    expect(hit).to_have_count(0)
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize(
    ("report", "width", "scheme"),
    [
        pytest.param(sample_hotspots(), 360, "dark", id="sample-phone"),
        pytest.param(empty_hotspots(), 360, "light", id="empty-phone"),
        pytest.param(quiet_hotspots(), 1280, "dark", id="quiet-wide"),
    ],
)
def test_the_page_of_hotspots_asks_nothing_fits_its_width_and_its_text_stands_out(
    show: Open, report: HotspotReport, width: int, scheme: str
) -> None:
    seen = show(HOTSPOTS.render(report, Options()), width=width, scheme=scheme)
    button = seen.page.locator(".hot [data-f] button")
    if button.count():
        button.first.click()
    assert len([url for url in seen.requests if not url.startswith("data:")]) == 1
    assert seen.complaints == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.page.evaluate(CONTRAST) == []


def test_a_click_on_a_file_shows_its_figures_and_one_on_a_coupled_file_goes_there(show: Open) -> None:
    seen = show(SAMPLE)
    page, panel = seen.page, seen.page.locator("#file")
    expect(panel).to_be_hidden()
    page.mouse.click(*circle(page, BASE))
    expect(panel.get_by_role("heading", level=3)).to_have_text(BASE)
    for said in (
        "Ada Lovelace",
        "62 % of its commits",
        "15 gone",
        "10 for 1,000 lines",
        "App.send line 120",
        "7 people",
    ):
        expect(panel).to_contain_text(said)
    expect(panel.get_by_label("Complexity a month, oldest first: –, –, 21, 21")).to_be_visible()
    expect(panel.get_by_label("Commits a month, oldest first: 0, 1, 0, 2")).to_be_visible()
    expect(page.locator("#marks .chosen")).to_have_count(1)
    expect(page.locator("#circles [aria-selected=true]")).to_have_count(1)
    expect(page.locator("#marks .coupled")).to_have_count(2)
    panel.get_by_role("button", name=WORKER).click()
    expect(panel.get_by_role("heading", level=3)).to_have_text(WORKER)
    expect(panel).to_contain_text("in 14 of 31 commits, 45 %")
    expect(panel).to_be_focused()
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_be_hidden()
    expect(page.locator("#marks *, #circles [aria-selected=true]")).to_have_count(0)
    assert seen.complaints == []


def test_a_click_on_a_folder_zooms_in_and_the_button_zooms_out(show: Open) -> None:
    page = show(SCAN).page
    page.locator("#map").scroll_into_view_if_needed()
    folder = page.locator("#circles circle.d").nth(1).bounding_box()
    assert folder is not None
    page.mouse.click(folder["x"] + 3, folder["y"] + folder["height"] / 2)
    expect(page.locator("#zoom-out")).to_be_visible()
    page.locator("#zoom-out").click()
    expect(page.locator("#zoom-out")).to_be_hidden()
    expect(page.locator("#crumbs")).to_have_text("all files")
    expect(page.locator("#circles [tabindex='0']")).to_be_focused()


def test_the_keyboard_walks_the_tree_shows_figures_and_comes_back(show: Open) -> None:
    page = show(SCAN).page
    svg, told = page.locator("#map"), page.locator("#told")
    stop = page.locator("#circles [tabindex='0']")
    whole = str(svg.get_attribute("viewBox"))
    stop.focus()
    for key, said in (("ArrowDown", "services/api: 200 files"), ("ArrowDown", "web/src: 90 files")):
        page.keyboard.press(key)
        expect(told).to_contain_text(said)
    assert stop.get_attribute("aria-expanded") == "false"
    page.keyboard.press("Enter")
    expect(svg).not_to_have_attribute("viewBox", whole)
    expect(page.locator("#crumbs b")).to_have_text("web/src")
    page.keyboard.press("ArrowRight")
    expect(told).to_contain_text(re.compile(r"web/src/part_\d/view_\d+\.js: .* points, 0 revisions"))
    expect(stop).to_be_focused()
    assert (stop.get_attribute("role"), stop.get_attribute("aria-level")) == ("treeitem", "4")
    page.keyboard.press("Enter")
    expect(page.locator("#file")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#file")).to_be_hidden()
    expect(stop).to_be_focused()
    for _ in range(2):
        page.keyboard.press("Escape")
    expect(svg).to_have_attribute("viewBox", "0.00 0.00 1000.00 1000.00")
    expect(stop).to_have_count(1)


def test_a_file_is_found_by_its_name(show: Open) -> None:
    page = show(SCAN).page
    page.locator("#map-q").fill("web view_08")
    expect(page.locator("#map-hits button")).to_have_count(5)
    expect(page.locator("#circles .hit")).to_have_count(10)
    expect(page.locator("#told")).to_have_text("10 files found, the first 5 by name")
    page.locator("#map-q").fill("view_089")
    page.locator("#map-q").press("Enter")
    expect(page.locator("#file h3")).to_contain_text("view_089.js")
    assert page.evaluate("getComputedStyle(document.querySelector('.f:not(.hit)')).opacity") == "0.18"


def test_tables_are_sorted_by_their_heads_and_come_in_portions(show: Open) -> None:
    page = show(HOTSPOTS.render(sample_hotspots(top=5), Options())).page
    rows = page.locator("#files tbody tr")
    expect(rows).to_have_count(5)
    head = page.locator("#files th").filter(has_text="Lines")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    lines = page.locator("#files tbody td:nth-child(3)").all_text_contents()
    assert lines == sorted(lines, key=int, reverse=True)
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    page.locator("#files .more button").click()
    expect(rows).to_have_count(13)
    page.locator("#files tbody tr").filter(has_text=WORKER).get_by_role("button").click()
    expect(page.locator("#file h3")).to_have_text(WORKER)
    expect(page.locator("#map")).to_be_in_viewport()


def test_without_scripts_the_tables_are_whole_and_one_sentence_says_why_there_is_no_map(show: Open) -> None:
    page = show(HOTSPOTS.render(sample_hotspots(top=5), Options()), scripts=False).page
    expect(page.get_by_text("The map needs scripts")).to_be_visible()
    expect(page.locator("#map")).to_be_hidden()
    expect(page.locator("#files tbody tr")).to_have_count(13)
    expect(page.locator("#couplings tbody tr")).to_have_count(2)
    expect(page.locator("#folders tbody tr")).to_have_count(2)
