from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packageurl import PackageURL

from analyzers.syntax.purl import package_url


@pytest.mark.parametrize(
    ("given_parts", "expected"),
    [
        (("pypi", "Foo_Bar", "1.0"), "pkg:pypi/foo-bar@1.0"),
        (("npm", "core", "7.0.0", "@babel"), "pkg:npm/%40babel/core@7.0.0"),
        (("docker", "nginx", "1.27", "library"), "pkg:docker/library/nginx@1.27"),
        (
            ("docker", "app", "1", "team", {"repository_url": "ghcr.io"}),
            "pkg:docker/team/app@1?repository_url=ghcr.io",
        ),
        (
            ("githubactions", "codeql-action", "v3", "github", None, "init"),
            "pkg:githubactions/github/codeql-action@v3#init",
        ),
        (("generic", "python"), "pkg:generic/python"),
    ],
)
def test_parts_make_a_canonical_package_url(given_parts: tuple[Any, ...], expected: str) -> None:
    assert package_url(*given_parts) == expected


@pytest.mark.parametrize("name", ["", " ", "///", "\ud800"])
def test_a_name_that_is_none_makes_no_package_url(name: str) -> None:
    assert package_url("pypi", name) == ""


@settings(deadline=None, max_examples=60)
@given(st.text(), st.none() | st.text(), st.none() | st.text())
def test_any_text_makes_a_url_that_can_be_read_or_none(name: str, version: str | None, namespace: str | None) -> None:
    url = package_url("generic", name, version, namespace)
    assert not url or PackageURL.from_string(url).type == "generic"


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(["pypi", "npm", "gem", "cargo", "docker", "generic", "composer", "nuget"]),
    st.text(alphabet="abz09.-_A", min_size=1),
    st.text(alphabet="abz09.-+A", min_size=1),
)
def test_the_short_way_gives_the_same_url(kind: str, name: str, version: str) -> None:
    assert package_url(kind, name, version) == PackageURL(kind, None, name, version).to_string()
