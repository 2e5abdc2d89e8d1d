"""Snapshot → Inventory: what the manifests say, and code and history where a scan wants them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from analyzers.config import Config
from analyzers.custom_readers import custom_ecosystem
from analyzers.ignores import comments, configured
from analyzers.manifests import Progress, foreign_reason, read_manifests
from analyzers.model.discovery import failures, modules
from analyzers.model.ecosystem import Ecosystem
from analyzers.model.inventory import Ignore, Inventory
from analyzers.model.kept import NOTHING_KEPT, Kept
from analyzers.model.skipped import Skipped
from analyzers.model.snapshot import Snapshot
from analyzers.repository.paths import is_test_data, read_owners
from analyzers.settings import Settings
from analyzers.syntax.text import SourceText

if TYPE_CHECKING:
    from analyzers.repository.walked import Walked


def ecosystems() -> tuple[Ecosystem, ...]:
    """Return every ecosystem, sorted by module name."""
    return tuple(module.ECOSYSTEM for module in modules("analyzers.ecosystems", states="ECOSYSTEM"))


def failed_plugins() -> Iterator[Skipped]:
    """Yield the plugins of installed packages that failed so far."""
    for failure in failures():
        detail = f"the plugin '{failure.name}' of {failure.package} {failure.detail}"
        yield Skipped(what="plugin", source=failure.package, reason="plugin-failed", detail=detail)


def worlds_of(config: Config) -> tuple[Ecosystem, ...]:
    """Return every ecosystem, and the readers that the configuration states as one more."""
    own = custom_ecosystem(config.reader)
    return (*ecosystems(), own) if own else ecosystems()


def read(
    snapshot: Snapshot,
    settings: Settings,
    *,
    as_of: date,
    jobs: int = 0,
    metrics: bool = True,
    progress: Progress = lambda _stage, _done, _total: None,
    kept: Kept = NOTHING_KEPT,
) -> Inventory:
    """Read everything that needs no network. ``metrics=False`` leaves code and history unread (inventory only).

    What is ``kept`` from an earlier run is not worked out again; the result does not depend on it.
    """
    listed, marked = _listed(snapshot, settings, progress)
    whole = listed
    if metrics:
        whole, more = _measured(snapshot, settings, listed, as_of, jobs=jobs, progress=progress, kept=kept)
        marked |= more
    return _finished(whole, snapshot, settings, marked, as_of)


def read_code(
    snapshot: Snapshot,
    settings: Settings,
    *,
    as_of: date,
    jobs: int = 0,
    progress: Progress = lambda _stage, _done, _total: None,
    kept: Kept = NOTHING_KEPT,
    since: date | None = None,
) -> Inventory:
    """Read code and history alone, and no manifest. What is ``kept`` is as for `read`.

    The history's window begins on the day ``since``, where one is given, instead of as configured.
    """
    bare = Inventory(repository=snapshot.repository, skipped=snapshot.skipped)
    whole, marked = _measured(snapshot, settings, bare, as_of, jobs=jobs, progress=progress, kept=kept, since=since)
    return _finished(whole, snapshot, settings, marked, as_of)


def reread(
    snapshot: Snapshot,
    settings: Settings,
    before: Inventory,
    changed: Collection[str],
    *,
    as_of: date,
    kept: Kept = NOTHING_KEPT,
) -> Inventory:
    """Return what `read` would, where ``snapshot`` differs from what ``before`` was read from in ``changed`` alone.

    Code and history are taken over, unless one of the files is code. The history is that of the same commit: a commit
    of the changes would count in it as one of a bot does by default, not at all.
    """
    if not before.sources and not before.history:
        return read(snapshot, settings, as_of=as_of, metrics=False)
    if _touches_code(snapshot, before, changed):
        return read(snapshot, settings, as_of=as_of, kept=kept)
    listed, marked = _listed(snapshot, settings)
    whole = replace(
        listed,
        functions=before.functions,
        history=before.history,
        trends=before.trends,
        sources=before.sources,
        imports=before.imports,
        importers=before.importers,
        owners=read_owners(snapshot),
        skipped=(*listed.skipped, *_of_measuring(before.skipped)),
    )
    # What mentions an ignore in code and holds none needs not be looked at again.
    marked |= {entry.place.path for entry in before.ignores if entry.applies_to is not None}
    return _finished(whole, snapshot, settings, marked.intersection(snapshot.paths()), as_of)


def read_on(
    snapshot: Snapshot, settings: Settings, before: Inventory, *, as_of: date, kept: Kept = NOTHING_KEPT
) -> Inventory:
    """Return what `read` would on another day, where ``before`` was read from the same files.

    The window of the history is another then, and so are the ends of ignores that nobody dated.
    """
    whole = before
    if before.history or any(entry.what == "history" for entry in before.skipped):
        others = tuple(entry for entry in before.skipped if entry.what != "history")
        whole = _with_history(replace(before, skipped=others), snapshot, settings, as_of, kept=kept)
    marked = {entry.place.path for entry in before.ignores if entry.applies_to is not None}
    return _finished(whole, snapshot, settings, marked, as_of)


def _touches_code(snapshot: Snapshot, before: Inventory, changed: Collection[str]) -> bool:
    from analyzers.metrics.measure import is_code

    paths, measured = set(snapshot.paths()), {source.path for source in before.sources}
    return any(path in measured or (path in paths and is_code(snapshot, path)) for path in changed)


def _of_measuring(skipped: Iterable[Skipped]) -> Iterator[Skipped]:
    """Yield what measuring code and reading the history left out."""
    from analyzers.metrics.measure import languages

    named = {"metrics", *languages()}
    yield from (
        entry for entry in skipped if entry.what == "history" or (entry.what == "file" and entry.source in named)
    )


def _listed(
    snapshot: Snapshot, settings: Settings, progress: Progress = lambda _stage, _done, _total: None
) -> tuple[Inventory, frozenset[str]]:
    """Return what manifests say, and the paths of those that mention an ignore."""
    test_data = settings.config.scan.include_test_data
    found = read_manifests(snapshot, worlds_of(settings.config), test_data=test_data, progress=progress)
    listed = Inventory(
        repository=snapshot.repository,
        dependencies=found.dependencies,
        manifests=tuple(reading.manifest for reading in found.readings.values() if reading.manifest),
        observations=tuple(seen for reading in found.readings.values() for seen in reading.observations),
        skipped=(*snapshot.skipped, *found.skipped, *failed_plugins()),
    )
    return listed, frozenset(found.marked)


def _finished(
    whole: Inventory, snapshot: Snapshot, settings: Settings, marked: Iterable[str], as_of: date
) -> Inventory:
    ignores = _ignores(snapshot, settings, marked, as_of)
    before = (entry for entry in whole.skipped if entry.reason != "overruled")
    skipped = _told((*before, *_overruled(settings)), test_data=settings.config.scan.include_test_data)
    return replace(whole, ignores=ignores, skipped=skipped)


def _measured(
    snapshot: Snapshot,
    settings: Settings,
    listed: Inventory,
    as_of: date,
    *,
    jobs: int,
    progress: Progress,
    kept: Kept,
    since: date | None = None,
) -> tuple[Inventory, frozenset[str]]:
    """Return the inventory with code and history, and the paths of code that mention an ignore."""
    # An inventory alone needs neither, and would wait for them longer than for its own work.
    from analyzers.metrics.measure import measure_tree
    from analyzers.repository.history import begin_history

    # Git and the processes that measure leave each other room, and neither needs what the other finds.
    begun = begin_history(snapshot, settings.config, as_of, kept=kept, since=since)
    measured = measure_tree(snapshot, settings.config, jobs=jobs, progress=progress, kept=kept)
    progress("history", 0, 0)
    whole = replace(
        listed,
        functions=measured.functions,
        sources=measured.sources,
        imports={key: len(paths) for key, paths in measured.importers.items()},
        importers=measured.importers,
        owners=read_owners(snapshot),
        skipped=(*listed.skipped, *measured.skipped),
    )
    whole = _with_history(whole, snapshot, settings, as_of, kept=kept, since=since, begun=begun)
    return whole, frozenset(measured.marked)


def _with_history(
    measured: Inventory,
    snapshot: Snapshot,
    settings: Settings,
    as_of: date,
    *,
    kept: Kept,
    since: date | None = None,
    begun: Callable[[], Walked] | None = None,
) -> Inventory:
    """Return an inventory with the history of its code and the trends of its functions."""
    from analyzers.metrics.trends import measure_trends
    from analyzers.repository.history import read_history

    code = {source.path for source in measured.sources}
    history, unknown = read_history(
        snapshot, settings.config, as_of, measured.functions, code=code, kept=kept, since=since, begun=begun
    )
    trends, unmeasured = measure_trends(snapshot, measured.functions, history, kept=kept)
    skipped = (*measured.skipped, *unknown, *unmeasured)
    return replace(measured, history=history, trends=trends, skipped=skipped)


def _overruled(settings: Settings) -> Iterator[Skipped]:
    """Yield what the repository configures, and its organisation does not let it."""
    for entry in settings.overruled:
        detail = f"line {entry.line}: {entry.why}"
        yield Skipped(what="file", path=entry.path, source="configuration", reason="overruled", detail=detail)


def _told(skipped: Iterable[Skipped], *, test_data: bool) -> tuple[Skipped, ...]:
    """Return what was left out, once each, in a stable order. Test data is broken on purpose: that is its reason."""
    told = {
        replace(entry, reason="test-data")
        if entry.what == "file" and is_test_data(entry.path) and not test_data
        else entry
        for entry in skipped
    }
    return tuple(sorted(told, key=lambda entry: (entry.what, entry.path, entry.source, entry.reason, entry.detail)))


def _ignores(snapshot: Snapshot, settings: Settings, marked: Iterable[str], as_of: date) -> tuple[Ignore, ...]:
    def written(path: str, line: int) -> date | None:
        from analyzers.repository.written import written_on  # Loaded where an ignore has no date of its own.

        return written_on(snapshot, path, line)

    ignores = list(configured(settings, as_of, written))
    for path in sorted(marked):
        if not foreign_reason(snapshot, path, test_data=settings.config.scan.include_test_data):
            source = SourceText.decode(path, snapshot.read(path), declared=True)
            ignores.extend(comments(source, as_of, written))
    return tuple(ignores)
