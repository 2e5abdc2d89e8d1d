from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.syntax.credentials import holds_secret, masked, shown, whole_words
from tests.support.pace import allowed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“x @ https://u:s3cr3t@h.com/a b” is none", "“x @ https://h.com/a b” is none"),
        ("https://u:s3cr3t/x@h.com/a", "https://h.com/a"),
        ("https://s3cr3t@h/a and https://u:s3cr3t@h/b", "https://h/a and https://h/b"),
        ("git::u:s3cr3t@h.com/a", "h.com/a"),
        ("see ghp_s3cr3ts3cr3ts3cr3t@h.com/a", "see h.com/a"),
        ("https://h.com/a?access_token=s3cr3t&x=1", "https://h.com/a?access_token=***&x=1"),
        ("token=s3cr3t", "token=***"),
    ],
)
def test_a_secret_is_taken_out_of_any_text(text: str, expected: str) -> None:
    assert masked(text) == expected
    assert holds_secret(text)
    assert masked(expected) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nginx:1.2@sha256:abc",
        "registry.io:5000/a/b:1@sha256:abc",
        "git@github.com:a/b",
        "git::git@github.com:a/b",
        "npm:@scope/name@1.2.3",
        "pkg:npm/%40scope/name@1.2.3",
        "pkg:generic/b?vcs_url=git%2Bhttps://host:8443/a/b%40v1",
        "https://h.com/a@v1?ref=x",
        ">=1,<2",
        "key == 'x'",
    ],
)
def test_a_text_without_a_secret_stays(text: str) -> None:
    assert masked(text) == text
    assert not holds_secret(text)


def test_a_secret_is_seen_through_escapes() -> None:
    assert holds_secret("pkg:generic/https%3A%2F%2Fu%3As3cr3t%40h.com%2Fa")


@given(
    st.text("abz0:/@?#$", max_size=12),
    st.sampled_from(["https://", "git+ssh://"]),
    st.sampled_from(["", "/a", "/a/b.git"]),
)
def test_no_password_is_shown_whatever_letters_it_holds(letters: str, scheme: str, path: str) -> None:
    address = f"{scheme}user:S{letters}S@host.example.com{path}"
    assert shown(address) == masked(address) == f"{scheme}host.example.com{path}"


@pytest.mark.parametrize(
    "text",
    [
        "https://" + "a:@" * 50_000,
        "://" * 50_000,
        "a" * 100_000 + "@",
        "a:" * 50_000 + "@h",
        "?key" * 50_000,
        "keytoken" * 20_000,
        "https://u:p/" + "@a.a" * 50_000,
        "https://u:p/@" + "a." * 50_000,
    ],
)
def test_no_text_takes_long(text: str) -> None:
    begin = time.process_time()
    masked(text)
    shown(text)
    assert time.process_time() - begin < allowed(0.5)


@pytest.mark.parametrize(
    ("text", "before", "after", "expected"),
    [
        ("r:s3cr3t@h.com/a and https://u:s3c", True, True, " and "),
        ("r:s3cr3t@h.com/a and https://u:s3c", False, False, "r:s3cr3t@h.com/a and https://u:s3c"),
        (" one two\n", True, True, " one two\n"),
        ("one", True, False, ""),
        ("one", False, True, ""),
        ("", True, True, ""),
    ],
)
def test_a_cut_text_loses_the_halves_of_words(text: str, *, before: bool, after: bool, expected: str) -> None:
    assert whole_words(text, cut_before=before, cut_after=after) == expected
