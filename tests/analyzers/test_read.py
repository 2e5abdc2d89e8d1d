"""The walk over a snapshot: each file opened once, cheap tests first, includes followed."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest

from analyzers import settings as configuration
from analyzers.config import Config
from analyzers.manifests import ending, read_manifests
from analyzers.metrics import measure
from analyzers.model.ecosystem import Ecosystem, Format, Reading
from analyzers.model.inventory import Dependency
from analyzers.model.snapshot import Snapshot
from analyzers.read import ecosystems, read, read_on
from analyzers.repository.git_process import GitFailedError
from analyzers.repository.snapshot import open_snapshot
from analyzers.repository.walked import Walked, walk_history
from analyzers.syntax import yaml
from analyzers.syntax.text import SourceText
from tests.support.repository import RepositoryBuilder

Given = ParamSpec("Given")
Gives = TypeVar("Gives")


class Counted:
    """A snapshot that counts how often each file is opened."""

    def __init__(self, inner: Snapshot) -> None:
        self.inner = inner
        self.opened: Counter[str] = Counter()

    def __getattr__(self, name: str) -> object:
        return getattr(self.inner, name)

    def read(self, path: str) -> bytes:
        self.opened[path] += 1
        return self.inner.read(path)


def counted(folder: Path, files: Mapping[str, str]) -> Counted:
    for name, text in files.items():
        (folder / name).write_text(text)
    return Counted(open_snapshot(folder, Config()))


def world(*formats: Format) -> Ecosystem:
    return Ecosystem(
        name="toy", title="Toy", formats=formats, questions=lambda _inventory, _facts: (), normalise=lambda name: name
    )


def whole_file(
    name: str, suffix: str, sniff: Callable[[bytes], bool] | None = None, includes: Iterable[str] = ()
) -> Format:
    def read(source: SourceText) -> Reading:
        row = Dependency(
            ecosystem="toy", name=name, place=source.place(0, 0), kind=name, purl="", value=None, version=None
        )
        return Reading(dependencies=(row,), includes=tuple((target, "second") for target in includes))

    return Format(
        name=name, title=name, examples=(), matches=lambda path: path.endswith(suffix), read=read, sniff=sniff
    )


def kinds(snapshot: Counted, *formats: Format) -> list[tuple[str, str]]:
    found = read_manifests(snapshot, [world(*formats)])  # type: ignore[arg-type]  # the rest is forwarded
    assert found.skipped == ()
    return [(row.place.path, row.kind) for row in found.dependencies]


def test_a_file_that_several_formats_read_is_opened_once(tmp_path: Path) -> None:
    snapshot = counted(tmp_path, {"a.yaml": "kind: x"})
    found = kinds(snapshot, whole_file("first", ".yaml"), whole_file("second", ".yaml", lambda _content: True))
    assert found == [("a.yaml", "first"), ("a.yaml", "second")]
    assert snapshot.opened == {"a.yaml": 1}


def test_a_format_is_not_asked_about_a_file_whose_bytes_it_does_not_know(tmp_path: Path) -> None:
    snapshot = counted(tmp_path, {"a.yaml": "kind: x", "b.yaml": "name: x"})
    found = kinds(snapshot, whole_file("first", ".yaml", lambda content: b"kind" in content))
    assert found == [("a.yaml", "first")]


def test_a_file_that_no_name_fits_is_never_opened(tmp_path: Path) -> None:
    snapshot = counted(tmp_path, {"a.yaml": "", "b.md": ""})
    kinds(snapshot, whole_file("first", ".yaml"))
    assert snapshot.opened == {"a.yaml": 1}


def test_an_included_file_counts_whatever_its_bytes_look_like(tmp_path: Path) -> None:
    snapshot = counted(tmp_path, {"a.one": "", "b.two": "plain", "c.one": ""})
    found = kinds(
        snapshot, whole_file("first", ".one", includes=("b.two",)), whole_file("second", ".two", lambda _content: False)
    )
    assert found == [("a.one", "first"), ("b.two", "second"), ("c.one", "first")]


def test_a_file_is_parsed_once_for_all_its_readers() -> None:
    source = SourceText("a.yaml", "a: [1, 2]")
    assert yaml.parse(source) is yaml.parse(source)


def test_a_format_that_states_its_endings_is_not_asked_about_other_files(tmp_path: Path) -> None:
    asked: list[str] = []

    def matches(path: str) -> bool:
        asked.append(path)
        return True

    stated = replace(whole_file("first", "x.yaml"), endings=(".yaml",), matches=matches)
    assert kinds(counted(tmp_path, {"x.yaml": "", "y.YAML": "", "z.yml": "", "yaml": ""}), stated) == [
        ("x.yaml", "first"),
        ("y.YAML", "first"),
    ]
    assert asked == ["x.yaml", "y.YAML"]


def test_a_format_may_state_names_without_a_dot(tmp_path: Path) -> None:
    stated = replace(whole_file("first", "x.yaml"), endings=(".yaml", ""), matches=lambda _path: True)
    files = {"pip-requires": "", "x.yaml": "", ".env": "", "z.yml": ""}
    assert kinds(counted(tmp_path, files), stated) == [("pip-requires", "first"), ("x.yaml", "first")]


@pytest.mark.parametrize(
    "form", [form for world in ecosystems() for form in world.formats if form.endings], ids=lambda form: form.name
)
def test_the_examples_of_a_format_end_as_it_states(form: Format) -> None:
    for example in form.examples:
        assert ending(example) in form.endings
        assert "*" in example or form.matches(example), example


@pytest.mark.parametrize("day", ["2025-09-01", "2026-03-01", "2026-11-22"])
def test_what_was_read_on_one_day_tells_what_reading_on_another_would(tmp_path: Path, day: str) -> None:
    repository = RepositoryBuilder(tmp_path / "repository")
    code = "def f(a):\n" + "".join(f"    if a == {at}:\n        return {at}\n" for at in range(14))
    ignored = "requests==1.0  # debtscan: ignore[outdated-dependency] later\nflask==1.0\n"
    repository.write("requirements.txt", ignored).write("app.py", code).commit(date="2025-03-01")
    for number, when in enumerate(("2025-06-01", "2025-12-01")):
        repository.write("app.py", code.replace("return 7", f"return 7{number}")).commit(date=when)
    # Not committed, so that its ignore ends a while after the day of reading.
    repository.write("constraints.txt", ignored)
    snapshot = open_snapshot(repository.path, Config())
    settings = configuration.load(snapshot, explicit=None, rules=())
    first = read(snapshot, settings, as_of=date(2026, 1, 1), jobs=1)
    again = read_on(snapshot, settings, first, as_of=date.fromisoformat(day))
    assert again == read(snapshot, settings, as_of=date.fromisoformat(day), jobs=1)
    assert again.history != first.history
    assert again.ignores != first.ignores


def test_a_folder_without_commits_reads_the_same_on_every_day(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("requests==1.0\n")
    snapshot = open_snapshot(tmp_path, Config())
    settings = configuration.load(snapshot, explicit=None, rules=())
    for metrics in (True, False):
        first = read(snapshot, settings, as_of=date(2026, 1, 1), jobs=1, metrics=metrics)
        assert read_on(snapshot, settings, first, as_of=date(2026, 6, 1)) == first


def after(first: Callable[[], None], work: Callable[Given, Gives]) -> Callable[Given, Gives]:
    """Return what does something else before its work."""

    def done(*given: Given.args, **named: Given.kwargs) -> Gives:
        first()
        return work(*given, **named)

    return done


def test_the_history_is_walked_through_while_code_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = RepositoryBuilder(tmp_path).write("a.py", "x = 1\n").commit(date="2026-03-01")
    snapshot = open_snapshot(repository.path, Config())
    settings = configuration.load(snapshot, explicit=None, rules=())
    alone = read(snapshot, settings, as_of=date(2026, 6, 1), jobs=1)
    walking = threading.Event()

    def wait() -> None:
        assert walking.wait(30)

    monkeypatch.setattr("analyzers.repository.history.walk_history", after(walking.set, walk_history))
    monkeypatch.setattr(measure, "measure_tree", after(wait, measure.measure_tree))
    assert read(snapshot, settings, as_of=date(2026, 6, 1), jobs=1) == alone
    assert alone.history is not None


def test_a_history_that_git_cannot_read_is_told_and_the_code_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = RepositoryBuilder(tmp_path).write("a.py", "x = 1\n").commit(date="2026-03-01")
    snapshot = open_snapshot(repository.path, Config())
    settings = configuration.load(snapshot, explicit=None, rules=())

    def failing(*_given: object, **_named: object) -> Walked:
        raise GitFailedError("log", "there is no such thing")

    monkeypatch.setattr("analyzers.repository.history.walk_history", failing)
    found = read(snapshot, settings, as_of=date(2026, 6, 1), jobs=1)
    assert found.history is None
    assert [source.path for source in found.sources] == ["a.py"]
    assert [entry.detail for entry in found.skipped] == ["git could not read the history: there is no such thing"]
