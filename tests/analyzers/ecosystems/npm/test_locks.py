"""The lockfiles of Yarn, pnpm and Bun, and how package.json, workspaces and catalogs join with them.

The fixtures yarn-1, yarn-berry, pnpm-5, pnpm-6 and pnpm-9 were written by Yarn 1.22.22 and 4.x, pnpm 7, 8 and 10 from
the npm registry on 2026-11-25. The fixture bun was made by hand after https://bun.com/docs/pm/lockfile, with versions
and hashes of the others.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.ecosystems.npm import _pnpm_lock, _rows
from analyzers.ecosystems.npm.ecosystem import ECOSYSTEM
from analyzers.errors import UnreadableError
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency
from analyzers.syntax.text import SourceText
from tests.support.pace import allowed

FIXTURES = Path(__file__).parent / "fixtures"
TOOLS = {
    "yarn-1": "yarn.lock",
    "yarn-berry": "yarn.lock",
    "pnpm-5": "pnpm-lock.yaml",
    "pnpm-6": "pnpm-lock.yaml",
    "pnpm-9": "pnpm-lock.yaml",
    "bun": "bun.lock",
}
CATALOGS = {
    "yarn-berry": (".yarnrc.yml", "yarnrc-catalog"),
    "pnpm-9": ("pnpm-workspace.yaml", "pnpm-workspace-catalog"),
    "bun": ("package.json", "package-json-catalog"),
}


def read(path: str, text: str) -> Reading:
    form = next(form for form in ECOSYSTEM.formats if form.matches(path))
    return form.read(SourceText.decode(path, text.encode()))


def read_all(files: Mapping[str, str]) -> Mapping[str, Reading]:
    return ECOSYSTEM.pair({path: read(path, text) for path, text in files.items()})


def read_folder(name: str) -> Mapping[str, Reading]:
    root = FIXTURES / name
    files = sorted(found for found in root.rglob("*") if found.is_file())
    return read_all({found.relative_to(root).as_posix(): found.read_text(encoding="utf-8") for found in files})


def resolved(reading: Reading, *groups: str) -> list[tuple[str, str | None, str | None]]:
    rows = [row for row in reading.dependencies if row.dependency_group in groups]
    return [(row.name, row.value, row.locked_version or row.skip_reason) for row in rows]


def listed(reading: Reading) -> list[tuple[str, str | None, str | None]]:
    return sorted((row.name, row.locked_version, row.skip_reason) for row in reading.dependencies if not row.direct)


@pytest.mark.parametrize("tool", TOOLS)
def test_each_alias_and_each_member_gets_its_own_version(tool: str) -> None:
    found = read_folder(tool)
    root = resolved(found["package.json"], "dependencies", "devDependencies", "optionalDependencies")
    assert sorted(row for row in root if row[0] not in ("semver", "yallist")) == [
        ("folder", "file:./folder", "local-path"),
        ("fsevents", "2.x", "2.3.3"),
        ("is-number", "^6.0.0", "6.0.0"),
        ("is-number", "^7.0.0", "7.0.0"),
        ("is-odd", "^3.0.1", "3.0.1"),
        ("ms", "~2.0.0", "2.0.0"),
        ("react", "^17.0.0", "17.0.2"),
        ("use-sync-external-store", "1.2.0", "1.2.0"),
    ]
    newest = "1.2.0" if tool.startswith("pnpm") else "1.7.0"
    assert sorted(resolved(found["packages/a/package.json"], "dependencies", "devDependencies")) == [
        ("@shop/b", "^1.0.0" if tool == "yarn-1" else "workspace:^", "local-path"),
        ("is-number", "^4.0.0", "4.0.0"),
        ("ms", "2.1.3 || ^2.1.0", "2.1.3"),
        ("react", "^18.0.0", "18.3.1"),
        ("use-sync-external-store", "^1.2.0", newest),
    ]
    # Overridden by the root.
    assert ("minimist", "^0.0.8", "1.2.6") in resolved(found["packages/b/package.json"], "dependencies")


@pytest.mark.parametrize(("tool", "lock"), TOOLS.items())
def test_members_and_only_they_have_the_root_s_lockfile(tool: str, lock: str) -> None:
    found = read_folder(tool)
    locks = {path: reading.manifest.lockfile for path, reading in found.items() if reading.manifest}
    assert {locks[path] for path in ("package.json", "packages/a/package.json", "packages/b/package.json")} == {lock}
    assert locks["folder/package.json"] is None


@pytest.mark.parametrize(("tool", "lock"), TOOLS.items())
def test_what_nobody_requires_directly_stays_in_the_lockfile(tool: str, lock: str) -> None:
    rows = [row for row in listed(read_folder(tool)[lock]) if row[0] in ("wrappy", "js-tokens", "yallist", "react")]
    assert rows == [("js-tokens", "4.0.0", None), ("wrappy", "1.0.2", None), ("yallist", "4.0.0", None)] + (
        [("yallist", "5.0.0", None)] if tool == "yarn-berry" else []
    )


@pytest.mark.parametrize("tool", TOOLS)
def test_rows_of_lockfiles_point_at_their_entries(tool: str) -> None:
    content = (FIXTURES / tool / TOOLS[tool]).read_text(encoding="utf-8")
    for row in read_folder(tool)[TOOLS[tool]].dependencies:
        assert row.name in content[row.place.start : row.place.end]


@pytest.mark.parametrize(("tool", "where"), CATALOGS.items())
def test_a_catalog_s_entry_is_judged_once_and_where_it_stands(tool: str, where: tuple[str, str]) -> None:
    path, kind = where
    found = read_folder(tool)
    content = (FIXTURES / tool / path).read_text(encoding="utf-8")
    entries = [row for row in found[path].dependencies if row.kind == kind]
    assert [(row.dependency_group, row.name, row.value, row.locked_version, row.skip_reason) for row in entries] == [
        ("catalog", "semver", "^7.0.0", "7.8.6", None),
        ("catalogs.old", "yallist", "^3.0.0", "3.1.1", None),
    ]
    assert [content[row.place.start : row.place.end] for row in entries] == ["^7.0.0", "^3.0.0"]
    manifest = found[path].manifest
    assert manifest is not None
    assert (manifest.lockfile, manifest.application) == (TOOLS[tool], True)
    references = [row for row in found["package.json"].dependencies if (row.value or "").startswith("catalog:")]
    assert [(row.name, row.locked_version, row.skip_reason) for row in references] == [
        ("semver", "7.8.6", "set-elsewhere"),
        ("yallist", "3.1.1", "set-elsewhere"),
    ]


def test_a_reference_to_no_catalog_is_named() -> None:
    found = read_all(
        {"pnpm-workspace.yaml": "catalog: {a: ^1}", "package.json": '{"dependencies": {"a": "catalog:x"}}'}
    )
    (row,), (skipped,) = found["package.json"].dependencies, found["package.json"].skipped
    assert row.skip_reason == "unsupported-version"
    assert skipped.detail == "line 1: a refers to 'catalog:x', and no catalog here has it"


def test_a_catalog_may_name_another_package_and_default_may_be_spelt_out() -> None:
    found = read_all(
        {
            "pnpm-workspace.yaml": "packages: [p]\ncatalogs:\n  default:\n    a: npm:@s/real@^1.0.0 # why\n",
            "p/package.json": '{"dependencies": {"a": "catalog:"}}',
            "pnpm-lock.yaml": "lockfileVersion: '9.0'\nimporters:\n  p:\n    dependencies:\n      a:\n"
            "        specifier: 'catalog:'\n        version: '@s/real@1.2.0(x@1)'\npackages:\n  '@s/real@1.2.0': {}\n",
        }
    )
    (entry,) = found["pnpm-workspace.yaml"].dependencies
    assert (entry.name, entry.value, entry.locked_version) == ("@s/real", "^1.0.0", "1.2.0")
    assert found["p/package.json"].dependencies[0].name == "@s/real"
    assert found["pnpm-lock.yaml"].dependencies == ()


LONG = "a@npm:" + " || ".join(f"^{number}.0.0" for number in range(120))
YARN = f"""__metadata:
  version: 8

? "{LONG}"
:
  version: 5.1.0
  resolution: "a@npm:5.1.0"
  conditions: os=darwin & cpu=arm64

"b@npm:^1.0.0, b@npm:^1.1.0, old@npm:b@^1":
  version: 1.2.0
  resolution: "b@npm:1.2.0"
  dependencies:
    version: "npm:^9.0.0"

"c@patch:c@npm%3A3.0.0#~/.yarn/patches/c.patch":
  version: 3.0.0
  resolution: "c@patch:c@npm%3A3.0.0#~/.yarn/patches/c.patch::version=3.0.0&hash=abc"

"d@https://github.com/acme/d.git#v1.0.0":
  version: 1.0.0
  resolution: "d@https://github.com/acme/d.git#commit=0123456789012345678901234567890123456789"

"e@link:../e::locator=root%40workspace%3A.":
  version: 0.0.0-use.local
  resolution: "e@link:../e::locator=root%40workspace%3A."

"f@npm:2.0.0":
  version: 2.0.0
  resolution: "f@npm:2.0.0"

"root@workspace:.":
  version: 0.0.0-use.local
  resolution: "root@workspace:."
"""


def test_later_yarn_resolves_long_keys_patches_links_and_resolutions() -> None:
    manifest = f"""{{"name": "root", "resolutions": {{"f@npm:^1.0.0": "2.0.0", "g/b": "9.9.9"}}, "dependencies": {{
        "a": "{LONG.removeprefix("a@npm:")}", "old": "npm:b@^1", "b": "^1.1.0", "e": "link:../e", "f": "^1.0.0",
        "c": "patch:c@npm%3A3.0.0#~/.yarn/patches/c.patch", "d": "https://github.com/acme/d.git#v1.0.0",
        "own": "npm:^1.0.0"}}}}"""
    found = read_all({"package.json": manifest, "yarn.lock": YARN})
    rows = [row for row in found["package.json"].dependencies if row.kind == "package-json"]
    assert [(row.name, row.locked_version, row.skip_reason) for row in rows] == [
        ("a", "5.1.0", None),
        ("b", "1.2.0", None),
        ("b", "1.2.0", None),
        ("e", None, "local-path"),
        ("f", "2.0.0", None),
        ("c", "3.0.0", "unsupported-version"),
        ("d", "1.0.0", "version-control"),
        ("own", None, None),
    ]
    assert found["yarn.lock"].dependencies == ()
    assert read("yarn.lock", YARN).dependencies[0].marker == "os=darwin & cpu=arm64"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_yarn_1_lists_quoted_bare_aliased_and_hosted_entries(end: str) -> None:
    text = """# yarn lockfile v1

"@s/a@^1.0.0", "@s/a@>=1 <3":
  version "1.5.0"
  resolved "https://registry.yarnpkg.com/@s/a/-/a-1.5.0.tgz#0"

b@1, b@~1.1.0:
  version "1.1.9"
  dependencies:
    version "^3"

"old@npm:@s/a@^1":
  version "1.5.0"

"c@git+https://example.com/c.git#v2":
  version "2.0.0"

d@acme/d:
  version "0.0.1"
"""
    reading = read("yarn.lock", text.replace("\n", end))
    assert [(row.name, row.locked_version, row.skip_reason, row.place.line) for row in reading.dependencies] == [
        ("@s/a", "1.5.0", None, 3),
        ("b", "1.1.9", None, 7),
        ("c", "2.0.0", "version-control", 15),
        ("d", "0.0.1", "version-control", 18),
    ]
    assert [entry.descriptors for entry in reading.locked] == [
        ("@s/a@^1.0.0", "@s/a@>=1 <3"),
        ("b@1", "b@~1.1.0"),
        ("old@npm:@s/a@^1",),
        ("c@git+https://example.com/c.git#v2",),
        ("d@acme/d",),
    ]


PNPM_5 = """lockfileVersion: 5.4
specifiers: {a: ^1, b: ^2, c: 'github:acme/c', d: 'file:../d', old: 'npm:@s/real@^1', e: 'link:../e'}
dependencies:
  a: 1.0.1_react@18.0.0+@s+x@1.0.0
  b: 2.0.0
  c: github.com/acme/c/0123456789012345678901234567890123456789
  old: /@s/real/1.4.0_react@18.0.0
  d: file:../d
  e: link:../e
packages:
  /@s/real/1.4.0_react@18.0.0: {resolution: {integrity: x}}
  /a/1.0.1_react@18.0.0+@s+x@1.0.0:
    resolution: {integrity: x}
    deprecated: >-
      no longer
      maintained
    dev: true
    os: [darwin, linux]
    cpu: [arm64]
  /b/2.0.0: {resolution: {integrity: x}}
  /f/3.0.0_a: {dev: true}
  /f/3.0.0_b: {dev: false}
  file:../d: {resolution: {directory: ../d, type: directory}, name: d, version: 1.0.0}
  github.com/acme/c/0123456789012345678901234567890123456789:
    resolution: {tarball: 'https://codeload.github.com/acme/c/tar.gz/0123456789012345678901234567890123456789'}
    name: c
    version: 4.0.0
"""
PNPM_9 = """---
lockfileVersion: '9.0'
importers:
  .:
    packageManagerDependencies: {pnpm: {specifier: 12.0.0, version: 12.0.0}}
packages:
  pnpm@12.0.0: {}
snapshots:
  pnpm@12.0.0: {}
---
lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a: {specifier: ^1, version: 1.0.1(react@18.0.0)(@s/x@1.0.0)}
      b: {specifier: ^2, version: 2.0.0}
      c:
        specifier: github:acme/c
        version: https://codeload.github.com/acme/c/tar.gz/0123456789012345678901234567890123456789
      d: {specifier: file:../d, version: 'file:../d(a@1.0.1)'}
      e: {specifier: link:../e, version: link:../e}
      old: {specifier: npm:@s/real@^1, version: '@s/real@1.4.0(react@18.0.0)'}
packages:
  '@s/real@1.4.0': {resolution: {integrity: x}}
  a@1.0.1: {resolution: {integrity: x}, deprecated: no longer maintained, os: [darwin, linux], cpu: [arm64]}
  b@2.0.0: {resolution: {integrity: x}}
  c@https://codeload.github.com/acme/c/tar.gz/0123456789012345678901234567890123456789:
    resolution: {tarball: 'https://codeload.github.com/acme/c/tar.gz/0123456789012345678901234567890123456789'}
    version: 4.0.0
  d@file:../d: {resolution: {directory: ../d, type: directory}}
  f@3.0.0: {}
snapshots:
  a@1.0.1(react@18.0.0): {}
"""


@pytest.mark.parametrize("lock", [PNPM_5, PNPM_9], ids=["5", "9"])
def test_pnpm_resolves_peers_aliases_git_and_folders(lock: str) -> None:
    manifest = """{"dependencies": {"a": "^1", "b": "^2", "c": "github:acme/c", "d": "file:../d", "e": "link:../e",
        "old": "npm:@s/real@^1", "missing": "^1"}}"""
    found = read_all({"package.json": manifest, "pnpm-lock.yaml": lock})
    assert [(row.name, row.locked_version, row.skip_reason) for row in found["package.json"].dependencies] == [
        ("a", "1.0.1", None),
        ("b", "2.0.0", None),
        ("c", "4.0.0", "version-control"),
        ("d", None, "local-path"),
        ("e", None, "local-path"),
        ("@s/real", "1.4.0", None),
        ("missing", None, None),
    ]
    assert listed(found["pnpm-lock.yaml"]) == [("f", "3.0.0", None)] + (
        [("pnpm", "12.0.0", None)] if lock == PNPM_9 else []
    )


@pytest.mark.parametrize("lock", [PNPM_5, PNPM_9], ids=["5", "9"])
def test_pnpm_s_notes_on_packages_are_kept(lock: str) -> None:
    reading = read("pnpm-lock.yaml", lock)
    (seen,) = reading.observations
    assert (seen.kind, seen.name, seen.text) == ("npm-lock-deprecation", "a", "no longer maintained")
    row = next(row for row in reading.dependencies if row.name == "a")
    assert row.marker == "os: darwin linux, cpu: arm64"
    assert row.dependency_group == ("devDependencies" if lock == PNPM_5 else None)


LAYOUTS = """packages:

  a@1.0.0:
    resolution: {integrity: sha512-AA==}
    engines: {node: '>=4'}
    cpu: [arm64]
    os: [darwin, linux]
    libc: [musl]
    dev: true

  '@s/b@1.0.0(a@1.0.0)':
    resolution: {integrity: sha512-AA==}
    deprecated: no longer maintained, see https
    peerDependencies:
      a: ^1

  c@1.0.0:
    resolution: {integrity: sha512-AA==}
    deprecated: "quoted: \\u0041"
    os: ['!win32']

  d@1.0.0:
    resolution: {integrity: sha512-AA==}
    deprecated: |-
      several

        lines: x
    dev: false
  # a comment
  e@1.0.0: {dev: true, os: [linux]}
  ? f@1.0.0
  : resolution: {integrity: sha512-AA==}
  "g@1.0.0":
    unknown: {}
    dev: true
  h@1.0.0:
    resolution: {integrity: sha512-AA==}
    dev: true
other:
  x: 1
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "text",
    [
        *(FIXTURES.joinpath(tool, lock).read_text(encoding="utf-8") for tool, lock in TOOLS.items() if "pnpm" in tool),
        PNPM_5,
        PNPM_9,
        LAYOUTS,
        LAYOUTS.replace("  h@", "    i: x\n  h@").removesuffix("other:\n  x: 1\n").rstrip(),
        "packages:\n  a@1.0.0: {\n    dev: true\n  }\n  b@1.0.0: {}\n",
        "packages:\n a@1.0.0:\n  dev: true\n  resolution: {integrity: x}\n",
        "packages:\n    a@1.0.0:\n        dev: true\n    b@1.0.0: {}\n",
        "---\npackages:\n  a@1.0.0: {}\n---\npackages:\n  b@1.0.0:\n    dev: true\n",
    ],
)
def test_pnpm_s_own_layout_is_read_fast_and_as_the_yaml_that_it_is(
    text: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast = read("pnpm-lock.yaml", text.replace("\n", end))
    monkeypatch.setattr(_pnpm_lock, "sections", lambda _source: ())
    assert fast == read("pnpm-lock.yaml", text.replace("\n", end))
    assert fast.dependencies


def test_rush_keeps_its_lockfile_beside_what_it_speaks_for() -> None:
    lock = "lockfileVersion: 5.4\nimporters:\n  ../../../apps/x:\n    dependencies: {a: 1.0.1}\n"
    found = read_all(
        {
            "common/config/rush/pnpm-lock.yaml": lock,
            "apps/x/package.json": '{"dependencies": {"a": "^1"}}',
            "apps/y/package.json": '{"dependencies": {"a": "^1"}}',
        }
    )
    assert found["apps/x/package.json"].dependencies[0].locked_version == "1.0.1"
    assert found["apps/y/package.json"].dependencies[0].locked_version is None


def test_a_member_does_not_get_what_only_the_root_of_pnpm_s_workspace_requires() -> None:
    lock = "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies: {a: {specifier: ^1, version: 1.0.1}}\n  p: {}\n"
    found = read_all({"pnpm-lock.yaml": lock, "p/package.json": '{"dependencies": {"a": "^1"}}'})
    assert found["p/package.json"].dependencies[0].locked_version is None
    assert found["p/package.json"].manifest is not None
    assert found["p/package.json"].manifest.lockfile == "pnpm-lock.yaml"


def test_a_member_s_own_leftover_lockfile_does_not_hide_the_workspace_s() -> None:
    lock = "lockfileVersion: '9.0'\nimporters:\n  p:\n    dependencies: {a: {specifier: ^1, version: 1.0.1}}\n"
    own = "lockfileVersion: 5.1\nimporters:\n  test/fixture: {}\n"
    found = read_all(
        {"pnpm-lock.yaml": lock, "p/package.json": '{"dependencies": {"a": "^1"}}', "p/pnpm-lock.yaml": own}
    )
    assert found["p/package.json"].dependencies[0].locked_version == "1.0.1"


@pytest.mark.parametrize(
    ("workspaces", "lock", "version"),
    [
        ('["p"]', ("yarn.lock", 'a@^1:\n  version "1.0.1"\n'), "1.0.1"),
        ('["p"]', ("package-lock.json", '{"packages": {"p": {}, "node_modules/a": {"version": "1.0.1"}}}'), "1.0.1"),
        ("[]", ("package-lock.json", '{"packages": {"p": {}, "node_modules/a": {"version": "1.0.1"}}}'), "1.0.0"),
        ("[]", ("yarn.lock", 'a@^1:\n  version "1.0.1"\n'), "1.0.0"),
    ],
)
def test_of_two_lockfiles_the_workspace_s_counts_and_a_linked_folder_keeps_its_own(
    workspaces: str, lock: tuple[str, str], version: str
) -> None:
    found = read_all(
        {
            "package.json": f'{{"workspaces": {workspaces}}}',
            lock[0]: lock[1],
            "p/package.json": '{"dependencies": {"a": "^1"}}',
            "p/yarn.lock": 'a@^1:\n  version "1.0.0"\n',
        }
    )
    assert found["p/package.json"].dependencies[0].locked_version == version


def test_a_folder_outside_of_the_workspace_may_refer_to_its_catalogs() -> None:
    manifest = '{"dependencies": {"a": "catalog:"}}'
    found = read_all({".yarnrc.yml": "catalog: {a: ^1}", "package.json": "{}", "scripts/x/package.json": manifest})
    assert [row.skip_reason for row in found["scripts/x/package.json"].dependencies] == ["set-elsewhere"]
    assert found["scripts/x/package.json"].skipped == ()


BUN = """{ // text
  "lockfileVersion": 1, /* a */
  "workspaces": {"": {"name": "a"}, "libs/m": {"name": "@s/m"},},
  "packages": {
    "a": ["a@1.0.0", "", {}, "x"],
    "@s/m/a": ["a@2.0.0", "", {"os": ["darwin", "linux"], "cpu": "arm64",}, "x"],
    "a/b": ["b@3.0.0", "", {}, "x"],
    "b": ["b@4.0.0", "", {}, "x"],
    "@s/m": ["@s/m@workspace:libs/m"],
    "g": ["g@github:acme/g#0123456", {}, "acme-g-0123456"],
    "t": ["t@https://example.com/t.tgz", {}],
    "odd": 7,
  },
}"""


def test_bun_tells_a_member_s_own_version_from_that_of_a_package() -> None:
    manifest = '{"dependencies": {"a": "*", "b": "*", "g": "acme/g", "t": "https://example.com/t.tgz"}}'
    found = read_all({"bun.lock": BUN, "package.json": manifest, "libs/m/package.json": manifest})
    versions = {
        path: [(row.locked_version, row.skip_reason) for row in found[path].dependencies]
        for path in ("package.json", "libs/m/package.json")
    }
    others = [("4.0.0", None), (None, "version-control"), (None, "direct-url")]
    assert versions == {
        "package.json": [("1.0.0", None), *others],
        "libs/m/package.json": [("2.0.0", None), *others],
    }
    assert listed(found["bun.lock"]) == [("b", "3.0.0", None), ("odd", None, "unsupported-version")]
    member = read("bun.lock", BUN).dependencies[1]
    assert (member.marker, member.place.line) == ("os: darwin linux, cpu: arm64", 6)


@pytest.mark.parametrize(
    ("manager", "lock"),
    [("", "pnpm-lock.yaml"), ("yarn@1.22.0", "yarn.lock"), ("yarn@4.1.0", "yarn.lock"), ("bun@1.2.0", "bun.lock")],
)
def test_of_several_lockfiles_the_package_manager_s_own_counts(manager: str, lock: str) -> None:
    found = read_all(
        {
            "package.json": f'{{"packageManager": "{manager}"}}' if manager else "{}",
            "yarn.lock": "",
            "pnpm-lock.yaml": "",
            "bun.lock": "{}",
        }
    )
    assert found["package.json"].manifest is not None
    assert found["package.json"].manifest.lockfile == lock


PNPM_WORKSPACE = """packages: ["libs/*", "!libs/old"]
overrides:
  a>b@^1: npm:c@^2.0.0   # until fixed
  "d": '-'
configDependencies:
  config: 1.0.0+sha512-AAAA
  odd: latest
nodeVersion: 22.13.0
"""


def test_pnpm_s_workspace_names_overrides_settings_and_its_node() -> None:
    reading = read("pnpm-workspace.yaml", PNPM_WORKSPACE)
    assert [(row.kind, row.name, row.value, row.version, row.skip_reason) for row in reading.dependencies] == [
        ("pnpm-workspace-override", "c", "^2.0.0", None, None),
        ("pnpm-workspace-override", "d", "-", None, "unsupported-version"),
        ("pnpm-workspace", "config", "1.0.0", "1.0.0", None),
        ("pnpm-workspace", "odd", "latest", None, "unsupported-version"),
        ("pnpm-workspace", "node", "22.13.0", "22.13.0", None),
    ]
    for row in reading.dependencies:
        assert PNPM_WORKSPACE[row.place.start : row.place.end] == row.value
    place = reading.dependencies[2].integrity
    assert place is not None
    assert PNPM_WORKSPACE[place.start : place.end] == "sha512-AAAA"
    assert reading.members == ("libs/*", "!libs/old")


YARNRC = """npmRegistryServer: "https://user:secret@npm.example.com/repo"
npmAuthToken: secret
npmScopes:
  acme:
    npmRegistryServer: https://acme.example.com
  env:
    npmRegistryServer: "${REGISTRY-https://x}"
yarnPath: .yarn/releases/yarn-4.0.0.cjs
"""


NASTY = FIXTURES / "nasty"
PNPM_REGISTRIES = """registry: https://other.example.com
registries:
  default: https://user:secret@npm.example.com/repo?token=secret
  "@acme": https://acme.example.com
  "@env": https://${HOST}/
"""


@pytest.mark.parametrize(
    ("name", "text", "expanded"),
    [
        (".yarnrc.yml", YARNRC, (None, "unpinned-expression")),
        ("pnpm-workspace.yaml", PNPM_REGISTRIES, (None, "unpinned-expression")),
        (".yarnrc", NASTY.joinpath(".yarnrc").read_text(encoding="utf-8"), ("https://npm.example.com/repo", None)),
        ("bunfig.toml", NASTY.joinpath("bunfig.toml").read_text(encoding="utf-8"), (None, "unpinned-expression")),
    ],
)
def test_registries_of_yarn_and_bun_come_without_secrets_and_without_expansion(
    name: str, text: str, expanded: tuple[str | None, str | None]
) -> None:
    manifest = '{"dependencies": {"a": "1", "@acme/b": "1", "@env/c": "1"}}'
    found = read_all({name: text, ".npmrc": "registry=https://old.example.com", "package.json": manifest})
    rows = [(row.name, row.index, row.skip_reason) for row in found["package.json"].dependencies]
    assert rows == [
        ("a", "https://npm.example.com/repo", None),
        ("@acme/b", "https://acme.example.com", None),
        ("@env/c", *expanded),
    ]
    assert "secret" not in repr(found)


REFERENCES = [
    ("acme/x#v1.2.3", "v1.2.3", "1.2.3", None),
    ("github:acme/x#semver:^1.2.0", "^1.2.0", None, None),
    ("https://github.com/acme/x.git#commit=" + "0a" * 20, "0a" * 20, None, "0a" * 20),
    ("git+ssh://git@github.com/acme/x.git#" + "0a" * 20, "0a" * 20, None, "0a" * 20),
    ("git@github.com:acme/x.git#path:/packages/x&semver=~2.0.0", "~2.0.0", None, None),
    ("acme/x#workspace=a&tag=v2.0.0", "v2.0.0", "2.0.0", None),
    ("acme/x#main", "main", None, None),
    ("acme/x", "acme/x", None, None),
    ("acme/x#path:/a", "acme/x#path:/a", None, None),
]


@pytest.mark.parametrize(("text", "value", "version", "digest"), REFERENCES)
def test_a_git_reference_is_the_text_that_an_upgrade_would_change(
    text: str, value: str, version: str | None, digest: str | None
) -> None:
    manifest = f'{{"dependencies": {{"x": "{text}"}}}}'
    (row,) = read("package.json", manifest).dependencies
    assert (row.value, row.version, row.digest, row.skip_reason) == (value, version, digest, "version-control")
    assert manifest[row.place.start : row.place.end] == value
    assert row.purl == "pkg:npm/x"


ENGINES = """{"devEngines": {"runtime": [{"name": "node", "version": ">=22"}, {"name": "bun", "version": "1.x"}],
    "packageManager": {"name": "yarn", "version": "^4.0.0", "onFail": "error"}},
  "volta": {"extends": "../package.json", "pnpm": "9.1.0"}, "engines": ["node >= 0.6"]}"""


def test_development_engines_are_one_or_several() -> None:
    reading = read("package.json", ENGINES)
    rows = [(row.name, row.kind, row.dependency_group, row.value, row.skip_reason) for row in reading.dependencies]
    assert rows == [
        ("node", "engines", "devEngines", ">=22", None),
        ("bun", "engines", "devEngines", "1.x", "unsupported-version"),
        ("@yarnpkg/cli-dist", "package-manager", "devEngines", "^4.0.0", None),
        ("pnpm", "volta", "volta", "9.1.0", None),
    ]
    assert [skipped.detail for skipped in reading.skipped] == [
        "line 1: engines is a list, which nothing reads any more"
    ]


GROWN = {
    "yarn.lock": ("", '"p{0}@^1.0.0", "p{0}@~1.0.0":\n  version "1.0.{0}"\n  dependencies:\n    q "^1"\n', "\n", ""),
    "pnpm-lock.yaml": ("lockfileVersion: '9.0'\npackages:\n", "  p{0}@1.0.{0}:\n    resolution: {{x: y}}\n", "\n", ""),
    "bun.lock": ('{"packages": {', '"p{0}": ["p{0}@1.0.{0}", "", {{}}, "x"]', ",", "}}"),
}


def grown(path: str, count: int) -> str:
    """Return a lockfile with so many packages."""
    head, entry, joint, tail = GROWN[path]
    return head + joint.join(entry.format(number) for number in range(count)) + tail


@pytest.mark.parametrize("path", GROWN)
def test_a_big_lockfile_takes_time_in_proportion(path: str) -> None:
    text = grown(path, 8_000)
    started = time.process_time()
    reading = read(path, text)
    assert time.process_time() - started < allowed(5)
    assert len(reading.dependencies) == 8_000


@pytest.mark.parametrize("path", GROWN)
def test_a_lockfile_of_more_packages_than_any_is_refused(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_rows, "MAX_PACKAGES", 50)
    (skipped,) = read(path, grown(path, 60)).skipped
    assert skipped.reason == "too-large"


WORDS = """__metadata:
"a@^1":
a@^1, b@2:
? "a@1"
:
  version "1.0.0"
  version: 1.0.0
  resolution: "a@workspace:."
importers:
  .:
packages:
  /a/1.0.0:
  a@1.0.0: {}
    dev: true
catalog:
  a: ^1
overrides:
  a>b: 1
catalogs:
  x: {a: 'catalog:'}
{"packages": {
}}"""
LINES = st.lists(st.sampled_from(WORDS.split("\n")) | st.text(max_size=12), max_size=12).map("\n".join)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(["yarn.lock", "pnpm-lock.yaml", "bun.lock", "pnpm-workspace.yaml", ".yarnrc.yml"]), LINES)
def test_any_lines_are_read_or_refused(path: str, text: str) -> None:
    manifest = read("package.json", '{"dependencies": {"a": "^1", "b": "catalog:x"}}')
    try:
        reading = read(path, text)
    except (UnreadableError, UnicodeEncodeError):
        return
    for row in reading.dependencies:
        assert isinstance(row, Dependency)
    ECOSYSTEM.pair({path: reading, "package.json": manifest})
