"""Terraform's versions and constraints."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.model.scheme import Scheme
from analyzers.versions.terraform import PROVIDERS, SCHEME
from tests.support.pace import allowed

ASCENDING = [
    "0.0.1",
    "0.12.0-alpha1",
    "0.12.0-beta2",
    "0.12.0-rc1",
    "0.12.0",
    "0.12.31",
    "1.0.0-alpha.2",
    "1.0.0-alpha.10",
    "1.0.0-alpha.beta",
    "1.0.0",
    "v1.0.1",
    "1.9",
    "1.10.0",
    "2",
    "2.0.0.1",
    "2.0.0.2",
    "10.0.0",
]

RANGES = [
    ("1.2.3", ["1.2.3", "v1.2.3"], ["1.2.4", "1.2.3-rc1"]),
    ("= 1.2", ["1.2.0", "1.2"], ["1.2.1"]),
    ("v1.2.3", ["1.2.3"], ["1.2.4"]),
    ("!= 1.2.3", ["1.2.4", "0.1.0"], ["1.2.3", "1.2.4-beta1"]),
    (">= 1.2", ["1.2.0", "2.0.0"], ["1.1.9", "1.3.0-beta1"]),
    ("> 1.2", ["1.2.1"], ["1.2.0"]),
    ("<= 1.2", ["1.2.0", "1.1.0"], ["1.2.1"]),
    ("< 2.0", ["1.9.9"], ["2.0.0", "2.0.0-rc1"]),
    ("~> 1.2", ["1.2.0", "1.9.9"], ["1.1.9", "2.0.0"]),
    ("~>1.2.3", ["1.2.3", "1.2.9"], ["1.2.2", "1.3.0"]),
    (" ~> v1.0.1", ["1.0.1"], ["1.1.0"]),
    (">= 1.0.0, < 2.0.0", ["1.0.0", "1.9.0"], ["0.9.0", "2.0.0"]),
    (">=1.0.0,!=1.3.0,<2", ["1.2.9"], ["1.3.0", "2.0.0"]),
    ("1.2.3-rc1", ["1.2.3-rc1"], ["1.2.3", "1.2.3-rc2"]),
    (">= 1.2.3-rc1", ["1.2.3"], ["1.2.3-rc1", "1.2.3-rc2"]),
    ("~> 1.0.0.1", ["1.0.0.2"], ["1.0.1"]),
]

NO_CONSTRAINTS = ["", "latest", "1.x", "^1.2", "=> 1.0", "=< 1", "1.2.3.4.5", ">= 1.0 < 2.0", "~ 1", ">= 1.0,", "main"]

REWRITES = [
    ("1.2.3", "1.4.0", "1.4.0"),
    ("= 1.2.3", "1.4.0", "= 1.4.0"),
    ("v1.2.3", "v1.4.0", "v1.4.0"),
    ("v1.2.3", "1.4.0", "v1.4.0"),
    ("1.2", "1.4.1", "1.4.1"),
    ("~> 1.2", "1.4.1", "~> 1.2"),
    ("~> 1.2", "2.4.1", "~> 2.4"),
    ("~> 4.0", "5.31.2", "~> 5.0"),
    ("~> 1.2.3", "1.4.1", "~> 1.4.1"),
    ("~> 1.2.0", "1.4.1", "~> 1.4.0"),
    ("~>1.2", "2.0.0", "~>2.0"),
    (">= 1.0, < 2.0", "2.4.1", ">= 1.0, < 3.0"),
    (">= 1.0.0,<2.0.0", "2.4.1", ">= 1.0.0,<3.0.0"),
    (">= 1.0, < 1.5", "1.7.2", ">= 1.0, < 1.8"),
    (">= 1.0, <= 1.5", "1.7.2", ">= 1.0, <= 1.7.2"),
    (">= 1.0, ~> 4.9", "5.1.0", ">= 1.0, ~> 5.1"),
    ("~> 4.0, != 4.3.0", "5.1.0", "~> 5.0, != 4.3.0"),
    ("~> 4.0, != 5.1.0", "5.1.0", None),
    (">= 2.0", "1.0.0", None),
    (">= 2.0", "3.0.0", ">= 2.0"),
    ("1.2.3", "1.3.0-beta1", "1.3.0-beta1"),
    ("~> 1.2", "2.0.0-beta1", None),
    ("< 1.2.3.4", "2.0.0", "< 2.0.0.1"),
    ("~> 1.2.3.0", "2.4.1", "~> 2.4.1.0"),
    ("~> 1.2.3.4", "2.4.1.7", "~> 2.4.1.7"),
    ("< 1.2.0", "2", "< 2.1.0"),
    ("latest", "2.0.0", None),
    ("~> 1.2", "no version", None),
]

STEPS = [
    ("1.2.3", "1.2.4", "patch"),
    ("1.2", "1.3.0", "minor"),
    ("1.2.3", "v2.0.0", "major"),
    ("0.12.0", "0.13.0", "minor"),
    ("1.0.0-rc1", "1.0.0", "patch"),
    ("1.2", "1.2.0", None),
    ("1.2.3", "1.2.2", None),
    ("~> 1.2.3", "2.0.0", None),
]


@pytest.mark.parametrize(("older", "newer"), list(itertools.pairwise(ASCENDING)))
def test_versions_sort_as_terraform_sorts_them(older: str, newer: str) -> None:
    low, high = SCHEME.key(older), SCHEME.key(newer)
    assert low is not None
    assert high is not None
    assert low < high


@pytest.mark.parametrize("text", ["", "latest", "1.", ".1", "1.2.3.4.5", "1.2.x", "~> 1", "1" * 200, "١.٢.٣"])
def test_what_is_no_version_has_no_key(text: str) -> None:
    assert SCHEME.key(text) is None
    assert not SCHEME.is_stable(text)


@pytest.mark.parametrize(("constraint", "admitted", "refused"), RANGES)
def test_constraints_admit_what_terraform_admits(constraint: str, admitted: list[str], refused: list[str]) -> None:
    for scheme in (SCHEME, PROVIDERS):
        assert scheme.is_constraint(constraint)
        assert [version for version in admitted if not scheme.satisfies(version, constraint)] == []
        assert [version for version in refused if scheme.satisfies(version, constraint)] == []


def test_a_single_number_is_bounded_for_providers_alone() -> None:
    assert SCHEME.satisfies("2.0.0", "~> 1")
    assert not PROVIDERS.satisfies("2.0.0", "~> 1")
    assert SCHEME.rewrite("~> 1", "2.1.0") == "~> 1"
    assert PROVIDERS.rewrite("~> 1", "2.1.0") == "~> 2"


@pytest.mark.parametrize("text", NO_CONSTRAINTS)
def test_what_terraform_refuses_is_no_constraint(text: str) -> None:
    assert not SCHEME.is_constraint(text)
    assert not SCHEME.satisfies("1.2.3", text)
    assert SCHEME.pinned(text) is None
    assert SCHEME.rewrite(text, "2.0.0") is None


@pytest.mark.parametrize(
    ("constraint", "version"),
    [
        ("1.2.3", "1.2.3"),
        ("= 1.2.3", "1.2.3"),
        ("v1.2", "1.2"),
        (" 1.2.3-rc1 ", "1.2.3-rc1"),
        ("~> 1.2.3", None),
        (">= 1.2.3", None),
        ("1.2.3, != 1.2.4", None),
    ],
)
def test_only_one_exact_version_pins(constraint: str, version: str | None) -> None:
    assert SCHEME.pinned(constraint) == version


@pytest.mark.parametrize(("old", "new", "step"), STEPS)
def test_steps(old: str, new: str, step: str | None) -> None:
    assert SCHEME.step(old, new) == step


@pytest.mark.parametrize(("constraint", "version", "expected"), REWRITES)
def test_rewriting_keeps_style_and_precision(constraint: str, version: str, expected: str | None) -> None:
    assert SCHEME.rewrite(constraint, version) == expected


numbers = st.integers(0, 30)
versions = st.one_of(
    st.lists(numbers, min_size=1, max_size=4).map(lambda parts: ".".join(map(str, parts))),
    st.builds("{}.{}.{}".format, numbers, numbers, numbers),
    st.builds("{}.{}.{}-rc{}".format, numbers, numbers, numbers, numbers),
)
partial = st.one_of(versions, st.builds("{}.{}".format, numbers, numbers), numbers.map(str))
terms = st.builds(
    "{}{}".format, st.sampled_from(["", "= ", "!= ", ">= ", "> ", "< ", "<= ", "~> ", "~>", "v"]), partial
)
constraints = st.lists(terms, min_size=1, max_size=3).map(", ".join)
schemes = st.sampled_from([SCHEME, PROVIDERS])


@settings(deadline=None, max_examples=400)
@given(schemes, constraints, versions)
def test_a_rewritten_constraint_admits_the_version_and_stays(scheme: Scheme, constraint: str, version: str) -> None:
    assert scheme.is_constraint(constraint)
    written = scheme.rewrite(constraint, version)
    if written is not None:
        assert scheme.satisfies(version, written)
        assert scheme.rewrite(written, version) == written
        assert (scheme.pinned(constraint) is None) == (scheme.pinned(written) is None)


@settings(deadline=None, max_examples=200)
@given(versions, versions, versions)
def test_the_order_is_total(first: str, second: str, third: str) -> None:
    low, middle, high = sorted((first, second, third), key=SCHEME.key)  # type: ignore[arg-type]  # keys are opaque
    assert SCHEME.key(low) <= SCHEME.key(middle) <= SCHEME.key(high)  # type: ignore[operator]  # as above
    assert (SCHEME.step(low, high) is None) == (SCHEME.key(low) == SCHEME.key(high))


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="0123456789.~<>=!, -v+abé\t", max_size=60), versions)
def test_no_text_raises(text: str, version: str) -> None:
    SCHEME.key(text)
    SCHEME.pinned(text)
    SCHEME.step(text, version)
    SCHEME.satisfies(version, text)
    SCHEME.satisfies(text, "1.0.0")
    SCHEME.rewrite(text, version)


@pytest.mark.parametrize(
    "text", ["1" * 100_000, ">= 1.0, " * 20_000, " " * 100_000, "1.0.0-" + "a." * 50_000, "~" * 500]
)
def test_long_texts_are_refused_at_once(text: str) -> None:
    started = time.process_time()
    assert not SCHEME.is_constraint(text)
    assert SCHEME.key(text) is None
    assert SCHEME.pinned(text) is None
    assert SCHEME.rewrite(text, "1.0.0") is None
    assert time.process_time() - started < allowed(2)
