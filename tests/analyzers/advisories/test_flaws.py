from __future__ import annotations

from datetime import date

import pytest

from analyzers.advisories.flaws import flaws, lowest_free
from analyzers.model.advisory import Advisories, Advisory, AffectedRange, Event, Flaw
from analyzers.versions.npm import SCHEME

DAY = date(2026, 1, 1)


def advisory(name: str, *borders: str, aliases: str = "", **fields: object) -> Advisory:
    """Return an advisory; ``borders`` are ``first fixed`` of a range each."""
    ranges = tuple(
        AffectedRange((Event("introduced", first), Event("fixed", fixed)))
        for first, fixed in (text.split() for text in borders)
    )
    return Advisory(id=name, aliases=tuple(aliases.split()), ranges=ranges, **fields)  # type: ignore[arg-type] # passed on


def known(*advisories: Advisory) -> Advisories:
    return Advisories("npm:web", advisories)


def found(*advisories: Advisory, version: str = "1.0.0", named: tuple[str, ...] = ()) -> tuple[Flaw, ...]:
    return flaws(known(*advisories), version, SCHEME.key, DAY, named=named)


def test_the_records_of_one_flaw_are_one_even_through_a_third_name() -> None:
    (flaw,) = found(
        advisory("GHSA-1", "0 2.0.0", aliases="CVE-1", summary="short", level="low", published=date(2024, 2, 1)),
        advisory("PYSEC-1", "0 2.0.0", aliases="CVE-1", summary="rather longer", published=date(2024, 1, 1)),
        advisory("SNYK-1", "0 2.0.0", aliases="PYSEC-1", level="high", score=7.5, vector="v"),
    )
    assert (flaw.id, flaw.aliases) == ("CVE-1", ("GHSA-1", "PYSEC-1", "SNYK-1"))
    assert flaw.records == ("GHSA-1", "PYSEC-1", "SNYK-1")
    assert (flaw.summary, flaw.level, flaw.score, flaw.vector) == ("short", "high", 7.5, "v")
    assert flaw.published == date(2024, 1, 1)


def test_the_worst_comes_first_and_a_malicious_package_before_all() -> None:
    order = found(
        advisory("A", "0 2.0.0", level="medium", score=5.0),
        advisory("B", "0 2.0.0", level="critical", score=9.1),
        advisory("C", "0 2.0.0"),
        advisory("D", "0 2.0.0", level="critical", score=9.9),
        advisory("MAL-1", "0 2.0.0", malicious=True, score=10.0),
    )
    assert [flaw.id for flaw in order] == ["MAL-1", "D", "B", "A", "C"]


def test_what_does_not_touch_the_version_is_left_out_unless_the_database_names_it() -> None:
    elsewhere = advisory("A", "2.0.0 2.1.0")
    assert found(elsewhere) == ()
    assert [flaw.id for flaw in found(elsewhere, named=("A",))] == ["A"]


@pytest.mark.parametrize(
    ("advisories", "expected"),
    [
        ([advisory("A", "0 1.2.0")], "1.2.0"),
        ([advisory("A", "0 1.2.0"), advisory("B", "1.1.0 1.3.0")], "1.3.0"),
        # Mended in several lines: the own one is nearest.
        ([advisory("A", "0 1.5.0", "2.0.0 2.4.0")], "1.5.0"),
        ([advisory("A", "0 0.5.0")], None),
        ([Advisory(id="A", ranges=(AffectedRange((Event("introduced", "0"),)),))], None),
        ([advisory("A", "0 never")], None),
    ],
)
def test_the_lowest_version_free_of_all(advisories: list[Advisory], expected: str | None) -> None:
    assert lowest_free(known(*advisories), "1.0.0", SCHEME.key, DAY) == expected
