"""Bodies in a real browser: they fit a telephone, ask nobody, and nothing in them runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bot.upgrade.body import body
from bot.upgrade.notes import notes_of
from tests.support.browser import CHROMIUM, running_browser
from tests.support.github_page import page
from tests.support.upgrades import OTHERS, PROBLEM, background, move, note_facts, upgrade, written

ATTACK = "<img src=http://127.0.0.1/x onerror=document.title='broken'><script>document.title='broken'</script>![i](u)"

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed at /usr/bin/chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as started:
        yield started


@pytest.mark.parametrize("name", ["requests", "a-very-long-name-" * 20, ATTACK], ids=["plain", "long", "attack"])
@pytest.mark.parametrize("width", [1012, 390])
def test_a_body_fits_asks_nobody_and_runs_nothing(browser: Browser, tmp_path: Path, name: str, width: int) -> None:
    moved = move(name, repository="github.com/psf/requests")
    notes = notes_of([moved], note_facts({"v2.32.3": f"- {ATTACK}\n- removed {name}\n```\n{name * 5}\n```\n"}), ())
    done = written(upgrade(moved), others=OTHERS, problems=(PROBLEM,))
    file = tmp_path / "pull.html"
    file.write_text(page(body(done, background(notes=notes))), encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900})
    shown = context.new_page()
    asked: list[str] = []
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto(file.as_uri())
    shown.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    assert asked == [file.as_uri()]
    assert shown.title() == "A pull request"
    assert shown.locator("img, script, iframe, form, input").count() == 0
    assert shown.locator("summary").first.inner_text().startswith("Release notes of")
    context.close()
