"""What one file says about another: locks of charts, copies of charts, images and sources that are set elsewhere."""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import reduce
from itertools import islice
from typing import Final

from analyzers.ecosystems.kubernetes import _delivery
from analyzers.ecosystems.kubernetes._files import CHART, LOCK_NAMES, file_name
from analyzers.ecosystems.kubernetes._kustomized import placeholders
from analyzers.ecosystems.kubernetes.manifests import BUILT, RENDERED
from analyzers.model.ecosystem import Locked, Reading
from analyzers.model.inventory import Dependency
from analyzers.model.place import Place
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.versions.helm import SCHEME

_Readings = Mapping[str, Reading]
# More versions of one chart than any honest lock holds; no more are compared for one row.
_MOST_VERSIONS: Final = 20


def pair(readings: _Readings) -> _Readings:
    """Return the readings joined: charts with their locks, and rows with a reason where another file decides."""
    return reduce(
        lambda so_far, step: step(so_far), (_locked, _copied, _rendered, _built, _replaced, _sourced), readings
    )


def _path(key: str) -> str:
    """Return the path of a reading: two formats may read one file."""
    return key.partition("#")[0]


def _charts(readings: _Readings) -> Mapping[str, str]:
    """Return folder → key of the reading of its chart."""
    return {
        posixpath.dirname(_path(key)): key
        for key, reading in readings.items()
        if reading.manifest and reading.manifest.format == CHART
    }


def _locked(readings: _Readings) -> _Readings:
    joined = dict(readings)
    for key, reading in readings.items():
        path = _path(key)
        if file_name(path) not in LOCK_NAMES or not reading.locked:
            continue
        stem = file_name(path).removesuffix(".lock")
        for suffix in ("yaml", "yml", "yaml.gotmpl"):
            beside = posixpath.join(posixpath.dirname(path), f"{stem}.{suffix}")
            for chart in (beside, f"{beside}#{CHART}"):
                if chart in readings and readings[chart].manifest:
                    joined[chart] = _with_lock(readings[chart], path, reading.locked)
    return joined


def _with_lock(chart: Reading, path: str, locked: tuple[Locked, ...]) -> Reading:
    by_name: dict[str, dict[str, None]] = defaultdict(dict)
    for entry in locked:
        by_name[entry.name][entry.version] = None
    rows = tuple(replace(row, locked_version=_resolved(row, by_name.get(row.name, {}))) for row in chart.dependencies)
    manifest = replace(chart.manifest, lockfile=path) if chart.manifest else None
    return replace(chart, dependencies=rows, manifest=manifest)


def _resolved(row: Dependency, versions: Mapping[str, None]) -> str | None:
    """Return what the lock has for a row: one chart may stand there twice, under two aliases."""
    written = row.value or ""
    compared = (written,) if written in versions else islice(versions, _MOST_VERSIONS)
    fitting = (version for version in compared if written and SCHEME.satisfies(version, written))
    found = next(fitting, None) or next(iter(versions), None)
    return found.removeprefix("v") if found else None


def _copied(readings: _Readings) -> _Readings:
    """Mark what lies in ``charts/`` and is a copy of a chart that the one above depends on."""
    copies = tuple(
        f"{posixpath.join(folder, 'charts', row.name)}/"
        for folder, key in _charts(readings).items()
        for row in readings[key].dependencies
        if row.index and not row.skip_reason
    )
    if not copies:
        return readings
    return {
        key: _all_marked(reading, "vendored") if _path(key).startswith(copies) else reading
        for key, reading in readings.items()
    }


def _all_marked(reading: Reading, reason: SkipReason) -> Reading:
    rows = tuple(replace(row, skip_reason=row.skip_reason or reason) for row in reading.dependencies)
    return replace(reading, dependencies=rows, observations=(), skipped=())


def _rendered(readings: _Readings) -> _Readings:
    """Say once a chart that its templates are not rendered; where there is no chart, of each folder."""
    charts, seen = _charts(readings), Counter[str]()
    for key, reading in readings.items():
        if any(entry.kind == RENDERED for entry in reading.observations):
            path = _path(key)
            seen[path[: path.rindex("templates/")].rstrip("/")] += 1
    bare = {
        key: replace(reading, observations=tuple(one for one in reading.observations if one.kind != RENDERED))
        for key, reading in readings.items()
    }
    for folder, count in seen.items():
        key = charts.get(folder) or next(key for key in bare if _path(key).startswith(f"{folder}/".lstrip("/")))
        bare[key] = replace(bare[key], skipped=(*bare[key].skipped, _not_rendered(folder, count, charts)))
    return bare


def _not_rendered(folder: str, count: int, charts: Mapping[str, str]) -> Skipped:
    path = _path(charts[folder]) if folder in charts else posixpath.join(folder, "templates")
    files = "1 template is" if count == 1 else f"{count} templates are"
    detail = f"{files} not rendered: images and API versions that only these name are not read"
    return Skipped(what="file", path=path, source=CHART, reason="not-rendered", detail=detail)


def _built(readings: _Readings) -> _Readings:
    """Mark what Skaffold builds and puts in the place of the image that a manifest names."""
    built = frozenset(seen.name for reading in readings.values() for seen in reading.observations if seen.kind == BUILT)
    if not built:
        return readings
    return {key: _named_marked(reading, built, "local-path") for key, reading in readings.items()}


def _replaced(readings: _Readings) -> _Readings:
    """Mark images that a manifest only names, without a version, where a kustomization puts another in their place."""
    replaced = placeholders(readings)
    if not replaced:
        return readings
    return {
        key: _named_marked(reading, replaced[_path(key)], "set-elsewhere", bare=True)
        if _path(key) in replaced
        else reading
        for key, reading in readings.items()
    }


def _named_marked(reading: Reading, names: AbstractSet[str], reason: SkipReason, *, bare: bool = False) -> Reading:
    """Mark the images of these names; with ``bare`` only those without tag and digest."""
    rows = tuple(
        replace(row, skip_reason=reason)
        if row.ecosystem == "docker"
        and row.name in names
        and not row.skip_reason
        and not (bare and (row.version or row.value or row.digest))
        else row
        for row in reading.dependencies
    )
    return replace(reading, dependencies=rows)


def _sourced(readings: _Readings) -> _Readings:
    """Give each HelmRelease the address of the repository that it names, where exactly one is called that."""
    addresses: dict[str, set[str]] = defaultdict(set)
    for reading in readings.values():
        for seen in reading.observations:
            if seen.kind == _delivery.SOURCE:
                addresses[seen.name].add(seen.text)
                addresses[_without_namespace(seen.name)].add(seen.text)
    if not addresses:
        return readings
    return {key: _with_sources(reading, addresses) for key, reading in readings.items()}


def _without_namespace(called: str) -> str:
    kind, _, name = called.split("/", 2)
    return _delivery.source_name(kind, name, "")


def _with_sources(reading: Reading, addresses: Mapping[str, set[str]]) -> Reading:
    called = {seen.place: seen.name for seen in reading.observations if seen.kind == _delivery.SOURCE_REF}
    if not called:
        return reading
    return replace(reading, dependencies=tuple(_one(row, called, addresses) for row in reading.dependencies))


def _one(row: Dependency, called: Mapping[Place, str], addresses: Mapping[str, set[str]]) -> Dependency:
    name = called.get(row.place)
    if name is None or row.skip_reason != "set-elsewhere":
        return row
    # Kustomizations set namespaces, so that the one that is written may not be the one that counts.
    found = addresses.get(name) or addresses.get(_without_namespace(name)) or set()
    return _delivery.resolved(row, next(iter(found))) if len(found) == 1 else row
