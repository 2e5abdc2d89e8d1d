from __future__ import annotations

import pytest

from analyzers.versions.image_tag import MAX_LENGTH, parse


@pytest.mark.parametrize(
    ("text", "style", "version", "stable"),
    [
        ("3.11-slim", "version", "3.11", True),
        ("v1.2.3", "version", "1.2.3", True),
        ("jdk-17.0.2_8", "version", "17.0.2_8", True),
        ("3.15-rc-slim", "version", "3.15", False),
        ("3.15.0a1", "version", "3.15.0a1", False),
        ("1.0.0-beta.2", "version", "1.0.0", False),
        ("5.38-devel", "version", "5.38", True),
        ("2023.10", "year", "2023.10", True),
        ("20230919", "date", None, True),
        ("20239999", "build", None, True),
        ("bookworm", "word", None, True),
        ("1" * (MAX_LENGTH + 1), "word", None, True),
    ],
)
def test_a_tag_says_how_it_reads(text: str, style: str, version: str | None, stable: bool) -> None:
    tag = parse(text)
    assert (tag.style, tag.version, tag.is_stable) == (style, version, stable)
