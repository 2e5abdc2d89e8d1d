from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from analyzers.model.history import Coupling
from bot.report.hotspots_html import HOTSPOTS
from bot.report.renderer import Options
from bot.scorecard import FileSize
from tests.bot.report.test_html import Elements, many_files
from tests.support.hotspots import empty_hotspots, quiet_hotspots, sample_hotspots

REPORTS = {"sample": sample_hotspots(), "empty": empty_hotspots(), "quiet": quiet_hotspots()}
PAGES = {name: HOTSPOTS.render(report, Options()) for name, report in REPORTS.items()}


def words(text: str) -> str:
    return re.sub(r"\s+", " ", "".join(Elements(text).words))


def known_files(count: int) -> tuple[FileSize, ...]:
    """Return files of which everything is known, as many as fit on the map."""
    return tuple(
        replace(
            file,
            authors=3,
            fixes=index % 5,
            months=tuple(index * month % 4 for month in range(12)),
            most_complex=index % 40,
            most_complex_function=f"SomeClass.method_name_{index}",
            main_author=f"Person Number {index % 120}",
            main_share=0.57,
            authors_ever=12,
            authors_gone=3,
        )
        for index, file in enumerate(many_files(count))
    )


@pytest.mark.parametrize("name", PAGES)
def test_every_element_is_closed_every_link_leads_somewhere_and_the_bytes_are_the_same(name: str) -> None:
    parsed = Elements(PAGES[name])
    assert parsed.open == []
    assert len(parsed.ids) == len(set(parsed.ids))
    targets = [str(attributes["href"]) for tag, attributes in parsed.elements if tag == "a"]
    assert all(target[1:] in parsed.ids for target in targets)
    assert HOTSPOTS.render(REPORTS[name], Options()) == PAGES[name]


def test_names_from_the_repository_stay_text() -> None:
    parsed = Elements(PAGES["sample"])
    assert {tag for tag, _ in parsed.elements} <= {*HONEST.split()}
    assert sum(tag == "script" for tag, _ in parsed.elements) == 2
    assert not set("\u202e\x1b\x07") & set(PAGES["sample"])
    assert "<script>alert(1)</script>.py" in words(PAGES["sample"])
    assert "<script>alert" in json.dumps(json.loads(parsed.texts["script"][0]))


HONEST = """
html head meta title link style script body header nav main section footer a div p bdi h1 h2 h3 time label form input
ul li button svg g circle path table caption thead tbody tr th td abbr code span small dl dt dd details summary b br
"""


def test_the_page_says_why_what_to_take_out_what_changes_together_and_who_knows_it() -> None:
    said = words(PAGES["sample"])
    for phrase in (
        "Complexity 41, changed in 30 commits by 7 people in 12 months",
        "21 → 41",
        "131–160",
        "no part of it holds enough",
        "tests/test_base.py",
        "Ada Lovelace 62 %",
        "left out: 210 merges",
        "invalid-syntax",
        "1,200 weaker ones were counted, but are not kept.",
    ):
        assert phrase in said
    assert re.search(r"shop/app/base\.py\W*shop/worker/loops\.py\W*14\W*30 %\W*45 %", said)
    assert re.search(r"everything\W*13\W*40\W*22\W*3", said)


def test_what_was_not_measured_is_no_nought() -> None:
    assert re.search(r"bin/release\.sh\s*0\s*260\s*–\s*–\s*9", words(PAGES["sample"]))


def test_files_come_first_where_that_is_asked_for() -> None:
    def order(text: str) -> bool:
        return text.index('<section id="files"') < text.index('<section id="hotspots"')

    assert order(HOTSPOTS.render(sample_hotspots(), Options(files_first=True)))
    assert not order(PAGES["sample"])


def test_where_nothing_is_a_hotspot_it_says_why() -> None:
    assert "There is no code here that debtscan reads." in words(PAGES["empty"])
    assert "No hotspot: no function is both complicated and often changed." in words(PAGES["quiet"])


def test_three_thousand_files_with_all_their_figures_and_couplings_stay_within_600_kb() -> None:
    files = known_files(3000)
    couplings = tuple(
        Coupling(one=one.path, other=other.path, together=9, one_revisions=12, other_revisions=14)
        for one, other in zip(files[:1500], files[1500:], strict=True)
    )
    full = replace(sample_hotspots(), map=files, files=files, couplings=couplings)
    text = HOTSPOTS.render(full, Options())
    assert len(text.encode()) < 600_000
    assert "2,800 more are not on this page" in words(text)
    assert "1,300 more are not on this page" in words(text)


def test_files_tell_who_is_gone_and_which_lines_moved() -> None:
    report = sample_hotspots()
    # The main author of shop/worker/loops.py is gone.
    assert "40 %, gone" in words(PAGES["sample"])
    assert "62 %, gone" not in words(PAGES["sample"])
    counted = tuple(replace(size, added=1203, deleted=45) for size in report.files)
    assert "+1203 −45" in words(HOTSPOTS.render(replace(report, files=counted), Options()))
