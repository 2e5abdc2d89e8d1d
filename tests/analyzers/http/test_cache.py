from __future__ import annotations

import multiprocessing
import random
import sqlite3
import threading
import zlib
from contextlib import closing
from pathlib import Path

import pytest

from analyzers.http import cache as module
from analyzers.http.cache import Cache
from analyzers.http.stored import TABLES, Stored


def stored(body: bytes = b"body", *, checked: float = 1000.0, status: int = 200) -> Stored:
    return Stored(status, {"etag": '"1"'}, zlib.compress(body, 1, 31), len(body), checked)


def cache_at(folder: Path, *, now: float = 1000.0, max_age: float = 100.0, max_size: int = 100_000) -> Cache:
    return Cache(folder, max_age=max_age, max_size=max_size, clock=lambda: now, patience=0.1)


def incompressible(seed: int, size: int) -> bytes:
    return random.Random(seed).randbytes(size)  # noqa: S311 - test bodies


def test_what_was_stored_is_found_again(tmp_path: Path) -> None:
    first = cache_at(tmp_path)
    first.store(b"k", stored(b"hello", status=404))
    first.close()
    found = cache_at(tmp_path).find(b"k")
    assert found == stored(b"hello", status=404)
    assert found is not None
    assert found.response().body == b"hello"


def test_what_was_not_stored_is_not_found(tmp_path: Path) -> None:
    assert cache_at(tmp_path).find(b"k") is None


def test_a_newer_answer_takes_the_place_of_an_older_one(tmp_path: Path) -> None:
    cache = cache_at(tmp_path)
    cache.store(b"k", stored(b"old"))
    cache.store(b"k", stored(b"new"))
    found = cache.find(b"k")
    assert found is not None
    assert found.response().body == b"new"


def test_a_confirmed_answer_is_as_good_as_new(tmp_path: Path) -> None:
    cache_at(tmp_path).store(b"k", stored(checked=1.0))
    cache = cache_at(tmp_path, now=50.0)
    cache.confirm(b"k")
    found = cache.find(b"k")
    assert found is not None
    assert found.checked == 50.0


@pytest.mark.parametrize(("age", "kept"), [(100, True), (101, False)])
def test_answers_over_the_age_go(tmp_path: Path, age: int, kept: bool) -> None:
    cache = cache_at(tmp_path, now=1000.0 + age)
    cache.store(b"k", stored(checked=1000.0))
    cache.close()
    assert (cache_at(tmp_path).find(b"k") is not None) == kept


def test_the_least_recently_used_go_first(tmp_path: Path) -> None:
    for number in range(10):
        cache = cache_at(tmp_path, now=1000.0 + number)
        cache.store(b"%d" % number, stored(incompressible(number, 9_000), checked=1000.0 + number))
        cache.close()
    cache = cache_at(tmp_path, now=1010.0)
    assert cache.find(b"0") is not None
    cache.store(b"last", stored(incompressible(99, 20_000), checked=1010.0))
    cache.close()
    after = cache_at(tmp_path)
    kept = [key for key in (*(b"%d" % number for number in range(10)), b"last") if after.find(key)]
    assert kept == [b"0", b"4", b"5", b"6", b"7", b"8", b"9", b"last"]


def test_an_answer_that_would_fill_the_cache_is_not_kept(tmp_path: Path) -> None:
    cache = cache_at(tmp_path, max_size=10_000)
    cache.store(b"k", stored(incompressible(1, 5_000)))
    assert cache.find(b"k") is None


def test_what_was_read_in_an_answer_goes_with_it(tmp_path: Path) -> None:
    cache = cache_at(tmp_path)
    mark = cache.store(b"k", stored(b"one"))
    assert mark is not None
    cache.keep(b"k", mark, b"r", b"read")
    found = cache.find(b"k", b"r")
    assert found is not None
    assert (found.read, found.packed, found.size, found.mark) == (b"read", b"", 3, mark)
    assert cache.find(b"k", b"other") == cache.find(b"k") == stored(b"one")
    cache.keep(b"k", mark, b"other", b"read otherwise")
    assert cache.find(b"k", b"r") == stored(b"one")
    cache.store(b"k", stored(b"one"))
    cache.keep(b"k", mark, b"r", b"late")
    assert cache.find(b"k", b"r") == cache.find(b"k", b"other") == stored(b"one")


def test_nothing_is_left_of_answers_that_went(tmp_path: Path) -> None:
    cache = cache_at(tmp_path, now=2000.0)
    mark = cache.store(b"old", stored(checked=1000.0))
    assert mark is not None
    cache.keep(b"old", mark, b"r", b"read")
    cache.close()
    with closing(sqlite3.connect(cache.path)) as database:
        left = [database.execute(f"select count(*) from {name}").fetchone() for name in TABLES]  # noqa: S608 - a constant
    assert left == [(0,), (0,), (0,)]


def test_readings_count_as_bodies_do(tmp_path: Path) -> None:
    cache = cache_at(tmp_path, max_size=10_000)
    for number in range(4):
        mark = cache.store(b"%d" % number, stored(checked=1000.0 + number))
        assert mark is not None
        cache.keep(b"%d" % number, mark, b"r", incompressible(number, 3_000))
    cache.close()
    after = cache_at(tmp_path)
    assert [number for number in range(4) if after.find(b"%d" % number)] == [2, 3]


def test_a_use_soon_after_another_is_not_written(tmp_path: Path) -> None:
    cache = cache_at(tmp_path, max_age=1000.0)
    cache.store(b"k", stored())
    cache.close()
    for now, used in ((1009.0, 1000.0), (1010.0, 1010.0)):
        cache = cache_at(tmp_path, now=now, max_age=1000.0)
        assert cache.find(b"k") is not None
        cache.close()
        with closing(sqlite3.connect(cache.path)) as database:
            assert database.execute("select used from answers").fetchall() == [(used,)]


def test_a_damaged_file_is_left_alone_and_said(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite3"
    path.write_bytes(b"this is no database" * 100)
    cache = cache_at(tmp_path)
    cache.store(b"k", stored())
    assert cache.find(b"k") is None
    cache.confirm(b"k")
    cache.close()
    (message,) = cache.messages
    assert "debtscan cache clear" in message
    assert path.read_bytes().startswith(b"this is no database")


def test_damage_found_later_is_said_once(tmp_path: Path) -> None:
    cache = cache_at(tmp_path)
    cache.store(b"k", stored())
    cache.close()
    path = tmp_path / "answers.sqlite3"
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    damaged = cache_at(tmp_path)
    assert damaged.find(b"k") is None
    assert damaged.find(b"k") is None
    assert len(damaged.messages) == 1


def test_a_locked_file_is_said_and_not_waited_for(tmp_path: Path) -> None:
    cache = cache_at(tmp_path)
    holder = sqlite3.connect(cache.path, isolation_level=None)
    holder.execute("begin exclusive")
    cache.store(b"k", stored())
    holder.execute("rollback")
    holder.close()
    assert "locked" in cache.messages[0]
    assert cache.find(b"k") is None


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = cache_at(tmp_path / "file" / "cache")
    assert cache.find(b"k") is None
    assert len(cache.messages) == 1


def test_an_older_schema_is_replaced(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "answers.sqlite3") as database:
        database.execute("create table answers (something integer)")
        database.execute("pragma user_version = 99")
    database.close()
    cache = cache_at(tmp_path)
    cache.store(b"k", stored())
    assert cache.find(b"k") == stored()


def test_only_the_user_may_read_it(tmp_path: Path) -> None:
    cache_at(tmp_path / "cache")
    assert (tmp_path / "cache").stat().st_mode & 0o077 == 0
    # A folder that is there already may be open to everybody.
    (tmp_path / "open").mkdir(mode=0o755)
    cache = cache_at(tmp_path / "open")
    cache.store(b"k", stored())
    assert {file.name: file.stat().st_mode & 0o077 for file in cache.path.parent.iterdir()} == {
        "answers.sqlite3": 0,
        "answers.sqlite3-wal": 0,
        "answers.sqlite3-shm": 0,
    }


def test_many_threads_share_it(tmp_path: Path) -> None:
    cache = cache_at(tmp_path)

    def work(number: int) -> None:
        for turn in range(20):
            cache.store(b"%d-%d" % (number, turn), stored(b"%d" % number))
            assert cache.find(b"%d-%d" % (number, turn)) is not None

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert cache.messages == []


def write_many(folder: Path, number: int) -> None:
    cache = Cache(folder, clock=lambda: 1000.0)
    for turn in range(30):
        cache.store(b"%d-%d" % (number, turn), stored(b"x" * 1000))
    cache.close()
    assert cache.messages == []


def test_many_processes_share_it(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=write_many, args=(tmp_path, number)) for number in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(30)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert module.summary(tmp_path).entries == 90


def test_the_summary_says_what_there_is(tmp_path: Path) -> None:
    assert module.summary(tmp_path).entries == 0
    cache = cache_at(tmp_path)
    cache.store(b"a", stored(checked=500.0))
    cache.store(b"b", stored(checked=900.0))
    summary = module.summary(tmp_path)
    assert (summary.entries, summary.oldest, summary.problem) == (2, 500.0, "")
    assert summary.size > 0


def test_the_summary_of_a_damaged_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "answers.sqlite3").write_bytes(b"no database" * 1000)
    assert module.summary(tmp_path).problem


def test_clearing_removes_everything(tmp_path: Path) -> None:
    cache = cache_at(tmp_path)
    cache.store(b"a", stored())
    cache.close()
    assert module.clear(tmp_path) > 0
    assert list(tmp_path.iterdir()) == []
    assert module.clear(tmp_path) == 0
