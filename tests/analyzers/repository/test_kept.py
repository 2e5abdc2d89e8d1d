"""What is kept between runs: found again, bounded, and never in the way."""

from __future__ import annotations

import multiprocessing
import random
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from analyzers.repository import kept as module
from analyzers.repository.kept import KeptFile

MANY = 3_000


def kept_at(folder: Path, *, now: float = 1000.0, max_age: float = 100.0, max_size: int = 100_000) -> KeptFile:
    return KeptFile(folder, max_age=max_age, max_size=max_size, clock=lambda: now, patience=0.1)


def entries(count: int, *, size: int = 20) -> dict[bytes, bytes]:
    return {b"key %d" % number: random.Random(number).randbytes(size) for number in range(count)}  # noqa: S311 - test values


def there(kept: KeptFile, keys: range) -> list[int]:
    found = kept.load("code", [b"key %d" % number for number in keys])
    return [number for number in keys if b"key %d" % number in found]


def test_what_was_saved_is_found_by_the_next_run(tmp_path: Path) -> None:
    first = kept_at(tmp_path)
    first.save("code", entries(MANY))
    first.close()
    again = kept_at(tmp_path)
    assert again.load("code", [*entries(MANY), b"another"]) == entries(MANY)
    assert again.load("code", []) == {}
    assert again.messages == []


def test_kinds_are_kept_apart(tmp_path: Path) -> None:
    kept = kept_at(tmp_path)
    kept.save("code", {b"k": b"one"})
    kept.save("history", {b"k": b"two"})
    assert kept.load("code", [b"k"]) == {b"k": b"one"}
    kept.drop("code", [b"k", b"never there"])
    assert kept.load("code", [b"k"]) == {}
    assert kept.load("history", [b"k"]) == {b"k": b"two"}


def test_a_newer_value_takes_the_place_of_an_older_one(tmp_path: Path) -> None:
    kept = kept_at(tmp_path)
    kept.save("code", {b"k": b"old"})
    kept.save("code", {b"k": b"new"})
    assert kept.load("code", [b"k"]) == {b"k": b"new"}


@pytest.mark.parametrize(("age", "found"), [(100, True), (101, False)])
def test_what_nobody_used_for_too_long_goes(tmp_path: Path, age: int, found: bool) -> None:
    first = kept_at(tmp_path)
    first.save("code", {b"k": b"value"})
    first.close()
    later = kept_at(tmp_path, now=1000.0 + age)
    later.save("code", {b"another": b"value"})
    later.close()
    assert (kept_at(tmp_path).load("code", [b"k"]) != {}) == found


def test_a_use_makes_it_young_again(tmp_path: Path) -> None:
    first = kept_at(tmp_path)
    first.save("code", {b"k": b"value"})
    first.close()
    for now in (1090.0, 1180.0):
        later = kept_at(tmp_path, now=now)
        assert later.load("code", [b"k"]) == {b"k": b"value"}
        later.close()


def test_a_use_soon_after_another_is_not_written(tmp_path: Path) -> None:
    first = kept_at(tmp_path)
    first.save("code", {b"k": b"value"})
    first.close()
    for now, used in ((1000.9, 1000.0), (1001.0, 1001.0)):
        kept = kept_at(tmp_path, now=now)
        assert kept.load("code", [b"k"])
        kept.close()
        assert module.summary(tmp_path).oldest == used


def test_the_least_recently_used_go_first(tmp_path: Path) -> None:
    for number in range(10):
        kept = kept_at(tmp_path, now=1000.0 + number)
        kept.save("code", {b"key %d" % number: bytes(9_000)})
        kept.close()
    kept = kept_at(tmp_path, now=1010.0)
    assert there(kept, range(1)) == [0]
    kept.save("code", {b"key 10": bytes(20_000)})
    kept.close()
    assert there(kept_at(tmp_path), range(11)) == [0, 4, 5, 6, 7, 8, 9, 10]


def test_what_went_is_given_back_to_the_disk(tmp_path: Path) -> None:
    first = kept_at(tmp_path)
    first.save("code", {b"key %d" % number: bytes(9_000) for number in range(10)})
    first.close()
    before = module.summary(tmp_path).size
    later = kept_at(tmp_path, now=2000.0)
    later.save("code", {b"k": b"value"})
    later.close()
    assert module.summary(tmp_path).size < before / 3


def test_a_value_that_would_fill_the_file_is_not_kept(tmp_path: Path) -> None:
    kept = kept_at(tmp_path, max_size=10_000)
    kept.save("code", {b"large": bytes(5_000), b"small": bytes(10)})
    assert kept.load("code", [b"large", b"small"]) == {b"small": bytes(10)}


def test_a_long_run_is_bounded_before_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_TRIM_EVERY", 50_000)
    kept = kept_at(tmp_path, max_size=100_000)
    for number in range(40):
        kept.save("code", {b"key %d" % number: bytes(9_000)})
    with closing(sqlite3.connect(kept.path)) as database:
        (total,) = database.execute("select sum(size) from kept").fetchone()
    assert total <= 150_000


def test_a_file_that_is_no_database_is_left_alone_and_said_once(tmp_path: Path) -> None:
    path = tmp_path / "kept.sqlite3"
    path.write_bytes(b"this is no database" * 100)
    kept = kept_at(tmp_path)
    kept.save("code", {b"k": b"value"})
    kept.drop("code", [b"k"])
    assert kept.load("code", [b"k"]) == {}
    kept.close()
    (message,) = kept.messages
    assert str(path) in message
    assert "debtscan cache clear" in message
    assert path.read_bytes().startswith(b"this is no database")


def test_damage_anywhere_gives_what_was_kept_or_nothing(tmp_path: Path) -> None:
    first = kept_at(tmp_path)
    first.save("code", entries(40, size=200))
    first.close()
    path, whole = tmp_path / "kept.sqlite3", (tmp_path / "kept.sqlite3").read_bytes()
    chance, gone = random.Random(1), 0  # noqa: S311 - where a test does damage
    for _ in range(150):
        content = bytearray(whole)
        for _ in range(chance.choice((1, 3, 40))):
            content[chance.randrange(len(content))] = chance.randrange(256)
        path.write_bytes(content)
        kept = kept_at(tmp_path)
        found = kept.load("code", entries(40))
        kept.close()
        assert found.items() <= entries(40, size=200).items()
        assert len(kept.messages) <= 1
        gone += len(found) < 40
    assert gone > 10


def test_a_locked_file_is_said_and_not_waited_for(tmp_path: Path) -> None:
    kept = kept_at(tmp_path)
    with closing(sqlite3.connect(kept.path, isolation_level=None)) as holder:
        holder.execute("begin exclusive")
        kept.save("code", {b"k": b"value"})
        kept.save("code", {b"k": b"value"})
        holder.execute("rollback")
    (message,) = kept.messages
    assert "locked" in message


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    kept = kept_at(tmp_path / "file" / "cache")
    kept.save("code", {b"k": b"value"})
    assert kept.load("code", [b"k"]) == {}
    assert len(kept.messages) == 1


def test_only_the_user_may_read_it(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)
    kept = kept_at(tmp_path / "open")
    kept.save("code", {b"k": b"value"})
    assert {file.name: file.stat().st_mode & 0o077 for file in kept.path.parent.iterdir()} == {
        "kept.sqlite3": 0,
        "kept.sqlite3-wal": 0,
        "kept.sqlite3-shm": 0,
    }


_SAVES_FOR_EVER = """
import sys
from pathlib import Path
from analyzers.repository.kept import KeptFile
kept = KeptFile(Path(sys.argv[1]))
for turn in range(1_000_000):
    kept.save("code", {b"%d %d" % (turn, number): b"%d" % turn * 500 for number in range(200)})
    print(turn, flush=True)
"""


def test_a_killed_process_leaves_whole_saves_and_a_usable_file(tmp_path: Path) -> None:
    for turns in (1, 3, 6):
        process = subprocess.Popen([sys.executable, "-c", _SAVES_FOR_EVER, str(tmp_path)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        for _ in range(turns):
            process.stdout.readline()
        process.kill()
        process.stdout.close()
        process.wait()
        kept = KeptFile(tmp_path)
        saved = [len(kept.load("code", [b"%d %d" % (turn, number) for number in range(200)])) for turn in range(500)]
        assert set(saved) == {0, 200}
        assert saved[:turns] == [200] * turns
        kept.save("code", {b"k": b"value"})
        assert kept.load("code", [b"k"]) == {b"k": b"value"}
        kept.close()
        assert kept.messages == []


def test_many_threads_share_it(tmp_path: Path) -> None:
    kept = kept_at(tmp_path)

    def work(number: int) -> None:
        for turn in range(20):
            kept.save("code", {b"%d-%d" % (number, turn): b"value"})
            assert kept.load("code", [b"%d-%d" % (number, turn)])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept.messages == []
    assert module.summary(tmp_path).entries == 160


def save_many(folder: Path, number: int) -> None:
    kept = KeptFile(folder, clock=lambda: 1000.0)
    for turn in range(30):
        kept.save("code", {b"%d-%d" % (number, turn): bytes(1000)})
    kept.close()
    assert kept.messages == []


def test_many_processes_share_it(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=save_many, args=(tmp_path, number)) for number in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(30)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert module.summary(tmp_path).entries == 90


def test_clearing_removes_everything(tmp_path: Path) -> None:
    assert module.summary(tmp_path).entries == 0
    kept = kept_at(tmp_path)
    kept.save("code", {b"k": b"value"})
    kept.close()
    assert module.summary(tmp_path).entries == 1
    assert module.clear(tmp_path) > 0
    assert list(tmp_path.iterdir()) == []
    assert module.clear(tmp_path) == 0


def test_clearing_is_nothing_to_a_run_that_goes_on(tmp_path: Path) -> None:
    kept = kept_at(tmp_path)
    kept.save("code", {b"k": b"value"})
    module.clear(tmp_path)
    kept.save("code", {b"k": b"value"})
    assert kept.load("code", [b"k"]) == {b"k": b"value"}
    kept.close()
