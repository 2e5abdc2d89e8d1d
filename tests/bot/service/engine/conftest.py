from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.service.engine import workers
from bot.service.settings import Settings
from tests.support.service.forge import Forge
from tests.support.service.processes import Smalls, smalls
from tests.support.service.small import Spec


@pytest.fixture(autouse=True)
def posix() -> None:
    if sys.platform == "win32":
        pytest.skip("the service runs on POSIX systems alone")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look often for work in this process, for the tests are not about the pace."""
    monkeypatch.setattr(workers, "_POLLS", dict.fromkeys(workers._POLLS, 0.02))


@pytest.fixture
def forge() -> Iterator[Forge]:
    with Forge() as forge:
        yield forge


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Smalls]:
    with smalls(tmp_path) as started:
        yield started


@pytest.fixture
def spec(settings: Settings, forge: Forge) -> Spec:
    """Return what processes on this test's database are told."""
    return Spec(data=str(settings.folder), database=settings.database, forge=forge.address)
