"""What an earlier run has kept changes how long reading a history takes, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from analyzers.config import Config, Hotspots
from analyzers.model.inventory import History
from analyzers.repository import past, shelf, walked
from analyzers.repository.history import read_history
from analyzers.repository.kept import KeptFile
from analyzers.repository.log_rows import LogRows
from analyzers.repository.snapshot import open_snapshot
from tests.support.imported import Made, add_commits
from tests.support.keeping import InMemory
from tests.support.repository import RepositoryBuilder

TODAY = date(2026, 11, 22)


@pytest.fixture
def repository(tmp_path: Path) -> RepositoryBuilder:
    return RepositoryBuilder(tmp_path / "project")


@pytest.fixture
def kept() -> InMemory:
    return InMemory()


@pytest.fixture
def read_rows(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many commits each log held."""
    counts: list[int] = []
    rows = LogRows.rows

    def counted(self: LogRows, known: dict[bytes, int]) -> object:
        counts.append(len(self.parents))
        return rows(self, known)

    monkeypatch.setattr(LogRows, "rows", counted)
    yield counts
    counts.clear()


def read(
    repository: RepositoryBuilder,
    kept: InMemory | KeptFile,
    *,
    config: Config | None = None,
    path: Path | None = None,
    lifetime: bool = True,
    as_of: date = TODAY,
) -> History:
    """Return the history, read with and without what was kept."""
    config = config or Config()
    snapshot = open_snapshot(path or repository.path, config)
    found, skipped = read_history(snapshot, config, as_of, code=snapshot.paths(), kept=kept, lifetime=lifetime)
    alone, told = read_history(snapshot, config, as_of, code=snapshot.paths(), lifetime=lifetime)
    assert (found, skipped) == (alone, told)
    assert found is not None
    return found


def several(count: int, *, first: int = 0, path: str = "a.py", day: str = "2026-05-01") -> list[Made]:
    return [
        Made(
            files={path: f"{first + number}"},
            date=f"{day}T{number // 60 % 24:02}:{number % 60:02}:00+00:00",
            author=f"Person {number % 7} <p{number % 7}@example.org>",
        )
        for number in range(count)
    ]


def revisions(found: History) -> dict[str, int]:
    return {entry.path: entry.revisions for entry in found.churn}


def test_the_next_run_reads_only_what_is_new(
    repository: RepositoryBuilder, kept: InMemory, read_rows: list[int]
) -> None:
    add_commits(repository, several(50))
    before = read(repository, kept)
    add_commits(repository, several(3, first=50, day="2026-05-03"))
    after = read(repository, kept)
    again = read(repository, kept)
    # Every second one is the reading without a store.
    assert read_rows[::2] == [50, 3, 53]
    assert (revisions(before), revisions(after), again) == ({"a.py": 50}, {"a.py": 53}, after)
    assert after.ownership[0].revisions == 53


def test_a_window_loads_no_older_commits(
    repository: RepositoryBuilder, kept: InMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "TABLE_ROWS", 10)
    add_commits(repository, [*several(100, day="2019-01-01"), *several(5, first=200)])
    read(repository, kept)
    everything = len(kept.entries)
    kept.loaded.clear()
    found = read(repository, kept, lifetime=False)
    assert (revisions(found), found.ownership) == ({"a.py": 5}, ())
    assert everything > 10
    # The state, the authors, and the newest table.
    assert len(kept.loaded) == 3


def test_many_small_runs_keep_few_tables(repository: RepositoryBuilder, kept: InMemory) -> None:
    for number in range(12):
        add_commits(repository, several(1, first=number, day=f"2026-05-{number + 1:02}"))
        found = read(repository, kept)
    assert revisions(found) == {"a.py": 12}
    # The state and the authors beside them.
    assert len(kept.entries) - 2 <= 5
    # Nothing is kept that the newest state does not name.
    state = shelf.Shelf(kept, kept.saved[-1]).state()
    assert state is not None
    assert {key for _, key in kept.entries} == {*state.keys(), kept.saved[-1]}


def merge_an_old_branch(repository: RepositoryBuilder) -> None:
    repository.git("checkout", "-q", "-b", "side", "HEAD~2")
    repository.write("b.py", "1").commit(date="2026-02-02").write("b.py", "2").commit(date="2026-02-03")
    repository.switch("main").merge("side", date="2026-06-01")


def merge_a_branch_of_the_same_time(repository: RepositoryBuilder) -> None:
    repository.git("checkout", "-q", "-b", "side", "HEAD~6")
    repository.write("b.py", "1").commit(date="2026-01-01T00:04:00").move("b.py", "c.py").commit(date="2026-01-01")
    repository.switch("main").merge("side", date="2026-06-01")


def rename_on_one_side(repository: RepositoryBuilder) -> None:
    repository.git("checkout", "-q", "-b", "side", "HEAD~1")
    repository.move("a.py", "renamed.py").commit(date="2026-04-01").write("renamed.py", "x").commit(date="2026-04-02")
    repository.switch("main").write("c.py", "1").commit(date="2026-04-01")
    repository.git("merge", "-q", "-s", "ours", "--no-commit", "side")
    repository.git("checkout", "-q", "side", "--", "renamed.py")
    repository.remove("a.py").commit("Merge", date="2026-04-03")


def commit_in_the_same_second(repository: RepositoryBuilder) -> None:
    add_commits(repository, [Made(files={"a.py": f"s{number}"}, date="2026-05-01") for number in range(5)])


def commit_with_a_slow_clock(repository: RepositoryBuilder) -> None:
    repository.write("a.py", "slow").commit(date="1999-01-01").move("a.py", "d.py").commit(date="2001-01-01")
    repository.write("d.py", "now").commit(date="2026-07-01")


def commit_with_a_fast_clock(repository: RepositoryBuilder) -> None:
    repository.write("a.py", "fast").commit(date="2031-01-01").move("a.py", "d.py").commit(date="2026-06-06")
    repository.write("d.py", "now").commit(date="2026-07-01")


def amend(repository: RepositoryBuilder) -> None:
    repository.write("a.py", "other").git("add", "-A")
    repository.git("commit", "-q", "--amend", "-m", "Fixed", author="Eve <eve@example.org>", date="2026-03-09")


def go_back(repository: RepositoryBuilder) -> None:
    repository.git("reset", "-q", "--hard", "HEAD~2")


def start_again(repository: RepositoryBuilder) -> None:
    repository.git("checkout", "-q", "--orphan", "other")
    repository.write("z.py", "1").commit(date="2026-08-01").write("a.py", "zz").commit(date="2026-08-02")


def change_the_mailmap(repository: RepositoryBuilder) -> None:
    repository.write(".mailmap", "Person Four <p1@example.org> <p2@example.org>\n").commit(date="2026-06-01")


def list_a_formatting(repository: RepositoryBuilder) -> None:
    listed = repository.git("rev-parse", "HEAD~1").strip()
    repository.write(".git-blame-ignore-revs", f"# black\n{listed}\n").commit(date="2026-06-01")


CHANGES = [
    merge_an_old_branch,
    merge_a_branch_of_the_same_time,
    rename_on_one_side,
    commit_in_the_same_second,
    commit_with_a_slow_clock,
    commit_with_a_fast_clock,
    amend,
    go_back,
    start_again,
    change_the_mailmap,
    list_a_formatting,
]


@pytest.mark.parametrize("as_of", [TODAY, date(2027, 2, 20)], ids=["in the window", "partly before it"])
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_was_kept_does_not_show(
    repository: RepositoryBuilder,
    kept: InMemory,
    change: Callable[[RepositoryBuilder], None],
    as_of: date,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(past, "TABLE_ROWS", 4)
    add_commits(repository, several(9, day="2026-01-01"))
    before = read(repository, kept, as_of=as_of)
    change(repository)
    after = read(repository, kept, as_of=as_of)
    assert after != before
    repository.write("a.py", "later").commit(date="2026-09-01")
    last = read(repository, kept, as_of=as_of)
    assert last != after
    with monkeypatch.context() as patch:
        patch.setattr(walked, "split", lambda held, _first: (held, ()))
        alone, _ = read_history(
            open_snapshot(repository.path, Config()), Config(), as_of, code=repository_files(repository)
        )
    assert alone == last


def repository_files(repository: RepositoryBuilder) -> tuple[str, ...]:
    return open_snapshot(repository.path, Config()).paths()


def test_older_commits_are_summed_up_and_loaded_no_more(
    repository: RepositoryBuilder, kept: InMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "TABLE_ROWS", 10)
    add_commits(repository, [*several(100, day="2019-01-01"), *several(5, first=200)])
    assert read(repository, kept).ownership[0].revisions == 105
    listed = {".git-blame-ignore-revs": repository.head}
    add_commits(repository, [Made(files=listed, moves={"a.py": "b.py"}, date="2026-06-01")])
    kept.loaded.clear()
    found = read(repository, kept)
    owned = [(one.path, one.revisions, one.authors) for one in found.ownership]
    assert owned == [(".git-blame-ignore-revs", 1, 1), ("b.py", 104, 7)]
    # The state, the authors, the newest table, and the sum.
    assert len(kept.loaded) == 4


def test_what_another_filter_summed_up_is_not_taken(
    repository: RepositoryBuilder, kept: InMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "TABLE_ROWS", 2)
    bot = "renovate[bot] <bot@renovateapp.com>"
    add_commits(repository, several(9, day="2019-01-01"))
    add_commits(
        repository, [Made(files={"a.py": f"b{day}"}, date=f"2019-02-0{day}", author=bot) for day in range(1, 6)]
    )
    add_commits(repository, several(1, first=100))
    assert read(repository, kept).ownership[0].revisions == 10
    assert read(repository, kept, config=Config(hotspots=Hotspots(include_bots=True))).ownership[0].revisions == 15
    assert read(repository, kept, config=Config(hotspots=Hotspots(bulk_files=1))).ownership[0].revisions == 10
    add_commits(
        repository, [Made(files={".git-blame-ignore-revs": repository.git("rev-parse", "HEAD~8")}, date="2026-06-01")]
    )
    assert read(repository, kept).ownership[-1].revisions == 9


def test_a_rewritten_branch_is_read_from_where_it_parted(
    repository: RepositoryBuilder, kept: InMemory, read_rows: list[int]
) -> None:
    add_commits(repository, several(30))
    read(repository, kept)
    repository.git("reset", "-q", "--hard", "HEAD~3")
    repository.write("b.py", "1").commit(date="2026-06-01", author="Eve <eve@example.org>")
    found = read(repository, kept)
    assert revisions(found) == {"a.py": 27, "b.py": 1}
    assert read_rows[::2] == [30, 1]


def test_a_branch_that_is_here_no_more_is_read_anew(
    repository: RepositoryBuilder, kept: InMemory, read_rows: list[int], tmp_path: Path
) -> None:
    address = "https://secret-token@example.org/a/b.git"
    add_commits(repository, several(10))
    repository.git("remote", "add", "origin", address)
    read(repository, kept)
    other = RepositoryBuilder(tmp_path / "other")
    other.git("remote", "add", "origin", address.replace("secret-token@", ""))
    add_commits(other, several(4, path="b.py"))
    assert revisions(read(other, kept)) == {"b.py": 4}
    assert read_rows[::2] == [10, 4]
    # The address is the same, and so is the place; the token is in none of it.
    assert len({key[:16] for _, key in kept.entries}) == 1
    assert not any(b"secret-token" in value for value in kept.entries.values())


def test_another_configuration_has_rows_of_its_own(repository: RepositoryBuilder, kept: InMemory) -> None:
    repository.write("a.py", "1").commit("Mend it\n\nSigned-off-by: ci <ci@example.org>", date="2026-01-01")
    repository.write("a.py", "2").commit("Mend it: bug", date="2026-01-02")
    assert read(repository, kept).churn[0].fixes == 1
    assert read(repository, kept, config=Config(hotspots=Hotspots(fix_patterns=("^Mend",)))).churn[0].fixes == 2
    assert read(repository, kept, config=Config(hotspots=Hotspots(bots=("ci",)))).left_out == (("bot", 1),)
    assert read(repository, kept, config=Config(hotspots=Hotspots(bots=("ci",), include_bots=True))).left_out == ()
    assert read(repository, kept).left_out == ()


def test_a_shallow_clone_that_is_deepened_is_read_anew(
    repository: RepositoryBuilder, kept: InMemory, tmp_path: Path
) -> None:
    add_commits(repository, several(6))
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", "--depth=3", repository.path.as_uri(), str(clone))
    shallow = read(repository, kept, path=clone)
    assert (revisions(shallow), shallow.complete) == ({"a.py": 2}, False)
    RepositoryBuilder(clone).git("fetch", "--quiet", "--deepen=1")
    assert revisions(read(repository, kept, path=clone)) == {"a.py": 3}
    RepositoryBuilder(clone).git("fetch", "--quiet", "--unshallow")
    whole = read(repository, kept, path=clone)
    assert (revisions(whole), whole.complete, whole.left_out) == ({"a.py": 6}, True, ())


def test_grafts_are_honoured(repository: RepositoryBuilder, kept: InMemory) -> None:
    add_commits(repository, several(6))
    read(repository, kept)
    cut = repository.git("rev-parse", "HEAD~2").strip()
    (repository.path / ".git" / "info").mkdir(exist_ok=True)
    (repository.path / ".git" / "info" / "grafts").write_text(f"{cut}\n")
    assert revisions(read(repository, kept)) == {"a.py": 3}


def test_what_another_edition_of_the_code_kept_is_not_taken(
    repository: RepositoryBuilder, kept: InMemory, monkeypatch: pytest.MonkeyPatch, read_rows: list[int]
) -> None:
    add_commits(repository, several(6))
    read(repository, kept)
    monkeypatch.setattr(past, "_CODE", ("past",))
    read(repository, kept)
    assert read_rows[::2] == [6, 6]


@pytest.mark.parametrize("harm", ["lost", "cut", "changed", "state"])
def test_what_is_lost_or_damaged_is_read_anew(repository: RepositoryBuilder, kept: InMemory, harm: str) -> None:
    add_commits(repository, several(6))
    read(repository, kept)
    state = kept.saved[-1]
    for name, value in list(kept.entries.items()):
        if harm == "state" and name[1] == state:
            kept.entries[name] = value[:16] + b"\x00" + value[17:]
        elif harm == "lost" and name[1] != state:
            del kept.entries[name]
        elif harm in ("cut", "changed") and name[1] != state:
            kept.entries[name] = value[:-4] + (b"\xff" * 4 if harm == "changed" else b"")
    kept.saved.clear()
    assert revisions(read(repository, kept)) == {"a.py": 6}
    assert kept.saved
    kept.saved.clear()
    assert revisions(read(repository, kept)) == {"a.py": 6}
    assert not kept.saved


def test_a_run_that_ends_before_it_saves_leaves_what_there_was(
    repository: RepositoryBuilder, kept: InMemory, monkeypatch: pytest.MonkeyPatch, read_rows: list[int]
) -> None:
    add_commits(repository, several(6))
    read(repository, kept)
    add_commits(repository, several(2, first=10, day="2026-06-01"))
    with monkeypatch.context() as patch:
        patch.setattr(InMemory, "save", _die)
        with pytest.raises(KeyboardInterrupt):
            read(repository, kept)
    assert revisions(read(repository, kept)) == {"a.py": 8}
    assert read_rows == [6, 6, 2, 2, 8]


def _die(*_arguments: object) -> None:
    raise KeyboardInterrupt


def test_the_real_store_keeps_it(repository: RepositoryBuilder, tmp_path: Path, read_rows: list[int]) -> None:
    add_commits(repository, several(20))
    read(repository, KeptFile(tmp_path / "cache"))
    add_commits(repository, several(2, first=30, day="2026-06-01"))
    assert revisions(read(repository, KeptFile(tmp_path / "cache"))) == {"a.py": 22}
    assert read_rows[::2] == [20, 2]
