from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.report._document import FindingPart
from bot.service.api.csv import cell, rows_as_csv
from bot.service.api.parts import EndRow, OrganizationPart


def end(subject: str, *, days: int = 3, path: str = "a,b\nc") -> EndRow:
    return EndRow(subject=subject, ends_on=date(2026, 11, 26), days=days, repository="acme/shop", path=path)


def test_rows_are_read_as_they_were_written() -> None:
    text = rows_as_csv(EndRow, [end('say "hi"', days=-3), end("é")])
    assert text.startswith("subject,ends_on,days,repository,path\r\n")
    assert list(csv.reader(io.StringIO(text, newline="")))[1] == [
        'say "hi"',
        "2026-11-26",
        "-3",
        "acme/shop",
        "a,b\\nc",
    ]


@pytest.mark.parametrize(
    "attack",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        '=HYPERLINK("http://evil")',
        " =1+1",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "\u200b=1+1",
        "＝1+1",
        "＠SUM(A1)",
        "|calc",
        "%0A",
        "p;=cmd|' /C calc'!A0",
        "p; \u3000=1+1",
        'p;"=1+1"',
        'p,;""=1+1',
        "p;q;@SUM(A1)",
    ],
)
def test_no_cell_becomes_a_formula(attack: str) -> None:
    written = rows_as_csv(EndRow, [end(attack), end("x", path=attack)])
    assert formulas(written) == []
    assert written.count(attack.strip("\t\r\n\u200b ")[-3:].replace('"', '""')) >= 2, "nothing is left out"


@given(st.text() | st.text(st.sampled_from("=+-@|%;,'\"\t\r\n \\a1\u200b\u3000\uff1d\uff20"), max_size=12))
def test_no_text_begins_what_spreadsheets_compute(text: str) -> None:
    assert formulas(rows_as_csv(EndRow, [end(text), end("x", path=text)])) == []


def formulas(written: str) -> list[str]:
    """Return the cells that a spreadsheet would compute, whether it parts them at commas or at semicolons."""
    cells = [
        one
        for delimiter in ",;"
        for row in csv.reader(io.StringIO(written, newline=""), delimiter=delimiter)
        for one in row
    ]
    assert len(cells) > 2
    return [one for one in cells if one.lstrip().startswith(tuple("=+-@|%\uff1d\uff0b\uff0d\uff20"))]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (-3, "-3"),
        (1.5, "1.5"),
        (["@a", "@b"], "'@a @b"),
        ([], ""),
        ({"high": 2, "low": None}, "high=2"),
        ([{"id": "CVE-1", "aliases": ["x", "y"]}], "id=CVE-1 aliases=x y"),
        ("plain", "plain"),
        ("a;b; c=d", "a;b; c=d"),
        ("a;=1;-2", "a;'=1;'-2"),
    ],
)
def test_every_value_has_its_text(value: object, shown: str) -> None:
    assert cell(value) == shown


def test_what_is_nested_has_columns_of_its_own() -> None:
    head = rows_as_csv(FindingPart, []).strip().split(",")
    assert {"subject_name", "subject_latest", "fix_to", "fix_safe", "points"} <= set(head)
    assert rows_as_csv(OrganizationPart, []).strip().split(",")[:3] == ["account", "url", "repositories"]
