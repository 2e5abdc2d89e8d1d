"""Churn from real histories: what counts, what is left out, and what is followed."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analyzers.config import Config, Hotspots, Scan
from analyzers.model.inventory import Churn, History
from analyzers.repository.days import day_of, months_before
from analyzers.repository.history import read_history
from analyzers.repository.people import Bots, main_spellings, more_persons, persons
from analyzers.repository.snapshot import open_snapshot
from analyzers.repository.window import Window
from analyzers.repository.written import written_on
from tests.support.imported import Made, add_commits
from tests.support.keeping import InMemory
from tests.support.pace import allowed
from tests.support.repository import RepositoryBuilder

TODAY = date(2026, 11, 22)


@pytest.fixture
def repository(tmp_path: Path) -> RepositoryBuilder:
    return RepositoryBuilder(tmp_path / "project")


def history(repository: RepositoryBuilder, as_of: date = TODAY, folder: str = "", **hotspots: Any) -> History:  # noqa: ANN401 - any field of Hotspots
    config = Config(hotspots=Hotspots(**hotspots))
    found, skipped = read_history(open_snapshot(repository.path / folder, config), config, as_of)
    assert found is not None
    assert skipped == ()
    return found


def churn(repository: RepositoryBuilder, path: str = "a.py", **hotspots: Any) -> Churn:  # noqa: ANN401 - as above
    return next(entry for entry in history(repository, **hotspots).churn if entry.path == path)


def revisions(found: History) -> dict[str, int]:
    return {entry.path: entry.revisions for entry in found.churn}


def test_commits_people_fixes_and_months_are_counted(repository: RepositoryBuilder) -> None:
    repository.write("a.py", "1").commit("Begin", date="2025-12-01")
    repository.write("a.py", "2").commit("Fix the total", date="2026-06-10", author="Bob B <bob@example.org>")
    repository.write("a.py", "3").commit("fixed: rounding", date="2026-11-01")
    repository.write("a.py", "4").commit("Prefix names", date="2026-11-22", author="Bob B <other@example.org>")
    found = churn(repository)
    assert (found.revisions, found.authors, found.last_changed) == (4, 2, TODAY)
    assert (found.recent, found.fixes, found.recent_fixes) == (2, 2, 1)
    assert found.months == (1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2)


@pytest.mark.parametrize(
    ("day", "counts"), [("2025-11-22", 0), ("2025-11-23", 1), ("2026-11-22", 1), ("2026-11-23", 0)]
)
def test_the_window_holds_both_its_ends(repository: RepositoryBuilder, day: str, counts: int) -> None:
    repository.write("a.py", "1").commit(date=f"{day}T23:59:59+00:00")
    found = history(repository)
    assert (found.since, found.until) == (date(2025, 11, 23), TODAY)
    assert found.commits == counts


def test_the_day_of_a_commit_is_counted_in_universal_time(repository: RepositoryBuilder) -> None:
    repository.write("a.py", "1").commit(date="2026-11-22T23:30:00-08:00")
    assert history(repository).commits == 0


def test_a_commit_with_a_wrong_clock_does_not_hide_older_ones(repository: RepositoryBuilder) -> None:
    repository.write("a.py", "1").commit(date="2026-03-01")
    repository.write("a.py", "2").commit(date="1990-01-01")
    repository.write("a.py", "3").commit(date="2026-04-01")
    assert churn(repository).revisions == 2


def test_an_earlier_day_counts_to_that_day_and_follows_later_renames(repository: RepositoryBuilder) -> None:
    repository.write("old.py", "1").commit(date="2026-01-01")
    repository.write("old.py", "22").commit(date="2026-02-01")
    repository.move("old.py", "a.py").commit(date="2026-06-01")
    repository.write("a.py", "333").commit(date="2026-07-01")
    assert revisions(history(repository, as_of=date(2026, 3, 1))) == {"a.py": 2}


def test_exact_renames_carry_churn_to_todays_name_and_do_not_count(repository: RepositoryBuilder) -> None:
    repository.write("one/a.py", "1").write("one/__init__.py", "").write("two/x.py", "").commit(date="2026-01-01")
    repository.write("one/a.py", "22").commit(date="2026-02-01")
    repository.move("one/a.py", "two/b.py").move("one/__init__.py", "two/__init__.py").commit(date="2026-03-01")
    repository.move("two/b.py", "two/c.py").write("two/x.py", "3").commit(date="2026-04-01")
    repository.write("two/c.py", "333").commit(date="2026-05-01")
    found = history(repository)
    assert revisions(found) == {"two/__init__.py": 1, "two/c.py": 3, "two/x.py": 2}
    assert found.left_out == (("rename", 1),)


def test_empty_files_are_paired_by_name_alone(repository: RepositoryBuilder) -> None:
    repository.write("a/x.py", "").write("a/y.py", "").commit(date="2026-01-01")
    repository.move("a/x.py", "b/z.py").move("a/y.py", "b/y.py").commit(date="2026-02-01")
    assert revisions(history(repository)) == {"b/y.py": 1, "b/z.py": 1}


def test_merges_are_left_out_and_counted(repository: RepositoryBuilder) -> None:
    repository.write("a.py", "1").commit(date="2026-01-01").branch("side")
    repository.write("a.py", "2").commit(date="2026-02-01").switch("main")
    repository.write("b.py", "1").commit(date="2026-02-02").merge("side", date="2026-03-01")
    found = history(repository)
    assert (found.commits, found.left_out) == (3, (("merge", 1),))
    assert revisions(found) == {"a.py": 2, "b.py": 1}
    assert revisions(history(repository, include_merges=True)) == {"a.py": 3, "b.py": 1}


@pytest.mark.parametrize(
    "author",
    [
        "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>",
        "Copilot <198982749+Copilot@users.noreply.github.com>",
        "Renovate Bot <bot@renovateapp.com>",
        "renovate <renovate@whitesourcesoftware.com>",
        "github-actions <41898282+github-actions[bot]@users.noreply.github.com>",
        "pre-commit-ci[bot] <66853113+pre-commit-ci[bot]@users.noreply.github.com>",
        "pyup-bot <github-bot@pyup.io>",
        "release-bot <ci@example.org>",
    ],
)
def test_bots_are_left_out_and_counted(repository: RepositoryBuilder, author: str) -> None:
    repository.write("a.py", "1").commit(date="2026-01-01", author=author)
    assert history(repository).left_out == (("bot", 1),)
    assert churn(repository, include_bots=True).revisions == 1


def test_who_signed_off_can_make_a_commit_a_bots(repository: RepositoryBuilder) -> None:
    repository.write("a.py", "1").commit("Bump\n\nSigned-off-by: renovate[bot] <b@x>", date="2026-01-01")
    repository.write("a.py", "2").commit("Work\n\nCo-authored-by: renovate[bot] <b@x>", date="2026-01-02")
    assert history(repository).left_out == (("bot", 1),)
    assert churn(repository, include_bots=True).revisions == 2


def test_listed_reformattings_are_left_out_and_counted(repository: RepositoryBuilder) -> None:
    repository.write("a.py", "1").write("sub/b.py", "1").commit(date="2026-01-01")
    repository.write("a.py", "2").write("sub/b.py", "2").commit(date="2026-02-01")
    repository.write(".git-blame-ignore-revs", f"{repository.head[:12]} # black\n").commit(date="2026-02-02")
    found = history(repository)
    assert (found.left_out, revisions(found)["a.py"]) == ((("formatting", 1),), 1)
    # The list lies at the top of the repository, wherever the scanned part is.
    assert history(repository, folder="sub").left_out == (("formatting", 1),)
    everything = history(repository, include_formatting=True)
    assert (everything.left_out, revisions(everything)["a.py"]) == ((), 2)


def test_a_list_of_reformattings_that_is_too_large_is_said(repository: RepositoryBuilder) -> None:
    repository.write("a.py", "1").write(".git-blame-ignore-revs", "#\n" * 600_000).commit(date="2026-01-01")
    found, skipped = read_history(open_snapshot(repository.path, Config()), Config(), TODAY)
    assert found is not None
    assert [(entry.what, entry.reason) for entry in skipped] == [("history", "unreadable")]
    assert ".git-blame-ignore-revs" in skipped[0].detail


def test_people_who_are_named_like_bots_count() -> None:
    bots = Bots(("jenkins*",))
    author = [("Robota Abbot", "abbot@example.org"), ("Bottom", "bot@tom.org"), ("Jenkins CI", "x@y")]
    assert [bots.is_bot(name, email) for name, email in author] == [False, False, True]


def test_bulk_commits_are_left_out_and_counted(repository: RepositoryBuilder) -> None:
    repository.write("a.py", "1").write("b.py", "1").write("c.py", "1").commit(date="2026-01-01")
    repository.write("a.py", "2").write("b.py", "2").commit(date="2026-02-01")
    found = history(repository, bulk_files=2)
    assert (found.left_out, revisions(found)) == ((("bulk", 1),), {"a.py": 1, "b.py": 1})
    assert history(repository, bulk_files=2, include_bulk=True).left_out == ()


def test_a_big_move_is_a_rename_and_not_bulk(repository: RepositoryBuilder) -> None:
    for number in range(5):
        repository.write(f"old/{number}.py", str(number))
    repository.commit(date="2026-01-01")
    for number in range(5):
        repository.move(f"old/{number}.py", f"new/{number}.py")
    repository.commit(date="2026-02-01")
    assert history(repository, bulk_files=4).left_out == (("bulk", 1), ("rename", 1))


def test_generated_vendored_and_test_files_are_left_out_and_counted(repository: RepositoryBuilder) -> None:
    repository.write(".gitattributes", "gen.py linguist-generated\n").commit(date="2026-01-01")
    repository.write("gen.py", "1").commit(date="2026-01-02")
    repository.write("vendor/x.py", "1").commit(date="2026-01-03")
    repository.write("tests/test_a.py", "1").commit(date="2026-01-04")
    repository.write("tests/test_a.py", "2").write("a.py", "1").commit(date="2026-01-05")
    found = history(repository)
    assert found.left_out == (("generated", 1), ("tests", 1), ("vendored", 1))
    assert revisions(found) == {".gitattributes": 1, "a.py": 1}
    everything = history(repository, include_generated=True, include_tests=True)
    assert revisions(everything)["tests/test_a.py"] == 2
    assert everything.left_out == ()


def test_what_changes_together_and_who_knows_it_is_told_of_code(repository: RepositoryBuilder) -> None:
    for number in range(6):
        files = {"api/a.py": f"{number}", "web/b.py": f"{number}", "web/c.py": f"{number}", "CHANGES": f"{number}"}
        author = "Bob B <bob@example.org>" if number < 2 else "Ada Lovelace <ada@example.org>"
        add_commits(repository, [Made(files=files, date=f"2026-0{number + 1}-01", author=author)])
    add_commits(repository, [Made(files={"api/a.py": "old"}, date="2019-01-01", author="Bob B <bob@example.org>")])
    bot = Made(files={"api/a.py": "b"}, date="2026-11-01", author="renovate[bot] <bot@renovateapp.com>")
    add_commits(repository, [bot])
    snapshot = open_snapshot(repository.path, Config())
    code = {"api/a.py", "web/b.py", "web/c.py"}
    found, _ = read_history(snapshot, Config(), TODAY, code=code)
    assert found is not None
    assert [(pair.one, pair.other, pair.together) for pair in found.couplings] == [
        ("api/a.py", "web/b.py", 6),
        ("api/a.py", "web/c.py", 6),
    ]
    first = found.ownership[0]
    assert (first.path, first.main_author, first.authors, first.revisions) == ("api/a.py", "Ada Lovelace", 2, 7)
    assert [folder.path for folder in found.folders] == [""]
    alone, _ = read_history(snapshot, Config(), TODAY, code=code, lifetime=False)
    assert alone is not None
    assert (alone.ownership, alone.folders, alone.couplings) == ((), (), found.couplings)


def hottest(found: History) -> list[tuple[str, int]]:
    return sorted(revisions(found).items(), key=lambda entry: (-entry[1], entry[0]))[:10]


def work(seed: int) -> list[Made]:
    """Return a hundred commits of people to forty files, the lower numbers more often."""
    return [
        Made(
            files={f"src/m{number * (seed + number) % 40 * (number % 3) // 2:02}.py": f"{number}"},
            date=f"2026-{number // 25 + 3:02}-{number % 25 + 1:02}",
        )
        for number in range(100)
    ]


def test_bots_reformattings_and_a_mass_move_leave_the_hottest_as_they_were(
    repository: RepositoryBuilder, tmp_path: Path
) -> None:
    files = {f"src/m{number:02}.py": f"start {number}\n" for number in range(40)}
    start = Made(files=files, date="2026-01-01")
    add_commits(repository, [start, *work(3)])
    plain = hottest(history(repository))
    noisy = RepositoryBuilder(tmp_path / "noisy")
    bot = "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>"
    add_commits(noisy, [start, *work(3)[:50]])
    bumps = (Made(files={f"src/m{n % 40:02}.py": f"bot {n}"}, date="2026-04-20", author=bot) for n in range(1000))
    add_commits(noisy, bumps)
    add_commits(noisy, [Made(files={path: f"{path} black\n" for path in list(files)[:20]}, date="2026-04-21")])
    listed = noisy.head
    add_commits(noisy, [Made(files={path: f"{path} ruff\n" for path in files}, date="2026-04-22")])
    moves = {path: path.replace("src/", "lib/") for path in files}
    add_commits(noisy, [Made(files={}, moves=moves, date="2026-04-23")])
    rest = [
        Made(files={path.replace("src/", "lib/"): text for path, text in made.files.items()}, date=made.date)
        for made in work(3)[50:]
    ]
    add_commits(noisy, [*rest, Made(files={".git-blame-ignore-revs": listed}, date="2026-11-01")])
    found = history(noisy)
    assert [(path.replace("lib/", "src/"), count) for path, count in hottest(found)] == plain
    assert found.left_out == (("bot", 1000), ("bulk", 2), ("formatting", 1), ("rename", 1))


def test_files_that_are_gone_have_no_churn(repository: RepositoryBuilder) -> None:
    repository.write("a.py", "1").write("gone.py", "1").commit(date="2026-01-01")
    repository.remove("gone.py").commit(date="2026-02-01")
    found = history(repository)
    assert (found.commits, revisions(found)) == (2, {"a.py": 1})


def test_the_mailmap_makes_one_person_of_two(repository: RepositoryBuilder) -> None:
    repository.write(".mailmap", "Ada Lovelace <ada@example.org> <ada@old.org>\n")
    repository.write("a.py", "1").commit(date="2026-01-01", author="al <ada@old.org>")
    repository.write("a.py", "2").commit(date="2026-01-02")
    assert churn(repository).authors == 1


def test_a_person_is_the_author_with_most_commits_whoever_came_first() -> None:
    assert main_spellings([0, 0, 0, 3, 4, 4], [b"Al", b"Ann", b"Ada", b"Bob", b"Dan", b"Dee"], [2, 5, 5, 9, 1, 1]) == {
        0: 2,
        4: 4,
    }


def test_one_address_or_one_full_name_is_one_person() -> None:
    seen = [b"Ada L <a@x>", b"ada l <A@Y>", b"AL <a@y>", b"root <r@1>", b"root <r@2>", b"Ada M <a@x>"]
    assert persons(seen, [1] * 6) == [0, 0, 0, 3, 4, 0]


def test_those_without_an_address_are_not_one_person() -> None:
    seen = [b"Ada L <>", b"Bob B <>", b"cvs <>", b"ada l <>"]
    assert persons(seen, [1] * 4) == [0, 1, 2, 0] == more_persons(persons(seen[:2], [1] * 2), seen, [1] * 4)


def test_a_name_with_a_bracket_is_another_one_whenever_it_comes() -> None:
    seen = [b"Ada L <x <a@x>", b"Ada L <b@x>", b"Ada L <x <c@x>"]
    assert persons(seen, [1] * 3) == [0, 1, 0] == more_persons(persons(seen[:1], [1]), seen, [1] * 3)


def test_a_crowd_that_comes_later_is_told_apart_in_no_time() -> None:
    seen = [b"Ada L%d <a%d@x>" % (number % 15_000, number) for number in range(20_000)]
    start = time.process_time()
    assert more_persons(persons(seen[:100], [1] * 100), seen, [1] * len(seen)) == persons(seen, [1] * len(seen))
    assert time.process_time() - start < allowed(2.0)


def test_it_does_not_matter_who_is_seen_first() -> None:
    seen = [b"Ada L <a@x>", b"A L <b@x>", b"a l <c@x>", b"Ada L <c@x>", b"A L <a@x>"]
    assert persons(seen, [1] * 5) == [0, 0, 0, 0, 0] == persons(seen[::-1], [1] * 5)
    assert persons(seen, [1, 1, 0, 0, 0]) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("cut", range(7))
def test_people_who_come_later_are_told_apart_as_if_all_came_at_once(cut: int) -> None:
    seen = [b"Ada L <a@x>", b"A L <b@x>", b"root <b@x>", b"Gone G <c@x>", b"ada l <c@x>", b"A L <a@x>", b"Gone G <d>"]
    commits = [2, 1, 1, 0, 1, 1, 1]
    assert more_persons(persons(seen[:cut], commits[:cut]), seen, commits) == persons(seen, commits)


def test_a_part_of_a_repository_has_the_history_of_that_part(repository: RepositoryBuilder) -> None:
    repository.write("api/a.py", "1").write("web/b.py", "1").commit(date="2026-01-01")
    repository.write("web/b.py", "2").commit(date="2026-02-01")
    repository.write("lib/c.py", "33").commit(date="2026-03-01")
    repository.move("lib/c.py", "api/c.py").commit(date="2026-04-01")
    repository.write("api/c.py", "444").commit(date="2026-05-01")
    found = history(repository, folder="api")
    assert revisions(found) == {"a.py": 1, "c.py": 2}
    assert found.commits == 3
    assert found.left_out == (("rename", 1),)


def test_a_shallow_clone_is_named_and_its_first_commit_does_not_count(
    repository: RepositoryBuilder, tmp_path: Path
) -> None:
    repository.write("a.py", "1").commit(date="2026-01-01")
    repository.write("a.py", "2").commit(date="2026-02-01")
    repository.write("a.py", "3").commit(date="2026-03-01")
    repository.git("clone", "--quiet", "--depth=2", repository.path.as_uri(), str(tmp_path / "clone"))
    found, skipped = read_history(open_snapshot(tmp_path / "clone", Config()), Config(), TODAY)
    assert found is not None
    assert not found.complete
    assert (revisions(found), found.left_out) == ({"a.py": 1}, (("shallow", 1),))
    assert [(entry.what, entry.reason) for entry in skipped] == [("history", "shallow-history")]


def test_a_clone_without_contents_has_a_history(repository: RepositoryBuilder, tmp_path: Path) -> None:
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.write("a.py", "1").commit(date="2026-01-01").write("a.py", "2").commit(date="2026-02-01")
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", "--bare", "--filter=blob:none", repository.path.as_uri(), str(clone))
    found, skipped = read_history(open_snapshot(clone, Config()), Config(), TODAY)
    assert skipped == ()
    assert found is not None
    assert revisions(found) == {"a.py": 2}


def test_a_clone_without_contents_lacks_the_lists_in_it_too_and_says_so(
    repository: RepositoryBuilder, tmp_path: Path
) -> None:
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.write(".mailmap", "Ada Lovelace <ada@example.org> <al@old.org>\n").write("a.py", "1")
    repository.commit(date="2026-01-01")
    repository.write(".git-blame-ignore-revs", f"{repository.head}\n").commit(date="2026-02-01")
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", "--bare", "--filter=blob:none", repository.path.as_uri(), str(clone))
    found, skipped = read_history(open_snapshot(clone, Config()), Config(), TODAY)
    assert found is not None
    assert revisions(found)["a.py"] == 1
    details = [entry.detail for entry in skipped]
    assert [detail.split(" ")[0] for detail in details] == [".mailmap", ".git-blame-ignore-revs"]


@pytest.mark.parametrize("promised", [False, True])
def test_a_mailmap_that_git_would_read_for_hours_says_nothing_and_that_is_said(
    repository: RepositoryBuilder, promised: bool
) -> None:
    if promised:
        repository.git("config", "remote.origin.promisor", "true")
    same = "Ada Lovelace <ada@example.org> <ada@old.org>\n"
    repository.write(".mailmap", same * 30_000).write("a.py", "1").commit(date="2026-01-01", author="al <ada@old.org>")
    repository.write("a.py", "2").commit(date="2026-01-02")
    snapshot, kept = open_snapshot(repository.path, Config()), InMemory()
    first, *others = [read_history(snapshot, Config(), TODAY, kept=kept) for _ in range(3)]
    assert others == [first, first]
    found, skipped = first
    assert found is not None
    assert [churn.authors for churn in found.churn if churn.path == "a.py"] == [2]
    assert [entry.detail for entry in skipped] == [".mailmap says nothing: it has more than 1 MB"]


def test_no_commit_means_no_history(repository: RepositoryBuilder, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    for path in (repository.path, tmp_path / "plain"):
        found, skipped = read_history(open_snapshot(path, Config()), Config(), TODAY)
        assert found is None
        assert [(entry.what, entry.reason) for entry in skipped] == [("history", "no-history")]


def test_a_broken_history_is_named(repository: RepositoryBuilder) -> None:
    repository.write("a.py", "1").commit(date="2026-01-01")
    tree = repository.git("rev-parse", "HEAD^{tree}").strip()
    repository.write("a.py", "2").commit(date="2026-02-01")
    (repository.path / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    found, skipped = read_history(open_snapshot(repository.path, Config()), Config(), TODAY)
    assert found is None
    assert skipped[0].reason == "no-history"
    assert "could not read the history" in skipped[0].detail


def test_excluded_files_have_no_churn(repository: RepositoryBuilder) -> None:
    repository.write("a.py", "1").write("docs/b.py", "1").commit(date="2026-01-01")
    config = Config(scan=Scan(exclude=("docs/",)))
    found, _ = read_history(open_snapshot(repository.path, config), config, TODAY)
    assert found is not None
    assert revisions(found) == {"a.py": 1}


def test_odd_names_are_counted(repository: RepositoryBuilder) -> None:
    for name in ("new\nline.py", ":100644 x.py", 'quo"te.py', "ünï.py"):
        repository.write(name, "1")
    repository.commit("Subject\nwith more", date="2026-01-01")
    assert set(revisions(history(repository))) == {"new\nline.py", ":100644 x.py", 'quo"te.py', "ünï.py"}


def test_odd_authors_and_subjects_are_read(repository: RepositoryBuilder) -> None:
    repository.write("a.py", "1").commit(":100644 bug \x01 \x1f", date="2026-01-01", author=":ada: <:@:>")
    repository.write("a.py", "2").git("add", "-A")
    repository.git("commit", "--quiet", "--allow-empty-message", "-m", "", date="2026-01-02")
    assert (churn(repository).revisions, churn(repository).fixes) == (2, 1)


def test_the_same_history_is_read_the_same_way(repository: RepositoryBuilder) -> None:
    repository.write("a.py", "1").write("b.py", "2").commit(date="2026-01-01")
    assert history(repository) == history(repository)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 22), 12, date(2025, 11, 22)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 1, 15), 99_999, date.min),
    ],
)
def test_months_are_calendar_months(day: date, months: int, expected: date) -> None:
    assert months_before(day, months) == expected


@pytest.mark.parametrize(
    ("seconds", "day"),
    [(0, date(1970, 1, 1)), (86_399, date(1970, 1, 1)), (-1, date(1969, 12, 31)), (10**18, date.max)],
)
def test_seconds_make_days(seconds: int, day: date) -> None:
    assert day_of(seconds) == day


def test_every_day_of_the_window_lies_in_one_month() -> None:
    window = Window.before(date(2026, 3, 31), 12)
    days = [date.fromordinal(number) for number in range(window.first.toordinal(), window.last.toordinal() + 1)]
    months = [window.month(day) for day in days]
    assert months == sorted(months)
    assert set(months) == set(range(12))


def test_a_line_knows_the_day_it_was_written(repository: RepositoryBuilder) -> None:
    repository.write("a.py", "one\ntwo\n").commit(date="2026-01-01")
    repository.write("a.py", "one\ntwo\nthree\n").commit(date="2026-02-01")
    snapshot = open_snapshot(repository.path, Config())
    days = [written_on(snapshot, "a.py", line) for line in (0, 1, 2, 3, 4)]
    assert days == [None, date(2026, 1, 1), date(2026, 1, 1), date(2026, 2, 1), None]
    assert written_on(snapshot, "b.py", 1) is None


def test_lines_of_a_changed_file_are_found_where_they_stood(repository: RepositoryBuilder) -> None:
    repository.write("a.py", "one\ntwo\n").commit(date="2026-01-01").write("a.py", "zero\none\ntwo\n")
    snapshot = open_snapshot(repository.path, Config())
    assert [written_on(snapshot, "a.py", line) for line in (1, 2, 3)] == [None, date(2026, 1, 1), date(2026, 1, 1)]
