"""The table of runtimes and tools, and the rows that it makes."""

from __future__ import annotations

import pytest

from analyzers.lifecycles import table, tool_row, tools
from analyzers.syntax import git_url
from analyzers.syntax.text import SourceText


def test_every_runtime_has_a_lifecycle_in_the_bundled_table() -> None:
    for name, runtime in tools.runtimes().items():
        assert tools.canonical(name) == name
        assert runtime.product in table.products()
        assert tools.home(name) is None


def test_every_program_has_a_lifecycle_and_is_released_by_tags() -> None:
    for name, program in tools.programs().items():
        assert tools.canonical(name) == name
        assert program.product in table.products()
        assert tools.home(name) is not None


@pytest.mark.parametrize(
    ("name", "distribution", "expected"),
    [
        ("java", "", "eclipse-temurin"),
        ("java", "zulu", "azul-zulu"),
        ("java", "somebody", None),
        ("python", "", "python"),
        ("terraform", "", "terraform"),
        ("jq", "", None),
    ],
)
def test_the_ends_of_java_are_those_of_who_builds_it(name: str, distribution: str, expected: str | None) -> None:
    assert tools.product(name, distribution) == expected
    assert expected is None or expected in table.products()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("terraform", ("github", "hashicorp/terraform", "")),
        ("gh", ("github", "cli/cli", "")),
        ("JQ", ("github", "jqlang/jq", "jq-")),
        ("poetry", ("pypi", "poetry", "")),
        ("pnpm", ("npm", "pnpm", "")),
        ("nobody-knows", None),
    ],
)
def test_a_tool_has_the_home_where_it_is_released(name: str, expected: tuple[str, str, str] | None) -> None:
    assert tools.home(name) == expected


def test_every_alias_leads_to_something_known_and_every_repository_can_be_asked() -> None:
    stated = tools._table()
    assert all(name in stated.tools or name in stated.runtimes for name in stated.aliases.values())
    for name in stated.tools:
        found = tools.home(name)
        assert found
        assert found.type in ("github", "pypi", "npm")
        assert found.type != "github" or git_url.parse(f"https://github.com/{found.name}")


def test_a_distribution_is_read_from_a_purl() -> None:
    assert tools.distribution_of("pkg:generic/java?distribution=zulu") == "zulu"
    assert tools.distribution_of("pkg:generic/java@17") == ""


@pytest.mark.parametrize(
    ("name", "text", "value", "version", "reason"),
    [
        ("nodejs", "18.17.0", "18.17.0", "18.17.0", None),
        ("node", "lts/hydrogen", "lts/hydrogen", None, None),
        ("golang", "v1.21", "1.21", None, None),
        ("java", "temurin-17.0.8+7", "17.0.8+7", "17.0.8+7", None),
        ("java", "temurin-jre-21", "21", None, None),
        ("python", "cpython-3.9", "3.9", None, None),
        ("python", "3.13t", "3.13", None, None),
        ("python", "miniconda3-4.7.12", "miniconda3-4.7.12", None, "unsupported-version"),
        ("python", "system", "system", None, "unsupported-version"),
        ("jq", "1.6", "1.6", "jq-1.6", None),
        ("helm", "3.12.x", "3.12.x", None, None),
        ("poetry", "1.4.0", "1.4.0", "1.4.0", None),
        ("poetry", "ref:main", "ref:main", None, "unsupported-version"),
        ("kubectl", "1" * 500, "1" * 500, None, "unsupported-version"),
        ("nobody-knows", "1.0", "1.0", None, "unsupported-source"),
    ],
)
def test_a_row_says_which_version_is_written(
    name: str, text: str, value: str, version: str | None, reason: str | None
) -> None:
    source = SourceText("x", f"-- {text} --")
    row = tool_row.row(name, tool_row.Written(source=source, text=text, start=3, kind="any"))
    assert (row.value, row.version, row.skip_reason) == (value, version, reason)
    assert source.text[row.place.start : row.place.end] == value


@pytest.mark.parametrize("text", ["-" * 100_000, "1" * 100_000, "a-" * 50_000, "1." * 50_000, "jre-" * 30 + "!"])
@pytest.mark.parametrize("name", ["java", "python", "node", "ruby", "go", "terraform"])
def test_no_text_raises(name: str, text: str) -> None:
    source = SourceText("x", text)
    tool_row.row(name, tool_row.Written(source=source, text=text, start=0, kind="any"))
