from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from analyzers.versions.pep440 import SCHEME, as_specifiers

numbers = st.lists(st.integers(0, 30), min_size=1, max_size=4).map(lambda parts: ".".join(map(str, parts)))
versions = st.builds(
    lambda epoch, release, suffix: f"{epoch}{release}{suffix}",
    st.sampled_from(["", "", "", "1!"]),
    numbers,
    st.sampled_from(["", "", "", "a1", "rc2", ".post1", ".dev3"]),
)
clauses = st.one_of(
    st.builds(str.__add__, st.sampled_from(["==", ">=", "<", "<=", ">", "!=", "^", "~", "", "=", "=="]), numbers),
    st.builds(lambda operator, release: f"{operator}{release}.*", st.sampled_from(["==", "!=", "", "="]), numbers),
    numbers.map(lambda release: f"~={release}.1"),
)
constraints = st.lists(clauses, min_size=1, max_size=3).map(",".join)


@pytest.mark.parametrize(
    ("version", "constraint", "expected"),
    [
        ("2.1", "==2.1", True),
        ("2.1.0", "==2.1", True),
        ("2.1.1", "==2.1.*", True),
        ("2.2", "~=2.1", True),
        ("3.0", "~=2.1", False),
        ("2.1.5", "~=2.1.3", True),
        ("2.2", "~=2.1.3", False),
        ("2.0rc1", ">=1", True),
        ("2.0rc1", "<2", False),
        ("1.0+cu118", "==1.0", True),
        ("1.0", "===1.0", True),
        ("1.0.0", "===1.0", False),
        ("1!1.0", ">=2", True),
        ("5", "", True),
        ("5", "*", True),
        ("5", "==*", True),
        ("1.9", "^1.2", True),
        ("2.0", "^1.2", False),
        ("1.1", "^1.2", False),
        ("0.2.9", "^0.2.3", True),
        ("0.3", "^0.2.3", False),
        ("0.0.4", "^0.0.3", False),
        ("0.0.9", "^0.0", True),
        ("0.1", "^0.0", False),
        ("0.9", "^0", True),
        ("1.0", "^0", False),
        ("1.9", "^1", True),
        ("1.2.9", "~1.2.3", True),
        ("1.3", "~1.2", False),
        ("1.9", "~1", True),
        ("2.0", "~1", False),
        ("1.2", "1.2", True),
        ("1.2.1", "1.2", False),
        ("1.2.1", "1.2.*", True),
        ("1.5", ">=1 <2", True),
        ("2.5", ">=1 <2", False),
        ("3.1", "^1.0 || ^3.0", True),
        ("2.1", "^1.0 || ^3.0", False),
        ("2.1", "^1.0|^2.0", True),
        ("1.4", "^1.2,!=1.4", False),
        ("1.4", "<>1.4", False),
        ("3.6", ">=3.5.*", True),
        ("3.6", ">= 3.5, < 4", True),
        ("nonsense", ">=1", False),
        ("1.0", "nonsense", False),
        ("1.0", ">=1;", False),
        ("1.0", ">=", False),
        ("1.0", "^*", False),
        ("1.0", "1.0==2", False),
        ("1" * 201, ">=0", False),
        ("1.0", ">=1," * 300, False),
    ],
)
def test_a_version_is_inside_a_constraint_or_not(version: str, constraint: str, expected: bool) -> None:
    assert SCHEME.satisfies(version, constraint) is expected


@pytest.mark.parametrize(
    "constraint", ["", "*", "^1.2", "~1", "==1.*", ">=1,<2", "~=1.2", "===anything", ">=1 || <0.5"]
)
def test_what_can_be_read_is_a_constraint(constraint: str) -> None:
    assert SCHEME.is_constraint(constraint)


@pytest.mark.parametrize(
    "constraint", ["latest", "^", ">=x", "~=1", "==1.0 ; x", "1.0 - 2.0", "^1.*", "\0", ">=1,<${X}", ">=1 ||"]
)
def test_what_cannot_be_read_is_no_constraint(constraint: str) -> None:
    assert not SCHEME.is_constraint(constraint)


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        ("", ((),)),
        ("^3.8 || 2.7.*", ((">=3.8", "<4"), ("==2.7.*",))),
        (">=3.5.*, <4", ((">=3.5", "<4"),)),
        ("junk", None),
    ],
)
def test_every_dialect_has_words_in_pep_440(constraint: str, expected: object) -> None:
    assert as_specifiers(constraint) == expected


@pytest.mark.parametrize(
    ("constraint", "version"),
    [
        ("==1.2", "1.2"),
        ("== 1.2", "1.2"),
        ("===1.2", "1.2"),
        ("==1.2,>=1", "1.2"),
        ("==1.0+cu118", "1.0+cu118"),
        ("1.2.3", "1.2.3"),
        ("=1.2.3", "1.2.3"),
        ("==v1.2", "1.2"),
        ("==1.2.*", None),
        ("1.2.*", None),
        ("*", None),
        ("", None),
        (">=1.2", None),
        ("~=1.2", None),
        ("^1.2", None),
        ("==1.2,>=2", None),
        ("1.2 || 1.3", None),
        ("junk", None),
    ],
)
def test_only_an_exact_constraint_pins(constraint: str, version: str | None) -> None:
    assert SCHEME.pinned(constraint) == version


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("1.2.3", "1.2.4", "patch"),
        ("1.2.3", "1.2.3.post1", "patch"),
        ("1.2rc1", "1.2", "patch"),
        ("1.2", "1.3", "minor"),
        ("0.4", "0.5", "minor"),
        ("1", "1.1", "minor"),
        ("1.9", "2.0", "major"),
        ("0.9", "1.0", "major"),
        ("9.0", "1!1.0", "major"),
        ("2023.7.22", "2024.8.30", "minor"),
        ("2024.7.4", "2024.8.30", "patch"),
        ("20240101", "20250101", "minor"),
        ("4.0", "2024.1", "major"),
        ("1.2", "1.2.0", None),
        ("2.0", "1.0", None),
        ("x", "1.0", None),
        ("1.0", "x", None),
    ],
)
def test_a_step_is_as_big_as_its_first_changed_number(old: str, new: str, expected: str | None) -> None:
    assert SCHEME.step(old, new) == expected


@pytest.mark.parametrize(
    ("constraint", "new", "expected"),
    [
        ("==2.1", "3.4.2", "==3.4.2"),
        ("== 2.1", "3.4.2", "== 3.4.2"),
        ("===2.1", "3.4.2", "===3.4.2"),
        ("==2.1.*", "3.4.2", "==3.4.*"),
        ("==2.*", "3.4.2", "==3.*"),
        ("~=2.1", "3.4.2", "~=3.4"),
        ("~=2.1.0", "3.4", "~=3.4.0"),
        ("~=2.1", "3.0rc1", "~=3.0rc1"),
        (">=1,<2", "3.4", ">=1,<4"),
        (">=1.0, <2.0", "3.4", ">=1.0, <4.0"),
        (">=1,<2.1", "3.4.1", ">=1,<3.5"),
        (">=1,<2.1.3", "3.4.1", ">=1,<3.4.2"),
        (">=0.1,<0.2", "0.7.1", ">=0.1,<0.8"),
        (">=1,<2.0.dev0", "3.4", ">=1,<4.0.dev0"),
        (">=1,<=2.1", "3.4.1", ">=1,<=3.4.1"),
        (">=1 <2", "3.4", ">=1 <4"),
        (">=1,<2,!=1.5", "3.4", ">=1,<4,!=1.5"),
        ("^1.2", "3.4.5", "^3.4"),
        ("^1", "3.4.5", "^3"),
        ("^1.2.3", "3.4", "^3.4.0"),
        ("~1.2", "3.4.5", "~3.4"),
        ("1.2", "3.4.5", "3.4.5"),
        ("1.2.*", "3.4.5", "3.4.*"),
        ("^1.2", "1.9", "^1.2"),
        (">=1", "9", ">=1"),
        ("*", "9", "*"),
        ("==1.0+cu118", "2.0+cu121", "==2.0+cu121"),
        ("==1.0+cu118", "2.0", None),
        (">=5", "4", None),
        (">1,!=2.0", "2.0", None),
        ("^1 || ^2", "3.0", None),
        ("<0", "1.0", None),
        ("junk", "1.0", None),
        ("==1.0", "junk", None),
        ("==1!2.0.*", "1!3.1", "==1!3.1.*"),
    ],
)
def test_a_rewrite_keeps_operator_precision_and_spacing(constraint: str, new: str, expected: str | None) -> None:
    assert SCHEME.rewrite(constraint, new) == expected


@settings(deadline=None, max_examples=300)
@given(constraints, versions)
def test_a_rewritten_constraint_admits_the_new_version(constraint: str, new: str) -> None:
    rewritten = SCHEME.rewrite(constraint, new)
    if rewritten is not None:
        assert SCHEME.satisfies(new, rewritten)
        assert rewritten.count(",") == constraint.count(",")


@settings(deadline=None, max_examples=200)
@given(st.lists(st.builds(str.__add__, st.sampled_from(["==", ">=", "<", "~=", "!="]), numbers), max_size=3), versions)
def test_pep_440_is_read_as_packaging_reads_it(parts: list[str], version: str) -> None:
    constraint = ",".join(parts)
    assume(not any(part.startswith("~=") and "." not in part for part in parts))
    assert SCHEME.satisfies(version, constraint) == SpecifierSet(constraint).contains(version, prereleases=True)


@settings(deadline=None, max_examples=200)
@given(st.text(), st.text(), st.text(alphabet="0123456789.*^~=<>!|, ava+-rc"))
def test_no_text_is_too_strange(one: str, other: str, constraint: str) -> None:
    for text in (one, constraint):
        SCHEME.key(text)
        SCHEME.is_stable(text)
        SCHEME.pinned(text)
        SCHEME.satisfies(other, text)
        SCHEME.satisfies(text, one)
        SCHEME.step(text, other)
        SCHEME.rewrite(text, other)
        SCHEME.rewrite(text, "3.1")


_NUMBER = st.sampled_from(["0", "1", "2", "10", "01"])
_VERSIONS = st.builds(
    "{}{}{}{}{}{}".format,
    st.sampled_from(["", "", "1!", "v"]),
    st.lists(_NUMBER, min_size=1, max_size=4).map(".".join),
    st.sampled_from(["", "", "", "a1", "b", "rc2", ".alpha.1"]),
    st.sampled_from(["", "", ".post1", "-1"]),
    st.sampled_from(["", "", ".dev0", ".dev2"]),
    st.sampled_from(["", "", "+cu118", "+1.2", "+Ubuntu-1", "+2"]),
)


@settings(deadline=None, max_examples=500)
@given(_VERSIONS, _VERSIONS)
def test_keys_sort_as_the_library_sorts_versions(one: str, other: str) -> None:
    first, second = SCHEME.key(one), SCHEME.key(other)
    assert first is not None
    assert second is not None
    assert (first < second, first == second) == (Version(one) < Version(other), Version(one) == Version(other))
    assert SCHEME.is_stable(one) == (not Version(one).is_prerelease)
