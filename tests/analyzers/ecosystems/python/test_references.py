from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.ecosystems.python._references import read_reference, without_credentials


@pytest.mark.parametrize(
    ("text", "reason", "name", "reference"),
    [
        ("git+https://example.org/a/b.git@v1.0#egg=c", "version-control", "c", "v1.0"),
        ("git+https://example.org/a/b.git", "version-control", "b", ""),
        ("git+ssh://git@example.org/a/b@feature/x", "version-control", "b", "feature/x"),
        ("git+https://user:token@example.org/a/b", "version-control", "b", ""),
        ("hg+http://example.org/b#egg=c&subdirectory=d", "version-control", "c", ""),
        ("https://example.org/my_package-1.0-py3-none-any.whl#sha256=0", "direct-url", "my-package", ""),
        ("https://example.org/my-package-1.0.tar.gz?x=1", "direct-url", "my-package", ""),
        ("https://example.org/archive/main.zip#egg=c", "direct-url", "c", ""),
        ("file:///tmp/x", "local-path", "file:///tmp/x", ""),
        (".", "local-path", ".", ""),
        (".[dev]", "local-path", ".[dev]", ""),
        ("../b", "local-path", "../b", ""),
        ("wheels\\b-1.0-py3-none-any.whl", "local-path", "wheels\\b-1.0-py3-none-any.whl", ""),
    ],
)
def test_a_reference_tells_its_kind_name_and_revision(text: str, reason: str, name: str, reference: str) -> None:
    found = read_reference(text)
    assert found is not None
    assert (found.reason, found.name, text[found.start : found.end]) == (reason, name, reference)


@pytest.mark.parametrize("text", ["", "requests", "requests==1.0", "foo bar"])
def test_a_package_of_an_index_is_no_reference(text: str) -> None:
    assert read_reference(text) is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/simple", "https://example.org/simple"),
        ("https://user:pa@ss@example.org/simple?a@b", "https://example.org/simple"),
        ("https://example.org/a@b", "https://example.org/a@b"),
        ("no address", "no address"),
    ],
)
def test_an_address_loses_its_credentials(url: str, expected: str) -> None:
    assert without_credentials(url) == expected


@settings(deadline=None, max_examples=200)
@given(st.text() | st.text(alphabet="git+htps:/@#.[]&=egawhl"))
def test_no_text_is_too_strange(text: str) -> None:
    found = read_reference(text)
    assert found is None or 0 <= found.start <= found.end <= len(text)
