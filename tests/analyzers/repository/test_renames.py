"""Files that a commit moved and changed at once."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest

from analyzers.repository import renames
from analyzers.repository.commits import Change
from analyzers.repository.versions import Step, Versions
from tests.analyzers.repository.test_function_history import body, changed, read, read_whole
from tests.support.pace import allowed
from tests.support.repository import RepositoryBuilder


@pytest.fixture
def repository(tmp_path: Path) -> RepositoryBuilder:
    return RepositoryBuilder(tmp_path / "project")


def counts(repository: RepositoryBuilder) -> tuple[dict[str, int], dict[str, int]]:
    found = read(repository)
    return (
        {churn.name: churn.revisions for churn in found.functions},
        {churn.path: churn.revisions for churn in found.churn},
    )


def test_functions_and_the_file_keep_their_revisions(repository: RepositoryBuilder) -> None:
    text = body("one") + body("two")
    repository.write("old.py", text).commit(date="2026-01-01")
    text = changed(text, "one_step_2")
    repository.write("old.py", text).commit("Fix one", date="2026-02-01", author="Bob <bob@example.org>")
    text = "import x\n\n" + changed(text, "two_step_3")
    repository.remove("old.py").write("new/name.py", text).commit(date="2026-03-01")
    repository.write("new/name.py", changed(text, "one_step_5")).commit(date="2026-11-20")
    functions, files = counts(repository)
    assert functions == {"one": 3, "two": 2}
    assert files == {"new/name.py": 4}
    (churn,) = read(repository).churn
    assert (churn.authors, churn.fixes, churn.recent, churn.months) == (2, 1, 1, (0, 1, 1, 1, *[0] * 7, 1))


def test_renames_of_both_kinds_are_followed_one_behind_the_other(repository: RepositoryBuilder) -> None:
    text = body("one") + body("two")
    repository.write("a.py", text).commit(date="2026-01-01").move("a.py", "b.py").commit(date="2026-01-02")
    repository.write("b.py", text := changed(text, "two_step_1")).commit(date="2026-01-03")
    repository.remove("b.py").write("c.py", text := changed(text, "one_step_1")).commit(date="2026-01-04")
    repository.move("c.py", "d.py").commit(date="2026-01-05")
    repository.remove("d.py").write("e.py", text := changed(text, "one_step_2")).commit(date="2026-01-06")
    repository.move("e.py", "f.py").commit(date="2026-01-07")
    assert counts(repository) == ({"one": 3, "two": 2}, {"f.py": 4})


def test_many_files_moved_and_changed_at_once_keep_their_own_past(repository: RepositoryBuilder) -> None:
    names = [f"m{number}" for number in range(35)]
    for number, name in enumerate(names):
        repository.write(f"old/{name}.py", "import x\n" + body(name))
        if number % 20 == 0:
            repository.commit(date="2026-01-01")
    repository.commit(date="2026-01-01")
    for name in names[:3]:
        repository.write(f"old/{name}.py", "import x\n" + changed(body(name), f"{name}_step_2"))
    repository.commit(date="2026-02-01")
    for name in names:
        text = (repository.path / f"old/{name}.py").read_text()
        repository.remove(f"old/{name}.py").write(f"new/{name}.py", text.replace("import x", "from new import x"))
    repository.commit(date="2026-03-01")
    functions, files = counts(repository)
    assert functions == {name: 2 if name in names[:3] else 1 for name in names}
    assert files == {f"new/{name}.py": functions[name] for name in names}


@pytest.mark.parametrize("kept", [True, False])
def test_files_that_share_less_than_half_are_two(repository: RepositoryBuilder, kept: bool) -> None:
    old, new = (body(name, *(f"step_{number}" for number in range(50))) for name in ("old", "new"))
    repository.write("a.py", old).commit(date="2026-01-01").write("a.py", old + "# more\n").commit(date="2026-02-01")
    share = old if kept else old[: len(old) // 2 - 100]
    repository.remove("a.py").write("b.py", share + "\n\n" + new[: len(old) - 20]).commit(date="2026-03-01")
    assert counts(repository)[1] == {"b.py": 3 if kept else 1}


def test_one_of_two_copies_goes_on_from_the_file_that_was_removed(repository: RepositoryBuilder) -> None:
    repository.write("a.py", body("one") + body("two")).commit(date="2026-01-01")
    repository.remove("a.py").write("b.py", body("one") + body("two") + body("new"))
    repository.write("c.py", body("one") + body("two") + "import x\n").commit(date="2026-02-01")
    assert counts(repository)[1] == {"b.py": 1, "c.py": 2}


def test_of_thousands_that_were_removed_the_nearest_are_found_at_once() -> None:
    removed = [f"old/{number % 50}/part/m{number}.py".encode() for number in range(6000)]
    added = [path.replace(b"old/", b"new/old/", 1) for path in removed]
    changes = [Change(b"D", path, path, b"0") for path in removed]
    versions = Versions([Step(date(2026, 1, 1), 0, is_fix=False, counts=True, changes=changes, renames=())], (b".py",))
    near = renames._Removed(versions, 0)
    start = time.process_time()
    for old, new in zip(removed, added, strict=True):
        found = near.like(new)
        assert (found[0].path, len(found)) == (old, 20)
    # To compare each with each takes half a minute and more.
    assert time.process_time() - start < allowed(2.0)
    assert [node.path for node in near.like(b"old/7/part/x.py")] == sorted(
        path for path in removed if path.startswith(b"old/7/")
    )[:20]


def test_files_of_other_kinds_are_not_compared(repository: RepositoryBuilder) -> None:
    repository.write("a.txt", body("one")).commit(date="2026-01-01")
    repository.remove("a.txt").write("a.py", body("one") + "import x\n").commit(date="2026-02-01")
    assert counts(repository) == ({"one": 1}, {"a.py": 1})


def test_what_is_too_much_to_compare_is_said(repository: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renames, "MOST_COMPARED", 0)
    repository.write("a.py", body("one")).commit(date="2026-01-01")
    repository.remove("a.py").write("b.py", body("one") + "import x\n").commit(date="2026-02-01")
    found, skipped = read_whole(repository)
    assert [churn.revisions for churn in found.churn] == [1]
    assert [(entry.what, entry.reason) for entry in skipped] == [("history", "limit-reached")]
    assert skipped[0].detail.startswith("not all commits are known of 1 file that may have had another name: files")


def test_a_clone_without_contents_says_what_it_cannot_compare(repository: RepositoryBuilder, tmp_path: Path) -> None:
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.write("a.py", body("one")).commit(date="2026-01-01")
    repository.remove("a.py").write("b.py", body("one") + "import x\n").commit(date="2026-02-01")
    clone = RepositoryBuilder(tmp_path / "clone")
    clone.git("remote", "add", "origin", repository.path.as_uri())
    clone.git("fetch", "--quiet", "--filter=blob:none", "origin", "main")
    clone.git("checkout", "--quiet", "FETCH_HEAD")
    found, skipped = read_whole(clone)
    assert [churn.revisions for churn in found.churn] == [1]
    assert {entry.reason for entry in skipped} == {"missing-file"}
    assert any("may have had another name: older contents are not in this clone" in entry.detail for entry in skipped)
