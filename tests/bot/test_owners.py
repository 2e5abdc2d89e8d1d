from __future__ import annotations

import time

import pytest

from bot.owners import Owners


@pytest.mark.parametrize(
    ("pattern", "path", "owned"),
    [
        ("*", "a.py", True),
        ("*", "deep/down/a.py", True),
        ("*.js", "src/a.js", True),
        ("*.js", "src/a.jsx", False),
        ("/build/logs/", "build/logs/x/y", True),
        ("/build/logs/", "src/build/logs/x", False),
        ("docs/*", "docs/a.md", True),
        ("docs/*", "docs/sub/a.md", False),
        ("docs/*", "src/docs/a.md", False),
        ("apps/", "x/apps/y/z", True),
        ("apps/", "apps", False),
        ("/docs", "docs/a/b.md", True),
        ("/docs", "docs", True),
        ("**/logs", "a/b/logs/c", True),
        ("/apps/**/test", "apps/test", True),
        ("/apps/**/test", "apps/a/b/test", True),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("/scripts/**", "scripts/a/b", True),
    ],
)
def test_a_pattern_owns_what_github_says_it_owns(pattern: str, path: str, owned: bool) -> None:
    assert bool(Owners([(pattern, ("@a",))]).of(path)) is owned


def test_the_last_match_decides_and_may_take_owners_away() -> None:
    owners = Owners([("*", ("@all",)), ("/a/", ("@a", "@b")), ("/a/free.py", ())])
    assert owners.of("x.py") == ("@all",)
    assert owners.of("a/x.py") == ("@a", "@b")
    assert owners.of("a/free.py") == ()


def test_a_hostile_pattern_takes_no_time() -> None:
    started = time.perf_counter()
    assert not Owners([("*a" * 100 + "b", ("@a",)), ("**/a/" * 50 + "b", ("@a",))]).of("a/" * 200 + "a" * 200)
    assert time.perf_counter() - started < 2
