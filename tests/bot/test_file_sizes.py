from __future__ import annotations

from datetime import date

import pytest

from analyzers.model.history import Ownership
from analyzers.model.inventory import Churn, Function, History, Inventory, Repository, SourceFile
from bot.file_sizes import file_sizes
from bot.scorecard import FileSize


def function(name: str, complexity: int) -> Function:
    return Function(
        path="a.py", name=name, language="python", line=1, end_line=9, complexity=complexity, lines=9, nesting=1
    )


def inventory(history: History | None) -> Inventory:
    return Inventory(
        repository=Repository("shop"),
        sources=tuple(
            SourceFile(path=path, language="python", lines=lines) for path, lines in (("b.py", 0), ("a.py", 400))
        ),
        functions=(function("first", 3), function("second", 21)),
        history=history,
    )


HISTORY = History(
    since=date(2026, 1, 1),
    until=date(2026, 12, 31),
    commits=9,
    left_out=(),
    churn=(
        Churn(
            path="a.py",
            revisions=7,
            authors=3,
            last_changed=date(2026, 12, 1),
            fixes=2,
            months=(0,) * 10 + (3, 4),
        ),
    ),
    ownership=(Ownership(path="a.py", main_author="Ada", main_share=0.75, authors=5, gone=4, revisions=40),),
)


def test_a_file_has_the_figures_of_its_functions_its_changes_and_its_people() -> None:
    first, second = file_sizes((), inventory(HISTORY))
    assert (first.complexity, first.most_complex, first.most_complex_function) == (24, 21, "second")
    assert (first.revisions, first.authors, first.fixes, sum(first.months)) == (7, 3, 2, 7)
    assert (first.main_author, first.main_share, first.authors_ever, first.authors_gone) == ("Ada", 0.75, 5, 4)
    assert (second.path, second.most_complex_function, second.revisions, second.months) == ("b.py", None, 0, ())
    assert (second.main_author, second.authors_gone) == (None, None)


def test_without_history_nobody_is_known() -> None:
    first = file_sizes((), inventory(None))[0]
    assert (first.revisions, first.months, first.main_share, first.authors_ever) == (0, (), None, None)


@pytest.mark.parametrize(("lines", "fixes", "density"), [(400, 2, 5.0), (3000, 1, 0.33), (0, 1, None)])
def test_the_defect_density_counts_fixes_in_1000_lines(lines: int, fixes: int, density: float | None) -> None:
    found = FileSize(path="a.py", lines=lines, revisions=4, complexity=1, points=0, fixes=fixes)
    assert found.defect_density == density
