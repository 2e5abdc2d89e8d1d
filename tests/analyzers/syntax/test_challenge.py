from __future__ import annotations

import time

import pytest

from analyzers.syntax.challenge import Challenge, parse
from tests.support.pace import allowed


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", ()),
        ("Basic", (Challenge("basic", {}),)),
        ('Basic realm="Registry Realm"', (Challenge("basic", {"realm": "Registry Realm"}),)),
        (
            'Bearer realm="https://auth.example/token",service="registry.example",scope="repository:a/b:pull,push"',
            (
                Challenge(
                    "bearer",
                    {
                        "realm": "https://auth.example/token",
                        "service": "registry.example",
                        "scope": "repository:a/b:pull,push",
                    },
                ),
            ),
        ),
        (
            "bearer Realm = https://x/token, SERVICE=y",
            (Challenge("bearer", {"realm": "https://x/token", "service": "y"}),),
        ),
        (r'Basic realm="a \"b\" c"', (Challenge("basic", {"realm": 'a "b" c'}),)),
        (
            'Basic realm="x", Bearer realm="y"',
            (Challenge("basic", {"realm": "x"}), Challenge("bearer", {"realm": "y"})),
        ),
        ('Bearer realm="y", Basic', (Challenge("bearer", {"realm": "y"}), Challenge("basic", {}))),
        ('realm="x"', ()),
        ('Bearer realm="x", realm="y"', (Challenge("bearer", {"realm": "x"}),)),
    ],
)
def test_challenges_are_read_whatever_their_quotes_and_number(header: str, expected: tuple[Challenge, ...]) -> None:
    assert parse(header) == expected


def test_a_quote_that_never_closes_leaves_the_scheme() -> None:
    first = parse('Bearer realm="never closed')[0]
    assert first.scheme == "bearer"
    assert "realm" not in first.parameters


def test_a_hostile_header_is_read_quickly() -> None:
    began = time.process_time()
    for header in ('"' * 100_000, "a=" * 100_000, 'a="\\' * 100_000, "a " * 100_000):
        parse(header)
    assert time.process_time() - began < allowed(1)
