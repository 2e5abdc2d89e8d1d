"""A CycloneDX 1.6 bill of materials of what was read, with the lines where it stands and its known vulnerabilities."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from analyzers.model.inventory import Dependency
from bot.markup import visible
from bot.report.renderer import Options, Renderer
from bot.scorecard import Report

if TYPE_CHECKING:
    from cyclonedx.model import HashType, Property
    from cyclonedx.model.component import Component, ComponentType
    from packageurl import PackageURL

# Names of ours in the space of version 5 UUIDs: the serial number follows from the content alone.
_SPACE: Final = uuid.uuid5(uuid.NAMESPACE_DNS, "debtscan.cyclonedx")
_SHA256: Final = "sha256:"


def render(report: Report, options: Options) -> str:
    """Return the bill; the same inventory gives the same bytes, apart from the time of the scan."""
    del options
    from cyclonedx.model.bom import Bom, BomMetaData
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.output.json import JsonV1Dot6

    from bot.report._cyclonedx_flaws import vulnerabilities

    repository = report.repository
    root = Component(
        name=visible(repository.name),
        version=repository.commit,
        type=ComponentType.APPLICATION,
        bom_ref="repository",
    )
    tool = Component(name="debtscan", version=report.version, type=ComponentType.APPLICATION, bom_ref="debtscan")
    components = list(_components(report.inventory.dependencies))
    bom = Bom(
        serial_number=_serial(report),
        metadata=BomMetaData(timestamp=report.scanned_at, component=root),
        components=[component for component, _direct in components],
        vulnerabilities=vulnerabilities(report, [component for component, _direct in components]),
    )
    bom.metadata.tools.components.add(tool)
    bom.register_dependency(root, [component for component, direct in components if direct])
    text: str = JsonV1Dot6(bom).output_as_string(indent=2)
    return text + "\n"


def _serial(report: Report) -> uuid.UUID:
    seen = hashlib.sha256()
    for entry in report.inventory.dependencies:
        # Every field is a frozen value, so its representation is its content.
        seen.update(repr(entry).encode(errors="backslashreplace") + b"\n")
    for charged in report.findings:
        if charged.finding.flaws:
            told = (charged.finding.path, charged.finding.line, charged.finding.flaws)
            seen.update(repr(told).encode(errors="backslashreplace") + b"\n")
    return uuid.uuid5(_SPACE, f"{visible(report.repository.name)} {report.repository.commit} {seen.hexdigest()}")


def _components(dependencies: Iterable[Dependency]) -> Iterable[tuple[Component, bool]]:
    """Yield one component a thing and version, with every place where it stands, and whether it is a direct one."""
    same: dict[tuple[str, ...], list[Dependency]] = defaultdict(list)
    for entry in dependencies:
        same[entry.purl, entry.name, _version(entry), entry.digest or "", entry.skip_reason or ""].append(entry)
    named: Counter[str] = Counter()
    for key in sorted(same):
        # Never empty: the library would write a random reference, another one in each run.
        known_as = visible(key[0]) or f"unnamed:{quote(visible(key[1]))}"
        named[known_as] += 1
        reference = known_as if named[known_as] == 1 else f"{known_as} ({named[known_as]})"
        yield _component(same[key], reference), any(entry.direct for entry in same[key])


def _component(entries: list[Dependency], reference: str) -> Component:
    from cyclonedx.model.component import Component
    from cyclonedx.model.component_evidence import ComponentEvidence, Occurrence

    first = entries[0]
    occurrences = [
        Occurrence(location=visible(entry.place.path), line=entry.place.line, bom_ref=f"{reference} in {number}")
        for number, entry in enumerate(entries, 1)
    ]
    return Component(
        name=visible(first.name),
        version=_version(first) or None,
        type=_type(first),
        purl=_purl(first),
        bom_ref=reference,
        hashes=_hashes(first),
        properties=_properties(entries),
        evidence=ComponentEvidence(occurrences=occurrences),
    )


def _version(entry: Dependency) -> str:
    return visible(entry.locked_version or entry.version or "")


def _purl(entry: Dependency) -> PackageURL | None:
    from packageurl import PackageURL

    try:
        purl = PackageURL.from_string(visible(entry.purl))
    except ValueError:
        return None
    if entry.locked_version:
        return PackageURL(purl.type, purl.namespace, purl.name, _version(entry), purl.qualifiers, purl.subpath)
    return purl


def _type(entry: Dependency) -> ComponentType:
    from cyclonedx.model.component import ComponentType

    if entry.ecosystem == "docker":
        return ComponentType.CONTAINER
    return ComponentType.PLATFORM if entry.ecosystem == "generic" else ComponentType.LIBRARY


def _hashes(entry: Dependency) -> list[HashType]:
    from cyclonedx.model import HashAlgorithm, HashType

    digest = (entry.digest or "").lower()
    content = digest.removeprefix(_SHA256)
    # A commit is no hash of a content, and a digest of another length is none of SHA-256.
    if not digest.startswith(_SHA256) or len(content) != 64 or set(content) - set("0123456789abcdef"):  # noqa: PLR2004 - letters of a SHA-256
        return []
    return [HashType(alg=HashAlgorithm.SHA_256, content=content)]


def _properties(entries: list[Dependency]) -> list[Property]:
    from cyclonedx.model import Property

    stated: dict[str, set[str | None]] = {
        "ecosystem": {entry.ecosystem for entry in entries},
        "kind": {entry.kind for entry in entries},
        "value": {entry.value for entry in entries},
        "digest": {entry.digest for entry in entries},
        "dependency_group": {entry.dependency_group for entry in entries},
        "direct": {"true" if any(entry.direct for entry in entries) else "false"},
        "skip_reason": {entry.skip_reason for entry in entries},
    }
    return [
        Property(name=f"debtscan:{name}", value=visible(value))
        for name, values in stated.items()
        for value in sorted(filter(None, values))
    ]


RENDERER = Renderer(name="cyclonedx", title="CycloneDX 1.6 of what was read", suffix=".cdx.json", render=render)
