"""A comment, a check run and a job's page in a real browser: they fit a telephone, ask nobody, and nothing runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from analyzers.config import Gate
from bot.comparison import Comparison
from bot.posts.check_run import Checked, check_run
from bot.posts.comment import body
from bot.posts.judged import judged
from bot.posts.summary import summary
from tests.support.browser import CHROMIUM, running_browser
from tests.support.changes import SETTING, blinding_change, large_change, sample_change
from tests.support.github_page import page
from tests.support.moved import changed_report

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed at /usr/bin/chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as started:
        yield started


def _checked(change: Comparison) -> Checked:
    return check_run(change.after, change, judged(change.after, Gate(fail_under="A"), compares=True), SETTING)


def _standing() -> str:
    report = changed_report()
    return check_run(report, None, judged(report, Gate(), compares=False), SETTING).summary


@pytest.mark.parametrize("width", [1012, 390])
@pytest.mark.parametrize(
    "make",
    [
        lambda: body(sample_change(), SETTING),
        lambda: body(blinding_change(), SETTING),
        lambda: summary(_checked(large_change(300))),
        _standing,
    ],
    ids=["comment", "blinding", "summary", "standing"],
)
def test_it_fits_asks_nobody_and_runs_nothing(
    browser: Browser, tmp_path: Path, make: Callable[[], str], width: int
) -> None:
    file = tmp_path / "post.html"
    file.write_text(page(make()), encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900})
    shown = context.new_page()
    asked: list[str] = []
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto(file.as_uri())
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    assert asked == [file.as_uri()]
    assert shown.locator("img, script, iframe, form, input").count() == 0
    assert shown.locator("table").count() >= 1
    context.close()
