from __future__ import annotations

from datetime import date

import pytest

from analyzers.model.advisory import Advisory, AffectedRange, Event, is_affected, stands
from analyzers.model.scheme import Scheme
from analyzers.versions import npm, pep440


def between(text: str) -> AffectedRange:
    """Return a range from ``introduced=1 fixed=2``."""
    words = [word.partition("=") for word in text.split()]
    return AffectedRange(tuple(Event(kind, version) for kind, _, version in words))  # type: ignore[arg-type] # the table's words


@pytest.mark.parametrize(
    ("scheme", "events", "version", "affected"),
    [
        (pep440.SCHEME, "introduced=0 fixed=2.0", "1.0", True),
        (pep440.SCHEME, "introduced=0 fixed=2.0", "2.0", False),
        (pep440.SCHEME, "introduced=0 fixed=2.0", "2.0rc1", True),
        (pep440.SCHEME, "introduced=0 fixed=2.0", "2", False),
        (pep440.SCHEME, "introduced=0", "999", True),
        (pep440.SCHEME, "introduced=1.0 last_affected=1.5", "1.5", True),
        (pep440.SCHEME, "introduced=1.0 last_affected=1.5", "1.5.0", True),
        (pep440.SCHEME, "introduced=1.0 last_affected=1.5", "1.5.1", False),
        (pep440.SCHEME, "introduced=1.0 last_affected=1.0", "1.0", True),
        (pep440.SCHEME, "introduced=1.0 fixed=1.5", "0.9", False),
        # Several lines, in whatever order the database writes them.
        (pep440.SCHEME, "fixed=1.5 introduced=1.0 fixed=2.5 introduced=2.0", "2.1", True),
        (pep440.SCHEME, "fixed=1.5 introduced=1.0 fixed=2.5 introduced=2.0", "1.7", False),
        (pep440.SCHEME, "introduced=1.0 fixed=1.5 introduced=1.5 fixed=2.0", "1.5", True),
        (pep440.SCHEME, "introduced=0 limit=2.0", "2.0", False),
        (pep440.SCHEME, "introduced=0 limit=*", "2.0", True),
        (npm.SCHEME, "introduced=0.0.0 fixed=4.17.21", "4.17.20", True),
        (npm.SCHEME, "introduced=0 fixed=4.17.21", "4.17.21", False),
        (npm.SCHEME, "introduced=0 fixed=5.0.0-beta.2", "5.0.0-beta.1", True),
        # A border that cannot be read: the database's own word is all there is.
        (npm.SCHEME, "introduced=0 fixed=five", "4.0.0", False),
        (npm.SCHEME, "introduced=0 fixed=5.0.0", "latest", False),
    ],
)
def test_which_versions_a_range_holds(scheme: Scheme, events: str, version: str, affected: bool) -> None:
    assert is_affected(Advisory(id="X", ranges=(between(events),)), version, scheme.key) is affected


@pytest.mark.parametrize(("version", "affected"), [("1.0", True), ("1.0.0", True), ("1.1", False), ("odd", True)])
def test_listed_versions_are_affected_however_they_are_written(version: str, affected: bool) -> None:
    assert is_affected(Advisory(id="X", versions=("1.0", "odd")), version, pep440.SCHEME.key) is affected


@pytest.mark.parametrize(
    ("published", "withdrawn", "day", "expected"),
    [
        ("2024-05-01", None, "2024-04-30", False),
        ("2024-05-01", None, "2024-05-01", True),
        ("2024-05-01", "2024-06-01", "2024-05-31", True),
        ("2024-05-01", "2024-06-01", "2024-06-01", False),
        (None, None, "2000-01-01", True),
    ],
)
def test_an_advisory_stands_from_its_publication_to_the_day_before_its_withdrawal(
    published: str | None, withdrawn: str | None, day: str, expected: bool
) -> None:
    advisory = Advisory(
        id="X",
        published=date.fromisoformat(published) if published else None,
        withdrawn=date.fromisoformat(withdrawn) if withdrawn else None,
    )
    assert stands(advisory, date.fromisoformat(day)) is expected
