"""The marker is read back as it was drawn, is inert as HTML, and nothing forged is taken for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.upgrade.marker import Marker, content_digest, draw, marker_of, parse, restate
from bot.upgrade.model import LockProblem
from tests.support.upgrades import move, upgrade, written

DIGEST = "0123456789abcdef0123"
SETUP = {"setup": "pending"}
GOOD = draw(Marker(id="pypi-requests-2", targets={"requests": "2.32.3"}, digest=DIGEST))


def test_a_marker_is_read_back_as_it_was_drawn() -> None:
    drawn = marker_of(written())
    assert drawn.targets == {"pypi:requests": "2.32.3"}
    assert parse(f"text\n\n{draw(drawn)}\n") == drawn


@pytest.mark.parametrize(
    ("inputs", "read"),
    [(DIGEST, DIGEST), (f"{DIGEST}-2026w48", f"{DIGEST}-2026w48"), ("", ""), ("x", ""), (f"{DIGEST}-2026", "")],
)
def test_what_it_was_made_from_is_read_back_and_nothing_else_is(inputs: str, read: str) -> None:
    drawn = draw(Marker(id="a", digest=DIGEST, inputs=inputs))
    found = parse(drawn)
    assert found
    assert found.inputs == read
    assert restate(drawn, SETUP, inputs="") == draw(Marker(id="a", digest=DIGEST, state=SETUP))


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=30), st.text(max_size=30), max_size=4))
def test_no_name_and_no_version_ends_the_comment(targets: dict[str, str]) -> None:
    marker = Marker(id="a-b", targets=targets, digest=DIGEST)
    drawn = draw(marker)
    inside = drawn.removeprefix("<!--").removesuffix("-->")
    assert not any(sign in inside for sign in ("--", "<", ">", "@", "#", "\n", "`"))
    assert parse(drawn) == marker


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no marker",
        GOOD + GOOD,
        GOOD + "\n<!-- debtscan: {} -->",
        "<!-- debtscan: {} -->",
        "<!-- debtscan: [] -->",
        '<!-- debtscan: {"id":"a","targets":{},"digest":"x"} -->',
        f'<!-- debtscan: {{"id":"","targets":{{}},"digest":"{DIGEST}"}} -->',
        f'<!-- debtscan: {{"id":7,"targets":{{}},"digest":"{DIGEST}"}} -->',
        f'<!-- debtscan: {{"id":"a","targets":{{"b":1}},"digest":"{DIGEST}"}} -->',
        f'<!-- debtscan: {{"id":"a","targets":{{}},"digest":"{DIGEST}","more":1}} -->',
        f'<!-- debtscan: {{"id":"a\\u0000","targets":{{}},"digest":"{DIGEST}"}} -->',
        GOOD.replace(" -->", ""),
        GOOD.replace("<!--", "<!-- -"),
        "<!-- debtscan: {" * 2000,
        "<!-- debtscan: {" + '"a":' * 50_000,
    ],
)
def test_what_debtscan_did_not_draw_is_no_marker(body: str) -> None:
    assert parse(body) is None


def test_the_digest_changes_with_the_content_and_with_nothing_else() -> None:
    same = content_digest(written())
    assert content_digest(written()) == same
    assert content_digest(written(upgrade(worth=replace(upgrade().worth, points=1)))) == same
    others = [
        written(files={"requirements.txt": b"x"}),
        written(upgrade(move(target="2.32.4"))),
        written(upgrade(move(advisories=()))),
        written(problems=(LockProblem(lock="a", tool="b", detail="c"),)),
    ]
    assert len({same, *map(content_digest, others)}) == 5
