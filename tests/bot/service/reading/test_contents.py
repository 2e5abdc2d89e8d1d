from __future__ import annotations

import zlib

import pytest

from bot.service.reading import contents
from bot.service.reading.documents import Hot, Scanned
from bot.service.reading.errors import DamagedError


def test_what_was_packed_is_what_is_unpacked() -> None:
    assert contents.unpacked(contents.packed(b"[1, 2]" * 1000), "the list") == b"[1, 2]" * 1000


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"no zlib at all", "not compressed as it should be"),
        (contents.packed(b"[1, 2, 3]")[:-3], "its end is missing"),
        (b"", "its end is missing"),
        (zlib.compress(b"0" * 5000), "larger than 1,000 bytes"),
    ],
)
def test_a_damaged_row_is_told_by_name(content: bytes, why: str) -> None:
    with pytest.raises(DamagedError, match=f"the report of shop cannot be read .*{why}.*the next scan"):
        contents.unpacked(content, "the report of shop", 1000)


def test_a_bomb_is_not_inflated_to_its_end() -> None:
    bomb = zlib.compress(b"\0" * 200_000_000, 9)
    with pytest.raises(DamagedError, match="larger than 1,000,000 bytes"):
        contents.unpacked(bomb, "the bomb", 1_000_000)


@pytest.mark.parametrize("text", ["{}", "[]", '{"findings": 3}', "\xff", "[" * 100_000, "null"])
def test_json_of_another_shape_is_damaged(text: str) -> None:
    with pytest.raises(DamagedError, match="the report cannot be read"):
        contents.read(contents.packed(text.encode("latin-1")), Scanned, "the report")


def test_keys_of_a_later_version_are_passed_over() -> None:
    document = (
        b'{"hotspots": [], "hotspot_files": [], "couplings": [], "more_couplings": 0, "folders": [], "history": null,'
        b' "to_come": {"x": [1]}}'
    )
    assert contents.parsed(document, Hot, "it").hotspots == ()
