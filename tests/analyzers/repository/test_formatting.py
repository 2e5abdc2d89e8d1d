"""The list of commits that changed formatting alone."""

from __future__ import annotations

from analyzers.repository.formatting import parse_formatting

FULL = "0123456789abcdef0123456789abcdef01234567"


def test_full_and_short_names_are_read_and_the_rest_is_passed_over() -> None:
    listed = parse_formatting(
        f"# black\r\n{FULL}  # 2024\r\n\r\n  ABCDEF0 \nabcdef\nnot a name\n{FULL[:10]}zz\n".encode()
    )
    assert listed.has(bytes.fromhex(FULL))
    assert listed.has(bytes.fromhex("abcdef0" + "1" * 33))
    assert not listed.has(bytes.fromhex("abcdef" + "1" * 34))
    assert not listed.has(bytes.fromhex(FULL[:10] + "1" * 30))


def test_a_long_list_is_read_to_its_end() -> None:
    listed = parse_formatting(b"".join(b"%040x\n" % number for number in range(20_000)))
    assert all(listed.has(number.to_bytes(20, "big")) for number in (0, 19_999))


def test_no_list_holds_nothing() -> None:
    assert not parse_formatting(b"").has(bytes.fromhex(FULL))
