"""Ids, branches and titles: stable, safe as git refs, and nothing that GitHub makes something else of."""

from __future__ import annotations

import re
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.upgrade import names
from bot.upgrade.model import Move
from tests.support.plans import move

HOSTILE = [
    "../../etc/passwd",
    "-rf",
    "--upload-pack=evil",
    "a..b",
    "a.lock",
    "x" * 500,
    "a b\tc\nd",
    "@{u}",
    "refs/heads/main",
    "ünïcödé",
    "包",
    "a\u202eb",
    "a~1^2:3?*[\\",
    "$(id)",
    "`id`",
    "",
    ".",
    "/",
    "//",
    "a/",
    "HEAD",
    "a\x00b",
    "\udcff",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_makes_a_ref_that_git_takes(name: str) -> None:
    branch = names.branch("debtscan/", names.package_id("pypi", name, "2"))
    assert re.fullmatch(r"debtscan/pypi-[a-z0-9][a-z0-9._+-]*-2", branch)
    assert len(branch) < 120
    assert (
        subprocess.run(["git", "check-ref-format", "--branch", branch], check=False, capture_output=True).returncode
        == 0
    )


@given(st.text(max_size=80), st.text(max_size=80))
def test_two_names_make_two_slugs(first: str, second: str) -> None:
    told = {names.slug(first), names.slug(second)}
    # Case counts nowhere that names are compared, and an address is the same with and without its scheme.
    if first.lower() != second.lower() and not any("://" in text or text.startswith("@") for text in (first, second)):
        assert len(told) == 2
    for slug in told:
        assert re.fullmatch(r"[a-z0-9_][a-z0-9._+-]*", slug)
        assert ".." not in slug
        assert not slug.endswith((".", ".lock"))


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("requests", "requests"),
        ("@types/react", "types+react"),
        ("types-react", "types-react"),
        ("ghcr.io/org/image", "ghcr.io+org+image"),
        ("https://github.com/psf/black", "github.com+psf+black"),
        ("Flask_Login", "flask_login"),
    ],
)  # fmt: skip
def test_an_ordinary_name_is_read_in_its_slug(name: str, slug: str) -> None:
    assert names.slug(name) == slug


@pytest.mark.parametrize(
    ("target", "ecosystem", "line"),
    [
        ("2.32.5", "pypi", "2"),
        ("0.28.1", "npm", "0.28"),
        ("0.0.7", "npm", "0.0"),
        ("v5.0.1", "githubactions", "5"),
        ("2026.11.1", "pypi", "2026"),
        ("3.13-slim", "docker", "3.13"),
        ("22-alpine3.20", "docker", "22"),
        ("codeql-bundle-v2.20.1", "githubactions", "2"),
        ("bookworm", "docker", ""),
        ("9" * 400, "npm", "999999999"),
    ],
)
def test_a_release_line_outlives_patches(target: str, ecosystem: str, line: str) -> None:
    assert names.line_of(target, ecosystem) == line


def test_the_branch_is_the_same_over_patch_releases() -> None:
    ids = {names.package_id("npm", "@babel/core", names.line_of(target, "npm")) for target in ("7.1.0", "7.28.3")}
    assert ids == {"npm-babel+core-7"}


@pytest.mark.parametrize(
    "name",
    [
        "@octocat", "@org/team", "#123", "owner/repo#12", "GH-12", "https://evil.example/x", "www.evil.example",
        "`code`", "<img src=x>", "[a](b)", "![a](b)", ":tada:", "**bold**", "a\nb", "::error::x", "\u202eabc", "a|b",
    ],
)  # fmt: skip
def test_nothing_in_a_title_becomes_something_else(name: str) -> None:
    text = names.title([move("x 1.0 2.0 major", name=name)])
    assert re.fullmatch(r"[A-Za-z0-9 .,+/()_~=-]+", text)
    assert not re.search(r"(?i)\bgh-\d|www\.|://|@|#", text)
    assert len(text) <= 100


@pytest.mark.parametrize(
    ("moves", "title"),
    [
        ([move("requests 2.30.0 2.32.5 minor")], "Update requests from 2.30.0 to 2.32.5"),
        ([move("requests 2.30.0 2.32.5 minor CVE-1")], "Update requests from 2.30.0 to 2.32.5 (security)"),
        ([move("a 1 2 major"), move("b 1 2 major")], "Update a and b to 2"),
        ([move("a 1 2 major"), move("b 1 3 major")], "Update 2 Python packages"),
        ([move("a 1 2 major", "npm"), move("b 1 3 major")], "Update 2 dependencies"),
        ([move(f"@babel/{name} 7.1 8.0 major", "npm") for name in "abcd"], "Update babel to 8.0 (4 npm packages)"),
        ([move(f"@babel/{name} 7.1 8.{name} major", "npm") for name in "1234"], "Update babel (4 npm packages)"),
        ([move("node >=20.0.0 26 major", "generic")], "Update node from 20.0.0 to 26"),
        ([move("node ^20||^22 26 major", "generic")], "Update node to 26"),
        ([move("actions/checkout v4 v4.2.2 pin", "githubactions")], "Pin actions/checkout"),
        ([move("redis 7.2 7.2@sha256:0123456789ab digest", "docker")], "Refresh the digest of redis"),
        ([move("ubuntu-22.04 ubuntu-22.04 ubuntu-24.04 major", "generic")], "Update ubuntu-22.04 to ubuntu-24.04"),
        ([move(f"a 1 {'9' * 90} major")], "Update a"),
        ([move("x 1 2 major", name="包")], "Update 1 Python package from 1 to 2"),
    ],
)
def test_a_title_says_what_moves(moves: list[Move], title: str) -> None:
    assert names.title(moves) == title
