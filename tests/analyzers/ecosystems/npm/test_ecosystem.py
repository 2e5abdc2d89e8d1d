"""package.json, its lockfiles and the Node.js files: what stands there, where, and how it joins."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.ecosystems.npm._rows import purl
from analyzers.ecosystems.npm.ecosystem import ECOSYSTEM
from analyzers.errors import InvalidSyntaxError, UnreadableError
from analyzers.model.ecosystem import Format, Reading
from analyzers.model.facts import Facts
from analyzers.model.inventory import Dependency, Inventory, Repository
from analyzers.model.question import Question
from analyzers.syntax.purl import package_url
from analyzers.syntax.text import SourceText
from tests.support.pace import allowed

FIXTURES = Path(__file__).parent / "fixtures"
NO_FACTS = Facts(date(2026, 1, 1))


def form_of(path: str) -> Format:
    return next(form for form in ECOSYSTEM.formats if form.matches(path))


def read(path: str, text: str) -> Reading:
    return form_of(path).read(SourceText.decode(path, text.encode()))


def read_all(files: Mapping[str, str]) -> Mapping[str, Reading]:
    return ECOSYSTEM.pair({path: read(path, text) for path, text in files.items()})


def read_folder(name: str) -> Mapping[str, Reading]:
    root = FIXTURES / name
    return read_all(
        {
            found.relative_to(root).as_posix(): found.read_text(encoding="utf-8")
            for found in sorted(root.rglob("*"))
            if found.is_file()
        }
    )


def rows(reading: Reading) -> dict[tuple[str | None, str], Dependency]:
    return {(row.dependency_group, row.name): row for row in reading.dependencies}


@pytest.fixture(scope="module")
def workspace() -> Mapping[str, Reading]:
    return read_folder("workspace")


ROOT_ROWS = [
    # group, name, ecosystem, kind, value, version, locked, reason
    ("dependencies", "lodash", "npm", "package-json", "^4.17.0", None, "4.17.20", None),
    ("dependencies", "pinned", "npm", "package-json", "1.2.3", "1.2.3", None, None),
    ("dependencies", "tagged", "npm", "package-json", "latest", None, None, None),
    ("dependencies", "@scope/real", "npm", "package-json", "^2.0.0", None, "2.1.0", None),
    ("dependencies", "folder", "npm", "package-json", "file:../folder", None, None, "local-path"),
    ("dependencies", "linked", "npm", "package-json", "workspace:^1.0.0", None, None, "local-path"),
    ("dependencies", "hosted", "npm", "package-json", "v1", None, None, "version-control"),
    ("dependencies", "tarball", "npm", "package-json", "https://example.com/x.tgz", None, None, "direct-url"),
    ("devDependencies", "eslint", "npm", "package-json", "~8.1.0", None, "8.1.0", None),
    ("optionalDependencies", "fsevents", "npm", "package-json", "2.x", None, "2.3.2", None),
    ("peerDependencies", "react", "npm", "package-json", "^17.0.0 || ^18.0.0", None, "18.2.0", None),
    ("overrides", "minimist", "npm", "package-json-override", "1.2.6", "1.2.6", None, None),
    ("overrides", "glob", "npm", "package-json-override", "7.2.0", "7.2.0", None, None),
    ("overrides", "inflight", "npm", "package-json-override", "$lodash", None, None, "unpinned-expression"),
    ("engines", "node", "generic", "engines", ">=18", None, None, None),
    ("engines", "npm", "generic", "engines", ">=9", None, None, "unsupported-version"),
    ("packageManager", "pnpm", "npm", "package-manager", "9.1.0", "9.1.0", None, None),
    ("volta", "node", "generic", "volta", "18.17.0", "18.17.0", None, None),
    ("volta", "@yarnpkg/cli-dist", "npm", "volta", "3.2.1", "3.2.1", None, None),
]


@pytest.mark.parametrize("row", ROOT_ROWS, ids=lambda row: f"{row[0]}-{row[1]}")
def test_each_requirement_is_one_row(workspace: Mapping[str, Reading], row: tuple[str, ...]) -> None:
    found = rows(workspace["package.json"])[row[0], row[1]]
    assert (found.ecosystem, found.kind, found.value, found.version, found.locked_version, found.skip_reason) == row[2:]
    assert found.direct


def test_nothing_else_is_read(workspace: Mapping[str, Reading]) -> None:
    assert len(workspace["package.json"].dependencies) == len(ROOT_ROWS)
    assert workspace["package.json"].skipped == ()


@pytest.mark.parametrize("path", ["package.json", "packages/a/package.json"])
def test_places_are_the_text_of_the_value(workspace: Mapping[str, Reading], path: str) -> None:
    content = (FIXTURES / "workspace" / path).read_bytes()
    for row in workspace[path].dependencies:
        assert content[row.place.start : row.place.end].decode() == row.value


def test_purls_carry_scope_and_version(workspace: Mapping[str, Reading]) -> None:
    found = rows(workspace["package.json"])
    assert found["dependencies", "@scope/real"].purl == "pkg:npm/%40scope/real@2.1.0"
    assert found["dependencies", "pinned"].purl == "pkg:npm/pinned@1.2.3"
    assert found["engines", "node"].purl == "pkg:generic/node"


@pytest.mark.parametrize("name", ["lodash", "@types/node", "JSONStream", "a~b", "_x", "@a.b/c", "x.js"])
@pytest.mark.parametrize("version", [None, "1.2.3", "1.2.3-beta.1", "1.2.3+build", ""])
def test_the_short_way_to_a_purl_leads_to_the_same(name: str, version: str | None) -> None:
    scope, _, bare = name.rpartition("/")
    assert purl(name, version) == package_url("npm", bare, version, scope or None)


def test_the_manifest_knows_runtime_lockfile_and_purpose(workspace: Mapping[str, Reading]) -> None:
    top, member = workspace["package.json"].manifest, workspace["packages/a/package.json"].manifest
    assert top is not None
    assert (top.runtime, top.lockfile, top.application) == (">=18", "package-lock.json", True)
    assert member is not None
    assert (member.runtime, member.lockfile, member.application) == (None, "package-lock.json", False)


def test_a_workspace_resolves_its_own_nested_version_first(workspace: Mapping[str, Reading]) -> None:
    nested, outer = rows(workspace["packages/a/package.json"]), rows(workspace["packages/b/package.json"])
    assert nested["dependencies", "lodash"].locked_version == "3.10.1"
    assert outer["dependencies", "lodash"].locked_version == "4.17.20"


def test_packages_of_the_workspace_are_linked_and_not_asked_for(workspace: Mapping[str, Reading]) -> None:
    assert rows(workspace["packages/a/package.json"])["dependencies", "@shop/b"].skip_reason == "local-path"


def test_the_lockfile_keeps_only_what_nobody_requires_directly(workspace: Mapping[str, Reading]) -> None:
    reading = workspace["package-lock.json"]
    assert [(row.name, row.locked_version, row.skip_reason) for row in reading.dependencies] == [
        ("inflight", "1.0.6", None),
        ("forked", "1.0.0", "version-control"),
    ]
    assert not any(row.direct for row in reading.dependencies)
    assert reading.dependencies[0].dependency_group == "devDependencies"


def test_npm_s_own_deprecation_note_is_kept_for_indirect_packages(workspace: Mapping[str, Reading]) -> None:
    reading = workspace["package-lock.json"]
    assert [(seen.kind, seen.name, seen.text, seen.place.line) for seen in reading.observations] == [
        ("npm-lock-deprecation", "inflight", "This module leaks memory.", 16)
    ]


def test_questions_are_the_direct_packages_and_node(workspace: Mapping[str, Reading]) -> None:
    everything = tuple(row for reading in workspace.values() for row in reading.dependencies)
    asked = set(ECOSYSTEM.questions(Inventory(repository=Repository("x"), dependencies=everything), NO_FACTS))
    assert Question("lifecycle", "nodejs") in asked
    assert {question.name for question in asked if question.source == "npm"} == {
        *("lodash", "pinned", "tagged", "@scope/real", "eslint", "fsevents", "react", "minimist", "glob"),
        *("pnpm", "@yarnpkg/cli-dist"),
    }


VERSION_2 = """{"lockfileVersion": 2, "packages": {"node_modules/a": {"version": "1.1.0"}},
"dependencies": {"a": {"version": "9.9.9"}}}"""
VERSION_1 = """{
  "lockfileVersion": 1,
  "dependencies": {
    "a": {
      "version": "1.1.0",
      "requires": {"b": "^1"},
      "dependencies": {"b": {"version": "1.0.5", "dev": true}}
    },
    "b": {"version": "2.0.0"},
    "real": {"version": "npm:other@3.0.0"},
    "forked": {"version": "git+ssh://git@github.com/acme/forked.git#abc"},
    "folder": {"version": "file:../folder"}
  }
}"""


@pytest.mark.parametrize("lock", [VERSION_1, VERSION_2])
def test_every_lockfile_version_resolves(lock: str) -> None:
    found = read_all({"package.json": '{"dependencies": {"a": "^1.0.0"}}', "package-lock.json": lock})
    assert found["package.json"].dependencies[0].locked_version == "1.1.0"


def test_version_1_lists_nested_packages_aliases_and_other_worlds() -> None:
    listed = read("package-lock.json", VERSION_1).dependencies
    assert [(row.name, row.locked_version, row.skip_reason, row.place.line) for row in listed] == [
        ("a", "1.1.0", None, 4),
        ("b", "1.0.5", None, 4),
        ("b", "2.0.0", None, 9),
        ("other", "3.0.0", None, 10),
        ("forked", None, "version-control", 11),
        ("folder", None, "local-path", 12),
    ]


def test_a_shrinkwrap_wins_over_the_lockfile_beside_it() -> None:
    locks = {
        name: f'{{"packages": {{"node_modules/a": {{"version": "1.{minor}.0"}}}}}}'
        for minor, name in enumerate(["package-lock.json", "npm-shrinkwrap.json"])
    }
    found = read_all({"package.json": '{"dependencies": {"a": "^1.0.0"}}', **locks})
    assert found["package.json"].dependencies[0].locked_version == "1.1.0"
    assert found["package.json"].manifest is not None
    assert found["package.json"].manifest.lockfile == "npm-shrinkwrap.json"


def test_a_lockfile_above_does_not_speak_for_a_folder_that_is_no_workspace() -> None:
    found = read_all(
        {
            "package-lock.json": '{"packages": {"node_modules/a": {"version": "1.1.0"}}}',
            "examples/package.json": '{"dependencies": {"a": "^1.0.0"}}',
        }
    )
    assert found["examples/package.json"].dependencies[0].locked_version is None
    assert len(found["package-lock.json"].dependencies) == 1


def test_two_aliases_of_one_package_resolve_to_what_each_admits() -> None:
    found = read_all(
        {
            "package.json": '{"dependencies": {"old": "npm:x@^1", "new": "npm:x@^2"}}',
            "package-lock.json": """{"packages": {"node_modules/new": {"name": "x", "version": "2.5.0"},
                "node_modules/old": {"name": "x", "version": "1.5.0"}}}""",
        }
    )
    assert [row.locked_version for row in found["package.json"].dependencies] == ["1.5.0", "2.5.0"]


def test_yarn_workspaces_link_siblings_by_name_and_range() -> None:
    found = read_all(
        {
            "package.json": '{"workspaces": {"packages": ["libs/**"]}}',
            "yarn.lock": "# yarn lockfile v1",
            "libs/x/one/package.json": '{"name": "one", "version": "2.0.0"}',
            "libs/two/package.json": '{"dependencies": {"one": "^2.0.0"}}',
            "libs/three/package.json": '{"dependencies": {"one": "^1.0.0"}}',
            "fixtures/package.json": '{"name": "react", "dependencies": {"one": "^2.0.0"}}',
            "libs/four/package.json": '{"dependencies": {"react": "^18"}}',
        }
    )
    reasons = {path: [row.skip_reason for row in reading.dependencies] for path, reading in found.items()}
    assert reasons["libs/two/package.json"] == ["local-path"]
    assert reasons["libs/three/package.json"] == [None]
    assert reasons["libs/four/package.json"] == [None]
    assert reasons["fixtures/package.json"] == [None]
    assert found["libs/two/package.json"].manifest is not None
    assert found["libs/two/package.json"].manifest.lockfile == "yarn.lock"


@pytest.mark.parametrize("name", ["package-lock.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"])
def test_a_lockfile_that_cannot_be_read_is_named_and_still_lies_there(name: str) -> None:
    found = read_all({"package.json": '{"dependencies": {"a": "^1.0.0"}}', name: "<<<<<<< HEAD"})
    (skipped,) = found[name].skipped
    assert (skipped.what, skipped.path) == ("file", name)
    assert skipped.reason == ("binary" if name == "bun.lockb" else "invalid-syntax")
    assert found["package.json"].manifest is not None
    assert found["package.json"].manifest.lockfile == name
    assert found["package.json"].dependencies[0].locked_version is None


SPECIFIERS = [
    ("../x", "local-path"),
    ("./x.tgz", "local-path"),
    ("~/x", "local-path"),
    ("/x", "local-path"),
    ("C:\\x", "local-path"),
    ("link:../x", "local-path"),
    ("portal:../x", "local-path"),
    ("a/b/c", "local-path"),
    ("github:a/b", "version-control"),
    ("a/b#feature/x", "version-control"),
    ("git+https://git.example.com/a.git", "version-control"),
    ("git@github.com:a/b.git", "version-control"),
    ("https://github.com/a/b", "version-control"),
    ("https://git.example.com/a.git#v1", "version-control"),
    ("https://github.com/a/b/archive/v1.tar.gz", "direct-url"),
    ("http://example.com/a.tgz", "direct-url"),
    ("catalog:", "set-elsewhere"),
    ("patch:x@1.0.0#./x.patch", "unsupported-version"),
    ("jsr:@std/x@1", "unsupported-version"),
    ("npm:../../x@1", "invalid-syntax"),
    ("npm:x", None),
    ("next", None),
    ("", None),
    ("*", None),
    (">= 1.2 < 2", None),
]


@pytest.mark.parametrize(("text", "reason"), SPECIFIERS)
def test_what_no_registry_has_says_why(text: str, reason: str | None) -> None:
    escaped = text.replace("\\", "\\\\")
    (row,) = read("package.json", f'{{"dependencies": {{"x": "{escaped}"}}}}').dependencies
    assert row.skip_reason == reason


@pytest.mark.parametrize("name", ["../../etc", "a b", "", "a/b", "@x", "x" * 300, "é"])
def test_what_is_no_name_is_listed_and_not_asked_for(name: str) -> None:
    (row,) = read("package.json", f'{{"dependencies": {{"{name}": "^1"}}}}').dependencies
    assert row.skip_reason == "invalid-syntax"
    assert ECOSYSTEM.package is not None
    assert ECOSYSTEM.package(row) is None


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("b", "b"),
        ("b@^2", "b"),
        ("b@>=2 <3", "b"),
        ("a>b", "b"),
        ("a@1>@s/b@2", "@s/b"),
        ("**/b", "b"),
        ("a/b", "b"),
        ("@s/a/b", "b"),
        ("a/@s/b", "@s/b"),
        ("@s/b@1", "@s/b"),
    ],
)
def test_override_keys_end_in_the_package(key: str, name: str) -> None:
    (row,) = read("package.json", f'{{"resolutions": {{"{key}": "2.0.0"}}}}').dependencies
    assert (row.name, row.kind, row.dependency_group) == (name, "package-json-override", "resolutions")


def test_escapes_give_the_place_of_the_whole_text() -> None:
    text = '{"dependencies": {"x": "npm:y@\\u005e1"}}'
    (row,) = read("package.json", text).dependencies
    assert (row.name, row.value) == ("y", "^1")
    assert text[row.place.start : row.place.end] == "npm:y@\\u005e1"


@pytest.mark.parametrize(
    "text",
    [
        '{"dependencies": {"x": 1}}',
        '{"devDependencies": {"x": {"version": "1"}}}',
        '{"dependencies": ["x"]}',
        '{"packageManager": "pnpm@latest"}',
        '{"packageManager": "pnpm@https://example.com/pnpm.tgz"}',
    ],
)
def test_what_is_no_requirement_is_named(text: str) -> None:
    reading = read("package.json", text)
    assert [entry.reason for entry in reading.skipped] == ["invalid-syntax"]
    assert reading.dependencies == ()


@pytest.mark.parametrize("text", ["[]", '"x"', "{", "{'a': 1}", '{"a": 1} // x'])
def test_a_package_json_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidSyntaxError):
        read("package.json", text)


@pytest.mark.parametrize(
    ("path", "text", "value", "version", "kind"),
    [
        (".nvmrc", "v18.17.0\n", "v18.17.0", "18.17.0", "nvmrc"),
        (".nvmrc", "18", "18", None, "nvmrc"),
        (".nvmrc", "lts/iron\n", "lts/iron", None, "nvmrc"),
        (".nvmrc", "# why\n\n  lts/* # newest\n", "lts/*", None, "nvmrc"),
        ("app/.node-version", "20.11.0\r\n", "20.11.0", "20.11.0", "node-version"),
        (".nvmrc", "node", "node", None, "nvmrc"),
    ],
)
def test_node_versions_of_a_folder(path: str, text: str, value: str, version: str | None, kind: str) -> None:
    (row,) = read(path, text).dependencies
    assert (row.ecosystem, row.name, row.value, row.version, row.kind) == ("generic", "node", value, version, kind)
    assert text[row.place.start : row.place.end] == value


@pytest.mark.parametrize("text", ["", "\n# only a comment\n", "x" * 1000])
def test_a_node_version_file_without_one_is_refused(text: str) -> None:
    with pytest.raises(InvalidSyntaxError):
        read(".nvmrc", text)


NPMRC = """; comment
registry=https://user:secret@npm.example.com/repo/?token=secret
@acme:registry = "https://acme.example.com/"
@env:registry=https://${TOKEN}.example.com/
//npm.example.com/:_authToken=secret
"""


def test_registries_come_from_npmrc_without_secrets_and_without_expansion() -> None:
    found = read_all(
        {
            ".npmrc": NPMRC,
            "package.json": '{"dependencies": {"a": "1", "@acme/b": "1", "@env/c": "1", "d": "file:d"}}',
        }
    )
    listed = {row.name: (row.index, row.skip_reason) for row in found["package.json"].dependencies}
    assert listed == {
        "a": ("https://npm.example.com/repo/", None),
        "@acme/b": ("https://acme.example.com/", None),
        "@env/c": (None, "unpinned-expression"),
        "d": (None, "local-path"),
    }
    assert "secret" not in repr(found)
    assert "TOKEN" not in repr(found)


@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://[", "nonsense", "https://registry.npmjs.org/"])
def test_addresses_that_are_none_or_npm_s_own_change_nothing(address: str) -> None:
    found = read_all({".npmrc": f"registry={address}", "package.json": '{"dependencies": {"a": "1"}}'})
    (row,) = found["package.json"].dependencies
    assert (row.index, row.skip_reason) == (None, None)


def test_npmrc_counts_beside_its_package_and_its_workspace_only() -> None:
    found = read_all(
        {
            ".npmrc": "registry=https://npm.example.com/",
            "package.json": '{"workspaces": ["a"]}',
            "a/package.json": '{"dependencies": {"x": "1"}}',
            "b/package.json": '{"dependencies": {"x": "1"}}',
        }
    )
    assert found["a/package.json"].dependencies[0].index == "https://npm.example.com/"
    assert found["b/package.json"].dependencies[0].index is None


def test_rows_of_a_vendored_manifest_keep_their_reason() -> None:
    reading = read("package.json", '{"dependencies": {"x": "^1"}}')
    apart = tuple(replace(row, skip_reason="vendored") for row in reading.dependencies)
    lock = read("package-lock.json", '{"packages": {"node_modules/x": {"version": "1.1.0"}}}')
    paired = ECOSYSTEM.pair({"package.json": replace(reading, dependencies=apart), "package-lock.json": lock})
    (row,) = paired["package.json"].dependencies
    assert (row.skip_reason, row.locked_version) == ("vendored", "1.1.0")


@pytest.mark.parametrize(
    "text",
    [
        '{"overrides": {"%s": "1"}}' % (">a@" * 30_000),
        '{"resolutions": {"%s": "1"}}' % ("/" * 100_000),
        '{"dependencies": {"x": "%s"}}' % ("a/" * 50_000),
        '{"dependencies": {"x": "https://%s"}}' % (".git" * 30_000),
        '{"workspaces": ["%s", "%s"], "dependencies": {"x": "1"}}' % ("*a" * 50_000, "**/" * 30_000),  # noqa: UP031 - as above
        '{"packageManager": "%s"}' % ("a@" * 50_000),
    ],
    ids=["overrides", "resolutions", "slashes", "git", "workspaces", "manager"],
)
def test_long_texts_take_no_time(text: str) -> None:
    started = time.process_time()
    files = {"package.json": text, "a/b/c/d/package.json": '{"name": "x", "dependencies": {"x": "1"}}'}
    read_all(files)
    assert time.process_time() - started < allowed(3)


PATHS = ["package.json", "package-lock.json", ".nvmrc", ".npmrc", "yarn.lock"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "",
                    ".",
                    "dependencies",
                    "packages",
                    "node_modules/a",
                    "overrides",
                    "version",
                    "link",
                    "engines",
                    "node",
                ]
            )
            | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(PATHS), st.binary(max_size=80) | JSON.map(lambda value: repr(value).encode()))
def test_any_bytes_are_read_or_refused(path: str, content: bytes) -> None:
    try:
        reading = form_of(path).read(SourceText.decode(path, content))
    except UnreadableError:
        return
    ECOSYSTEM.pair({path: reading})


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(["package.json", "package-lock.json"]), JSON)
def test_any_json_is_read_or_refused(path: str, value: object) -> None:
    try:
        reading = read(path, json.dumps(value))
    except UnreadableError:
        return
    ECOSYSTEM.pair({path: reading, "package.json": read("package.json", '{"dependencies": {"a": "1"}}')})
