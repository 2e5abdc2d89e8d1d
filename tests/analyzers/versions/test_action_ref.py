from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.versions.action_ref import MAX_LENGTH, SCHEME, is_commit, is_stable, newest, parse, step

COMMIT = "8e5e7e5ab8b370d6c329ec480221332ada57f0ab"
CHECKOUT = ["v1", "v2", "v2.0.0", "v2.8.0", "v3", "v3.7.0", "v4", "v4.4.0", "v7", "v7.0.0", "v7.0.1", "v8.0.0-beta.1"]


@pytest.mark.parametrize(
    ("ref", "text", "precision"),
    [
        ("v4", "4", 1),
        ("v4.2", "4.2", 2),
        ("v4.2.1", "4.2.1", 3),
        ("V4", "4", 1),
        ("4", "4", 1),
        ("4.2.1", "4.2.1", 3),
        ("v1.2.3.4", "1.2.3.4", 4),
        ("release/v1", "1", 1),
        ("releases/v3", "3", 1),
        ("setup-v1.2.0", "1.2.0", 3),
        ("pkg@1.2.3", "1.2.3", 3),
        ("v2.x", "2", 1),
        ("v3-node20", "3-node20", 1),
        ("v5.0.0-beta.1", "5.0.0-beta.1", 3),
        ("v1.0-rc-1", "1.0-rc-1", 2),
        ("v1.0.0+build", "1.0.0", 3),
        ("2024-05-01", "2024.5.1", 3),
        ("v2024-05-01", "2024.5.1", 3),
        ("v2024.05.01", "2024.5.1", 3),
        ("20240501", "20240501", 1),
    ],
)
def test_a_ref_that_names_a_version_is_read(ref: str, text: str, precision: int) -> None:
    parsed = parse(ref)
    assert parsed is not None
    assert (parsed.text, parsed.precision) == (text, precision)


@pytest.mark.parametrize(
    "ref",
    ["", "v", "main", "stable", "latest", "release/next", "v4rc1", "v1.", "v1..2", "v1.2.3.4.5", "x4", "nightly-x",
     COMMIT, "1" * 40, "a" * 64, "v" + "1" * 10, "v1" * MAX_LENGTH, "v1 2", "٤"],
)  # fmt: skip
def test_a_branch_a_word_or_a_commit_is_no_version(ref: str) -> None:
    assert parse(ref) is None


@pytest.mark.parametrize(
    ("ref", "tags", "expected"),
    [
        ("v2", CHECKOUT, "v7"),
        ("v2.8", CHECKOUT, "v7.0.1"),
        ("v2.1.0", CHECKOUT, "v7.0.1"),
        ("v7", CHECKOUT, None),
        ("v7.0", CHECKOUT, None),
        ("v7.0.0", CHECKOUT, "v7.0.1"),
        ("v7.0.1", CHECKOUT, None),
        ("v9", CHECKOUT, None),
        ("2", CHECKOUT, "v7"),
        ("v8.0.0-alpha", CHECKOUT, None),
        ("v7.0.1-rc.1", CHECKOUT, "v7.0.1"),
        ("v7-node20", CHECKOUT, None),
        ("v3-node20", CHECKOUT, "v7"),
        (COMMIT, CHECKOUT, None),
        ("main", CHECKOUT, None),
        ("stable", ["stable", "v1"], None),
        ("release/v1", ["v1.2.0", "v2.0.0"], None),
        ("release/v1", ["release/v1", "release/v2", "v3"], "release/v2"),
        ("releases/v3", ["v4", "v4.1.0"], None),
        ("v4", ["v4", "2024-05-01", "v2025"], None),
        ("v4", ["v5.0.0", "v5.1.0"], "v5.1.0"),
        ("v4", ["v5.0", "v5.0.0"], "v5.0"),
        ("v4.2.0", ["v4", "v5"], "v5"),
        ("v4.2.0", ["v4", "v4.2.0"], None),
        ("v4.2.0", ["v4.10.0", "v4.9.0"], "v4.10.0"),
        ("v4", ["4", "5", "v5"], "v5"),
        ("v4", ["5"], "5"),
        ("0.9.0", ["0.9.0", "v1.0.0"], "v1.0.0"),
        ("v2.x", ["v2.x", "v3.x", "v3.0.0"], "v3.x"),
        ("2024-05-01", ["2024-05-01", "2024-11-30", "v9"], "2024-11-30"),
        ("v2023.1", ["v2023.2", "v2024.1"], "v2024.1"),
        ("20240501", ["20240501", "20241130"], "20241130"),
        ("v1", [], None),
        ("v1", ["v2-beta", "v2rc1", "v2.0.0-rc.1"], None),
        ("setup-v1", ["setup-v2", "other-v9"], "setup-v2"),
        ("v4", ["v4.1", "v4.2.0"], None),
        ("v4.1", ["v4.1", "v4.2.0", "v4.2"], "v4.2"),
        ("v1.0.0", ["v1.0.0.1"], "v1.0.0.1"),
        ("v1.0.0", ["v1.0.0"], None),
        ("V1", ["v2", "V2"], "V2"),
    ],
)
def test_the_newest_tag_keeps_prefix_and_precision(ref: str, tags: list[str], expected: str | None) -> None:
    assert newest(ref, tags) == expected
    assert newest(ref, reversed(tags)) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("v2", "v7", "major"),
        ("v4", "v4.9.0", None),
        ("v4.1", "v4.2.0", "minor"),
        ("v4.1.0", "v4.1.1", "patch"),
        ("v4.1.1", "v4.1.0", None),
        ("v4.1.0-rc.1", "v4.1.0", "patch"),
        ("main", "v1", None),
        ("v1", "main", None),
    ],
)
def test_a_step_is_measured_from_the_end_of_the_line(old: str, new: str, expected: str | None) -> None:
    assert step(old, new) == expected


@pytest.mark.parametrize(
    ("constraint", "version", "expected"),
    [
        ("v2", "7.0.1", "v7"),
        ("v2.1", "v7.0.1", "v7.0"),
        ("2.1.0", "v7.0.1", "7.0.1"),
        ("release/v1", "2.3.4", "release/v2"),
        ("v2.x", "3.1.0", "v3.x"),
        ("v2.1.0", "v7", None),
        ("v2024.01.05", "2024.02.01", "v2024.02.01"),
        ("v3-node20", "7.0.1", None),
        ("2024-05-01", "2024-11-30", None),
        ("v4", "2024.1.1", None),
        ("main", "1.0.0", None),
        ("v1", "main", None),
    ],
)
def test_a_ref_is_rewritten_in_its_own_style(constraint: str, version: str, expected: str | None) -> None:
    assert SCHEME.rewrite(constraint, version) == expected


@pytest.mark.parametrize(
    ("version", "constraint", "expected"),
    [
        ("v4.2.0", "v4", True),
        ("4.2.0", "v4.2", True),
        ("v4.2.0", "v4.1", False),
        ("v5.0.0-beta", "v5", False),
        ("main", "v4", False),
        ("v4.2.0", "main", False),
    ],
)
def test_a_ref_is_satisfied_by_its_line(version: str, constraint: str, *, expected: bool) -> None:
    assert SCHEME.satisfies(version, constraint) is expected


@pytest.mark.parametrize(
    ("ref", "expected"),
    [("v4.2.0", "4.2.0"), ("v4", None), ("v2.x", None), ("main", None), (COMMIT, None), ("20240501", "20240501")],
)
def test_only_a_whole_version_is_pinned(ref: str, expected: str | None) -> None:
    assert SCHEME.pinned(ref) == expected


def test_only_a_whole_hash_is_a_commit() -> None:
    assert is_commit(COMMIT)
    assert is_commit(COMMIT.upper())
    assert is_commit("a" * 64)
    assert not is_commit(COMMIT[:7])
    assert not is_commit(COMMIT + "0")


def test_prereleases_and_variants_are_not_stable() -> None:
    assert is_stable("v4")
    assert not any(map(is_stable, ["v4-beta", "v3-node20", "main", COMMIT]))


def test_keys_sort_prereleases_first() -> None:
    keys: list[Any] = [SCHEME.key(ref) for ref in ("v1.0.0-alpha", "v1.0.0", "v1.0.1", "v1.10", "v2")]
    assert keys == sorted(keys)
    assert SCHEME.key("main") is None


@given(st.text("v0123456789.-/ax", max_size=20), st.lists(st.text("v0123456789.-/ax", max_size=12), max_size=8))
@settings(deadline=None, max_examples=300)
def test_the_newest_is_a_stable_tag_beyond_the_ref(ref: str, tags: list[str]) -> None:
    found = newest(ref, tags)
    if found is None:
        assert not any(newest(ref, [tag]) for tag in tags)
    else:
        assert found in tags
        assert is_stable(found)
        assert step(ref, found) is not None


_NUMBERS = st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,3}){0,3}", fullmatch=True)
_REFS = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "release/", "setup-", "core@"]),
        st.sampled_from(["", "v", "V"]),
        _NUMBERS,
        st.sampled_from(["", ".x", "-rc.1", "-node20"]),
    ),
)


@given(_REFS, _NUMBERS)
@settings(deadline=None, max_examples=300)
def test_a_rewritten_ref_is_satisfied_by_its_version(ref: str, version: str) -> None:
    rewritten = SCHEME.rewrite(ref, version)
    if rewritten is None:
        return
    assert SCHEME.satisfies(version, rewritten)
    before, after = parse(ref), parse(rewritten)
    assert before is not None
    assert after is not None
    assert (before.family, before.v, before.tail, before.precision) == (
        after.family,
        after.v,
        after.tail,
        after.precision,
    )


@given(_REFS)
@settings(deadline=None, max_examples=200)
def test_a_ref_rewritten_at_itself_is_itself(ref: str) -> None:
    assert SCHEME.rewrite(ref, ref) in {ref, None}


@given(st.lists(_REFS, min_size=2, max_size=6))
@settings(deadline=None, max_examples=200)
def test_refs_have_a_total_order_and_one_at_most_of_two_is_newer(refs: list[str]) -> None:
    keys: list[Any] = sorted(SCHEME.key(ref) for ref in refs)
    assert all(not later < earlier for earlier, later in itertools.pairwise(keys))
    one, other = refs[:2]
    assert not (step(one, other) and step(other, one))
