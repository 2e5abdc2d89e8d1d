from __future__ import annotations

import pytest

from bot.service.web.csrf import is_token, token_for
from bot.service.web.model import Web


def test_each_token_is_another_one_and_all_are_good_for_their_sign_in_alone(web: Web) -> None:
    tokens = {token_for(web.keyring, "of-ada") for _ in range(20)}
    assert len(tokens) == 20
    assert all(is_token(web.keyring, "of-ada", token) for token in tokens)
    assert not any(is_token(web.keyring, "of-bob", token) for token in tokens)


@pytest.mark.parametrize("token", ["", "x", "=", "é", "A" * 60, "\x00"])
def test_what_is_none_is_none(web: Web, token: str) -> None:
    assert not is_token(web.keyring, "of-ada", token)


def test_a_token_with_something_beside_it_is_none(web: Web) -> None:
    token = token_for(web.keyring, "of-ada")
    for other in (f"{token}A", token[:-1], f" {token}", token.swapcase()):
        assert not is_token(web.keyring, "of-ada", other)
