"""What is signed, by GitHub's own example and by every way to get it wrong."""

from __future__ import annotations

import pytest

from bot.service.webhooks.signature import is_signed, signature

# https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
SECRET = "It's a Secret to Everybody"
BODY = b"Hello, World!"
SIGNATURE = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"


def test_githubs_own_example_is_signed() -> None:
    assert signature(BODY, SECRET) == SIGNATURE
    assert is_signed(BODY, SIGNATURE, [SECRET])


@pytest.mark.parametrize(
    "header",
    [
        "",
        "sha256=",
        SIGNATURE.upper(),
        SIGNATURE[:-1],
        SIGNATURE + "0",
        SIGNATURE.removeprefix("sha256="),
        SIGNATURE.replace("sha256", "sha1"),
        "sha256=" + "0" * 64,
        "sha256=é" + "0" * 63,
        "sha256=\ud800",
    ],
)
def test_no_other_header_will_do(header: str) -> None:
    assert not is_signed(BODY, header, [SECRET])


def test_each_byte_counts() -> None:
    assert not is_signed(BODY + b"\n", SIGNATURE, [SECRET])


@pytest.mark.parametrize("secrets", [["old", SECRET], [SECRET, "new"], ["", SECRET]])
def test_each_of_several_secrets_is_valid(secrets: list[str]) -> None:
    assert is_signed(BODY, SIGNATURE, secrets)


@pytest.mark.parametrize("secrets", [[], [""], ["", ""]])
def test_without_a_secret_nothing_is_signed(secrets: list[str]) -> None:
    assert not is_signed(BODY, signature(BODY, ""), secrets)


def test_a_secret_may_hold_any_character() -> None:
    assert is_signed(BODY, signature(BODY, "schlüssel"), ["schlüssel"])
