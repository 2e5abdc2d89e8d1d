"""Children that mean harm, as real processes: each ends with a sentence, and takes nothing along."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn, cast

import msgspec
import pytest

from bot.github.errors import RateLimitedError
from bot.github.host import Host
from bot.service.child import messages, process
from bot.service.child.conversation import Help, work
from bot.service.child.walls import Reach, around
from bot.service.engine.leases import Lease
from bot.service.engine.steps import inside
from bot.service.errors import ScanFailedError
from tests.support.service.scans import NOW

HOSTILE = "tests.support.service.hostile_child"
BOUNDS = messages.Bounds(memory=4 * 1024**3, processor=60, file=1024**3)


def _never(*_given: object) -> NoReturn:
    raise AssertionError("nobody may ask for that")


def _task(name: str, bounds: messages.Bounds = BOUNDS) -> messages.Task:
    return messages.Task(
        work="scan",
        name=name,
        branch="main",
        commit="1" * 40,
        as_of=NOW.date(),
        now=NOW,
        folder="/nowhere",
        kept="/nowhere",
        home="/nowhere",
        bounds=bounds,
    )


def _work(
    name: str,
    kind: Any = messages.Scanned,  # noqa: ANN401 - any type that a result may have
    *,
    seconds: float = 30,
    host: Host | None = None,
    bring: Callable[[Sequence[str]], None] = _never,
) -> Any:  # noqa: ANN401 - of that type
    return work(_task(name), kind, Help(bring=bring, answers=_never, host=host), seconds, HOSTILE)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("junk", "what the service does not understand"),
        ("huge", "a message of 1,125,899,906,842,624 bytes"),
        ("foreign method", "it calls 'close', which it may not"),
        ("private method", "it calls '__init__', which it may not"),
        ("attribute", "it calls 'url', which it may not"),
        ("wrong arguments", "arguments of comment that it does not take"),
        ("more arguments", "arguments of login that it does not take"),
        ("an address to bring", "what the service does not understand"),
        ("an option to bring", "what the service does not understand"),
        ("a ref to bring", "what the service does not understand"),
        ("foreign past", "the Facts of an entry that it was not given"),
        ("too many questions", "what the service does not understand"),
        ("wrong result", "a result that is none"),
        ("many small things", "a result that is none: Expected `array` of length <= 100000"),
        ("a zero byte in an error", "what the service does not understand"),
    ],
)
def test_what_a_child_may_not_say_ends_it(name: str, said: str) -> None:
    class Nobody:
        def __getattr__(self, name: str) -> NoReturn:
            raise AssertionError(name)

    with pytest.raises(ScanFailedError, match=said) as raised:
        _work(name, host=cast("Host", Nobody()))
    assert raised.value.reason == "protocol"


def test_a_child_that_scans_may_call_no_method_at_all() -> None:
    with pytest.raises(ScanFailedError, match="it calls 'login', which it may not"):
        _work("a method")


def test_a_worker_whose_lease_ended_does_nothing_that_its_child_asked_for_before() -> None:
    class LeftError(BaseException):
        pass

    class Ended:
        def require(self) -> NoReturn:
            raise LeftError

    class Host:
        def __getattr__(self, name: str) -> NoReturn:
            raise AssertionError(name)

    with inside(cast("Lease", Ended())), pytest.raises(LeftError):
        _work("a method and its error", host=cast("Any", Host()))


@pytest.mark.parametrize("name", ["hang", "endless", "talk", "break off"])
def test_a_child_that_does_not_end_is_ended_when_its_time_is_up(name: str) -> None:
    before = time.monotonic()
    with pytest.raises(ScanFailedError, match="it took longer than 2 seconds and was stopped") as raised:
        _work(name, seconds=2)
    assert raised.value.reason == "time"
    assert time.monotonic() - before < 25
    assert len(raised.value.log) <= 20_000
    assert "hunter2" not in raised.value.log


@pytest.mark.parametrize("walled", [True, False])
def test_nothing_that_a_child_started_is_left_when_it_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, walled: bool
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    if not walled:
        monkeypatch.setattr(process, "around", _no_walls)
    with pytest.raises(ScanFailedError, match="was stopped"):
        _work("report and hang", seconds=3)
    _until(lambda: not _processes(tmp_path))
    # Nor is its folder.
    assert list(tmp_path.iterdir()) == []


def test_the_processor_time_is_bounded_as_well() -> None:
    bounds = messages.Bounds(memory=4 * 1024**3, processor=1, file=1)
    with pytest.raises(ScanFailedError, match="more than 1 seconds of processor time") as raised:
        work(_task("processor", bounds), bytes, Help(bring=_never, answers=_never), 30, f"{HOSTILE}_bound")
    assert raised.value.reason == "time"


def test_the_memory_is_bounded_and_a_child_that_lacks_it_says_so() -> None:
    bounds = messages.Bounds(memory=400 * 1024**2, processor=60, file=1)
    with pytest.raises(ScanFailedError, match="the memory that a scan may take was not enough") as raised:
        work(_task("memory", bounds), bytes, Help(bring=_never, answers=_never), 30, f"{HOSTILE}_bound")
    assert raised.value.reason == "memory"


@pytest.mark.parametrize(("name", "said"), [("die", "ended by SIGSEGV"), ("leave", "exit code 3")])
def test_a_child_that_dies_is_told_with_how_and_its_last_words_are_kept_without_secrets(name: str, said: str) -> None:
    with pytest.raises(ScanFailedError, match=said) as raised:
        _work(name)
    assert raised.value.reason == "ended"
    assert "hunter2" not in raised.value.log
    assert ("Traceback" in raised.value.log) is (name == "die")
    assert ("Fatal Python error: Segmentation fault" in raised.value.log) is (name == "die")


def test_an_error_that_the_service_never_met_is_no_error_of_github() -> None:
    with pytest.raises(ScanFailedError, match="come back in a thousand years"):
        _work("foreign error")
    with pytest.raises(ScanFailedError):
        _work("unknown error")


def test_a_fault_of_the_service_ends_the_child_and_is_raised_as_it_is() -> None:
    class Broken:
        def login(self) -> str:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        _work("a method", host=cast("Host", Broken()))


def test_a_child_gets_to_know_named_variables_and_its_own_folder_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = ("DEBTSCAN_APP_PRIVATE_KEY", "DEBTSCAN_DATABASE", "GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "PGPASSWORD")
    for name in secrets:
        monkeypatch.setenv(name, "hunter2")
    monkeypatch.setenv("HTTPS_PROXY", "http://user:hunter2@proxy.example:3128")
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("PYTHONSTARTUP", "/hunter2")
    variables, folder, descriptors = _work("environment", tuple[dict[str, str], str, list[str]])
    assert "hunter2" not in str(variables)
    assert variables["http_proxy"] == "http://proxy.example:3128"
    assert not [name for name in variables if name.startswith("DEBTSCAN")]
    assert variables["HOME"] == variables["TMPDIR"] == folder
    assert Path(folder).name.startswith("debtscan-scan-")
    assert not Path(folder).exists()
    # Standard streams, the channel, and the folder that is being listed.
    assert len(descriptors) == 5


@pytest.mark.parametrize("walled", [True, False])
def test_a_service_that_is_killed_takes_its_child_and_all_that_that_started_along(
    tmp_path: Path, *, walled: bool
) -> None:
    program = "from tests.bot.service.child import test_conversation as here\n"
    program += "" if walled else "here.process.around = here._no_walls\n"
    program += "here._work('report and hang', seconds=300)\n"
    variables = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[4])}
    service = subprocess.Popen([sys.executable, "-P", "-c", program], env=variables)
    try:
        _until(lambda: [*tmp_path.glob("debtscan-scan-*/ready")] != [])
        # The keeper, the child, what it started and what that started, and bubblewrap around them.
        _until(lambda: len(_processes(tmp_path) - {service.pid}) >= (5 if walled else 4))
    finally:
        service.send_signal(signal.SIGKILL)
        service.wait()
    _until(lambda: not _processes(tmp_path))


def _no_walls(*_given: object) -> tuple[str, ...]:
    return ()


def _processes(mark: Path) -> set[int]:
    """Return the processes that live and have the folder in their environment."""
    found = set()
    for path in Path("/proc").iterdir():
        with suppress(OSError):
            if path.name.isdecimal() and str(mark).encode() in (path / "environ").read_bytes():
                found.add(int(path.name))
    return found


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_child_behind_walls_sees_neither_the_services_files_nor_its_network(tmp_path: Path) -> None:
    if not around(Reach(), tmp_path):
        pytest.skip("needs bubblewrap, and a system that lets it work; `.ci/servers` installs it")
    secret = tmp_path / "private-key.pem"
    secret.write_text("hunter2")
    with socket.create_server(("127.0.0.1", 0)) as server:
        task = msgspec.structs.replace(_task("look"), folder=str(secret), head=str(server.getsockname()[1]))
        for reach, expected in (
            (Reach(), False),
            (Reach(readable=(tmp_path,)), True),
            (Reach(hidden=(tmp_path,), readable=(tmp_path,)), True),
            (Reach(hidden=(tmp_path,)), False),
        ):
            needs = Help(bring=_never, answers=_never, reach=reach)
            assert work(task, tuple[bool, bool], needs, 30, HOSTILE) == (expected, False)
        needs = Help(bring=_never, answers=_never, reach=Reach(tools=True))
        assert work(task, tuple[bool, bool], needs, 30, HOSTILE) == (False, True)


def test_what_is_hidden_is_not_seen_even_where_pythons_own_files_lie_around_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not around(Reach(), tmp_path):
        pytest.skip("needs bubblewrap, and a system that lets it work; `.ci/servers` installs it")
    (tmp_path / "data" / "mirrors" / "1").mkdir(parents=True)
    secret, mirrored = tmp_path / "data" / "private-key.pem", tmp_path / "data" / "mirrors" / "1" / "HEAD"
    for path in (secret, mirrored):
        path.write_text("hunter2")
    # As in an installation that keeps its data beside its code.
    monkeypatch.syspath_prepend(str(tmp_path))
    for hidden, path, expected in (
        ((), secret, True),
        ((secret.parent,), secret, False),
        ((secret.parent,), mirrored, True),
    ):
        reach = Reach(hidden=hidden, readable=(mirrored.parent,))
        task = msgspec.structs.replace(_task("look"), folder=str(path), head="9")
        needs = Help(bring=_never, answers=_never, reach=reach)
        assert work(task, tuple[bool, bool], needs, 30, HOSTILE)[0] is expected


def test_an_error_of_github_that_ends_the_work_is_raised_as_the_service_met_it() -> None:
    met = RateLimitedError("used up", NOW)

    class Limited:
        def login(self) -> str:
            raise met

    with pytest.raises(RateLimitedError) as raised:
        _work("a method and its error", host=cast("Host", Limited()))
    assert raised.value is met


@pytest.mark.parametrize(
    "usage",
    [
        {"ecosystem": "pypi", "name": "x\0", "kind": "requirements", "path": "a", "line": 1, "direct": True},
        {"ecosystem": "pypi", "name": "x" * 256, "kind": "requirements", "path": "a", "line": 1, "direct": True},
        {"ecosystem": "pypi", "name": "x", "kind": "requirements", "path": "a", "line": 2**31, "direct": True},
    ],
)
def test_what_no_database_would_keep_is_no_result(usage: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.msgpack.decode(msgspec.msgpack.encode(usage), type=messages.Usage)
