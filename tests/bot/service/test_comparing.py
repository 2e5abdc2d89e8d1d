"""Pull requests that are told what they do, through a child."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.posts.check_run import NAME as CHECK
from tests.support.service.acting import Bench, bench


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path, {"Dockerfile": "FROM scratch\n", "README.md": "Shop\n"}) as made:
        yield made


def test_a_pull_request_is_told_what_it_adds(shop: Bench) -> None:
    pull = shop.repository.pull_from_fork("eve", "topic", {"worker/Dockerfile": "FROM scratch\nMAINTAINER ada\n"})
    told = shop.compare(pull.number)
    assert (told.state, told.conclusion, told.fresh, told.mended, told.limited) == ("open", "neutral", 1, 0, False)
    assert told.score_won < 0
    (run,) = [one for one in shop.repository.settings.check_runs if one.name == CHECK]
    assert (run.sha, run.title is not None and "1 new finding" in run.title) == (pull.head, True)
    assert ["MAINTAINER" in one.body for one in pull.comments] == [True]
    before = len(shop.github.writes)
    assert shop.compare(pull.number).fresh == 1
    assert shop.github.writes[before:] == []


def test_a_pull_request_that_is_closed_is_told_nothing(shop: Bench) -> None:
    pull = shop.repository.pull_from_fork("eve", "topic", {"README.md": "Better\n"})
    shop.repository.close(pull.number)
    assert shop.compare(pull.number).state == "closed"
    assert shop.github.writes == []


def test_a_pull_request_that_goes_on_is_compared_anew(shop: Bench) -> None:
    pull = shop.repository.pull_from_fork("eve", "topic", {"worker/Dockerfile": "FROM scratch\nMAINTAINER ada\n"})
    shop.compare(pull.number)
    again = shop.repository.pull_from_fork("eve", "topic", {"README.md": "Better\n"})
    del shop.repository.settings.issues[again.number]
    pull.head = again.head
    shop.repository.settings.git.update_ref(f"refs/pull/{pull.number}/head", again.head)
    assert shop.compare(pull.number).fresh == 0
    assert pull.comments == []
