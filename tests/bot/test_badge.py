"""The badge: readable by everybody, the same to the byte, and nothing in it but the grade and the score."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Page

from bot import badge
from bot.scorecard import Report
from tests.support.browser import CHROMIUM, running_browser
from tests.support.reports import empty_report, perfect_report, sample_report, unjudged_report

SVG = "{http://www.w3.org/2000/svg}"


def _luminance(colour: str) -> float:
    parts = (int(colour[start : start + 2], 16) / 255 for start in (0, 2, 4))
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", [*badge.COLOURS.values(), badge.LABEL_COLOUR, badge.UNJUDGED_COLOUR])
def test_white_text_stands_out_from_every_colour(colour: str) -> None:
    assert 1.05 / (_luminance(colour) + 0.05) >= 4.5


@pytest.mark.parametrize(
    ("report", "said", "colour"),
    [
        (sample_report(), "D 44.1", "b45309"),
        (perfect_report(), "A 100", "1a7f37"),
        (empty_report(), "not judged", "57606a"),
        (unjudged_report(), "not judged", "57606a"),
    ],
)
def test_both_forms_say_grade_and_score(report: Report, said: str, colour: str) -> None:
    picture = ET.fromstring(badge.svg(report))  # noqa: S314 - of our own making
    assert picture.get("role") == "img"
    title = picture.find(f"{SVG}title")
    assert title is not None
    assert title.text == f"technical debt: {said}"
    assert picture.get("aria-label") == title.text
    assert [text.text for text in picture.iter(f"{SVG}text")] == ["technical debt", said]
    assert f'fill="#{colour}"' in badge.svg(report)
    document = json.loads(badge.endpoint(report))
    assert (document["schemaVersion"], document["message"], document["color"]) == (1, said, colour)
    assert set(document) <= {"schemaVersion", "label", "message", "color", "labelColor"}


def test_nothing_of_the_repository_is_in_it() -> None:
    hostile = replace(sample_report(), repository=replace(sample_report().repository, name="<script>x</script>"))
    assert badge.files(hostile) == badge.files(sample_report())


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with running_browser() as browser:
        yield browser.new_page(viewport={"width": 400, "height": 100})


@pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed at /usr/bin/chromium")
@pytest.mark.parametrize("report", [sample_report(), perfect_report(), empty_report()])
def test_in_a_browser_each_text_stays_in_its_half(page: Page, report: Report) -> None:
    page.set_content(badge.svg(report))
    (whole, right, first, second) = (
        page.eval_on_selector(f"svg {name}", "one => one.getBoundingClientRect().toJSON()")
        for name in ("rect", "path", "text:first-of-type", "text:last-of-type")
    )
    assert whole["left"] + 4 < first["left"] < first["right"] < right["left"] - 4
    assert right["left"] + 4 < second["left"] < second["right"] < right["right"] - 4
    assert right["right"] == whole["right"]
    assert whole["top"] <= first["top"] < first["bottom"] <= whole["bottom"]
