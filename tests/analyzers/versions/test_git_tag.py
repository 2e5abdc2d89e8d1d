"""Tags of git repositories, as real projects write them."""

from __future__ import annotations

import itertools
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.versions.git_tag import SCHEME, family, is_commit, parse
from tests.support.pace import allowed

COMMIT = "8f4b7f84864484a7bf31766abe9204da3cbe65b3"

ASCENDING = {
    "semantic": [
        "v0.9",
        "v1.0.0-alpha",
        "v1.0.0-alpha.2",
        "1.0.0-beta.1",
        "v1.0.0-rc.1",
        "v1.0.0-rc.10",
        "v1",
        "v1.0.1",
    ],
    "PEP 440": ["1.0.dev1", "1.0a1", "1.0b2", "1.0rc1", "1.0", "1.0.post1", "1.0.1", "1.10", "1.20.0"],
    "revisions": ["v3.8.0", "v3.8.0-1", "v3.8.0-2", "v3.12.0-1"],
    "four parts": ["0.9.0.1", "0.9.0.2", "0.10.0.1", "0.10.0.10"],
    "prefixed": ["jq-1.5rc1", "jq-1.5", "jq-1.6", "jq-1.7.1"],
    "a package of many": ["cli/v1.2.3", "cli/v1.10.0", "cli/v2.0.0"],
    "a scoped package": ["@scope/name@1.2.3", "@scope/name@1.3.0"],
    "underscores": ["REL_9_6_1", "REL_16_1", "REL_16_10"],
    "letters before": ["go1.9", "go1.21rc2", "go1.21.0", "go1.21.5"],
    "letters behind": ["1.1.1", "1.1.1a", "1.1.1w"],
    "years": ["22.3.0", "23.1a1", "23.1.0", "24.10.0"],
    "years in full": ["2021a", "2021c", "2024b"],
    "days": ["20231231", "20240101", "20241001"],
    "days with dashes": ["2023-12-31", "2024-01-01"],
    "release words": ["1.4.0.Beta1", "1.4.0.CR1", "1.4.0.Final", "1.4.1.Final"],
    "builds of another": ["v1.28.5+k3s1", "v1.28.5+k3s2", "v1.29.0+k3s1"],
    "numbers in the name": ["k8s-2-1.29.0", "k8s-2-1.30.0"],
}


@pytest.mark.parametrize("tags", ASCENDING.values(), ids=ASCENDING.keys())
def test_tags_of_one_family_sort_as_they_were_released(tags: list[str]) -> None:
    assert len({family(tag) for tag in tags}) == 1
    keys: list[Any] = [SCHEME.key(tag) for tag in tags]
    assert all(before < after for before, after in itertools.pairwise(keys))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("v1.2.3", "foo-v1.2.3"),
        ("foo-v1.2.3", "bar-v1.2.3"),
        ("cli/v1.2.3", "lib/v1.2.3"),
        ("v1.2.3", "2024.1.0"),
        ("20240101", "v1.2.3"),
        ("v1.2.3", "v1.2.3-alpine"),
        ("v1.28.5+k3s1", "v1.28.5+rke2r1"),
    ],
)
def test_tags_of_different_families_are_never_compared(one: str, other: str) -> None:
    assert family(one) != family(other)
    assert SCHEME.step(one, other) is SCHEME.step(other, one) is None
    assert SCHEME.rewrite(one, other) is None
    assert not SCHEME.satisfies(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("v1.2", "1.2.0"), ("V1.2.0", "v1.2.0"), ("foo-v1.2", "foo-1.2.0"), ("1.2.0.Final", "1.2.0"), ("1.2+5", "1.2")],
)
def test_spellings_of_one_version_are_equal(one: str, other: str) -> None:
    assert SCHEME.key(one) == SCHEME.key(other) is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "main",
        "stable",
        "latest",
        COMMIT,
        COMMIT.upper(),
        "8f4b7f8",
        "v",
        "release/",
        "1." * 99,
        "~1.5",
        ">=1.2",
        "^2",
    ],
)
def test_what_names_no_version_is_none(text: str) -> None:
    assert SCHEME.key(text) is None
    assert not SCHEME.is_constraint(text)
    assert SCHEME.pinned(text) is None
    assert not SCHEME.is_stable(text)
    assert family(text) == ""


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("v1.2.3", True),
        ("1.2.3-1", True),
        ("1.2.post1", True),
        ("1.1.1w", True),
        ("2024a", True),
        ("v1.2.3+k3s1", True),
        ("go1.21.0", True),
        ("swift-5.9-RELEASE", True),
        ("v1.2.3-rc.1", False),
        ("1.2b1", False),
        ("1.0b", False),
        ("1.2.dev3", False),
        ("v2.0.0-nightly.20240101", False),
        ("1.4.0.CR1", False),
        ("v1.0-preview", False),
    ],
)
def test_prereleases_are_not_stable(tag: str, *, expected: bool) -> None:
    assert SCHEME.is_stable(tag) is expected


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("v1.2.3", "1.2.3"),
        ("1.2", "1.2"),
        ("v4", "4"),
        ("v1.2.3-rc.1", "1.2.3-rc.1"),
        ("foo-v1.2.3", "foo-v1.2.3"),
        ("go1.21", "go1.21"),
        ("REL_16_1", "REL_16_1"),
        ("20240101", "20240101"),
    ],
)
def test_a_tag_pins_its_version_without_v_and_with_the_name_of_its_family(tag: str, expected: str) -> None:
    assert SCHEME.pinned(tag) == expected
    assert SCHEME.key(expected) == SCHEME.key(tag)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("v1.2.3", "2.0.0", "major"),
        ("v1.2.3", "v1.3", "minor"),
        ("1.2.3", "1.2.4", "patch"),
        ("1.2.3-rc1", "1.2.3", "patch"),
        ("v3.8.0-1", "v3.8.0-2", "patch"),
        ("0.9.0.1", "0.9.0.2", "patch"),
        ("23.1.0", "24.1.0", "major"),
        ("20231231", "20240101", "major"),
        ("20240101", "20240201", "minor"),
        ("v4", "v4.2", "minor"),
        ("1.2.3", "1.2.3", None),
        ("1.2.4", "1.2.3", None),
        ("main", "1.2.3", None),
    ],
)
def test_a_step_is_as_big_as_the_first_number_that_differs(old: str, new: str, expected: str | None) -> None:
    assert SCHEME.step(old, new) == expected


@pytest.mark.parametrize(
    ("constraint", "version", "expected"),
    [
        ("v1.2.3", "v2.0.0", "v2.0.0"),
        ("v1.2.3", "2.0.0", "v2.0.0"),
        ("1.2.3", "v2.0.0", "2.0.0"),
        ("foo-v1.2.3", "foo-v1.3.0", "foo-v1.3.0"),
        ("foo-1.2.3", "foo-v1.3.0", "foo-1.3.0"),
        ("v1", "v2.3.4", "v2"),
        ("v1.2", "v2.3.4", "v2.3"),
        ("v1.2", "v1.2.9", "v1.2"),
        ("v1.2.3", "v2", "v2"),
        ("v1.2-1", "v1.2.9", "v1.2.9"),
        ("REL_16", "REL_17_2", "REL_17"),
        ("1.6.x", "v1.9.8", "1.9.x"),
        ("v1.x", "v2.9.8", "v2.x"),
        ("1.6.x", "v1.6.8", "1.6.x"),
        ("0.9.0.1", "0.10.0.1", "0.10.0.1"),
        ("v3.8.0-1", "v3.12.0-2", "v3.12.0-2"),
        ("1.4.0.Final", "1.5.1.Final", "1.5.1.Final"),
        ("20231231", "20240101", "20240101"),
        ("v1.2.3", "main", None),
        ("main", "v1.2.3", None),
    ],
)
def test_a_tag_is_rewritten_with_its_prefix_and_precision(constraint: str, version: str, expected: str | None) -> None:
    assert SCHEME.rewrite(constraint, version) == expected


@pytest.mark.parametrize(
    ("version", "constraint", "expected"),
    [
        ("v1.2.9", "v1", True),
        ("1.2.9", "v1.2", True),
        ("v1.2.9", "v1.2.9", True),
        ("v1.2.9", "v1.2.8", False),
        ("v2.0.0", "v1", False),
        ("v1.2.9-rc1", "v1", False),
        ("foo-v1.2.9", "foo-v1", True),
        ("1.2.9", "v1.x", True),
        ("1.2.9", "v1.3.x", False),
    ],
)
def test_a_short_tag_is_satisfied_by_its_line(version: str, constraint: str, *, expected: bool) -> None:
    assert SCHEME.satisfies(version, constraint) is expected


def test_only_a_whole_hash_is_a_commit() -> None:
    assert is_commit(COMMIT)
    assert is_commit("a" * 64)
    assert not is_commit(COMMIT[:7])


@pytest.mark.parametrize("text", ["a-" * 60 + "!", "v1" * 60, "1." * 60 + "!", "9" * 120, "a" * 100_000, "1-" * 50_000])
def test_no_tag_takes_long(text: str) -> None:
    begin = time.process_time()
    parse(text)
    assert time.process_time() - begin < allowed(0.5)


_TAGS = st.one_of(
    st.text("v0123456789.-_/+abrc", max_size=16),
    st.builds(
        "{}{}.{}.{}{}".format,
        st.sampled_from(["", "v", "foo-v", "cli/"]),
        st.integers(0, 3),
        st.integers(0, 3),
        st.integers(0, 3),
        st.sampled_from(["", "-rc.1", "-1", "+k3s2", "a"]),
    ),
)


@given(_TAGS, _TAGS, _TAGS)
@settings(deadline=None, max_examples=300)
def test_the_order_is_total_and_no_text_raises(first: str, second: str, third: str) -> None:
    keys = [found for tag in (first, second, third) if (found := SCHEME.key(tag)) is not None]
    assert all(one <= other or other <= one for one, other in itertools.combinations(keys, 2))
    for one, other in itertools.permutations((first, second, third), 2):
        if SCHEME.step(one, other):
            assert SCHEME.key(one) < SCHEME.key(other)  # type: ignore[operator]  # a step has keys on both ends


@given(_TAGS, _TAGS)
@settings(deadline=None, max_examples=500)
def test_a_rewritten_tag_is_satisfied_and_stays_in_its_family(constraint: str, version: str) -> None:
    written = SCHEME.rewrite(constraint, version)
    if written is not None:
        assert family(written) == family(constraint)
        assert SCHEME.satisfies(version, written) or not SCHEME.is_stable(version)


@given(_TAGS)
@settings(deadline=None, max_examples=300)
def test_a_tag_is_its_prefix_and_its_text(tag: str) -> None:
    parsed = parse(tag)
    if parsed:
        assert parsed.prefix + parsed.text == tag
        assert SCHEME.satisfies(tag, tag) or not parsed.is_stable
