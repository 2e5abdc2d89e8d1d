"""Readers that a configuration states."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzers.config import Config, Reader
from analyzers.custom_expressions import MAX_LENGTH
from analyzers.custom_readers import InvalidReaderError, known_ecosystems, prepare
from analyzers.edits import Editor, to_version
from analyzers.errors import ConfigError
from analyzers.manifests import Manifests, read_manifests
from analyzers.model.inventory import Dependency
from analyzers.read import worlds_of
from analyzers.settings import load
from analyzers.versions import npm, pep440
from tests.support.formats import snapshot

ANNOTATED = Reader(
    files=("*.env", "!skip.env"),
    match=r"# (?P<datasource>\S+) (?P<name>\S+)\n\w+=[\"']?(?P<version>[^\s\"'@]+)(?:@(?P<digest>sha256:[0-9a-f]+))?",
)


def read(files: dict[str, str], *readers: Reader) -> Manifests:
    held = snapshot({path: text.encode() for path, text in files.items()})
    return read_manifests(held, worlds_of(Config(reader=readers)))


def rows(text: str, *readers: Reader) -> tuple[Dependency, ...]:
    found = read({"a/b.env": text}, *readers)
    for row in found.dependencies:
        assert text.encode()[row.place.start : row.place.end].decode() == (row.value or "")
        assert row.kind == "custom"
    return found.dependencies


DIGEST = f"sha256:{'a' * 64}"


@pytest.mark.parametrize(
    ("text", "ecosystem", "name", "value", "version", "purl"),
    [
        ("# pypi flask\nX=1.0\n", "pypi", "flask", "1.0", "1.0", "pkg:pypi/flask@1.0"),
        ("# pypi flask\nX='>=1'\n", "pypi", "flask", ">=1", None, "pkg:pypi/flask"),
        ("# npm @a/b\nX=v1.0.0\n", "npm", "@a/b", "v1.0.0", "1.0.0", "pkg:npm/%40a/b@1.0.0"),
        ("# docker node\nX=18-alpine", "docker", "node", "18-alpine", "18", "pkg:docker/library/node@18-alpine"),
        ("# node-version node\nX=18.1.0\n", "generic", "node", "18.1.0", "18.1.0", "pkg:generic/node@18.1.0"),
        ("é # pypi flask\nX=1.0\n", "pypi", "flask", "1.0", "1.0", "pkg:pypi/flask@1.0"),
    ],
)
def test_each_ecosystem_reads_its_own_versions(
    text: str, ecosystem: str, name: str, value: str, version: str | None, purl: str
) -> None:
    (row,) = rows(text, ANNOTATED)
    assert (row.ecosystem, row.name, row.value, row.version, row.purl) == (ecosystem, name, value, version, purl)
    assert row.skip_reason is None


def test_constants_stand_for_groups() -> None:
    reader = Reader(files=("*.env",), match=r"TOOL=(?P<version>\S+)", ecosystem="npm", name="tool", versioning="npm")
    (row,) = rows("TOOL=^1.2.0\n", reader)
    assert (row.ecosystem, row.name, row.value, row.version) == ("npm", "tool", "^1.2.0", None)


def test_a_digest_has_its_own_place() -> None:
    text = f"# docker node\nX=18@{DIGEST}\n"
    (row,) = rows(text, ANNOTATED)
    assert (row.digest, row.value) == (DIGEST, "18")
    assert row.digest_place
    assert text[row.digest_place.start : row.digest_place.end] == DIGEST


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("# pypi flask\nX=${FLASK}\n", "unpinned-expression"),
        ("# pypi flask\nX=***\n", "unsupported-version"),
        ("# docker node\nX=${TAG}\n", "unpinned-expression"),
    ],
)
def test_what_is_no_version_says_why(text: str, reason: str) -> None:
    assert [row.skip_reason for row in rows(text, ANNOTATED)] == [reason]


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("# cobol flask\nX=1.0\n", "line 1: “cobol” is no ecosystem"),
        (f"# pypi {'x' * 300}\nX=1.0\n", "line 1: the match names no package"),
    ],
)
def test_what_cannot_be_a_row_is_named(text: str, detail: str) -> None:
    found = read({"a.env": text}, ANNOTATED)
    assert found.dependencies == ()
    assert [entry.detail[: len(detail)] for entry in found.skipped] == [detail]


def test_only_the_named_files_are_read() -> None:
    text = "# pypi flask\nX=1.0\n"
    found = read({"a.env": text, "skip.env": text, "other": text, "vendor/b.env": text}, ANNOTATED)
    assert [(row.place.path, row.skip_reason) for row in found.dependencies] == [
        ("a.env", None),
        ("vendor/b.env", "vendored"),
    ]


def test_a_file_that_other_formats_read_is_read_beside_them() -> None:
    reader = Reader(files=("Dockerfile",), match=r"flask==(?P<version>\S+)", ecosystem="pypi", name="flask")
    found = read({"Dockerfile": "FROM node:18\nRUN pip install flask==1.0\n"}, reader)
    assert [(row.name, row.kind) for row in found.dependencies] == [("node", "dockerfile-from"), ("flask", "custom")]


def test_large_files_and_many_matches_have_limits() -> None:
    found = read({"a.env": "# pypi x\nX=1\n" * 1200, "b.env": "a" * (MAX_LENGTH + 1)}, ANNOTATED)
    assert len(found.dependencies) == 1000
    assert sorted((entry.path, entry.reason) for entry in found.skipped) == [
        ("a.env", "limit-reached"),
        ("b.env", "too-large"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_rows_can_be_edited(encoding: str) -> None:
    text = "# gr\u00fc\u00df pypi x\r\n# pypi flask\nX='1.0' # why\r\n# npm a\nX=2.0.0"
    files = {"a.env": text.encode(encoding)}
    editor = Editor(snapshot(files), worlds_of(Config(reader=(ANNOTATED,))))
    flask, a = read_manifests(editor.snapshot, editor.worlds).dependencies
    applied = editor.apply([to_version(flask, "3.0", pep440.SCHEME), to_version(a, "4.0.0", npm.SCHEME)])
    assert applied.refused == ()
    after = text.replace("1.0", "3.0").replace("2.0.0", "4.0.0")
    assert applied.files["a.env"].decode(encoding) == after


@pytest.mark.parametrize(
    ("changes", "key", "message"),
    [
        ({"match": "(?P<version>a"}, "match", "is no expression of RE2's syntax"),
        ({"match": "(?=x)(?P<version>a)"}, "match", "RE2's syntax"),
        ({"match": "(?P<depName>a)(?P<version>b)"}, "match", "names the group 'depName'; the groups are version, name"),
        ({"match": "a"}, "match", "has no group 'version'"),
        ({"name": None}, "match", "has no group 'name'"),
        ({"ecosystem": None}, "match", "has no group 'ecosystem'"),
        ({"ecosystem": "cobol"}, "ecosystem", "is none of docker, generic"),
        ({"versioning": "roman"}, "versioning", "is none of"),
    ],
)
def test_a_wrong_reader_says_what_is_wrong(changes: dict[str, str | None], key: str, message: str) -> None:
    stated: dict[str, str | None] = {"match": "(?P<version>a)", "name": "x", "ecosystem": "pypi", **changes}
    with pytest.raises(InvalidReaderError, match=message.replace("(", r"\(")) as caught:
        prepare(Reader(files=("a",), **stated))  # type: ignore[arg-type]  # keys of the table above
    assert caught.value.key == key


def test_the_configuration_names_file_and_line() -> None:
    text = '\n[[reader]]\nfiles = ["*.env"]\necosystem = "pypi"\nname = "x"\nmatch = "(?P<version>"\n'
    with pytest.raises(ConfigError, match=r"^debtscan.toml:6: reader\[0\].match: is no expression of RE2's syntax"):
        load(snapshot({"debtscan.toml": text.encode()}), explicit=None, rules=())
    with pytest.raises(ConfigError, match=r"^debtscan.toml:2: .*`files`|^debtscan.toml:2: "):
        load(snapshot({"debtscan.toml": b"\n[[reader]]\nmatch = 'a'\n"}), explicit=None, rules=())


def test_a_configured_reader_is_read_from_a_file(tmp_path: Path) -> None:
    from bot.cli import main

    (tmp_path / "debtscan.toml").write_text(
        "[[reader]]\nfiles = ['*.env']\nmatch = 'NODE=(?P<version>\\S+)'\necosystem = 'generic'\nname = 'node'\n"
    )
    (tmp_path / "a.env").write_text("NODE=16.0.0\n")
    assert main(["scan", str(tmp_path), "--offline", "--quiet", "--as-of", "2026-11-22", "--fail-on", "low"]) == 1


def test_the_documented_readers_work() -> None:
    text = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
    section = text.partition("## Readers of your own")[2]
    example = section.partition("```toml\n")[2].partition("```")[0]
    readers = load(snapshot({"debtscan.toml": example.encode()}), explicit=None, rules=()).config.reader
    found = read({"a.env": 'NODE_VERSION="18.1.0"\n', "Makefile": "# npm: eslint\nESLINT := 9.0.0\n"}, *readers)
    assert [(row.ecosystem, row.name, row.version) for row in found.dependencies] == [
        ("npm", "eslint", "9.0.0"),
        ("generic", "node", "18.1.0"),
    ]


def test_known_ecosystems_are_those_that_something_judges() -> None:
    assert {"pypi", "npm", "docker", "githubactions", "generic"} <= set(known_ecosystems())
    assert "kubernetes" not in known_ecosystems()
