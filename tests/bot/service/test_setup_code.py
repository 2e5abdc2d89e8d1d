from __future__ import annotations

import pytest

from bot.service.setup_code import MOST, Attempts, new_setup_code

CODE = "23456-ABCDE-FGHJK-LMNPQ"


def test_each_code_is_another_one_of_100_bits() -> None:
    codes = {new_setup_code() for _ in range(100)}
    assert len(codes) == 100
    assert all(len(code) == 23 and code.isupper() and code.count("-") == 3 for code in codes)
    assert not set("".join(codes)) & set("01IO")


@pytest.mark.parametrize("given", [CODE, CODE.lower(), f"  {CODE.replace('-', ' ')}\n", CODE.replace("-", "")])
def test_people_may_write_it_in_any_way(given: str) -> None:
    assert Attempts().is_right(given, CODE)


@pytest.mark.parametrize("given", ["", CODE[:-1], f"{CODE}X", "é", "-" * 23])
def test_another_one_is_wrong(given: str) -> None:
    attempts = Attempts()
    assert not attempts.is_right(given, CODE)
    assert attempts.wrong == 1


def test_where_none_was_printed_none_is_right() -> None:
    assert not Attempts().is_right("", "")


def test_after_too_many_wrong_ones_the_right_one_opens_nothing_either() -> None:
    attempts = Attempts()
    for _ in range(MOST):
        assert not attempts.are_over
        attempts.is_right("x", CODE)
    assert attempts.are_over
    assert not attempts.is_right(CODE, CODE)
