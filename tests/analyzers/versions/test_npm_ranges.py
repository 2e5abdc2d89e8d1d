from __future__ import annotations

import nodesemver
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.versions import npm
from analyzers.versions._npm_ranges import admits, alternatives, numbers

NUMBER = st.sampled_from(["0", "1", "2", "3", "10", "20"])
PARTS = st.lists(NUMBER, min_size=1, max_size=3).map(".".join)
VERSION = st.lists(NUMBER, min_size=3, max_size=3).map(".".join)
OPERATOR = st.sampled_from(["", "", "=", "^", "^", "~", ">", ">=", "<", "<="])
COMPARATOR = st.one_of(
    st.builds("{}{}{}".format, OPERATOR, PARTS, st.sampled_from(["", "", "", ".x", ".*", ".X.x"])),
    st.sampled_from(["*", "x", ">*", "~> 1.2", "1.2.3 - 2", "^1.2.3-rc.1", "latest", "v1.2", "01.2"]),
)
ALTERNATIVE = st.lists(COMPARATOR, max_size=3).map(" ".join)
RANGE = st.builds(
    lambda parts, bar: bar.join(parts), st.lists(ALTERNATIVE, max_size=3), st.sampled_from(["||", " || "])
)


@settings(max_examples=500, deadline=None)
@given(RANGE, VERSION)
def test_the_library_agrees_about_every_plain_range(constraint: str, version: str) -> None:
    plain, released = alternatives(constraint), numbers(version)
    assert released is not None
    if plain is not None:
        library = nodesemver.make_range(constraint.strip(), loose=False)
        assert admits(plain, released) == library.test(nodesemver.make_semver(version, loose=False))


@pytest.mark.parametrize(
    ("constraint", "inside", "outside"),
    [
        ("", "0.0.0", None),
        ("*", "9.9.9", None),
        ("^1.2.3", "1.9.0", "2.0.0"),
        ("^0.2.3", "0.2.9", "0.3.0"),
        ("^0.0.3", "0.0.3", "0.0.4"),
        ("^0.0", "0.0.9", "0.1.0"),
        ("^0", "0.9.9", "1.0.0"),
        ("~1.2", "1.2.9", "1.3.0"),
        ("~1", "1.9.9", "2.0.0"),
        ("1.x", "1.9.9", "2.0.0"),
        ("1.2.*", "1.2.0", "1.3.0"),
        (">1.2", "1.3.0", "1.2.9"),
        ("<=1.2", "1.2.9", "1.3.0"),
        (">=1.2.3 <2", "1.9.0", "2.0.0"),
        ("^16 || ^18.1\t|| >=20", "21.0.0", "18.0.9"),
    ],
)
def test_plain_ranges_are_intervals(constraint: str, inside: str, outside: str | None) -> None:
    assert alternatives(constraint) is not None
    assert npm.satisfies(inside, constraint)
    assert outside is None or not npm.satisfies(outside, constraint)


@pytest.mark.parametrize(
    "constraint",
    ["^1.2.3-rc.1", "1.2.3 - 2", "latest", "v1", "> 1", "01.2", "1 ||", "||", ">*", "1.2.3\n4", "1" * 10, "1 " * 513],
)
def test_all_else_is_left_to_the_library(constraint: str) -> None:
    assert alternatives(constraint) is None


@pytest.mark.parametrize("version", ["1.2", "1.2.3-rc.1", "v1.2.3", "1.2.3+build", "01.2.3", "1.2.3 "])
def test_so_are_versions_with_anything_else(version: str) -> None:
    assert numbers(version) is None
