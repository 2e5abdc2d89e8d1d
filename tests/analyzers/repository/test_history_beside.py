"""What stands beside churn, from real histories: coupling, ownership and knowledge, and what does not move them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from analyzers.config import Config
from analyzers.model.history import Coupling, FolderKnowledge, Ownership
from analyzers.model.inventory import History
from analyzers.repository.history import read_history
from analyzers.repository.snapshot import open_snapshot
from tests.support.repository import RepositoryBuilder

TODAY = date(2026, 11, 22)
ANN, BOB = "Ann Miller <ann@example.org>", "Bob Brown <bob@example.org>"
CHO = "Cho Green <cho@example.org>"
BOT = "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>"
CODE = ("api/a.py", "api/b.py", "web/a.js")


def history(repository: RepositoryBuilder, as_of: date = TODAY) -> History:
    config = Config()
    found, _ = read_history(open_snapshot(repository.path, config), config, as_of, code=CODE)
    assert found is not None
    return found


def project(folder: Path, *, noise: bool = False) -> RepositoryBuilder:
    """Return a repository whose api and web change together, most often by Ann; Bob left in 2024.

    With ``noise``, programs, a reformatting and a merge come in between.
    """
    repository = RepositoryBuilder(folder)
    repository.write("api/a.py", "0").write("api/b.py", "0").write("web/a.js", "0").write("docs/a.md", "0")
    repository.commit("Begin", date="2023-05-01", author=BOB)
    repository.write("api/b.py", "1").commit("Say more", date="2024-05-01", author=BOB)
    for number in range(6):
        day = f"2026-0{number + 1}-10"
        for path in ("api/a.py", "web/a.js", "docs/a.md"):
            repository.write(path, f"{number} of Ann")
        repository.commit("Change the interface", date=day, author=ANN)
        if noise:
            for path in CODE:
                repository.write(path, f"{number} of a program")
            repository.commit("Bump everything", date=day, author=BOT)
            for path in (*CODE, *(f"many/{number}/{file}.py" for file in range(30))):
                repository.write(path, f"{number} formatted")
            repository.commit("Format", date=day, author=CHO)
    return repository


def test_history_tells_what_changes_together_and_who_knows_it(tmp_path: Path) -> None:
    found = history(project(tmp_path / "project"))
    assert found.couplings == (
        Coupling(one="api/a.py", other="web/a.js", together=6, one_revisions=6, other_revisions=6),
    )
    assert found.more_couplings == 0
    ann = Ownership(
        path="",
        main_author="Ann Miller",
        main_share=0.8571,
        authors=2,
        gone=1,
        revisions=7,
        present_author="Ann Miller",
        present_share=0.8571,
    )
    assert found.ownership == (
        replace(ann, path="api/a.py"),
        Ownership(path="api/b.py", main_author="Bob Brown", main_share=1.0, authors=1, gone=1, revisions=2),
        replace(ann, path="web/a.js"),
    )
    assert found.folders == (FolderKnowledge(path="", files=3, authors=2, gone=1, bus_factor=1),)


def test_programs_and_bulk_commits_change_nothing_beside(tmp_path: Path) -> None:
    quiet, noisy = history(project(tmp_path / "quiet")), history(project(tmp_path / "noisy", noise=True))
    assert dict(noisy.left_out) == {"bot": 6, "bulk": 6}
    assert (noisy.couplings, noisy.ownership, noisy.folders) == (quiet.couplings, quiet.ownership, quiet.folders)


def test_a_moved_file_keeps_those_who_know_it(tmp_path: Path) -> None:
    repository = project(tmp_path / "project")
    before = history(repository).ownership[1]
    repository.move("api/b.py", "web/b.py").commit("Move", date="2026-10-01", author=ANN)
    config = Config()
    found, _ = read_history(open_snapshot(repository.path, config), config, TODAY, code=("web/b.py",))
    assert found is not None
    (moved,) = found.ownership
    assert (moved.path, moved.main_author, moved.revisions) == ("web/b.py", "Bob Brown", before.revisions)


def test_whoever_still_merges_is_not_gone(tmp_path: Path) -> None:
    repository = project(tmp_path / "project")
    repository.branch("side").write("docs/b.md", "1").commit("Tell", date="2026-10-01", author=ANN)
    repository.switch("main").merge("side", date="2026-10-02", author=BOB)
    assert [one.gone for one in history(repository).ownership] == [0, 0, 0]


def test_later_commits_are_not_known_yet(tmp_path: Path) -> None:
    found = history(project(tmp_path / "project"), as_of=date(2025, 5, 2))
    assert found.couplings == ()
    assert {(one.main_author, one.authors, one.gone, one.revisions) for one in found.ownership} == {
        ("Bob Brown", 1, 1, 1),
        ("Bob Brown", 1, 1, 2),
    }


def test_an_address_for_a_name_is_not_told(tmp_path: Path) -> None:
    repository = RepositoryBuilder(tmp_path)
    repository.write("api/a.py", "1").commit("Begin", date="2026-10-01", author="eve@example.org <eve@example.org>")
    assert [one.main_author for one in history(repository).ownership] == ["eve"]


def test_a_person_is_called_as_in_most_of_their_commits(tmp_path: Path) -> None:
    repository = project(tmp_path / "project")
    repository.write("api/b.py", "2").commit("Say all", date="2026-10-01", author="annie <ann@example.org>")
    assert [one.main_author for one in history(repository).ownership] == ["Ann Miller", "Bob Brown", "Ann Miller"]


def test_revisions_of_a_pair_are_those_of_its_files(tmp_path: Path) -> None:
    repository = project(tmp_path / "project", noise=True)
    for number in range(3):
        repository.write("api/a.py", f"alone {number}").commit("Change one", date="2026-10-01", author=ANN)
    found = history(repository)
    revisions = {churn.path: churn.revisions for churn in found.churn}
    (pair,) = found.couplings
    assert (pair.one_revisions, pair.other_revisions) == (revisions[pair.one], revisions[pair.other]) == (9, 6)
