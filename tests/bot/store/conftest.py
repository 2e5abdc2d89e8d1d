from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.github import GitHubStandIn
from tests.support.github_client import Opener
from tests.support.postgres import running_postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with running_postgres() as address:
        yield address


@pytest.fixture
def opener(github: GitHubStandIn) -> Iterator[Opener]:
    opening = Opener(github)
    yield opening
    opening.close()
