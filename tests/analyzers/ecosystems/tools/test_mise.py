from __future__ import annotations

import pytest

from analyzers.ecosystems.tools._files import is_mise as matches
from analyzers.ecosystems.tools._mise import read
from analyzers.errors import UnreadableError
from analyzers.syntax.text import SourceText


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        *((path, True) for path in ("mise.toml", ".mise.toml", "sub/mise.toml", "mise.local.toml", "mise.ci.toml")),
        *(
            (path, True)
            for path in ("mise/config.toml", ".mise/config.toml", ".config/mise.toml", ".mise.ci.local.toml")
        ),
        *((path, True) for path in (".config/mise/config.toml", ".config/mise/conf.d/node.toml")),
        *((path, False) for path in ("promise.toml", "mise.json", "config.toml", "mise/other.toml", "mise.lock")),
    ],
)
def test_a_file_is_known_by_its_path(path: str, *, expected: bool) -> None:
    assert matches(path) is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("node = '18'", [("generic", "node", "18", None)]),
        ("nodejs = 18", [("generic", "node", "18", None)]),
        ('python = ["3.9", {version = "3.12"}]', [("generic", "python", v, None) for v in ("3.9", "3.12")]),
        ('go = "prefix:1.21"', [("generic", "go", "1.21", None)]),
        ('java = "zulu-17"', [("generic", "java", "17", None)]),
        ('terraform = "1.5.7"', [("github", "terraform", "1.5.7", None)]),
        ('"core:ruby" = "3.1"', [("generic", "ruby", "3.1", None)]),
        ('"asdf:owner/asdf-jq" = "1.6"', [("github", "jq", "1.6", None)]),
        ('"npm:@a/b" = "^1"', [("npm", "@a/b", "^1", None)]),
        ('"pipx:black" = {version = "23.1.0"}', [("pypi", "black", "23.1.0", None)]),
        ('"pipx:psf/black" = "23.1.0"', [("generic", "pipx:psf/black", "23.1.0", "unsupported-source")]),
        ('"cargo:eza" = "0.18"', [("cargo", "eza", "0.18", "unsupported-source")]),
        ('"go:example.org/x/y" = "1.0"', [("golang", "example.org/x/y", "1.0", "unsupported-source")]),
        ('"ubi:cli/cli[exe=gh]" = "2.40.0"', [("github", "cli/cli", "2.40.0", None)]),
        ('"aqua:owner/name/part" = "v1.0"', [("github", "owner/name", "v1.0", None)]),
        ('"aqua:name" = "v1.0"', [("generic", "name", "v1.0", "unsupported-source")]),
        ('"http:tool" = "1"', [("generic", "http:tool", "1", "unsupported-source")]),
        ('helm = "{{ env.X }}"', [("generic", "helm", "{{ env.X }}", "unpinned-expression")]),
        ('helm = "ref:main"', [("generic", "helm", "ref:main", "version-control")]),
        ('helm = "path:/x"', [("generic", "helm", "path:/x", "local-path")]),
        (r'helm = "3.\u0031"', [("generic", "helm", r"3.\u0031", "unsupported-syntax")]),
        ('helm = "system"', []),
        ("helm = {os = ['linux']}", []),
    ],
)
def test_a_tool_is_read_in_every_form(line: str, expected: list[tuple[str, str, str, str | None]]) -> None:
    text = f"[tools]\n{line}\n"
    found = read(SourceText("mise.toml", text)).dependencies
    assert all(text[row.place.start : row.place.end] == row.value for row in found)
    assert [(row.ecosystem, row.name, row.value, row.skip_reason) for row in found] == expected


def test_the_tools_of_a_task_are_read_and_nothing_else() -> None:
    text = "[env]\nnode = '1'\n[tasks]\nother = 'x'\n[tasks.lint]\nrun = 'x'\ntools = {node = '18'}\n"
    (row,) = read(SourceText("mise.toml", text)).dependencies
    assert (row.name, row.value) == ("node", "18")


def test_a_broken_file_is_said() -> None:
    with pytest.raises(UnreadableError):
        read(SourceText("mise.toml", "[tools"))
