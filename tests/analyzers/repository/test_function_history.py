"""Functions followed through edits, branches, renames and moves."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import pytest

from analyzers.config import Config, Hotspots
from analyzers.metrics.measure import measure_tree
from analyzers.model.inventory import FunctionChurn, History
from analyzers.model.kept import NOTHING_KEPT, Kept
from analyzers.model.skipped import Skipped
from analyzers.repository import function_history, version_lines
from analyzers.repository.blobs import BlobReader
from analyzers.repository.history import read_history
from analyzers.repository.snapshot import open_snapshot
from tests.support.keeping import InMemory
from tests.support.repository import RepositoryBuilder

TODAY = date(2026, 11, 22)
BOT = "dependabot[bot] <support@dependabot.com>"


@pytest.fixture
def repository(tmp_path: Path) -> RepositoryBuilder:
    return RepositoryBuilder(tmp_path / "project")


def body(name: str, *lines: str) -> str:
    """Return a function whose lines differ from those of every other one."""
    inner = lines or tuple(f"step_{number}" for number in range(8))
    return f"def {name}(a):\n" + "".join(f"    {name}_{line}(a)\n" for line in inner) + "\n\n"


def read(repository: RepositoryBuilder) -> History:
    found, skipped = read_whole(repository)
    assert skipped == ()
    return found


def read_whole(repository: RepositoryBuilder, kept: Kept = NOTHING_KEPT) -> tuple[History, tuple[Skipped, ...]]:
    config = Config(hotspots=Hotspots(minimum_complexity=1))
    snapshot = open_snapshot(repository.path, config)
    found, skipped = read_history(snapshot, config, TODAY, measure_tree(snapshot, config).functions, kept=kept)
    assert found is not None
    return found, skipped


def revisions(repository: RepositoryBuilder) -> dict[str, int]:
    return {churn.name: churn.revisions for churn in read(repository).functions}


def changed(text: str, line: str) -> str:
    assert f"{line}(a)\n" in text
    return text.replace(f"{line}(a)\n", f"{line}(a, 1)\n")


def test_a_wrong_clock_does_not_cut_a_function_off_from_its_past(repository: RepositoryBuilder) -> None:
    text = body("one")
    repository.write("a.py", text).commit(date="2026-01-01")
    repository.write("a.py", text := changed(text, "one_step_2")).commit(date="2026-02-01")
    repository.write("a.py", text := changed(text, "one_step_3")).commit(date="1990-01-01")
    repository.write("a.py", changed(text, "one_step_4")).commit(date="2026-04-01")
    found = read(repository)
    assert found.commits == found.churn[0].revisions == found.functions[0].revisions == 3


def test_a_commit_counts_for_the_functions_it_touches(repository: RepositoryBuilder) -> None:
    text = body("one") + body("two")
    repository.write("a.py", text).commit(date="2026-01-01")
    text = changed(text, "two_step_3")
    repository.write("a.py", text).commit("Fix two", date="2026-11-10", author="Bob <bob@example.org>")
    text = changed(text, "two_step_5").replace("    one_step_4(a)\n", "")
    repository.write("a.py", text).commit(date="2026-11-12")
    first, second = read(repository).functions
    assert (first.name, first.revisions, first.authors, first.last_changed) == ("one", 2, 1, date(2026, 11, 12))
    expected = FunctionChurn(
        path="a.py",
        name="two",
        line=11,
        revisions=3,
        authors=2,
        last_changed=date(2026, 11, 12),
        recent=2,
        fixes=1,
        recent_fixes=1,
        months=(0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2),
    )
    assert second == expected


ENDS = [
    (
        "its last line again and again",
        ["    one_end(a)\n", "    one_end(b)\n", "    one_end(c)\n", "    one_end(d)\n"],
        4,
    ),
    (
        "its last line becomes two, then other two",
        ["    e1(a)\n", "    e2(a)\n    e3(a)\n", "    e4(a)\n    e5(a)\n"],
        3,
    ),
    ("two last lines become one, which changes", ["    e2(a)\n    e3(a)\n", "    e4(a)\n", "    e5(a)\n"], 3),
    ("its last line goes, as it was changed before", ["    e1(a)\n", "    e2(a)\n", ""], 3),
    ("two lines go, an empty one between them", ["    e1(a)\n\n    e2(a)\n", "    e1(a)\n\n    e3(a)\n", ""], 3),
]


@pytest.mark.parametrize(("ends", "count"), [one[1:] for one in ENDS], ids=[one[0] for one in ENDS])
@pytest.mark.parametrize("after", ["", body("two"), "VALUE = 1\n"])
def test_the_last_line_belongs_to_a_function(
    repository: RepositoryBuilder, ends: list[str], count: int, after: str
) -> None:
    whole = body("one").rstrip("\n") + "\n"
    for day, end in enumerate(ends, 1):
        repository.write("a.py", f"{whole}{end}\n\n{after}").commit(date=f"2026-11-{day:02}")
    expected = {"one": count, **({"two": 1} if "two" in after else {})}
    assert revisions(repository) == expected


def test_the_first_line_belongs_to_a_function_and_what_stands_above_does_not(repository: RepositoryBuilder) -> None:
    above = body("zero")
    rest = body("one").partition("\n")[2]
    heads = ("def one(a):\n", "def one(a, b):\n", "def one(\n    a, b, c\n):\n", "def one(a, d):\n")
    for day, head in enumerate(heads, 1):
        repository.write("a.py", f"{above}{head}{rest}").commit(date=f"2026-11-{day:02}")
    assert revisions(repository) == {"zero": 1, "one": 4}


def test_what_goes_below_a_function_does_not_count(repository: RepositoryBuilder) -> None:
    lines = "class A:\n    def one(self, a):\n        return first(a) or second(a)\n\n"
    gone = "    def gone(self, a):\n        return third(a)\n\n", "    VALUE = 1\n\n", "LIMIT = 2\n"
    for day in range(len(gone) + 1):
        repository.write("a.py", lines + "".join(gone[day:])).commit(date=f"2026-11-0{day + 1}")
    assert revisions(repository) == {"A.one": 1}


def test_edits_above_and_below_do_not_count(repository: RepositoryBuilder) -> None:
    text = body("one")
    repository.write("a.py", text).commit(date="2026-01-01")
    repository.write("a.py", "import x\n\n" + text).commit(date="2026-02-01")
    repository.write("a.py", "import x\nimport y\n\n" + text + "last()\n").commit(date="2026-03-01")
    assert revisions(repository) == {"one": 1}


def test_parallel_branches_and_their_merge_are_each_followed(repository: RepositoryBuilder) -> None:
    text = body("one") + body("two")
    repository.write("a.py", text).commit(date="2026-01-01").branch("side")
    repository.write("a.py", "# a\n# b\n# c\n" + changed(text, "one_step_2")).commit(date="2026-02-01")
    repository.write("a.py", "# a\n# b\n# c\n" + changed(changed(text, "one_step_2"), "one_step_5"))
    repository.commit(date="2026-02-03").switch("main")
    repository.write("a.py", changed(text, "two_step_6") + body("three")).commit(date="2026-02-02")
    repository.merge("side", date="2026-03-01")
    assert revisions(repository) == {"one": 3, "two": 2, "three": 1}


def test_a_commit_that_was_reverted_counts_as_it_was_made(repository: RepositoryBuilder) -> None:
    text = body("one")
    repository.write("a.py", text).commit(date="2026-01-01")
    repository.write("a.py", changed(text, "one_step_2")).commit(date="2026-02-01")
    repository.write("a.py", text).commit(date="2026-03-01")
    repository.write("a.py", changed(text, "one_step_2")).commit(date="2026-04-01")
    assert revisions(repository) == {"one": 4}


def test_renames_are_followed(repository: RepositoryBuilder) -> None:
    text = body("one")
    repository.write("old.py", text).commit(date="2026-01-01")
    text = changed(text, "one_step_2")
    repository.write("old.py", text).commit(date="2026-02-01").move("old.py", "new.py").commit(date="2026-03-01")
    repository.write("new.py", changed(text, "one_step_3")).commit(date="2026-04-01")
    assert revisions(repository) == {"one": 3}


@pytest.mark.parametrize("target", ["a.py", "sub/b.py"])
def test_a_function_moved_unchanged_keeps_its_revisions(repository: RepositoryBuilder, target: str) -> None:
    text = body("one")
    repository.write("a.py", text + body("two")).commit(date="2026-01-01")
    text = changed(text, "one_step_2")
    repository.write("a.py", text + body("two")).commit(date="2026-02-01")
    text = changed(text, "one_step_3")
    repository.write("a.py", text + body("two")).commit(date="2026-03-01")
    before = revisions(repository)["one"]
    repository.write("a.py", body("two"))
    kept = (repository.path / target).read_text() if target == "a.py" else ""
    repository.write(target, kept + body("three") + text).commit(date="2026-04-01")
    assert revisions(repository)["one"] == before == 3
    repository.write(target, kept + body("three") + changed(text, "one_step_5")).commit(date="2026-05-01")
    assert revisions(repository)["one"] == 4


def test_a_function_moved_into_a_class_keeps_its_revisions(repository: RepositoryBuilder) -> None:
    text = body("one")
    repository.write("a.py", text).commit(date="2026-01-01")
    text = changed(text, "one_step_2")
    repository.write("a.py", text).commit(date="2026-02-01")
    inside = "class A:\n" + "".join(f"    {line}\n" if line else "\n" for line in text.splitlines())
    repository.write("a.py", inside).commit(date="2026-03-01")
    assert revisions(repository) == {"A.one": 2}


def test_a_file_moved_and_changed_keeps_the_functions_that_did_not_change(repository: RepositoryBuilder) -> None:
    one, two = body("one"), body("two")
    repository.write("old.py", one + two).commit(date="2026-01-01")
    repository.write("old.py", changed(one, "one_step_1") + changed(two, "two_step_1")).commit(date="2026-02-01")
    repository.remove("old.py").write(
        "new.py", "import x\n" + changed(one, "one_step_1") + changed(changed(two, "two_step_1"), "two_step_2")
    )
    repository.commit(date="2026-03-01")
    assert revisions(repository)["one"] == 2


def test_a_rewritten_function_is_found_by_its_name(repository: RepositoryBuilder) -> None:
    repository.write("a.py", body("one", "x", "y") + body("two")).commit(date="2026-01-01")
    rewritten = "def one(a, b):\n    return [a for a in b]\n\n\n"
    repository.write("a.py", rewritten + body("two")).commit(date="2026-02-01")
    assert revisions(repository)["one"] == 2


def test_bulk_and_bot_commits_do_not_count_and_are_followed(repository: RepositoryBuilder) -> None:
    text = body("one")
    repository.write("a.py", text).commit(date="2026-01-01")
    repository.write("a.py", "import x\n" + changed(text, "one_step_1")).commit(date="2026-02-01", author=BOT)
    for number in range(40):
        repository.write(f"more/{number}.py", "x = 1\n")
    repository.write("a.py", "import x\nimport y\n" + changed(text, "one_step_1")).commit(date="2026-03-01")
    text = "import x\nimport y\n" + changed(changed(text, "one_step_1"), "one_step_5")
    repository.write("a.py", text).commit(date="2026-04-01")
    assert revisions(repository) == {"one": 2}


def test_changes_that_are_not_committed_shift_lines_and_do_not_count(repository: RepositoryBuilder) -> None:
    text = body("one") + body("two")
    repository.write("a.py", text).commit(date="2026-01-01")
    repository.write("a.py", changed(text, "two_step_2")).commit(date="2026-02-01")
    repository.write("a.py", "import x\n" * 7 + changed(changed(text, "two_step_2"), "one_step_1"))
    assert revisions(repository) == {"one": 1, "two": 2}


def test_line_ends_of_the_work_tree_do_not_matter(repository: RepositoryBuilder) -> None:
    text = body("one")
    repository.write("a.py", text).commit(date="2026-01-01")
    repository.write("a.py", changed(text, "one_step_2")).commit(date="2026-02-01")
    repository.write("a.py", changed(text, "one_step_2").replace("\n", "\r\n"))
    assert revisions(repository) == {"one": 2}


def test_a_new_function_that_is_not_committed_has_no_revisions(repository: RepositoryBuilder) -> None:
    repository.write("a.py", body("one")).commit(date="2026-01-01")
    repository.write("a.py", body("one") + body("two")).write("b.py", body("three"))
    assert revisions(repository) == {"one": 1, "two": 0}


def test_functions_of_files_that_rest_are_not_followed(repository: RepositoryBuilder) -> None:
    repository.write("a.py", body("one")).commit(date="2020-01-01").write("b.py", "x = 1\n").commit(date="2026-01-01")
    assert revisions(repository) == {}


def test_functions_of_tests_and_vendored_files_are_not_followed(repository: RepositoryBuilder) -> None:
    repository.write("tests/test_a.py", body("one")).write("vendor/b.py", body("two")).commit(date="2026-01-01")
    assert revisions(repository) == {}


def test_functions_in_a_part_of_a_repository_are_followed_from_beyond(repository: RepositoryBuilder) -> None:
    text = body("one")
    repository.write("lib/a.py", text).commit(date="2026-01-01")
    repository.write("lib/a.py", changed(text, "one_step_1")).commit(date="2026-02-01")
    repository.move("lib/a.py", "app/a.py").commit(date="2026-03-01")
    part = RepositoryBuilder(repository.path)
    config = Config(hotspots=Hotspots(minimum_complexity=1))
    snapshot = open_snapshot(part.path / "app", config)
    found, _ = read_history(snapshot, config, TODAY, measure_tree(snapshot, config).functions)
    assert found is not None
    assert [(churn.path, churn.revisions) for churn in found.functions] == [("a.py", 2)]


@pytest.mark.parametrize(("limit", "most"), [("MOST_STEPS", 15), ("MOST_COMPARED", 13_000)])
def test_the_hottest_are_followed_first_and_what_the_budget_leaves_is_said(
    repository: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    for day in range(1, 13):
        cool = body("cool") if day > 1 else changed(body("cool"), "cool_step_2")
        warm = body("warm") + "    if a and a:\n        pass\n" * day
        repository.write("a.py", cool).write("y.py", warm).write("z.py", f"{body('hot')}VALUE = {day}\n")
        repository.commit(date=f"2026-11-{day:02}")
    monkeypatch.setattr(function_history, limit, most)
    found, skipped = read_whole(repository)
    assert [(churn.name, churn.revisions) for churn in found.functions] == [("warm", 12)]
    assert [(churn.path, churn.revisions) for churn in found.churn] == [("a.py", 2), ("y.py", 12), ("z.py", 12)]
    assert [(entry.what, entry.reason) for entry in skipped] == [("history", "limit-reached")]
    assert skipped[0].detail.startswith("2 functions are judged by all changes of the file: following functions")


@pytest.fixture
def moving(repository: RepositoryBuilder) -> RepositoryBuilder:
    """Make a history in which functions are changed, cut short, moved, rewritten, and renamed with their file."""
    text = body("one") + body("two") + body("three")
    repository.write("a.py", text).write("b.py", body("four")).commit(date="2026-01-01")
    repository.write("a.py", text := changed(text, "one_step_2")).commit(date="2026-02-01")
    repository.write("a.py", text := text.replace("    two_step_7(a)\n", "")).commit(date="2026-03-01")
    repository.write("a.py", body("three")).write("b.py", body("four") + text.replace(body("three"), ""))
    repository.commit(date="2026-04-01").write("a.py", "def three(b):\n    return (yield b)\n").commit(
        date="2026-05-01"
    )
    text = "import x\n" + changed((repository.path / "b.py").read_text(), "four_step_1")
    return repository.remove("b.py").write("c.py", text).commit(date="2026-06-01")


def test_what_was_compared_once_is_not_read_again(moving: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = InMemory()
    first = read_whole(moving, kept)
    assert {churn.name: churn.revisions for churn in first[0].functions} == {"one": 2, "two": 2, "three": 2, "four": 2}
    assert read_whole(moving) == first
    read: list[str] = []
    real = BlobReader.read

    def reads(self: BlobReader, blob: str, limit: int) -> bytes:
        read.append(blob)
        return real(self, blob, limit)

    monkeypatch.setattr(BlobReader, "read", reads)
    assert read_whole(moving, kept) == first
    assert read == []
    text = (moving.path / "c.py").read_text()
    moving.write("c.py", changed(text, "two_step_1")).commit(date="2026-07-01")
    before, after = (moving.git("rev-parse", f"{revision}:c.py").strip() for revision in ("HEAD~1", "HEAD"))
    assert {churn.name: churn.revisions for churn in read_whole(moving, kept)[0].functions}["two"] == 3
    assert set(read) == {before, after}


def test_what_is_kept_and_damaged_is_compared_anew(moving: RepositoryBuilder) -> None:
    kept = InMemory()
    first = read_whole(moving, kept)
    kept.entries.update({key: b"\xff rubbish" for key in kept.entries if key[0] == "compared"})
    assert read_whole(moving, kept) == first


@pytest.mark.parametrize("values", [[], [1, 2], [5, -2, 0, 0], [5, 9, 0, 9, 0], [1, 2, 3, 4, 5, 6]])
def test_what_is_kept_and_has_another_shape_is_compared_anew(moving: RepositoryBuilder, values: list[int]) -> None:
    kept = InMemory()
    first = read_whole(moving, kept)
    kept.entries.update({key: msgspec.msgpack.encode(values) for key in kept.entries if key[0] == "compared"})
    assert read_whole(moving, kept) == first


@pytest.mark.parametrize("most", [4, 6, 9])
def test_the_budget_does_not_depend_on_what_is_kept(
    moving: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    kept = InMemory()
    read_whole(moving, kept)
    for limit in ("MOST_STEPS", "MOST_COMPARED"):
        with monkeypatch.context() as patched:
            patched.setattr(function_history, limit, most if limit == "MOST_STEPS" else most * 300)
            again = read_whole(moving, kept)
            assert again == read_whole(moving)
            assert again[1] != ()


def test_a_clone_without_contents_leaves_functions_to_their_files_and_says_how_to_fetch_them(
    repository: RepositoryBuilder, tmp_path: Path
) -> None:
    repository.git("config", "uploadpack.allowFilter", "true")
    text = body("one")
    repository.write("a.py", text).write("b.py", body("two")).commit(date="2026-01-01")
    repository.write("a.py", changed(text, "one_step_2")).commit(date="2026-02-01")
    clone = RepositoryBuilder(tmp_path / "clone")
    clone.git("remote", "add", "origin", repository.path.as_uri())
    clone.git("fetch", "--quiet", "--filter=blob:none", "origin", "main")
    clone.git("checkout", "--quiet", "FETCH_HEAD")
    found, skipped = read_whole(clone)
    assert [(churn.name, churn.revisions) for churn in found.functions] == [("two", 1)]
    assert [(churn.path, churn.revisions) for churn in found.churn] == [("a.py", 2), ("b.py", 1)]
    assert [(entry.what, entry.reason) for entry in skipped] == [("history", "missing-file")]
    assert skipped[0].detail.startswith("1 function is judged by all changes of the file: ")
    command = skipped[0].detail.split("`")[1]
    clone.git(*command.split()[1:], "--quiet")
    assert revisions(clone) == {"one": 2, "two": 1}


def test_a_version_that_is_too_large_leaves_functions_to_their_file(repository: RepositoryBuilder) -> None:
    repository.write("a.py", body("one") + "#" * version_lines.MOST_BYTES).commit(date="2026-01-01")
    repository.write("a.py", body("one")).commit(date="2026-02-01")
    found, skipped = read_whole(repository)
    assert found.functions == ()
    assert [entry.reason for entry in skipped] == ["too-large"]


def test_functions_of_one_name_are_told_apart(repository: RepositoryBuilder) -> None:
    text = body("one", "x", "y", "z") + body("one", "p", "q", "r")
    repository.write("a.py", text).commit(date="2026-01-01")
    repository.write("a.py", changed(text, "one_q")).commit(date="2026-02-01")
    assert [(churn.line, churn.revisions) for churn in read(repository).functions] == [(1, 1), (7, 2)]
