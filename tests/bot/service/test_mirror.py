"""Mirrors of real repositories behind a real git server."""

from __future__ import annotations

import base64
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from analyzers.errors import SnapshotError
from analyzers.repository.clone import TooMuchError, size_of
from analyzers.repository.git import GitRepository
from bot.service import mirror as mirrors_module
from bot.service.errors import ScanFailedError
from bot.service.file_locks import held
from bot.service.lookups import Lookups
from bot.service.mirror import HEAD, Mirror, Mirrors
from bot.service.mirror_places import Place
from bot.service.scan_values import Limits
from bot.service.scanning import scan
from bot.service.settings import File, Settings
from bot.service.settings import Limits as FileLimits
from tests.support.git_server import serve_git
from tests.support.service.scans import CODE, LIMITS, NOW, REPOSITORY, Workshop, nobody, workshop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workshop]:
    with workshop(tmp_path) as made:
        yield made


def _git(mirror: Mirror, *arguments: str) -> str:
    command = ["git", f"--git-dir={mirror.folder}", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ}).stdout.strip()


def _contents(mirror: Mirror) -> set[str]:
    listed = _git(mirror, "cat-file", "--batch-all-objects", "--batch-check").splitlines()
    return {line.split()[0] for line in listed if line.split()[1] == "blob"}


def _folder(shop: Workshop) -> Path:
    return shop.mirrors.folder / str(REPOSITORY)


def _posts(shop: Workshop, since: int) -> int:
    return sum(request.startswith("POST") for request in shop.host.requests[since:])


def _change(shop: Workshop, number: int = 0) -> str:
    return shop.built.write(f"new{number}.py", f"x = {number}\n").commit(f"Add {number}").head


def test_the_first_copy_holds_all_commits_and_the_contents_of_the_newest_alone(shop: Workshop) -> None:
    head = shop.built.head
    with shop.mirrors.at(REPOSITORY, shop.source, head) as mirror:
        assert _git(mirror, "rev-list", "--count", head) == "5"
        assert _contents(mirror) == {
            shop.built.git("rev-parse", f"HEAD:{path}").strip()
            for path in ("Dockerfile", "requirements.txt", "shop.py")
        }


def test_what_is_there_is_not_fetched_again_and_nobody_is_asked_for_a_token(shop: Workshop) -> None:
    head = shop.built.head
    with shop.mirrors.at(REPOSITORY, shop.source, head):
        pass
    before = len(shop.host.requests)
    with shop.mirrors.at(REPOSITORY, shop.source, head) as mirror:
        mirror.bring([shop.built.git("rev-parse", "HEAD:shop.py").strip()])
    assert (shop.host.requests[before:], len(shop.asked)) == ([], 1)


def test_a_new_commit_is_fetched_with_one_request_and_without_contents(shop: Workshop) -> None:
    with shop.mirrors.at(REPOSITORY, shop.source, shop.built.head) as mirror:
        first = _contents(mirror)
    head, before = _change(shop), len(shop.host.requests)
    with shop.mirrors.at(REPOSITORY, shop.source, head) as mirror:
        assert _contents(mirror) == first
        assert _git(mirror, "rev-parse", HEAD) == head
        added = shop.built.git("rev-parse", "HEAD:new0.py").strip()
        mirror.bring([added, *first])
        mirror.bring([added])
        assert _contents(mirror) == {*first, added}
    # The protocol's second version lists refs in a request of its own.
    assert _posts(shop, before) <= 4


def test_a_commit_that_the_branch_has_left_is_fetched_by_its_name(shop: Workshop) -> None:
    with shop.mirrors.at(REPOSITORY, shop.source, shop.built.head):
        pass
    old = _change(shop)
    shop.built.git("reset", "--quiet", "--hard", "HEAD~2")
    with shop.mirrors.at(REPOSITORY, shop.source, old) as mirror:
        assert _git(mirror, "cat-file", "-t", old) == "commit"


def test_a_commit_that_is_not_of_the_repository_is_an_error_and_the_mirror_stays(shop: Workshop) -> None:
    head = shop.built.head
    with shop.mirrors.at(REPOSITORY, shop.source, head):
        pass
    with pytest.raises(SnapshotError), shop.mirrors.at(REPOSITORY, shop.source, "1" * 40):
        pass
    before = len(shop.host.requests)
    with shop.mirrors.at(REPOSITORY, shop.source, head):
        pass
    assert shop.host.requests[before:] == []


def test_refs_of_a_pull_request_come_beside_the_default_branch(shop: Workshop) -> None:
    head = shop.built.head
    shop.built.branch("topic").write("topic.py", "x = 1\n").commit("Topic")
    shop.built.git("update-ref", "refs/pull/3/head", "HEAD")
    theirs = shop.built.head
    shop.built.switch("main")
    wanted = {"refs/pull/3/head": "refs/debtscan/pull/3"}
    with shop.mirrors.at(REPOSITORY, shop.source, head, wanted) as mirror:
        assert _git(mirror, "rev-parse", "refs/debtscan/pull/3") == theirs
    shop.built.switch("topic").write("topic.py", "x = 2\n").commit("More", date="2026-05-06")
    shop.built.git("update-ref", "refs/pull/3/head", "HEAD")
    theirs = shop.built.head
    shop.built.switch("main")
    with shop.mirrors.at(REPOSITORY, shop.source, head, wanted) as mirror:
        assert _git(mirror, "rev-parse", "refs/debtscan/pull/3") == theirs


def test_a_renamed_repository_and_a_new_token_need_no_new_copy(shop: Workshop) -> None:
    with shop.mirrors.at(REPOSITORY, shop.source, shop.built.head):
        pass
    head = _change(shop)
    (shop.host.root / "acme" / "shop.git").rename(shop.host.root / "acme" / "store.git")

    def source() -> tuple[str, str | None]:
        return f"{shop.host.url}/acme/store.git", "Basic eDpuZXc="

    inode = (_folder(shop) / "mirror.git").stat().st_ino
    with shop.mirrors.at(REPOSITORY, source, head) as mirror:
        assert _git(mirror, "rev-parse", HEAD) == head
        assert "eDpuZXc" not in (mirror.folder / "config").read_text()
        assert mirror.folder.stat().st_ino == inode


def test_credentials_go_along_and_stay_nowhere(tmp_path: Path) -> None:
    token = "hunter2"
    authorization = "Basic " + base64.b64encode(f"x-access-token:{token}".encode()).decode()
    with serve_git(tmp_path / "host", token=token) as host:
        built = host.repository("acme/shop").write("a.py", "x = 1\n").commit("Begin")
        mirrors = Mirrors(tmp_path / "mirrors", 10**9)
        with mirrors.at(1, lambda: (f"{host.url}/acme/shop.git", authorization), built.head) as mirror:
            files = [path.read_bytes() for path in mirror.folder.parent.rglob("*") if path.is_file()]
        assert not [content for content in files if token.encode() in content or authorization[6:].encode() in content]
        assert authorization not in repr(mirror)
        head = built.write("b.py", "x = 1\n").commit("More").head
        with pytest.raises(SnapshotError), mirrors.at(1, lambda: (f"{host.url}/acme/shop.git", None), head):
            pass


def _damages() -> dict[str, str]:
    return {
        "a lock that a killed git has left": "touch shallow.lock packed-refs.lock HEAD.lock config.lock",
        "a lock of a ref": "mkdir -p refs/debtscan && touch refs/debtscan/head.lock refs/debtscan/commit.lock",
        "half a pack": "chmod u+w objects/pack/*.pack && truncate -s 200 objects/pack/*.pack",
        "no objects at all": "rm -rf objects",
        "an empty HEAD": ": > HEAD",
        "no HEAD": "rm HEAD",
        "an empty folder": "rm -rf ./* ",
        "a broken config": "echo '[[[' > config",
    }


# Of half a pack, only who reads it can know.
@pytest.mark.parametrize("name", sorted(_damages().keys() - {"half a pack"}))
def test_a_mirror_that_was_damaged_is_mended_or_made_anew(shop: Workshop, name: str) -> None:
    with shop.mirrors.at(REPOSITORY, shop.source, shop.built.head) as mirror:
        folder = mirror.folder
    subprocess.run(["sh", "-c", _damages()[name]], cwd=folder, check=True)
    head = _change(shop)
    with shop.mirrors.at(REPOSITORY, shop.source, head) as mirror:
        mirror.bring(_blobs(shop))
        assert _git(mirror, "show", f"{head}:new0.py") == "x = 0"
        assert _git(mirror, "rev-list", "--count", head) == "6"


@pytest.mark.parametrize("name", ["half a pack", "no HEAD"])
def test_damage_of_a_mirror_that_needs_no_fetch_is_noticed_by_the_scan(shop: Workshop, name: str) -> None:
    expected = shop.scan()
    subprocess.run(["sh", "-c", _damages()[name]], cwd=_folder(shop) / "mirror.git", check=True)
    assert shop.scan().inventory == expected.inventory


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note how often git reads all of a mirror."""
    noted, output = list[str](), GitRepository.output

    def counted(repository: GitRepository, *command: str, **given: Any) -> bytes:  # noqa: ANN401 - as it takes them
        noted.extend(command[:1] if command[0] == "fsck" else ())
        return output(repository, *command, **given)

    monkeypatch.setattr(GitRepository, "output", counted)
    return noted


def _fail(shop: Workshop) -> None:
    """Scan what the host cannot be asked for."""
    job = shop.job(commit="1" * 40)
    with pytest.raises(ScanFailedError, match="cannot be copied"):
        scan(
            job,
            shop.mirrors,
            lambda: ("http://127.0.0.1:1/acme/shop.git", None),
            Lookups(nobody, {}, lambda: NOW),
            LIMITS,
        )


def test_while_the_host_is_away_git_reads_a_mirror_through_once_a_day(shop: Workshop, checks: list[str]) -> None:
    with shop.mirrors.at(REPOSITORY, shop.source, shop.built.head) as mirror:
        folder = mirror.folder
    for _ in range(2):
        _fail(shop)
        assert checks == ["fsck"]
    os.utime(folder.parent / "sound", (time.time() - 90_000,) * 2)
    _fail(shop)
    assert checks == ["fsck"] * 2
    with shop.mirrors.at(REPOSITORY, shop.source, _change(shop)):
        pass
    _fail(shop)
    assert checks == ["fsck"] * 3


@pytest.mark.parametrize("name", sorted(_damages().keys() - {"a lock that a killed git has left", "a lock of a ref"}))
def test_damage_after_that_is_noticed_all_the_same(shop: Workshop, name: str) -> None:
    with shop.mirrors.at(REPOSITORY, shop.source, shop.built.head) as mirror:
        folder = mirror.folder
    assert not shop.mirrors.mend(REPOSITORY)
    subprocess.run(["sh", "-c", _damages()[name]], cwd=folder, check=True)
    assert shop.mirrors.mend(REPOSITORY)
    assert not folder.exists()


def test_a_copy_that_was_ended_half_way_leaves_nothing_that_counts(shop: Workshop) -> None:
    half = shop.mirrors.folder / f"new-{REPOSITORY}-half"
    (half / "mirror.git" / "objects").mkdir(parents=True)
    assert shop.scan().findings > 0
    assert not half.exists()


def test_halves_of_mirrors_that_nobody_copies_again_go_as_well(shop: Workshop) -> None:
    folder = shop.mirrors.folder
    for half in ("gone-18-ab/mirror.git", "gone-ab/18/mirror.git", "new-18-ab/mirror.git", "new-19-ab/mirror.git"):
        (folder / half).mkdir(parents=True)
    (folder / str(REPOSITORY) / "mirror.git").mkdir(parents=True)
    with held(Place.of(folder, 19).writing):
        # Whoever copies holds this lock.
        shop.mirrors.tidy()
        assert {path.name for path in folder.iterdir()} == {"locks", "new-19-ab", str(REPOSITORY)}
    shop.mirrors.tidy()
    assert {path.name for path in folder.iterdir()} == {"locks", str(REPOSITORY)}


def test_where_there_are_no_mirrors_nothing_is_tidied(tmp_path: Path) -> None:
    mirrors = Mirrors(tmp_path / "mirrors", 10**9)
    mirrors.tidy()
    assert not mirrors.folder.exists()


def test_a_mirror_that_another_process_removes_in_this_moment_is_removed(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.mirrors.folder.mkdir()
    with monkeypatch.context() as patched:
        patched.setattr(Path, "exists", lambda _path: True)
        Place.of(shop.mirrors.folder, REPOSITORY).remove()
    assert not [*shop.mirrors.folder.iterdir()]


def test_a_service_that_is_killed_while_it_copies_leaves_a_mirror_that_the_next_one_makes(
    shop: Workshop, tmp_path: Path
) -> None:
    program = (
        "import sys; from pathlib import Path; from bot.service.mirror import Mirrors\n"
        "folder, url, commit, mark = sys.argv[1:]\n"
        "def source():\n    Path(mark).touch()\n    return url, None\n"
        f"with Mirrors(Path(folder), 10**9).at({REPOSITORY}, source, commit):\n    pass\n"
    )
    mark = tmp_path / "mark"
    url = f"{shop.host.url}/acme/shop.git"
    arguments = [str(shop.mirrors.folder), url, shop.built.head, str(mark)]
    variables = {**os.environ, "PYTHONPATH": str(Path(mirrors_module.__file__).parents[2])}
    for wait in (0.0, 0.01, 0.03, 0.06):
        mark.unlink(missing_ok=True)
        process = subprocess.Popen([sys.executable, "-P", "-c", program, *arguments], env=variables)
        deadline = time.monotonic() + 30
        while not mark.exists() and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.002)
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert shop.scan().entry.commit == shop.built.head


def test_those_who_write_to_one_mirror_take_turns_and_all_of_them_get_it(shop: Workshop) -> None:
    head = shop.built.head

    def use(_number: int) -> str:
        # A value of its own, as in another process.
        with Mirrors(shop.mirrors.folder, 10**9).at(REPOSITORY, shop.source, head) as mirror:
            return _git(mirror, "rev-parse", head)

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(use, range(6))) == {head}
    assert len(shop.asked) == 1


def test_the_least_recently_used_go_and_one_that_is_in_use_never(tmp_path: Path) -> None:
    with serve_git(tmp_path / "host") as host, ExitStack() as stack:
        sources = {}
        for number in range(1, 5):
            built = host.repository(f"acme/r{number}")
            built.write("big.bin", os.urandom(200_000)).commit("Begin")
            sources[number] = (built.head, f"{host.url}/acme/r{number}.git")
        mirrors = Mirrors(tmp_path / "mirrors", 700_000)

        def at(number: int) -> Mirror:
            head, url = sources[number]
            with ExitStack() as inner:
                mirror = inner.enter_context(mirrors.at(number, lambda: (url, None), head))
                if number == 1:
                    stack.push(inner.pop_all())
                return mirror

        used = at(1)
        os.utime(used.folder.parent / "size", (1, 1))
        for number in (2, 3):
            os.utime(at(number).folder.parent / "size", (number, number))
        at(4)
        there = sorted(path.name for path in mirrors.folder.iterdir() if path.name.isdecimal())
        assert there == ["1", "3", "4"]
        assert mirrors.bytes() <= 700_000
        assert _git(used, "rev-parse", "HEAD")


def test_a_repository_that_takes_too_much_room_is_refused_and_removed(shop: Workshop) -> None:
    shop.built.write("big.bin", os.urandom(3_000_000)).commit("Grow")
    mirrors = Mirrors(shop.mirrors.folder, 10**9, 1_000_000)
    with pytest.raises(TooMuchError, match="more than 1 MiB"), mirrors.at(REPOSITORY, shop.source, shop.built.head):
        pass
    assert [path.name for path in mirrors.folder.iterdir()] == ["locks"]


def test_one_that_grows_beyond_its_room_is_refused_as_well(shop: Workshop) -> None:
    shop.mirrors = Mirrors(shop.mirrors.folder, 10**9, 1_000_000)
    shop.scan()
    shop.built.write("big.bin", os.urandom(3_000_000)).commit("Grow")
    wanted = [shop.built.git("rev-parse", "HEAD:big.bin").strip()]
    head = shop.built.head
    with shop.mirrors.at(REPOSITORY, shop.source, head) as mirror, pytest.raises(SnapshotError, match="copied anew"):
        mirror.bring(wanted)
    with pytest.raises(TooMuchError), shop.mirrors.at(REPOSITORY, shop.source, head):
        pass
    assert not _folder(shop).exists()
    with pytest.raises(ScanFailedError) as failed:
        shop.scan()
    assert failed.value.reason == "too-large"


def test_what_earlier_commits_left_does_not_make_a_scan_too_large(shop: Workshop) -> None:
    shop.scan()
    git = _folder(shop) / "mirror.git"
    (git / "of-earlier-commits").write_bytes(bytes(200_000))
    shop.built.write("shop.py", f"{CODE}\n# {os.urandom(20_000).hex()}\n").commit("Change it", date="2026-05-11")
    with shop.mirrors.at(REPOSITORY, shop.source, shop.built.head):
        # The commit is here now, and its contents are not.
        pass
    shop.mirrors = Mirrors(shop.mirrors.folder, 10**9, size_of(git) + 1000)
    assert shop.scan().entry.commit == shop.built.head
    assert not (git / "of-earlier-commits").exists()


def test_a_fetch_into_what_has_grown_too_large_is_made_into_a_new_copy(shop: Workshop) -> None:
    shop.scan()
    (_folder(shop) / "mirror.git" / "of-earlier-commits").write_bytes(bytes(1_000_001))
    mirrors = Mirrors(shop.mirrors.folder, 10**9, 1_000_000)
    head = _change(shop)
    with mirrors.at(REPOSITORY, shop.source, head) as mirror:
        assert _git(mirror, "rev-parse", "HEAD") == head
        assert not (mirror.folder / "of-earlier-commits").exists()


def test_removing_waits_for_who_uses_it(shop: Workshop) -> None:
    with shop.mirrors.at(REPOSITORY, shop.source, shop.built.head):
        removing = threading.Thread(target=shop.mirrors.remove, args=(REPOSITORY,))
        removing.start()
        # It waits at the lock that is held here.
        removing.join(timeout=0.2)
        assert removing.is_alive()
        assert _folder(shop).exists()
    removing.join(timeout=10)
    assert not _folder(shop).exists()
    shop.mirrors.remove(REPOSITORY)


def test_many_fetches_do_not_leave_many_packs(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirrors_module, "_MOST_PACKS", 3)
    for number in range(6):
        head = _change(shop, number)
        with shop.mirrors.at(REPOSITORY, shop.source, head) as mirror:
            mirror.bring(_blobs(shop))
            packs = len([*mirror.folder.glob("objects/pack/*.pack")])
    assert packs <= 5
    assert shop.scan().entry.commit == head


def _blobs(shop: Workshop) -> Sequence[str]:
    return [line.split()[2] for line in shop.built.git("ls-tree", "-r", "HEAD").splitlines()]


def test_the_operators_limits_count(tmp_path: Path) -> None:
    file = File(
        url="https://debtscan.example.org",
        data=str(tmp_path),
        limits=FileLimits(scan_minutes=3, scan_memory=512, repository=7, mirrors=64),
    )
    settings = Settings(file=file, secrets=tmp_path / "secrets")
    assert Mirrors.of(settings) == Mirrors(tmp_path / "mirrors", 64 * 1024**2, 7 * 1024**2)
    limits = Limits.of(file.limits, settings.secrets)
    assert (limits.seconds, limits.memory, limits.hidden) == (180.0, 512 * 1024**2, (tmp_path / "secrets",))
    assert (limits.bounds.memory, limits.bounds.processor) == (512 * 1024**2, 361)


def test_nothing_of_the_locks_is_handed_to_other_programs(shop: Workshop) -> None:
    with shop.mirrors.at(REPOSITORY, shop.source, shop.built.head):
        lock = shop.mirrors.folder / "locks" / f"{REPOSITORY}.use"
        with lock.open("r+") as stream, pytest.raises(BlockingIOError):
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        sleeper = subprocess.Popen(["sleep", "20"], close_fds=False)
    try:
        with lock.open("r+") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        sleeper.kill()
        sleeper.wait()
