"""Every file of code with its figures, from what the scan read and from the prices of its findings. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from analyzers.model.history import Ownership
from analyzers.model.inventory import Churn, Function, Inventory, SourceFile
from bot.scorecard import Charged, FileSize


def file_sizes(charged: Iterable[Charged], inventory: Inventory) -> tuple[FileSize, ...]:
    """Return the files in the order of their paths."""
    history = inventory.history
    churn = {churn.path: churn for churn in history.churn} if history else {}
    owners = {owner.path: owner for owner in history.ownership} if history else {}
    functions = _functions(inventory)
    points: Counter[str] = Counter()
    for entry in charged:
        points[entry.finding.path] += entry.points
    return tuple(
        _file_size(
            source,
            functions.get(source.path, ()),
            points[source.path],
            churn.get(source.path),
            owners.get(source.path),
        )
        for source in sorted(inventory.sources, key=lambda source: source.path)
    )


def _functions(inventory: Inventory) -> Mapping[str, list[Function]]:
    found: defaultdict[str, list[Function]] = defaultdict(list)
    for function in inventory.functions:
        found[function.path].append(function)
    return found


def _file_size(
    source: SourceFile, functions: Sequence[Function], points: int, churn: Churn | None, owner: Ownership | None
) -> FileSize:
    largest = max(functions, key=lambda function: (function.complexity, -function.line), default=None)
    return FileSize(
        path=source.path,
        lines=source.lines,
        points=points,
        complexity=sum(function.complexity for function in functions),
        most_complex=largest.complexity if largest else 0,
        most_complex_function=largest.name if largest else None,
        revisions=churn.revisions if churn else 0,
        authors=churn.authors if churn else 0,
        fixes=churn.fixes if churn else 0,
        months=churn.months if churn else (),
        main_author=owner.main_author if owner else None,
        main_share=owner.main_share if owner else None,
        authors_ever=owner.authors if owner else None,
        authors_gone=owner.gone if owner else None,
        present_author=owner.present_author if owner else None,
        present_share=owner.present_share if owner and owner.present_author is not None else None,
    )
