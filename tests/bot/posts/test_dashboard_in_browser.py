"""Dashboards in a real browser: they fit a telephone, ask nobody, and nothing in them runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bot.posts.dashboard import body
from bot.posts.model import Told
from tests.support.browser import CHROMIUM, running_browser
from tests.support.github_page import page
from tests.support.posts import hostile, huge, monday

ATTACK = "<img src=http://127.0.0.1/x onerror=document.title='broken'><script>document.title='broken'</script>![i](u)"
TOLD = {"monday": monday(), "attack": hostile(ATTACK), "long": hostile("a-very-long-name-" * 20), "huge": huge(3000)}

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed at /usr/bin/chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as started:
        yield started


@pytest.mark.parametrize("what", TOLD.values(), ids=TOLD)
@pytest.mark.parametrize("width", [1012, 390])
def test_a_dashboard_fits_asks_nobody_and_runs_nothing(
    browser: Browser, tmp_path: Path, what: Told, width: int
) -> None:
    file = tmp_path / "issue.html"
    file.write_text(page(body(what, "Technical debt")), encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900})
    shown = context.new_page()
    asked: list[str] = []
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto(file.as_uri())
    shown.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    assert asked == [file.as_uri()]
    assert shown.title() == "A pull request"
    assert shown.locator("img, script, iframe, form").count() == 0
    assert shown.locator("input").count() == shown.locator("li > input[type=checkbox]").count() > 0
    assert shown.get_by_role("heading").first.inner_text().startswith("Grade")
    context.close()
