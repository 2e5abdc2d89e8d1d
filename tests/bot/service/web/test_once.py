from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from bot.service.web import once
from bot.service.web.once import Once


def test_a_name_is_taken_once_by_however_many_at_the_same_time() -> None:
    names = Once()
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda number: names.take(str(number % 50)), range(400)))
    assert sum(taken) == 50


def test_only_so_many_are_remembered_and_the_oldest_are_forgotten() -> None:
    names = Once()
    for number in range(once._MOST + 1):
        assert names.take(str(number))
    assert names.take("0")
    assert not names.take(str(once._MOST))
    assert len(names._taken) == once._MOST
