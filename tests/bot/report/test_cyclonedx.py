from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.schema._res import BOM_JSON, JSF, SPDX_JSON
from packageurl import PackageURL

from analyzers.model.inventory import Dependency
from analyzers.model.place import Place
from bot.report import cyclonedx
from bot.report.renderer import Options
from bot.scorecard import Report
from tests.support.flaws import BARE, flaw, flawed_report
from tests.support.reports import HOSTILE_NAMES, empty_report, perfect_report, sample_report, unjudged_report

REPORTS = [sample_report, empty_report, perfect_report, unjudged_report]


def _bom(report: Report) -> Any:  # noqa: ANN401 - JSON
    return json.loads(cyclonedx.render(report, Options()))


def _json(path: str | None) -> dict[str, Any]:
    assert path is not None
    found: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
    return found


def _validate(document: object) -> None:
    """Validate against the schema that the CycloneDX library carries."""
    schema = _json(BOM_JSON[SchemaVersion.V1_6])
    beside = {
        f"http://cyclonedx.org/schema/{name}": _json(path)
        for name, path in (("spdx.SNAPSHOT.schema.json", SPDX_JSON), ("jsf-0.82.SNAPSHOT.schema.json", JSF))
    }
    registry = jsonschema_rs.Registry([(name, {**found, "$id": name}) for name, found in beside.items()])
    jsonschema_rs.Draft7Validator(schema, registry=registry).validate(document)


def _with(report: Report, *dependencies: Dependency) -> Report:
    return replace(report, inventory=replace(report.inventory, dependencies=dependencies))


def _dependency(name: str, path: str = "a.txt", **changes: Any) -> Dependency:  # noqa: ANN401 - any field
    found = Dependency(ecosystem="pypi", name=name, place=Place(path, 1, 1, 0, 1), kind="requirements", purl="")
    return replace(found, **{"purl": PackageURL("pypi", None, name).to_string(), **changes})


@pytest.mark.parametrize("make", REPORTS)
def test_every_bill_is_valid(make: Callable[[], Report]) -> None:
    _validate(_bom(make()))


def test_an_invalid_bill_is_refused() -> None:
    with pytest.raises(jsonschema_rs.ValidationError):
        _validate({**_bom(sample_report()), "components": [{"name": "without a type"}]})


def test_the_same_inventory_gives_the_same_bytes() -> None:
    assert cyclonedx.render(sample_report(), Options()) == cyclonedx.render(sample_report(), Options())


def test_what_has_no_purl_has_a_reference_of_its_own_that_stays() -> None:
    nameless = [_dependency(name, purl="", version=version) for name in ("a", "b c", "é") for version in ("1", "2")]
    report = _with(empty_report(), _dependency("a"), *nameless)
    assert cyclonedx.render(report, Options()) == cyclonedx.render(report, Options())
    references = [entry["bom-ref"] for entry in _bom(report)["components"]]
    own = [f"unnamed:{name}" for name in ("%C3%A9", "b%20c", "a")]
    assert sorted(references) == sorted(["pkg:pypi/a", *own, *(f"{name} (2)" for name in own)])
    # What else is there changes none of them.
    fewer = [entry["bom-ref"] for entry in _bom(_with(empty_report(), *nameless[:2]))["components"]]
    assert fewer == ["unnamed:a", "unnamed:a (2)"]


def test_the_serial_number_follows_the_content() -> None:
    report = sample_report()
    later = replace(report, scanned_at=report.scanned_at.replace(hour=20))
    assert _bom(report)["serialNumber"] == _bom(later)["serialNumber"]
    assert _bom(report)["serialNumber"] != _bom(_with(report, _dependency("a")))["serialNumber"]


def test_the_locked_version_is_the_one_that_counts() -> None:
    (django,) = (entry for entry in _bom(sample_report())["components"] if entry["name"] == "django")
    assert (django["version"], django["purl"]) == ("2.2.28", "pkg:pypi/django@2.2.28")


def test_what_cannot_be_judged_says_why() -> None:
    (base,) = (entry for entry in _bom(sample_report())["components"] if entry["name"] == "$BASE")
    assert {"name": "debtscan:skip_reason", "value": "unpinned-expression"} in base["properties"]


def test_one_package_in_two_files_is_one_component_with_two_places() -> None:
    (found,) = _bom(_with(empty_report(), _dependency("a", "x.txt"), _dependency("a", "y.txt")))["components"]
    assert [place["location"] for place in found["evidence"]["occurrences"]] == ["x.txt", "y.txt"]


def test_only_direct_dependencies_hang_on_the_repository() -> None:
    bom = _bom(_with(empty_report(), _dependency("a"), _dependency("b", direct=False)))
    assert {entry["ref"]: entry.get("dependsOn", []) for entry in bom["dependencies"]}["repository"] == ["pkg:pypi/a"]


@pytest.mark.parametrize("digest", ["sha256:" + "ab" * 31, "sha256:" + "zz" * 32, "ab" * 20, "md5:00", ""])
def test_what_is_no_sha_256_is_no_hash(digest: str) -> None:
    (found,) = _bom(_with(empty_report(), _dependency("a", digest=digest or None)))["components"]
    assert "hashes" not in found


def test_odd_names_and_addresses_end_in_a_valid_bill() -> None:
    odd = [replace(_dependency("a", name), name=name, value=name, version=name) for name in HOSTILE_NAMES]
    broken = [_dependency("a", purl=purl) for purl in ("", "nothing", "pkg:", "pkg:pypi", "pkg:pypi/a@%ZZ")]
    bom = _bom(_with(empty_report(), *odd, *broken))
    _validate(bom)
    assert len(bom["components"]) == len(odd) + len(broken)


def test_a_flaw_is_one_vulnerability_with_all_components_that_it_touches() -> None:
    bom = _bom(flawed_report(flaw("CVE-2024-1")))
    _validate(bom)
    (found,) = bom["vulnerabilities"]
    source = {"name": "OSV", "url": "https://osv.dev/vulnerability/CVE-2024-1"}
    assert (found["id"], found["source"], found["description"]) == ("CVE-2024-1", source, "It leaks.")
    assert found["recommendation"] == "Move to 9.9."
    assert found["published"] == "2024-01-02T00:00:00+00:00"
    assert [one["id"] for one in found["references"]] == ["GHSA-1"]
    (rating,) = found["ratings"]
    assert (rating["score"], rating["severity"], rating["method"]) == (7.5, "high", "CVSSv31")
    references = {one["name"]: one["bom-ref"] for one in bom["components"]}
    assert {one["ref"]: one["versions"] for one in found["affects"]} == {
        references["web"]: [{"version": "1.0", "status": "affected"}],
        references["db"]: [{"version": "2.0", "status": "affected"}],
    }


@pytest.mark.parametrize(
    ("fields", "severity"), [(BARE, "unknown"), ({**BARE, "malicious": True}, "critical"), ({"vector": "AV:N"}, "high")]
)
def test_what_a_database_does_not_state_is_not_invented(fields: dict[str, object], severity: str) -> None:
    bom = _bom(flawed_report(flaw("GHSA-9", **fields)))
    _validate(bom)
    (found,) = bom["vulnerabilities"]
    assert found["ratings"][0]["severity"] == severity
    assert "published" not in found or found["published"].startswith("2024")


def test_other_flaws_make_another_serial_number() -> None:
    numbers = {_bom(flawed_report(flaw(name)))["serialNumber"] for name in ("CVE-1", "CVE-2", "CVE-1")}
    assert len(numbers) == 2


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_hostile_words_of_an_advisory_make_a_valid_bill(name: str) -> None:
    _validate(_bom(flawed_report(flaw(name, summary=name, aliases=(name,)))))
