"""How functions grew: complexity at the end of each month, from the versions that git holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analyzers.config import Config
from analyzers.metrics import earlier_work, processes
from analyzers.metrics.earlier import EarlierTask, complexities
from analyzers.metrics.measure import languages
from analyzers.metrics.trends import measure_trends
from analyzers.model.inventory import Inventory
from analyzers.model.language import Language
from analyzers.read import read, read_on, reread
from analyzers.repository.snapshot import open_snapshot
from analyzers.settings import Settings
from tests.support.keeping import InMemory
from tests.support.repository import RepositoryBuilder

TODAY = date(2026, 11, 22)


@pytest.fixture
def repository(tmp_path: Path) -> RepositoryBuilder:
    return RepositoryBuilder(tmp_path / "project")


def function(branches: int, name: str = "price", indent: str = "") -> str:
    """Return a function of complexity ``branches + 1``."""
    lines = [f"def {name}(n):", "    total = start(n)"]
    lines += [f"    if n == {number}:\n        total += {name}_{number}(n)" for number in range(branches)]
    text = "\n".join([*lines, "    return total"])
    return "".join(f"{indent}{line}\n" for line in text.split("\n"))


def inventory(repository: RepositoryBuilder, **more: Any) -> Inventory:  # noqa: ANN401 - any argument of read
    return read(open_snapshot(repository.path, Config()), Settings(Config()), as_of=TODAY, **more)


def trends(repository: RepositoryBuilder) -> dict[str, tuple[int | None, ...]]:
    found = inventory(repository)
    assert found.skipped == ()
    return {trend.name: trend.months for trend in found.trends}


def grow(repository: RepositoryBuilder) -> RepositoryBuilder:
    """Make a function that grows in January, March and November, beside one that stays."""
    for branches, day in ((12, "2026-01-10"), (20, "2026-03-22"), (20, "2026-03-23"), (25, "2026-11-01")):
        above = "" if day < "2026-03-23" else "import x\n\n\n"
        repository.write("shop.py", f"{above}{function(branches)}\n\n{function(9, 'same')}").commit(date=day)
    return repository


def test_a_function_has_the_complexity_of_each_months_last_day_and_todays_last(repository: RepositoryBuilder) -> None:
    found = trends(grow(repository))
    assert found == {"price": (None, 13, 13, 21, 21, 21, 21, 21, 21, 21, 21, 26)}


def test_what_is_not_committed_counts_today(repository: RepositoryBuilder) -> None:
    grow(repository).write("shop.py", "\n" + function(30))
    assert trends(repository)["price"][-2:] == (21, 31)


def test_a_function_older_than_the_window_has_its_complexity_from_the_first_month_on(
    repository: RepositoryBuilder,
) -> None:
    repository.write("shop.py", function(9)).commit(date="2020-01-01")
    for branches, day in ((10, "2026-06-01"), (11, "2026-07-01"), (12, "2026-08-01")):
        repository.write("shop.py", function(branches)).commit(date=day)
    assert trends(repository)["price"] == (*[10] * 6, 11, 12, *[13] * 4)


def test_a_version_that_came_back_was_there_before_as_well(repository: RepositoryBuilder) -> None:
    days = ("2025-05-01", "2026-02-01", "2026-03-01", "2026-04-01")
    for branches, day in zip((12, 14, 12, 15), days, strict=True):
        repository.write("shop.py", function(branches)).commit(date=day)
    assert trends(repository) == {"price": (13, 13, 15, 13, *[16] * 8)}


def test_of_parallel_branches_the_newest_version_counts(repository: RepositoryBuilder) -> None:
    text = function(9, "other")
    repository.write("shop.py", text + function(12)).commit(date="2025-05-01").branch("side")
    repository.write("shop.py", text + function(14)).commit(date="2026-01-10")
    repository.write("shop.py", text + function(15)).commit(date="2026-03-10").switch("main")
    repository.write("shop.py", "import x\n" + text + function(12)).commit(date="2026-02-10")
    repository.merge("side", date="2026-05-10").write("shop.py", text + function(17)).commit(date="2026-06-10")
    assert trends(repository) == {"price": (13, 15, 13, 16, 16, 16, *[18] * 6)}


def test_a_trend_goes_on_through_moves_renames_and_classes(repository: RepositoryBuilder) -> None:
    repository.write("old.py", function(10)).commit(date="2026-01-01")
    repository.write("old.py", function(12)).commit(date="2026-02-01").move("old.py", "new.py").commit(
        date="2026-03-01"
    )
    repository.write("new.py", "x = 1\n").write("class.py", "class A:\n" + function(12, indent="    "))
    repository.commit(date="2026-04-01")
    repository.write("class.py", "class A:\n" + function(15, indent="    ")).commit(date="2026-05-01")
    assert trends(repository) == {"A.price": (None, 11, *[13] * 3, *[16] * 7)}


def test_a_version_that_cannot_be_parsed_has_no_complexity(repository: RepositoryBuilder) -> None:
    for month, text in ((1, function(10)), (2, function(10).replace("total = start(n)", "print n")), (3, function(12))):
        repository.write("shop.py", text).commit(date=f"2026-0{month}-01")
    assert trends(repository) == {"price": (None, 11, None, *[13] * 9)}


def test_only_hotspots_have_trends_and_only_the_weightiest(
    repository: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(repository)
    text = (repository.path / "shop.py").read_text()
    for day in range(2, 5):
        repository.write("shop.py", text.replace("same_0(n)", f"same_0({day})")).commit(date=f"2026-11-0{day}")
    assert trends(repository)["same"][-1] == 10
    monkeypatch.setattr("analyzers.repository.following.MOST_VERSIONS", 1)
    assert list(trends(repository)) == ["price"]


def test_other_days_and_other_files_carry_what_reading_anew_gives(repository: RepositoryBuilder) -> None:
    whole = inventory(grow(repository).write("notes.txt", "x").commit(date="2026-11-02"))
    snapshot, settings = open_snapshot(repository.path, Config()), Settings(Config())
    earlier_day = date(2026, 3, 22)
    assert read_on(snapshot, settings, whole, as_of=earlier_day) == read(snapshot, settings, as_of=earlier_day)
    assert whole.trends
    changed = snapshot.with_files({"notes.txt": b"y"})
    assert reread(changed, settings, whole, {"notes.txt"}, as_of=TODAY).trends == whole.trends
    changed = snapshot.with_files({"shop.py": function(40).encode()})
    again = reread(changed, settings, whole, {"shop.py"}, as_of=TODAY)
    assert [trend.months[-2:] for trend in again.trends] == [(21, 41)]


def test_what_is_kept_is_not_measured_again(repository: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    grow(repository)
    kept = InMemory()
    first = inventory(repository, kept=kept)
    monkeypatch.setattr(earlier_work, "complexities", None)
    assert inventory(repository, kept=kept) == first
    with pytest.raises(TypeError):
        inventory(repository)


def test_what_is_kept_and_damaged_is_measured_anew(repository: RepositoryBuilder) -> None:
    kept = InMemory()
    first = inventory(grow(repository), kept=kept)
    kept.entries.update({key: b"\xff rubbish" for key in kept.entries if key[0] == "trend"})
    assert [kind for kind, _ in kept.entries].count("trend") == 3
    assert inventory(repository, kept=kept) == first


def test_many_versions_are_measured_in_a_process_that_may_end(
    repository: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = trends(grow(repository))
    monkeypatch.setattr(earlier_work, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr(earlier_work, "complexities", None)
    assert trends(repository) == here
    real = processes.Child.ask

    def ask(self: processes.Child[list[int | None]], tasks: list[EarlierTask]) -> list[list[int | None]] | None:
        if any(b"price_19" not in content for _, _, content, _ in tasks):
            self.stop()
            return None
        return real(self, tasks)

    monkeypatch.setattr(processes.Child, "ask", ask)
    assert trends(repository)["price"] == (None, None, None, *here["price"][3:])


def test_a_text_that_is_known_is_not_measured_again(
    repository: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = trends(grow(repository))
    measured: list[bytes] = []

    def spy(path: str, language: Language, content: bytes, places: Sequence[tuple[int, int]]) -> list[int | None]:
        measured.append(content)
        return complexities(path, language, content, places)

    monkeypatch.setattr(earlier_work, "complexities", spy)
    assert trends(repository) == here
    # January's and March's; that the function stands elsewhere from April on is no other text.
    assert [content.count(b"price_") for content in measured] == [12, 20]
    repository.write("shop.py", "import y\n" + (repository.path / "shop.py").read_text()).commit(date="2026-11-02")
    assert trends(repository) == here


def test_what_is_too_much_is_said(repository: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(earlier_work, "MOST_READ", 1)
    found = inventory(grow(repository))
    assert [trend.months.count(None) for trend in found.trends] == [9]
    assert [(entry.what, entry.reason) for entry in found.skipped] == [("history", "limit-reached")]
    assert found.skipped[0].detail == "2 earlier versions of functions are too much to be measured for their trends"


def test_without_history_there_are_no_trends(repository: RepositoryBuilder) -> None:
    repository.write("shop.py", function(20))
    assert inventory(repository).trends == ()
    assert measure_trends(open_snapshot(repository.path, Config()), (), None) == ((), ())


PLACES = [(1, 23, 11), (2, 24, 11), (1, 12, 11), (1, 10, 11), (2, 10, None), (25, 25, None), (26, 60, 6), (0, 90, None)]


@pytest.mark.parametrize(("line", "end_line", "complexity"), PLACES)
@pytest.mark.parametrize("exact", [True, False])
def test_a_place_may_be_off_by_some_lines(line: int, end_line: int, complexity: int | None, exact: bool) -> None:
    text = f"{function(10)}\n\n{function(5, 'other')}{function(5, 'third')}".encode()
    python = languages()["python"] if exact else replace(languages()["python"], complexity_at=None)
    assert complexities("a.py", python, text, [(line, end_line)]) == [complexity]


def test_the_history_names_functions_that_are_there(repository: RepositoryBuilder) -> None:
    found = inventory(grow(repository))
    assert found.history is not None
    names = [(one.path, one.name, one.line) for one in found.history.versions]
    assert names == [(one.path, one.name, one.line) for one in found.trends] == [("shop.py", "price", 4)]
