"""Every file of code with its figures, from what the scan read and from the prices of its findings. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from analyzers.model.history import Ownership
from analyzers.model.inventory import Churn, Inventory, SourceFile
from bot.scorecard import Charged, FileSize


def file_sizes(charged: Iterable[Charged], inventory: Inventory) -> tuple[FileSize, ...]:
    """Return the files in the order of their paths."""
    history = inventory.history
    churn = {churn.path: churn for churn in history.churn} if history else {}
    owners = {owner.path: owner for owner in history.ownership} if history else {}
    complexities = _complexities(inventory)
    points: Counter[str] = Counter()
    for entry in charged:
        points[entry.finding.path] += entry.points
    return tuple(
        _file_size(
            source,
            complexities.get(source.path, ()),
            points[source.path],
            churn.get(source.path),
            owners.get(source.path),
        )
        for source in sorted(inventory.sources, key=lambda source: source.path)
    )


def _complexities(inventory: Inventory) -> Mapping[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for function in inventory.functions:
        found[function.path].append(function.complexity)
    return found


def _file_size(
    source: SourceFile, complexities: Sequence[int], points: int, churn: Churn | None, owner: Ownership | None
) -> FileSize:
    return FileSize(
        path=source.path,
        lines=source.lines,
        points=points,
        complexity=sum(complexities),
        most_complex=max(complexities, default=0),
        revisions=churn.revisions if churn else 0,
        authors=churn.authors if churn else 0,
        fixes=churn.fixes if churn else 0,
        months=churn.months if churn else (),
        main_author=owner.main_author if owner else None,
        main_share=owner.main_share if owner else None,
        authors_ever=owner.authors if owner else None,
        authors_gone=owner.gone if owner else None,
    )
