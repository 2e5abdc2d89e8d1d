from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.ecosystems.python._markers import first_meeting, holds, where_it_holds

LINUX = {"sys_platform": "linux", "python_version": "3.12", "extra": ""}


@pytest.mark.parametrize(
    ("wanted", "offered", "expected"),
    [
        (None, [None], 0),
        (None, ["python_version < '3.9'", "python_version >= '3.9'"], 1),
        ("python_version < '3.9'", ["python_version >= '3.9'", "python_version < '3.9'"], 1),
        ("sys_platform == 'win32'", ["sys_platform == 'linux'", "sys_platform != 'linux'"], 1),
        ("sys_platform == 'nowhere'", [None], None),
        (None, ["nonsense"], None),
        (None, [], None),
    ],
)
def test_the_first_marker_that_fits_where_the_requirement_applies(
    wanted: str | None, offered: list[str | None], expected: int | None
) -> None:
    assert first_meeting(where_it_holds(wanted), [where_it_holds(one) for one in offered]) == expected


def test_the_scanning_machine_does_not_matter() -> None:
    assert holds("platform_machine == 'x86_64' or platform_machine != 'x86_64'", LINUX)


@settings(deadline=None, max_examples=100)
@given(st.text() | st.text(alphabet="()'\"<>= andor python_version3.extra"))
def test_no_marker_is_too_strange(marker: str) -> None:
    assert holds(marker, LINUX) in {True, False}


def test_deep_nesting_is_no_fault() -> None:
    assert not holds("(" * 1500, LINUX)
