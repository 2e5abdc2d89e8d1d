from __future__ import annotations

import pytest

from analyzers.ecosystems.tools._asdf import read, read_one
from analyzers.ecosystems.tools._files import OF_ONE
from analyzers.errors import TooLargeError
from analyzers.syntax.text import SourceText


def rows(text: str) -> list[tuple[str, str | None, int, str | None]]:
    found = read(SourceText(".tool-versions", text)).dependencies
    assert all(text[row.place.start : row.place.end] == row.value for row in found)
    return [(row.name, row.value, row.place.line, row.skip_reason) for row in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nodejs 18.17.0\n", [("node", "18.17.0", 1, None)]),
        ("# x\n\n  python\t3.9  3.12 # y\n", [("python", "3.9", 3, None), ("python", "3.12", 3, None)]),
        ("terraform latest:1.5", [("terraform", "1.5", 1, None)]),
        ("terraform latest\r\nhelm 3.12.0\r\n", [("terraform", "latest", 1, None), ("helm", "3.12.0", 2, None)]),
        ("java temurin-17.0.8+7", [("java", "17.0.8+7", 1, None)]),
        ("ruby ref:main", [("ruby", "ref:main", 1, "unsupported-version")]),
        ("nobody-knows 1.0", [("nobody-knows", "1.0", 1, "unsupported-source")]),
        ("rust system", []),
        ("kubectl", []),
        ("kubectl # 1.0", []),
        ("", []),
    ],
)
def test_each_version_of_a_line_is_a_row(text: str, expected: list[tuple[str, str | None, int, str | None]]) -> None:
    assert rows(text) == expected


@pytest.mark.parametrize("name", OF_ONE)
def test_a_version_file_names_one_version(name: str) -> None:
    (row,) = read_one(SourceText(f"sub/{name}", "# x\n3.1.2 \n9.9\n")).dependencies
    assert (row.value, row.place.line, row.kind) == ("3.1.2", 2, name[1:])
    assert read_one(SourceText(name, "\n")).dependencies == ()


@pytest.mark.parametrize("text", ["a 1\n" * 1001, "a" + " 1" * 1001])
def test_a_file_that_nobody_wrote_is_refused(text: str) -> None:
    with pytest.raises(TooLargeError):
        read(SourceText(".tool-versions", text))
