from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from bot.change_items import Item
from bot.report.html import RENDERER
from bot.report.renderer import Options
from bot.ruleset import grade
from bot.scorecard import Charged, FileSize, Report
from tests.support.entries import with_history
from tests.support.moved import changed_report, sample_change
from tests.support.reports import HOSTILE_NAMES, empty_report, perfect_report, sample_report, unjudged_report

REPORTS = {
    "sample": sample_report(),
    "changed": changed_report(),
    "empty": empty_report(),
    "perfect": perfect_report(),
    "unjudged": unjudged_report(),
    "past": with_history(sample_report()),
}
ATTACK = '"><img src=x onerror=alert(1)></script><script>alert(2)</script><!--\u2028\u202e\x1b]0;x\x07'


def page(report: Report) -> str:
    return RENDERER.render(report, Options())


class Elements(HTMLParser):
    """Every element with its attributes, and the text that a reader sees."""

    VOID = frozenset({"meta", "link", "input", "br"})

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute twice in <{tag}>"
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.setdefault(self.open[-1] if self.open else "", []).append(data)
        if not {"script", "style"} & set(self.open):
            self.words.append(data)

    @property
    def ids(self) -> list[str]:
        return [str(attributes["id"]) for _, attributes in self.elements if "id" in attributes]


def hostile_report() -> Report:
    """Return the sample with the attack in every name that the page shows."""
    report = sample_report(baseline=frozenset())
    change = sample_change()
    findings = tuple(
        replace(
            row,
            owners=(ATTACK,),
            finding=replace(
                row.finding,
                path=ATTACK,
                title=ATTACK,
                message=ATTACK * 3,
                fix=replace(row.finding.fix, to=ATTACK),
                subject=replace(row.finding.subject, name=ATTACK, current=ATTACK),
            ),
        )
        for row in report.findings
    )
    inventory = replace(
        report.inventory,
        dependencies=tuple(
            replace(
                dependency,
                name=ATTACK,
                value=ATTACK,
                locked_version=ATTACK,
                place=replace(dependency.place, path=ATTACK),
            )
            for dependency in report.inventory.dependencies
        ),
    )
    return replace(
        report,
        repository=replace(report.repository, name=ATTACK, branch=ATTACK),
        findings=findings,
        ignored=tuple(replace(entry, reason=ATTACK, charged=findings[0]) for entry in report.ignored),
        hotspots=tuple(replace(spot, path=ATTACK, function=ATTACK, reasons=(ATTACK,)) for spot in report.hotspots),
        files=(FileSize(path=f"{ATTACK}/a/{ATTACK}", lines=10, revisions=1, complexity=1, points=1), *report.files),
        skipped=tuple(replace(entry, path=ATTACK, source=ATTACK, detail=ATTACK) for entry in report.skipped),
        change=replace(change, unsplit="", items=tuple(_attacked(item) for item in change.items)),
        inventory=inventory,
        scorecard=replace(
            report.scorecard,
            best=tuple(replace(fix, title=ATTACK) for fix in report.scorecard.best),
            paths=tuple(replace(share, path=ATTACK, owners=(ATTACK,)) for share in report.scorecard.paths),
        ),
    )


def _attacked(item: Item) -> Item:
    return replace(item, title=ATTACK, path=ATTACK, rule=ATTACK, fingerprint=ATTACK)


def many_findings(report: Report, count: int) -> tuple[Charged, ...]:
    honest = [row for row in report.findings if row.finding.path not in HOSTILE_NAMES]
    return tuple(
        replace(
            honest[index % len(honest)],
            fingerprint=f"{index:032x}",
            finding=replace(honest[index % len(honest)].finding, path=f"services/team-{index % 40}/pyproject.toml"),
        )
        for index in range(count)
    )


def many_files(count: int) -> tuple[FileSize, ...]:
    return tuple(
        FileSize(
            path=f"src/part_{index % 23}/area_{index % 7}/module_name_{index}.py",
            lines=1 + index * 7919 % 400,
            revisions=index % 12,
            complexity=index % 60,
            points=index % 480 if index % 20 == 0 else 0,
        )
        for index in range(count)
    )


@pytest.mark.parametrize("name", REPORTS)
def test_every_element_is_closed_and_every_link_leads_somewhere(name: str) -> None:
    parsed = Elements(page(REPORTS[name]))
    assert parsed.open == []
    assert len(parsed.ids) == len(set(parsed.ids))
    for tag, attributes in parsed.elements:
        if tag == "a":
            target = str(attributes["href"])
            assert target.startswith("#")
            assert target[1:].partition("?")[0] in parsed.ids
        for reference in ("aria-labelledby", "for"):
            if reference in attributes:
                assert attributes[reference] in parsed.ids


@pytest.mark.parametrize("name", REPORTS)
def test_headings_come_in_order_and_the_page_says_its_language(name: str) -> None:
    parsed = Elements(page(REPORTS[name]))
    assert ("html", {"lang": "en"}) in parsed.elements
    levels = [int(tag[1]) for tag, _ in parsed.elements if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize("name", REPORTS)
def test_only_the_hashed_style_and_script_are_allowed_and_nothing_is_fetched(name: str) -> None:
    text = page(REPORTS[name])
    parsed = Elements(text)
    policy = next(
        str(attributes["content"])
        for tag, attributes in parsed.elements
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        (body,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, flags=re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    for _, attributes in parsed.elements:
        assert not any(name == "style" or name.startswith("on") for name in attributes)
        assert "src" not in attributes
        assert str(attributes.get("href", "#")).startswith(("#", "data:"))
    assert "url(" not in text
    assert "@import" not in text


def test_hostile_names_stay_text_everywhere() -> None:
    honest, hostile = Elements(page(sample_report(baseline=frozenset()))), Elements(page(hostile_report()))
    assert not {tag for tag, _ in hostile.elements} - {tag for tag, _ in honest.elements}
    assert sum(tag == "script" for tag, _ in hostile.elements) == 2
    assert not {"img", "iframe", "object", "form"} & {
        tag for tag, attributes in hostile.elements if "src" in attributes
    }
    shown = "".join(hostile.words)
    assert "<img src=x onerror=alert(1)>" in shown
    assert not set("\u2028\u202e\x1b\x07") & set(page(hostile_report()))
    names = json.loads(hostile.texts["script"][0])
    assert "<img src=x" in json.dumps(names)


def test_a_history_is_drawn_in_words_and_figures_and_its_strings_stay_text() -> None:
    report = with_history(sample_report())
    hostile = tuple(replace(entry, ruleset=ATTACK, version=ATTACK, branch=ATTACK) for entry in report.history[:2])
    text = page(replace(report, history=(*report.history[:-2], *hostile)))
    honest = Elements(page(report))
    parsed = Elements(text)
    assert not {tag for tag, _ in parsed.elements} - {tag for tag, _ in honest.elements}
    assert not set("\u2028\u202e\x1b\x07") & set(text)
    shown = "".join(honest.words)
    assert "The score of 31 scans: from 40 (D) on 2026-04-26" in shown
    # Twelve rows beside the chart, the others folded away.
    assert "18 more, older ones" in shown
    assert all(entry.as_of.isoformat() in shown for entry in report.history)
    labels = [str(attributes.get("aria-label")) for _, attributes in honest.elements]
    assert sum(label.startswith("The score of 31") for label in labels) == 1


def test_without_a_history_nothing_of_it_is_in_the_page() -> None:
    text = page(sample_report())
    assert not re.findall(r"course|class=.times.>|Over time|#history", text)
    assert re.findall(r"course", page(with_history(sample_report())))


def test_a_name_of_five_thousand_characters_is_shortened_with_both_ends_kept() -> None:
    report = sample_report()
    row = report.findings[0]
    path = "first/" + "x" * 5000 + "/last.py"
    long = replace(row, finding=replace(row.finding, path=path, title=path, message=path))
    text = page(replace(report, findings=(long,), repository=replace(report.repository, name="n" * 5000)))
    assert "x" * 700 not in text
    assert "n" * 200 not in text
    assert re.search(r"first/x+…x+/last\.py:\d", text)


@pytest.mark.parametrize("name", REPORTS)
def test_the_same_report_gives_the_same_bytes(name: str) -> None:
    assert page(REPORTS[name]).encode() == page(REPORTS[name]).encode()


def test_every_finding_is_listed_with_message_points_place_and_rule() -> None:
    report = sample_report()
    parsed = Elements(page(report))
    shown = "".join(parsed.words)
    for row in report.findings:
        assert f"f-{row.fingerprint}" in parsed.ids
        assert f"rule-{row.finding.rule}" in parsed.ids
        if row.finding.path not in HOSTILE_NAMES:
            assert row.finding.message in shown
            assert f"{row.finding.path}:{row.finding.line}" in shown


def test_what_was_skipped_is_shown_by_reason_with_its_remedy() -> None:
    shown = "".join(Elements(page(sample_report())).words)
    for words in ("time-out", "no answer within 20 seconds", "slow-3", "git fetch --unshallow", "shallow-history"):
        assert words in shown
    assert "8 look-ups were not possible, 2 files could not be read" in shown


def test_a_repository_of_which_nothing_could_be_judged_does_not_look_fine() -> None:
    report = unjudged_report()
    shown = re.sub(r"\s+", " ", "".join(Elements(page(report)).words))
    assert "5 look-ups were not possible" in shown
    assert f"the score may be as low as {report.scorecard.low:.0f}" in shown
    assert "offline: no source was asked" in shown
    assert f"could be {grade(report.scorecard.low)}" in shown
    assert "no finding; not everything was judged" in shown
    assert "What could not be judged stands below" in shown


def test_an_old_table_is_warned_about_and_a_young_one_is_not() -> None:
    text = page(sample_report())
    assert re.search(r'<li class="stale"><b>lifecycles</b>.*over 180 days', text)
    assert re.search(r"<li><b>actions</b> from GitHub, dated 2026-11-01, 21 days old</li>", text)


def test_new_findings_are_marked_only_where_there_is_a_baseline() -> None:
    assert 'name="new"' not in page(sample_report())
    with_baseline = page(sample_report(baseline=frozenset()))
    assert 'name="new"' in with_baseline
    assert "60 new" in with_baseline


def test_three_thousand_findings_and_files_stay_within_their_sizes() -> None:
    report = sample_report()
    map_only = replace(report, files=many_files(3000))
    assert len(page(map_only).encode()) < 600_000
    assert len(page(replace(map_only, findings=many_findings(report, 3000))).encode()) < 2_000_000


def test_beyond_what_a_page_can_bear_it_says_how_much_is_elsewhere() -> None:
    report = sample_report()
    text = page(replace(report, findings=many_findings(report, 5003), files=many_files(3100)))
    assert "3 findings with fewer points are not on this page" in text
    assert "100 smaller, quieter files are drawn together" in text


def test_the_change_is_a_line_and_a_table_and_absent_without_an_earlier_scan() -> None:
    report = changed_report()
    assert report.change
    words = " ".join(Elements(page(report)).words)
    assert "What moved the score since 2026-11-19" in words
    assert "mended: flask 3.0.0 has a known vulnerability" in words
    assert "What moved the score" not in page(sample_report())
    many = replace(report.change, items=report.change.items * 10)
    assert f"And {len(many.items) - 50} more, all of them in the JSON report." in page(replace(report, change=many))
    lost = replace(report.change, items=(), own=0.0, world=0.0, rules=0.0, unsplit=ATTACK)
    text = page(replace(report, change=lost))
    assert "not split: " in text
    assert "<img src=x" not in text
