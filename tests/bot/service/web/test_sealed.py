"""What a browser keeps for us: read again as it was, or not at all."""

from __future__ import annotations

import base64
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.service.secrets import Keyring
from bot.service.settings import File, Settings
from bot.service.web.sealed import Kept, seal, unseal
from tests.support.service.web import NOON

KEY = {"DEBTSCAN_SESSION_SECRET": "s" * 32}


class Note(Kept, frozen=True, kw_only=True):
    text: str


class Other(Kept, frozen=True, kw_only=True):
    number: int


NOTE = Note(text="a wish", until=NOON)
BEFORE = NOON - timedelta(seconds=1)


def _keyring(secret: str = "s" * 32) -> Keyring:
    settings = Settings(file=File(url="https://debtscan.example.org", data="/nowhere"), secrets=Path("/nowhere"))
    return Keyring(settings, {"DEBTSCAN_SESSION_SECRET": secret})


KEYRING = _keyring()


def test_what_was_sealed_is_read_until_it_is_over() -> None:
    text = seal(KEYRING, "sign-in", NOTE)
    assert unseal(KEYRING, "sign-in", text, Note, BEFORE) == NOTE
    assert unseal(_keyring(), "sign-in", text, Note, BEFORE) == NOTE, "another process with the same secret"
    assert unseal(KEYRING, "sign-in", text, Note, NOON) is None


def test_it_is_good_for_its_purpose_with_its_secret_and_in_its_form_alone() -> None:
    text = seal(KEYRING, "sign-in", NOTE)
    assert unseal(KEYRING, "setup", text, Note, BEFORE) is None
    assert unseal(_keyring("t" * 32), "sign-in", text, Note, BEFORE) is None
    assert unseal(KEYRING, "sign-in", text, Other, BEFORE) is None


@given(st.text(max_size=300) | st.binary(max_size=200).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_whatever_a_browser_sends_instead_is_nothing(text: str) -> None:
    assert unseal(KEYRING, "sign-in", text, Note, BEFORE) is None


@pytest.mark.parametrize("at", [0, 31, 32, 60, -1])
def test_a_single_bit_that_was_changed_makes_it_nothing(at: int) -> None:
    raw = bytearray(base64.urlsafe_b64decode(seal(KEYRING, "sign-in", NOTE)))
    raw[at] ^= 1
    assert unseal(KEYRING, "sign-in", base64.urlsafe_b64encode(raw).decode(), Note, BEFORE) is None


def test_what_is_kept_is_no_secret_to_the_browser_itself() -> None:
    raw = base64.urlsafe_b64decode(seal(KEYRING, "sign-in", NOTE))
    assert msgspec.json.decode(raw[32:], type=Note) == NOTE
