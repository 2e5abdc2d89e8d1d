from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.syntax.git_url import address_of, parse, shown
from tests.support.pace import allowed


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://github.com/a/b", "https://github.com/a/b"),
        ("https://www.GitHub.com/a/b.git/", "https://github.com/a/b"),
        ("git+https://github.com/a/b.git", "https://github.com/a/b"),
        ("git+ssh://git@github.com/a/b", "https://github.com/a/b"),
        ("git@github.com:a/b.git", "https://github.com/a/b"),
        ("https://host:8443/deep/er/b", "https://host:8443/deep/er/b"),
        ("http://host/b", "https://host/b"),
    ],
)
def test_an_address_is_cut_up_and_leads_back_from_its_purl(text: str, address: str) -> None:
    found = parse(text)
    assert found
    assert found.address == address
    for rev in (None, "v1.0", "feature/x", "@scope/name@1.0"):
        assert address_of(found.purl(rev)) == address


@pytest.mark.parametrize(
    "text", ["", "a/b", "C:/x", "https://github.com/a", "https://h/../b", "https://h/a b", "ftp://h/a/b", "x" * 5000]
)
def test_what_is_no_address_of_a_repository_is_none(text: str) -> None:
    assert parse(text) is None


def test_other_purls_lead_nowhere() -> None:
    assert address_of("pkg:pypi/requests@1") is None
    assert address_of("pkg:generic/python@3") is None
    assert address_of("no purl") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://me:secret@host/a/b", "https://host/a/b"),
        ("ssh://git@host/a", "ssh://host/a"),
        ("https://host/a@b", "https://host/a@b"),
        ("git@host:a/b", "git@host:a/b"),
        ("https://u:p@TOK@h.com/a", "https://h.com/a"),
        ("https://u:s/x@h.com/a", "https://h.com/a"),
        ("https://u:12/x@h.com/a", "https://h.com/a"),
        ("https://u:p#x@h.com/a", "https://h.com/a"),
        ("https://u:p w@h.com/a", "https://h.com/a"),
        ("u:s@h.com/a", "h.com/a"),
        ("u:s/x@h.com/a", "h.com/a"),
        ("u:s@host/a", "host/a"),
        ("https://[::1]:8080/a@b", "https://[::1]:8080/a@b"),
        ("https://localhost:8080/a@b", "https://localhost:8080/a@b"),
        ("https://h.com/a?token=TOK&ref=v1#TOK", "https://h.com/a?ref=v1"),
        ("https://h.com/a.git#egg=name&subdirectory=x", "https://h.com/a.git#egg=name&subdirectory=x"),
        ("https://h.com/a#v1.2", "https://h.com/a#v1.2"),
    ],
)
def test_credentials_are_not_shown(text: str, expected: str) -> None:
    assert shown(text) == expected


@given(st.text("htps:/@.ab-#?", max_size=40))
def test_no_text_raises(text: str) -> None:
    found = parse(text)
    assert found is None or address_of(found.purl("v1")) is not None
    assert len(shown(text)) <= len(text)


@pytest.mark.parametrize("text", ["https://" + "a@" * 50_000, "a" * 100_000 + ":", "://" + "@" * 100_000])
def test_no_text_takes_long(text: str) -> None:
    begin = time.process_time()
    parse(text)
    shown(text)
    assert time.process_time() - begin < allowed(0.5)
