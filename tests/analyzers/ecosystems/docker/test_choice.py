from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.ecosystems.docker.choice import newer, with_codename
from analyzers.versions.image_tag import parse

FIXTURES = Path(__file__).parent / "fixtures" / "tags"


def _tags(name: str) -> list[str]:
    return (FIXTURES / f"{name}.txt").read_text().split()


PYTHON = _tags("python")
NODE = _tags("node")
POSTGRES = _tags("postgres")
MIXED = _tags("mixed")

CASES = [
    # Suffix and precision stay.
    (PYTHON, "3.11-slim-bookworm", "3.14-slim-bookworm"),
    (PYTHON, "3.8-slim", "3.14-slim"),
    (PYTHON, "3.8", "3.14"),
    (PYTHON, "3.11.4", "3.14.1"),
    (PYTHON, "3.14.0", "3.14.1"),
    (PYTHON, "3.11.4-slim-bookworm", "3.14.1-slim-bookworm"),
    (PYTHON, "3", None),
    (PYTHON, "3-slim", None),
    (PYTHON, "2", "3"),
    (PYTHON, "2.7-slim", "3.14-slim"),
    (PYTHON, "3.14", None),
    (PYTHON, "3.14-slim-trixie", None),
    (PYTHON, "3.11-slim-trixie", "3.14-slim-trixie"),
    # The variant of a suffix is never exchanged unasked.
    (PYTHON, "3.8-slim-buster", None),
    (PYTHON, "3.8-alpine3.19", None),
    (PYTHON, "3.11-alpine", "3.14-alpine"),
    (PYTHON, "3.9-windowsservercore-1809", None),
    (PYTHON, "3.9-windowsservercore-ltsc2022", "3.14-windowsservercore-ltsc2022"),
    # A prerelease is never proposed, and a stable release is newer than its prereleases.
    (PYTHON, "3.15-rc", None),
    (PYTHON, "3.14-rc-slim", "3.14-slim"),
    (PYTHON, "3.14.0a7-slim-bookworm", "3.14.1-slim-bookworm"),
    (PYTHON, "3.15-rc-slim", None),
    (POSTGRES, "18", None),
    (POSTGRES, "13", "18"),
    (POSTGRES, "13-alpine", "18-alpine"),
    (POSTGRES, "13.4", "18.1"),
    (POSTGRES, "9.6", "18.1"),
    (POSTGRES, "17rc1", "18"),
    (POSTGRES, "19beta1", None),
    # A version never becomes a word, a word never a version.
    (PYTHON, "latest", None),
    (PYTHON, "slim", None),
    (PYTHON, "bookworm", None),
    (PYTHON, "slim-bookworm", None),
    (NODE, "18-alpine", "25-alpine"),
    (NODE, "18.20-alpine", "24.1-alpine"),
    (NODE, "18.20.8-alpine", "24.1.0-alpine"),
    (NODE, "18", "24"),
    (NODE, "18-bookworm-slim", "24-bookworm-slim"),
    (NODE, "18-alpine3.19", None),
    (NODE, "lts-alpine", None),
    (NODE, "iron-slim", None),
    (NODE, "current", None),
    # The v stays, and so does its absence.
    (MIXED, "v1.2.3", "v2.0.0"),
    (MIXED, "1.3.0", "2.1.0"),
    (MIXED, "release-1.4", "release-1.10"),
    (MIXED, "jdk-17.0.2_8", "jdk-21.0.1_12"),
    (MIXED, "17.0.8_7-jdk", "21.0.1_12-jdk"),
    # Dates stay dates, calendar versions calendar versions.
    (MIXED, "20230901", "20240315"),
    (MIXED, "bookworm-20230919", "bookworm-20240211"),
    (MIXED, "trixie-20250811", None),
    (MIXED, "2024.1.0", "2025.2.1"),
    (MIXED, "RELEASE.2023-09-30T07-02-29Z", "RELEASE.2024-01-01T10-00-00Z"),
    (MIXED, "2.0.20230926.0", "2.0.20240101.1"),
    (MIXED, "2", None),
    (MIXED, "1.2", "1.10"),
    # Build numbers and hashes say nothing.
    (MIXED, "1234567", None),
    (MIXED, "abcdef1", None),
    # Families of other publishers.
    (MIXED, "15-3.3", "16-3.3"),
    (MIXED, "16.0.0-debian-11-r5", "16.1.0-debian-11-r2"),
    (MIXED, "16.1.0-debian-11-r1", "16.1.0-debian-11-r2"),
    (MIXED, "4.2.1-ls12", "4.3.0-ls9"),
    (MIXED, "12.1.0-devel-ubuntu22.04", "12.9.0-devel-ubuntu22.04"),
    (MIXED, "8.0-alpine", "10.0-alpine"),
    (MIXED, "9.0-preview-alpine", "10.0-alpine"),
    (MIXED, "3.9-eclipse-temurin-17", "4.0-eclipse-temurin-17"),
    (MIXED, "3.9-eclipse-temurin-21", None),
    (MIXED, "8-jdk17", "9-jdk17"),
    (MIXED, "1.0.0-amd64", "1.1.0-amd64"),
    (MIXED, "1.0_1", None),
    (MIXED, "", None),
    (MIXED, "-", None),
    ([], "18", None),
]


@pytest.mark.parametrize(("tags", "current", "expected"), CASES)
def test_newer_keeps_what_the_tag_says_beside_its_version(tags: list[str], current: str, expected: str | None) -> None:
    choice = newer(current, tags)
    assert (choice.tag if choice else None) == expected


@pytest.mark.parametrize(
    ("current", "suffix", "expected"),
    [
        ("3.11-slim-bookworm", ("slim", "trixie"), "3.14-slim-trixie"),
        ("3.8-slim-buster", ("slim", "bookworm"), "3.14-slim-bookworm"),
        ("3.8-slim-buster", ("slim",), "3.14-slim"),
        ("3.11.4-slim-bookworm", ("slim", "trixie"), None),
    ],
)
def test_another_variant_is_proposed_only_when_told(
    current: str, suffix: tuple[str, ...], expected: str | None
) -> None:
    choice = newer(current, PYTHON, suffix=suffix)
    assert (choice.tag if choice else None) == expected


def test_a_refused_candidate_gives_way_to_the_next() -> None:
    choice = newer("18-alpine", NODE, accepts=lambda tag: tag.numbers[0] % 2 == 0)
    assert choice is not None
    assert (choice.tag, choice.why, choice.step) == ("24-alpine", "the newest tag that keeps -alpine", 0)


@pytest.mark.parametrize(
    ("current", "expected", "step"),
    [("3.11.4", "3.14.1", 1), ("3.14.0", "3.14.1", 2), ("2.7", "3.14", 0), ("3.14.1-rc", "3.14.1", 3)],
)
def test_the_step_is_the_first_part_that_grows(current: str, expected: str, step: int) -> None:
    choice = newer(current, PYTHON)
    assert choice is not None
    assert (choice.tag, choice.step) == (expected, step)


DEBIAN = {"buster": (10,), "bullseye": (11,), "bookworm": (12,), "trixie": (13,), "noble": (24, 4)}


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        ("bullseye", "trixie"),
        ("bullseye-slim", "bookworm-slim"),
        ("trixie", None),
        ("sid", None),
        ("bullseye-backports", None),
        ("11", "13"),
    ],
)
def test_a_code_name_moves_to_a_code_name(current: str, expected: str | None) -> None:
    tags = ["trixie", "bookworm", "bookworm-slim", "13", "12", "11", "sid", "trixie-20250811-slim"]
    choice = newer(current, tags, codenames=DEBIAN)
    assert (choice.tag if choice else None) == expected


def test_a_code_name_is_one_only_where_somebody_says_so() -> None:
    assert with_codename("jammy", DEBIAN) is None
    noble = with_codename("noble-20240225", DEBIAN)
    assert noble is not None
    assert (noble.numbers, noble.suffix) == ((24, 4), ("20240225",))


_TAGS = st.one_of(
    st.text(max_size=40),
    st.from_regex(r"v?[0-9]{1,3}(\.[0-9]{1,3}){0,2}(-(slim|alpine|rc1|bookworm)){0,2}", fullmatch=True),
)


@given(_TAGS, st.lists(_TAGS, max_size=12))
@settings(deadline=None, max_examples=300)
def test_a_newer_tag_is_of_the_same_kind_and_has_no_newer_one(current: str, tags: list[str]) -> None:
    choice = newer(current, tags)
    if choice is None:
        return
    old, new = parse(current), parse(choice.tag)
    assert choice.tag in tags
    assert new.is_stable
    assert (len(new.numbers), new.lead, new.prefix) == (len(old.numbers), old.lead, old.prefix)
    assert new.numbers >= old.numbers
    assert newer(choice.tag, tags) is None
