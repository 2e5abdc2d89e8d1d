"""GitHub says that it is too much, or says nothing at all, while pull requests are opened in many repositories."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.github.faults import Fault
from tests.support.service.organisation import Organisation, organisation
from tests.support.service.running import Running

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="the service runs on POSIX systems alone"),
    pytest.mark.waits,
]

# Each repository gets so many pull requests, and one dashboard.
PULLS = 2


@dataclass(frozen=True)
class Size:
    """How many repositories, and for how many seconds GitHub is in trouble. `patient` waits out what is put off."""

    repositories: int
    seconds: float
    patient: bool = False


# Within it there is trouble, and what it gives says whether that was met.
Trouble = Callable[[Organisation, float], AbstractContextManager[Callable[[], bool]]]


@contextmanager
def _outage(acme: Organisation, _seconds: float) -> Iterator[Callable[[], bool]]:
    fault = acme.github.fault(status=502, times=0)
    yield lambda: bool(acme.troubled())
    _end(fault)


@contextmanager
def _secondary(acme: Organisation, seconds: float) -> Iterator[Callable[[], bool]]:
    fault = acme.github.fault("write", secondary=True, retry_after=round(seconds) + 1, times=0)
    # What GitHub asks to wait for some seconds for is waited for on the spot.
    yield lambda: bool(fault.struck)
    _end(fault)


@contextmanager
def _used_up(acme: Organisation, seconds: float) -> Iterator[Callable[[], bool]]:
    meter = acme.github.installed(acme.app, "acme").settings.meter

    def is_met() -> bool:
        # It does not end before somebody met it.
        if not acme.troubled():
            meter.used, meter.resets = meter.limit, acme.github.world.clock() + timedelta(seconds=seconds)
            return False
        return True

    is_met()
    yield is_met


def _end(fault: Fault) -> None:
    assert fault.struck
    fault.times = fault.struck


SMALL = Size(3, 4)
CASES = [
    pytest.param(_outage, SMALL, id="outage"),
    pytest.param(_secondary, SMALL, id="secondary"),
    pytest.param(_used_up, SMALL, id="used-up"),
    pytest.param(_outage, Size(40, 1200, patient=True), id="outage-whole", marks=pytest.mark.soak),
    pytest.param(_secondary, Size(40, 120, patient=True), id="secondary-whole", marks=pytest.mark.soak),
    pytest.param(_used_up, Size(40, 120, patient=True), id="used-up-whole", marks=pytest.mark.soak),
]


@pytest.mark.parametrize(("trouble", "size"), CASES)
def test_everything_is_finished_afterwards_and_nothing_done_twice(tmp_path: Path, trouble: Trouble, size: Size) -> None:
    with organisation(tmp_path, size.repositories, configured=True) as acme, acme.serving() as service:
        acme.install(service)
        acme.until(lambda: acme.scanned() == size.repositories and acme.is_done(), 60 + 5 * size.repositories, service)
        acme.enable()
        # In the middle: the first pull requests are open.
        acme.until(lambda: any(one.pulls for one in acme.repositories), 60, service)
        since = len(acme.github.requests)
        with trouble(acme, size.seconds) as is_met:
            time.sleep(size.seconds)
            acme.until(is_met, 120, service)
            asked = len(acme.github.requests) - since
        _finish(acme, service, size)
        # Each scan asks some few times before it is put off; nothing asks again and again.
        assert asked <= 40 * size.repositories, asked
        for one in acme.repositories:
            assert Counter(pull.branch for pull in one.pulls).most_common(1)[0][1] == 1
            assert len(one.issues) == 1


def _finish(acme: Organisation, service: Running, size: Size) -> None:
    def is_finished() -> bool:
        if not size.patient:
            acme.hurry()
        return acme.is_done() and all(len(one.pulls) >= PULLS and one.issues for one in acme.repositories)

    acme.until(is_finished, 3600 if size.patient else 120, service)
