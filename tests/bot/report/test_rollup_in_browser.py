"""The roll-up's page in a real browser: what it asks for, whether it fits, and what mouse and keyboard can do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.report.rollup_html import render
from bot.rollup import RollUp, roll_up
from tests.support.browser import CHROMIUM, opened_page, running_browser
from tests.support.reports import AS_OF, SCANNED_AT
from tests.support.rollups import LEFT_OUT, member, organisation

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed at /usr/bin/chromium")

ATTACK = "\"'><img src=x onerror=document.title='broken'></script><script>document.title='broken'</script>"
WHOLE = organisation()
NOTHING = roll_up([], LEFT_OUT, scanned_at=SCANNED_AT, as_of=AS_OF)
BROKEN = replace(
    WHOLE,
    owner=ATTACK,
    members=tuple(replace(one, name=ATTACK + "x" * 500, failed=(ATTACK,)) for one in WHOLE.members),
    shared=tuple(replace(one, name=ATTACK, versions=(ATTACK,) * 9, target=ATTACK) for one in WHOLE.shared),
    ends=tuple(replace(end, title=ATTACK + "y" * 500) for end in WHOLE.ends),
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as started:
        yield started


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """Open the page of an organisation of 50 repositories."""
    with opened_page(browser, _written(WHOLE, tmp_path)) as seen:
        yield seen.page
        assert seen.complaints == []


def _written(rolled: RollUp, folder: Path) -> str:
    file = folder / "roll-up.html"
    file.write_bytes(render(rolled).encode(errors="replace"))
    return file.as_uri()


def _names(page: Page) -> list[str]:
    return page.locator("#repos tbody th a").all_text_contents()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("rolled", [WHOLE, NOTHING, BROKEN], ids=["whole", "nothing", "broken"])
def test_nothing_is_asked_nothing_is_complained_about_and_the_width_fits(
    browser: Browser, tmp_path: Path, rolled: RollUp, width: int, scheme: str
) -> None:
    with opened_page(browser, _written(rolled, tmp_path), width=width, scheme=scheme) as seen:
        assert [url for url in seen.requests if not url.startswith(("file:", "data:"))] == []
        assert len([url for url in seen.requests if url.startswith("file:")]) == 1
        assert seen.complaints == []
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        assert seen.page.locator("img").count() == 0
        assert seen.page.title() != "broken"


def test_without_scripts_everything_can_be_read(browser: Browser, tmp_path: Path) -> None:
    with opened_page(browser, _written(WHOLE, tmp_path), scripts=False) as seen:
        assert len(_names(seen.page)) == 50
        expect(seen.page.locator("#filters")).to_be_hidden()
        expect(seen.page.locator("#found")).to_have_text("50 repositories, the worst first.")


def test_a_click_on_a_column_sorts_and_another_one_turns_it_round(page: Page) -> None:
    worst = _names(page)
    head = page.locator("#repos thead th").nth(3)
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    counts = [int(text) for text in page.locator("#repos tbody td:nth-child(4)").all_text_contents()]
    assert counts == sorted(counts, reverse=True)
    head.get_by_role("button").press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert page.locator("#repos tbody td:nth-child(4)").first.text_content() == "0"
    page.locator("#filters button[type=reset]").click()
    expect(head).not_to_have_attribute("aria-sort", re.compile(".*"))
    assert _names(page) == worst


def test_names_and_grades_narrow_the_table_and_it_says_so(page: Page) -> None:
    page.locator("#filters input[name=q]").fill("shop 2")
    expect(page.locator("#found")).to_have_text("2 of 50 repositories, the worst first.")
    page.locator("#filters input[name=q]").fill("")
    page.locator("#filters select[name=grade]").select_option("A")
    expect(page.locator("#found")).to_contain_text(f"{dict(WHOLE.grades)['A']} of 50 repositories")
    page.locator("#filters select[name=grade]").select_option("not judged")
    expect(page.locator("#found")).to_contain_text("2 of 50 repositories")
    page.locator("#filters button[type=reset]").click()
    expect(page.locator("#found")).to_have_text("50 repositories, the worst first.")


def test_the_names_that_do_not_stand_in_a_row_come_with_a_click(page: Page) -> None:
    more = page.locator("#shared details").first
    last = WHOLE.shared[0].repositories[-1].removeprefix("acme/")
    assert last not in more.inner_text()
    more.locator("summary").press("Enter")
    assert last in more.inner_text()


def test_on_a_phone_its_tables_are_tables_for_a_screen_reader_as_well(browser: Browser, tmp_path: Path) -> None:
    with opened_page(browser, _written(WHOLE, tmp_path), width=390) as seen:
        table = seen.page.get_by_role("table", name="Repositories", exact=True)
        assert table.get_by_role("row").count() == 51
        assert table.get_by_role("rowheader").count() == 50
        fallen = seen.page.get_by_role("table", name="Most fallen")
        assert fallen.get_by_role("row").nth(1).get_by_role("cell").count() == 2


def test_one_repository_alone_is_one(browser: Browser, tmp_path: Path) -> None:
    rolled = roll_up([member("shop")], owner="acme", scanned_at=SCANNED_AT, as_of=AS_OF)
    with opened_page(browser, _written(rolled, tmp_path)) as seen:
        expect(seen.page.locator("#found")).to_have_text("1 repository, the worst first.")
        expect(seen.page.locator("#left-out")).to_contain_text("Nothing: every repository was scanned")
