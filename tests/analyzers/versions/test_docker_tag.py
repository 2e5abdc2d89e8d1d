from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.versions.docker_tag import SCHEME, is_newer
from analyzers.versions.image_tag import parse


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("3.11-slim", "3.14-slim", True),
        ("3.14-slim", "3.11-slim", False),
        ("3.14-rc-slim", "3.14-slim", True),
        ("11.8.1-ubi9-rc", "11.8.1-ubi9", True),
        ("5.7.5-m15", "5.7.5", True),
        ("17-ea-21-jdk", "17-jdk", True),
        ("2.6-dev3", "2.6", True),
        # A number that is huge is a date or a build, and no version.
        ("3.2", "20240101", False),
        ("3", "20240101", False),
        ("20240101", "3.2", False),
        ("3.2", "2024.1", False),
        ("202401", "20240101", False),
        ("20240101", "202402", False),
        ("1.2", "1234567", False),
        ("1234567", "7654321", False),
        # Dates in all spellings, each beside its own.
        ("20240101", "20240131", True),
        ("202401", "202402", True),
        ("2024-01", "2025-03", True),
        ("2024-01", "2025-03-01", False),
        ("2024-01-15", "2024-02-01", True),
        ("202401151230", "202401151231", True),
        ("20240115.1", "20240115.2", True),
        ("base-20231112.0.191179", "base-20240101.0.204074", True),
        ("jammy-20240111", "jammy-20240212", True),
        ("jammy-20240111", "noble-20240212", False),
        ("RELEASE.2024-01-16T16-07-38Z", "RELEASE.2024-01-18T22-51-28Z", True),
        ("RELEASE.2024-01-16T16-07-38Z", "RELEASE.2024-01-18T22-51-28Z.fips", False),
        ("2024.01.15", "2024.02.01", True),
        # Rebuilds count, and another version's count starts again.
        ("16.1.0-debian-12-r5", "16.1.0-debian-12-r10", True),
        ("16.1.0-debian-12-r5", "16.2.0-debian-12-r1", True),
        ("16.1.0-debian-11-r5", "16.2.0-debian-12-r1", False),
        ("4.0.4-r0-ls200", "4.0.4-r0-ls201", True),
        ("8.0.35-27", "8.0.36-28", True),
        ("9.3-1610", "9.5-1736404155", True),
        ("15-3.3", "16-3.4", False),
        ("3.2-18", "3.3-20", False),
        ("8.10-20240528", "9.4-20241023", True),
        ("2019-CU18-ubuntu-20.04", "2019-CU27-ubuntu-20.04", True),
        ("16.7.0-ce.0", "16.7.0-ce.1", True),
        ("16.7.0-ce.0", "16.8.0-ee.0", False),
        ("v1.29.0-eksbuild.1", "v1.29.0-eksbuild.3", True),
        # Java's own ways.
        ("8u382-b05-jdk", "8u402-b06-jdk", True),
        ("8u382-jdk", "11-jdk", False),
        ("17.0.8_7-jdk", "17.0.8.1_1-jdk", True),
        ("17.0.8.1_1-jdk", "17.0.9_9-jdk", True),
        ("17.0.9_9-jdk", "17.0.8.1_1-jdk", False),
        ("17.0.9_9-jdk", "17.0.10-jdk", False),
        # Words, hashes and what a description of a commit ends in.
        ("latest", "latest", False),
        ("sha-1a2b3c4", "sha-2b3c4d5", False),
        ("v1.2.3-4-g1a2b3c4", "v1.3.0", False),
        ("12-bookworm", "13-trixie", False),
    ],
)
def test_only_tags_of_one_kind_compare(old: str, new: str, *, expected: bool) -> None:
    assert is_newer(old, new) is expected


@pytest.mark.parametrize(
    ("tag", "line", "expected"),
    [
        ("3.11.4-slim", "3.11-slim", True),
        ("3.11.4", "3.11-slim", True),
        ("3.11.4-alpine", "3.11-slim", False),
        ("v1.2.3", "v1", True),
        ("1.2.3", "v1", True),
        ("3.12-slim", "3.11-slim", False),
        ("3.11", "3.11.4", False),
        ("3.11-rc", "3.11", False),
        ("20240101", "20240101", True),
        ("20240101", "2", False),
        ("latest", "latest", False),
    ],
)
def test_a_line_is_satisfied_by_its_own_tags_and_by_bare_versions(tag: str, line: str, *, expected: bool) -> None:
    assert SCHEME.satisfies(tag, line) is expected


@pytest.mark.parametrize(
    ("tag", "version", "expected"),
    [
        ("3.11-slim-bookworm", "3.14.1", "3.14-slim-bookworm"),
        ("3-slim", "4.0.1", "4-slim"),
        ("v1.2.3", "2.0.0", "v2.0.0"),
        ("v1.2.3", "v2.0.0", "v2.0.0"),
        ("python-3.11.6", "3.14.1", "python-3.14.1"),
        ("1.13-erlang-25-alpine-3.16", "1.18.4", "1.18-erlang-25-alpine-3.16"),
        ("17.0.8_7-jdk", "21.0.1_12", "21.0.1_12-jdk"),
        ("3.11.4", "3.14", None),
        ("3.11", "3.15.0rc1", None),
        ("3.11-slim", "3.14-alpine", None),
        ("3.11", "2024.1", None),
        ("20240101", "20240202", None),
        ("16.1.0-debian-12-r5", "16.2.0", None),
        ("latest", "3.14", None),
    ],
)
def test_a_tag_is_rewritten_with_all_that_stands_around_its_version(
    tag: str, version: str, expected: str | None
) -> None:
    assert SCHEME.rewrite(tag, version) == expected


@pytest.mark.parametrize(
    ("tag", "pinned"), [("3.11.4-slim", "3.11.4"), ("v1.2.3", "1.2.3"), ("3.11", None), ("20240101", None), ("x", None)]
)
def test_only_a_whole_version_is_pinned(tag: str, pinned: str | None) -> None:
    assert SCHEME.pinned(tag) == pinned


@pytest.mark.parametrize(
    ("old", "new", "step"),
    [
        ("3.11-slim", "4.0-slim", "major"),
        ("3.11-slim", "3.14-slim", "minor"),
        ("3.11.1", "3.11.2", "patch"),
        ("3.11-r1", "3.11-r2", "patch"),
        ("3.11", "3.11", None),
        ("3.11-slim", "3.14-alpine", None),
    ],
)
def test_a_step_is_as_big_as_the_first_number_that_grows(old: str, new: str, step: str | None) -> None:
    assert SCHEME.step(old, new) == step


_NUMBERS = st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,3}){0,3}", fullmatch=True)
_AROUND = st.sampled_from(["", "-slim", "-alpine3.19", "-slim-bookworm", "-erlang-25-alpine-3.16", "-php8.2-fpm"])
_LEAD = st.sampled_from(["", "v", "python-", "arm64v8-"])
_MARKS = st.sampled_from(["", "rc1", "-rc1", "-beta.2", "a4", "-r0", "-ls12", "-20240101", "-debian-12-r5"])
_TAGS = st.one_of(
    st.builds("".join, st.tuples(_LEAD, _NUMBERS, _MARKS, _AROUND)),
    st.from_regex(r"(jammy-|base-)?20[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9])(\.[0-9])?", fullmatch=True),
    st.text("0123456789.-_vrcabeTZu+", max_size=24),
)


@given(st.lists(_TAGS, max_size=8))
@settings(deadline=None, max_examples=300)
def test_tags_have_a_total_order(tags: list[str]) -> None:
    keys = sorted({key for tag in tags if (key := SCHEME.key(tag)) is not None})
    assert all(before < after for before, after in itertools.pairwise(keys))
    assert len(keys) == len({tag for tag in tags if SCHEME.key(tag) is not None})


@given(_TAGS, _TAGS)
@settings(deadline=None, max_examples=300)
def test_of_two_tags_one_at_most_is_newer(one: str, other: str) -> None:
    assert not (is_newer(one, other) and is_newer(other, one))
    assert not is_newer(one, one)


@given(_TAGS, _NUMBERS)
@settings(deadline=None, max_examples=400)
def test_a_rewritten_tag_admits_its_version_and_is_of_the_same_kind(tag: str, version: str) -> None:
    rewritten = SCHEME.rewrite(tag, version)
    if rewritten is None:
        return
    assert SCHEME.satisfies(version, rewritten)
    before, after = parse(tag), parse(rewritten)
    assert (before.prefix, before.lead, before.variant) == (after.prefix, after.lead, after.variant)
    assert len(before.numbers) == len(after.numbers)


@given(_TAGS)
@settings(deadline=None, max_examples=300)
def test_a_tag_rewritten_at_its_own_version_is_itself(tag: str) -> None:
    version = parse(tag).version
    assert version is None or SCHEME.rewrite(tag, version) in {tag, None}
