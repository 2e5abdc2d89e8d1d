"""Rules for all tests: no skips in CI, no wall clock, nothing beyond loopback."""

from __future__ import annotations

import gc
import os
import socket
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from tests.support import loopback

if TYPE_CHECKING:
    from tests.support.github import GitHubStandIn

# The same examples every time: a run says something about the change, not about its luck.
# That it takes long says something about the machine.
hypothesis.settings.register_profile(
    "debtscan",
    derandomize=True,
    deadline=None,
    print_blob=False,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("debtscan")

# Tests start debtscan as a process of its own many hundred times: the first compiles it, the others read that.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_xdist_auto_num_workers() -> int:
    """Twice as many as there are processors: tests wait for processes, servers and clocks while others work."""
    return 2 * (os.cpu_count() or 1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what waits longest, so that all else is done meanwhile."""
    items.sort(key=lambda item: item.get_closest_marker("waits") is None)


def pytest_collection_finish() -> None:
    """Leave what was collected, which stays to the end, out of each look for garbage: that took a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Measure no coverage where a test asks how long it may take: it would time the measuring, and take as long."""
    tracer = sys.gettrace()
    is_timed = isinstance(item, pytest.Function) and "allowed" in item.function.__code__.co_names
    if tracer and is_timed:
        sys.settrace(None)
    try:
        return (yield)
    finally:
        if tracer and is_timed:
            sys.settrace(tracer)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where CI promises that every server is there."""
    report = yield
    if report.skipped and os.environ.get("DEBTSCAN_TESTS_NO_SKIPS") == "1":
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, which CI does not allow: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def no_outside_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves this machine, unless the test is marked ``online``."""
    if request.node.get_closest_marker("online"):
        return
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:  # noqa: ANN401 - as socket's own
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in loopback.NAMES:
            pytest.fail(f"a test tried to reach {address[0]}")
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", loopback.getaddrinfo)


@pytest.fixture(autouse=True)
def private_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's own settings, credentials and caches out of every test."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    prefixes = ("PIP_", "UV_", "NPM_CONFIG_", "GITHUB_", "GH_", "DEBTSCAN_", "INPUT_")
    for name in list(os.environ):
        if name.upper().startswith(prefixes) and name != "DEBTSCAN_TESTS_NO_SKIPS":
            monkeypatch.delenv(name)
    for name in ("http_proxy", "https_proxy", "no_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHubStandIn]:
    """Run a GitHub of its own for a test; what breaks GitHub's published description fails the test at its end."""
    from tests.support.github import GitHubStandIn

    with GitHubStandIn(tmp_path / "github") as standin:
        yield standin
