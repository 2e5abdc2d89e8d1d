"""The HTML page in a real browser: what it asks for, whether it fits, and what mouse and keyboard can do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.report.html import RENDERER
from bot.report.renderer import Options
from bot.scorecard import FileSize, Report
from tests.support.browser import CHROMIUM, CONTRAST, Seen, opened_page, running_browser
from tests.support.entries import with_history
from tests.support.moved import changed_report
from tests.support.reports import empty_report, perfect_report, sample_report, unjudged_report

ATTACK = "\"'><img src=x onerror=document.title='broken'></script><script>document.title='broken'</script>"

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed at /usr/bin/chromium")


Open = Callable[..., Seen]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as started:
        yield started


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Open a report: ``show(report, fragment="", width=1280, scheme="light", scripts=True)``."""
    with ExitStack() as stack:

        def opened(report: Report, *, fragment: str = "", **window: Any) -> Seen:  # noqa: ANN401 - as opened_page's
            file = tmp_path / "report.html"
            file.write_bytes(RENDERER.render(report, Options()).encode())
            return stack.enter_context(opened_page(browser, file.as_uri() + fragment, **window))

        yield opened


def hostile_report() -> Report:
    """Return the sample with names that would break out of the page, and one far too long for any screen."""
    report = sample_report()
    findings = tuple(
        replace(
            row,
            owners=("@" + "w" * 3000,),
            finding=replace(row.finding, title=ATTACK, message=ATTACK, path=f"{ATTACK}/{'x' * 5000}"),
        )
        for row in report.findings
    )
    files = (FileSize(path=f"{ATTACK}/{ATTACK}", lines=9000, revisions=1, complexity=1, points=1), *report.files)
    spots = tuple(replace(spot, path="y" * 5000, function=ATTACK) for spot in report.hotspots)
    repository = replace(report.repository, name="z" * 5000, branch="b" * 5000)
    return replace(report, findings=findings, files=files, hotspots=spots, repository=repository)


def rows(page: Page) -> list[str]:
    return page.locator("#list tbody tr td:nth-child(2) > b").all_text_contents()


@pytest.mark.parametrize(
    ("report", "width", "scheme"),
    [
        pytest.param(sample_report(), 1280, "light", id="sample-wide"),
        pytest.param(sample_report(), 360, "dark", id="sample-phone"),
        pytest.param(hostile_report(), 360, "light", id="hostile-phone"),
        pytest.param(empty_report(), 360, "light", id="empty-phone"),
        pytest.param(unjudged_report(), 360, "light", id="unjudged-phone"),
        pytest.param(perfect_report(), 1280, "dark", id="perfect-wide"),
        pytest.param(changed_report(), 360, "dark", id="changed-phone"),
        pytest.param(with_history(sample_report()), 1280, "dark", id="past-wide"),
        pytest.param(with_history(sample_report()), 360, "light", id="past-phone"),
    ],
)
def test_nothing_is_asked_nothing_is_complained_about_and_the_width_fits(
    show: Open, report: Report, width: int, scheme: str
) -> None:
    seen = show(report, width=width, scheme=scheme)
    assert [url for url in seen.requests if not url.startswith(("file:", "data:"))] == []
    assert len([url for url in seen.requests if url.startswith("file:")]) == 1
    assert seen.complaints == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


def test_hostile_names_stay_text(show: Open) -> None:
    seen = show(hostile_report())
    page = seen.page
    page.locator("#list thead button").first.click()
    page.locator("input[name=files]").check()
    page.locator("#circles circle").nth(1).click(force=True)
    assert page.locator("img").count() == 0
    assert "broken" not in page.title()
    assert seen.complaints == []
    expect(page.locator("#list tbody tr").nth(1)).to_contain_text("<img src=x")


def test_a_click_on_a_column_sorts_and_another_one_turns_it_round(show: Open) -> None:
    page = show(sample_report()).page
    head = page.locator("#list th[data-sort=severity]")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    assert page.locator("#list tbody tr").first.locator("b").first.text_content() == "critical"
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert page.locator("#list tbody tr").first.locator("b").first.text_content() == "low"
    page.locator("#list th[data-sort=place] button").click()
    expect(head).not_to_have_attribute("aria-sort", re.compile(".*"))
    places = [place.rsplit(":", 1)[0] for place in page.locator("#list td:nth-child(3) code").all_text_contents()]
    dotted = [place for place in places if place.startswith(("services/", "web/"))]
    assert dotted == sorted(dotted)


def test_filters_narrow_the_list_and_stand_in_the_address(show: Open) -> None:
    page = show(sample_report(baseline=frozenset())).page
    page.locator("select[name=group]").select_option("docker")
    expect(page.locator("#shown")).to_contain_text("8 of 60 findings")
    page.locator("select[name=severity]").select_option("high")
    expect(page.locator("#shown")).to_contain_text("4 of 60 findings")
    page.locator("#filters input[name=q]").fill("debian rests")
    expect(page.locator("#shown")).to_contain_text("1 of 60 findings")
    assert rows(page) == ["Debian 10 ended on 2022-09-10"]
    assert "group=docker" in page.url
    assert "severity=high" in page.url
    page.locator("#filters button[type=reset]").click()
    expect(page.locator("#shown")).to_contain_text(re.compile("^60 findings"))
    assert page.url.endswith("#findings")


def test_the_address_restores_filters_and_order(show: Open) -> None:
    page = show(sample_report(), fragment="#findings?group=actions&sort=title").page
    expect(page.locator("#shown")).to_contain_text("10 of 60 findings")
    expect(page.locator("select[name=group]")).to_have_value("actions")
    titles = rows(page)
    assert titles == sorted(titles, key=str.lower)
    assert page.evaluate("document.getElementById('findings').getBoundingClientRect().top") < 200


def test_nonsense_in_the_address_does_no_harm(show: Open) -> None:
    seen = show(sample_report(), fragment="#findings?group=nothing&severity=x&sort=__proto__&q=%F0%9F")
    assert seen.complaints == []
    seen.page.locator("#filters button[type=reset]").click()
    expect(seen.page.locator("#shown")).to_contain_text(re.compile("^60 findings"))


def test_new_only_shows_what_the_baseline_lacks(show: Open) -> None:
    report = sample_report()
    known = frozenset(row.fingerprint for row in report.findings[5:])
    page = show(sample_report(baseline=known)).page
    page.locator("input[name=new]").check()
    expect(page.locator("#shown")).to_contain_text("5 of 60 findings")


def test_grouping_by_file_puts_each_file_once_above_its_findings(show: Open) -> None:
    page = show(sample_report()).page
    page.locator("input[name=files]").check()
    heads = page.locator("#list tr.file").all_text_contents()
    assert len(heads) == len(set(heads)) > 5
    assert page.locator("#list tbody tr").first.get_attribute("class") == "file"


def test_a_best_fix_leads_to_its_finding_even_when_that_is_filtered_away(show: Open) -> None:
    page = show(sample_report()).page
    page.locator("#filters input[name=q]").fill("no such finding")
    expect(page.locator("#shown")).to_contain_text("0 of 60 findings")
    page.locator("ol.best a").first.click()
    expect(page.locator("#list tr.at")).to_be_in_viewport()


def test_thousands_of_findings_come_in_portions_and_soon(show: Open) -> None:
    report = sample_report()
    many = tuple(replace(report.findings[index % 60], fingerprint=f"{index:032x}") for index in range(3000))
    seen = show(replace(report, findings=many))
    painted = seen.page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    assert painted < 5000
    assert len(rows(seen.page)) == 200
    seen.page.locator("#more-rows").click()
    assert len(rows(seen.page)) == 400
    taken = seen.page.evaluate(
        "() => { const start = performance.now(); document.querySelector('#list th[data-sort=place] button').click();"
        " return performance.now() - start; }"
    )
    assert taken < 4000


def test_tab_reaches_skip_link_filters_and_map_in_turn(show: Open) -> None:
    page = show(sample_report()).page
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.locator(".ends a").last.focus()
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.name || document.activeElement.tagName"))
    assert reached.count("circle") == 1
    assert {"q", "group", "severity", "files"} <= set(reached)


def test_the_inventory_can_be_searched(show: Open) -> None:
    page = show(sample_report()).page
    page.locator("#find input").fill("upload-artifact")
    expect(page.locator("#inventory tbody tr:visible")).to_have_count(1)
    expect(page.locator("#inventory details:visible")).to_have_count(1)
    page.locator("#find input").fill("")
    expect(page.locator("#inventory details:visible")).to_have_count(4)


def test_without_scripts_everything_is_there(show: Open) -> None:
    page = show(sample_report(), scripts=False).page
    expect(page.locator("#list tbody tr")).to_have_count(60)
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.locator("#map")).to_be_hidden()
    expect(page.get_by_text("The map needs scripts")).to_be_visible()
    expect(page.locator(".hot tbody tr").first).to_be_visible()


def test_printing_shows_every_row_and_the_closed_details(show: Open) -> None:
    report = sample_report()
    many = tuple(replace(report.findings[index % 60], fingerprint=f"{index:032x}") for index in range(300))
    page = show(replace(report, findings=many)).page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert len(rows(page)) == 300
    page.emulate_media(media="print")
    expect(page.locator(".bar")).to_be_hidden()
    expect(page.locator("#skipped .entries").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_background(show: Open, scheme: str) -> None:
    """WCAG AA: 4.5 to 1, for every text that lies on a plain background."""
    page = show(with_history(sample_report(baseline=frozenset())), scheme=scheme).page
    poor = page.evaluate(CONTRAST)
    assert poor == []
