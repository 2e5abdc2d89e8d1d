"""Versions and constraints of Helm charts.

The tables agree with https://github.com/Masterminds/semver#checking-version-constraints and with what its code does.
"""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.versions.helm import SCHEME
from tests.support.pace import allowed

ASCENDING = [
    "0.0.0",
    "0.1.0",
    "v0.2",
    "1.0.0-0",
    "1.0.0-2",
    "1.0.0-10",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-beta",
    "1.0.0-rc.1",
    "1.0.0",
    "1.2.0",
    "v1.10.0",
    "2",
    "10.0.0",
]
CONSTRAINTS = [
    # constraint, admitted, not admitted
    ("1.2.3", ["1.2.3", "v1.2.3", "1.2.3+build"], ["1.2.4", "1.2.3-rc.1"]),
    ("v1.2.3", ["1.2.3"], ["1.2.4"]),
    ("= 1.2.3", ["1.2.3"], ["1.2.4"]),
    ("1.2", ["1.2.0", "1.2.9"], ["1.3.0", "1.1.9"]),
    ("1", ["1.0.0", "1.9.9"], ["2.0.0"]),
    ("=1.x", ["1.0.0", "1.9.9"], ["2.0.0"]),
    ("1.2.x", ["1.2.9"], ["1.3.0"]),
    ("1.x.x", ["1.2.9"], ["2.0.0"]),
    ("*", ["0.0.0", "99.0.0"], ["1.0.0-rc.1"]),
    ("", ["0.0.0", "99.0.0"], ["1.0.0-rc.1"]),
    (">= 1.2.x", ["1.2.0", "9.0.0"], ["1.1.9"]),
    ("<= 2.x", ["2.9.9", "0.1.0"], ["3.0.0"]),
    ("<=2.1", ["2.1.9"], ["2.2.0"]),
    ("<2", ["1.9.9"], ["2.0.0", "2.0.0-rc.1", "1.9.0-rc.1"]),
    (">1", ["2.0.0"], ["1.9.9"]),
    (">11.1", ["11.2.0"], ["11.1.9"]),
    (">1.2.3", ["1.2.4"], ["1.2.3"]),
    ("=> 1.2, =<2.0.0", ["1.2.0", "2.0.0"], ["2.0.1"]),
    (">= 1.2 < 3.0.0 || >= 4.2.3", ["1.2.0", "2.9.9", "4.2.3"], ["3.0.0", "4.2.2"]),
    (">= 1.2, < 3.0.0", ["1.2.0", "2.9.9"], ["3.0.0"]),
    ("1.2 - 1.4.5", ["1.2.0", "1.4.5"], ["1.4.6", "1.1.0"]),
    ("2.3.4 - 4.5", ["2.3.4", "4.5.9"], ["4.6.0"]),
    ("~1.2.3", ["1.2.3", "1.2.9"], ["1.3.0", "1.2.2"]),
    ("~1", ["1.0.0", "1.9.0"], ["2.0.0"]),
    ("~2.3", ["2.3.0", "2.3.9"], ["2.4.0"]),
    ("~1.x", ["1.9.0"], ["2.0.0"]),
    ("~>1.2", ["1.2.9"], ["1.3.0"]),
    ("~0.0.0", ["5.0.0"], []),
    ("^1.2.3", ["1.2.3", "1.9.0"], ["2.0.0", "1.2.2", "1.3.0-rc.1"]),
    ("^1.2.x", ["1.2.0", "1.9.0"], ["2.0.0"]),
    ("^2.3", ["2.9.0"], ["3.0.0"]),
    ("^0.2.3", ["0.2.9"], ["0.3.0", "1.2.3"]),
    ("^0.2", ["0.2.0"], ["0.3.0"]),
    ("^0.0.3", ["0.0.3"], ["0.0.4"]),
    ("^0.0", ["0.0.9"], ["0.1.0"]),
    ("^0", ["0.9.0"], ["1.0.0"]),
    ("!=1.2.3", ["1.2.4", "1.2.4-rc.1"], ["1.2.3"]),
    ("!=1.x", ["2.0.0"], ["1.2.3"]),
    (">=1.0.0, !=1.2.3", ["1.2.4"], ["1.2.3"]),
    (">=1.2.3-0", ["1.2.3-beta", "1.9.0-rc.1", "2.0.0"], ["1.2.2"]),
    ("~1.2-0", ["1.2.0-rc.1", "1.2.7"], ["1.3.0"]),
    ("^1.2.3-beta.2", ["1.2.3-beta.10", "1.4.0-alpha"], ["1.2.3-beta.1"]),
    (">= 1.27.0-0", ["1.27.3-gke.100", "1.28.0"], ["1.26.0"]),
]
NO_CONSTRAINTS = ["latest", "1.2.3.4", "1.2.3 ||| 2", "a - b", ">=", "1.2.3,", "1,,2", "1.2.3-01", "{{ .v }}", ">=1<2"]
REWRITES = [
    ("1.2.3", "2.0.0", "2.0.0"),
    ("v1.2.3", "2.0.0", "v2.0.0"),
    ("=1.2.3", "v2.0.0", "=2.0.0"),
    ("^1.2.3", "2.1.4", "^2.1.4"),
    ("~1.2", "1.5.7", "~1.5"),
    ("1.x", "3.4.5", "3.x"),
    ("1.x.x", "3.4.5", "3.x.x"),
    ("~1.2.x", "1.5.7", "~1.5.x"),
    ("1.2", "3.4.5", "3.4"),
    (">=1.2 <2", "3.4.5", ">=1.2 <4"),
    (">= 1.2.0, < 2.0.0", "3.4.5", ">= 1.2.0, < 4.0.0"),
    (">=1.0.0 <=1.9.9", "2.3.4", ">=1.0.0 <=2.3.4"),
    ("1.2 - 1.4", "2.3.4", "1.2 - 2.3"),
    ("^1 || ^2", "3.1.0", "^1 || ^2 || ^3"),
    ("1.x||2.x", "3.1.0", "1.x||2.x||3.x"),
    ("^1.2.3", "1.9.9", "^1.2.3"),
    (">=2.0.0", "1.0.0", None),
    ("!=1.2.3", "1.2.3", None),
    ("<1.2.3", "2.0", "<2.0.1"),
    ("~1.2.x", "2", "~2.0.x"),
    ("latest", "1.0.0", None),
    ("1.2.3", "no version", None),
]

NUMBERS = st.integers(0, 30)
WORDS = st.sampled_from(["", "", "", "-0", "-rc.1", "-alpha", "-beta.11"])
VERSIONS = st.builds("{}.{}.{}{}".format, NUMBERS, NUMBERS, NUMBERS, WORDS)
LEADS = st.sampled_from(["", "=", "^", "~", "~>", "<=", "<", ">=", "v"])
WRITTEN = st.builds(
    lambda lead, version, parts: lead + ".".join(version.partition("-")[0].split(".")[:parts]),
    LEADS,
    VERSIONS,
    st.integers(1, 3),
)


def test_versions_ascend() -> None:
    keys = [key for version in ASCENDING if (key := SCHEME.key(version)) is not None]
    assert len(keys) == len(ASCENDING)
    assert all(before < after for before, after in itertools.pairwise(keys))


@pytest.mark.parametrize("text", ["", "latest", "1.2.3.4", "1.2.3-01", "1..2", "x", "1" * 300])
def test_what_is_no_version_has_no_key(text: str) -> None:
    assert SCHEME.key(text) is None
    assert not SCHEME.is_stable(text)


@pytest.mark.parametrize(("constraint", "admitted", "refused"), CONSTRAINTS)
def test_a_constraint_admits_what_helm_admits(constraint: str, admitted: list[str], refused: list[str]) -> None:
    assert SCHEME.is_constraint(constraint)
    assert [version for version in admitted if not SCHEME.satisfies(version, constraint)] == []
    assert [version for version in refused if SCHEME.satisfies(version, constraint)] == []


@pytest.mark.parametrize("text", NO_CONSTRAINTS)
def test_what_is_no_constraint_admits_nothing(text: str) -> None:
    assert not SCHEME.is_constraint(text)
    assert not SCHEME.satisfies("1.2.3", text)


@pytest.mark.parametrize(
    ("constraint", "version"),
    [("1.2.3", "1.2.3"), ("v1.2.3", "1.2.3"), ("= 1.2.3-rc.1", "1.2.3-rc.1"), ("1.2", None), ("~1.2.3", None)],
)
def test_only_a_whole_version_is_pinned(constraint: str, version: str | None) -> None:
    assert SCHEME.pinned(constraint) == version


@pytest.mark.parametrize(
    ("old", "new", "step"),
    [
        ("1.2.3", "1.2.4", "patch"),
        ("v1.2.3", "1.3.0", "minor"),
        ("1.2.3", "2.0.0", "major"),
        ("1.2.3", "1.2.3", None),
        ("2.0.0", "1.0.0", None),
        ("x", "1.0.0", None),
    ],
)
def test_a_step_has_a_size(old: str, new: str, step: str | None) -> None:
    assert SCHEME.step(old, new) == step


@pytest.mark.parametrize(("constraint", "version", "expected"), REWRITES)
def test_a_rewrite_keeps_style_and_precision(constraint: str, version: str, expected: str | None) -> None:
    assert SCHEME.rewrite(constraint, version) == expected


@given(VERSIONS, VERSIONS, VERSIONS)
def test_versions_are_in_a_total_order(a: str, b: str, c: str) -> None:
    one, two, three = map(SCHEME.key, (a, b, c))
    assert one is not None
    assert two is not None
    assert three is not None
    assert (one < two) + (one == two) + (one > two) == 1
    assert not (one < two < three) or one < three


@given(WRITTEN, VERSIONS)
def test_a_rewrite_admits_the_version(constraint: str, version: str) -> None:
    written = SCHEME.rewrite(constraint, version)
    assert written is None or SCHEME.satisfies(version, written)


@given(WRITTEN, VERSIONS)
def test_a_rewrite_keeps_operator_and_precision(constraint: str, version: str) -> None:
    written = SCHEME.rewrite(constraint, version)
    if written is not None:
        assert written.startswith(constraint.rstrip("0123456789."))
        assert written.partition("-")[0].count(".") == constraint.count(".")


@given(st.text(max_size=60))
@settings(max_examples=300)
def test_no_text_makes_it_raise(text: str) -> None:
    for function in (SCHEME.key, SCHEME.is_stable, SCHEME.is_constraint, SCHEME.pinned):
        function(text)
    SCHEME.satisfies(text, text)
    SCHEME.step(text, text)
    SCHEME.rewrite(text, "1.2.3")


@pytest.mark.parametrize(
    "text", ["1" * 100_000, " " * 100_000, "||" * 50_000, ">=1 " * 50_000, "1 - " * 300, "-" * 1000]
)
def test_long_texts_take_no_time(text: str) -> None:
    begun = time.process_time()
    SCHEME.key(text)
    SCHEME.satisfies("1.2.3", text)
    SCHEME.rewrite(text, "1.2.3")
    assert time.process_time() - begun < allowed(0.5)
