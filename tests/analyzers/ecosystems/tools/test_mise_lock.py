"""mise's lockfiles: what they hold, whose they are, and that nothing locked is edited or judged without them."""

from __future__ import annotations

import time

import pytest

from analyzers.ecosystems.tools._files import is_mise_lock
from analyzers.ecosystems.tools._mise import read as read_mise
from analyzers.ecosystems.tools._mise_lock import lock_of, read
from analyzers.ecosystems.tools.ecosystem import ECOSYSTEM
from analyzers.edits import Editor
from analyzers.errors import UnreadableError
from analyzers.manifests import Manifests, read_manifests
from analyzers.model.edit import Change, Edit
from analyzers.model.inventory import Dependency
from analyzers.syntax.text import SourceText
from tests.support.formats import snapshot
from tests.support.pace import allowed


def locked(name: str, version: str, backend: str = "") -> str:
    return f'[[tools."{name}"]]\nversion = "{version}"\n' + (f'backend = "{backend}"\n' if backend else "")


def repository(**files: str) -> Manifests:
    named = {path.replace("__", "/").replace("_", "."): text.encode() for path, text in files.items()}
    return read_manifests(snapshot(named), (ECOSYSTEM,))


def shown(row: Dependency) -> tuple[str, str, str | None, str | None, str | None]:
    return row.ecosystem, row.name, row.value, row.locked_version, row.skip_reason


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        *((path, True) for path in ("mise.lock", "a/mise.lock", "mise.local.lock", ".config/mise/mise.ci.lock")),
        *((path, False) for path in ("promise.lock", "mise.toml", "uv.lock", "mise.lock.bak", "mise.lock/x.lock")),
    ],
)
def test_a_lockfile_is_known_by_its_name(path: str, *, expected: bool) -> None:
    assert is_mise_lock(path) is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("mise.toml", "mise.lock"),
        (".mise.toml", "mise.lock"),
        ("a/mise.local.toml", "a/mise.local.lock"),
        ("mise.ci.toml", "mise.ci.lock"),
        ("mise.ci.local.toml", "mise.ci.local.lock"),
        (".config/mise.toml", ".config/mise.lock"),
        (".mise/config.toml", ".mise/mise.lock"),
        (".config/mise/config.ci.toml", ".config/mise/mise.ci.lock"),
        (".config/mise/conf.d/node.toml", ".config/mise/mise.lock"),
    ],
)
def test_each_file_of_mise_has_one_lockfile(path: str, expected: str) -> None:
    assert lock_of(path) == expected


@pytest.mark.parametrize(
    ("written", "lock", "expected"),
    [
        # what is written, what is locked → ecosystem, name, value, locked version, skip reason
        ('node = "24"', locked("node", "24.19.0"), ("generic", "node", "24", "24.19.0", None)),
        ('nodejs = "24"', locked("node", "24.19.0"), ("generic", "node", "24", "24.19.0", None)),
        ('node = "2"', locked("node", "24.19.0"), ("generic", "node", "2", None, None)),
        ('node = "lts"', locked("node", "24.19.0"), ("generic", "node", "lts", "24.19.0", None)),
        ('go = "prefix:1.21"', locked("go", "1.21.9"), ("generic", "go", "1.21", "1.21.9", None)),
        ('ruby = "latest"', locked("ruby", "3.1.2"), ("generic", "ruby", "latest", "3.1.2", None)),
        (
            'ruby = "latest"',
            locked("ruby", "3.1.2") + locked("ruby", "3.4.1"),
            ("generic", "ruby", "latest", "3.4.1", None),
        ),
        (
            'ruby = "truffle"',
            locked("ruby", "3.1.2") + locked("ruby", "3.4.1"),
            ("generic", "ruby", "truffle", None, "unsupported-version"),
        ),
        ('jq = "1.7"', locked("jq", "1.7.1"), ("github", "jq", "1.7", "jq-1.7.1", None)),
        ('terraform = "v1.5"', locked("terraform", "1.5.7"), ("github", "terraform", "v1.5", "1.5.7", None)),
        ('"npm:prettier" = "3"', locked("npm:prettier", "3.9.6"), ("npm", "prettier", "3", "3.9.6", None)),
        (
            '"ubi:cli/cli[exe=gh]" = "2.4"',
            locked("ubi:cli/cli", "2.4.1"),
            ("github", "cli/cli", "2.4", "2.4.1", None),
        ),
        (
            'taplo = "latest"',
            locked("taplo", "0.10.0", "aqua:tamasfe/taplo"),
            ("github", "taplo", "latest", "0.10.0", None),
        ),
        (
            'prettier = "latest"',
            locked("prettier", "3.9.6", "npm:prettier"),
            ("npm", "prettier", "latest", "3.9.6", None),
        ),
        (
            'other = "1"',
            locked("other", "1.0.0", "core:other"),
            ("generic", "other", "1", "1.0.0", "unsupported-source"),
        ),
        ('helm = "ref:main"', locked("helm", "3.1.0"), ("generic", "helm", "ref:main", "3.1.0", "version-control")),
    ],
)
def test_what_is_written_is_joined_with_what_is_locked(written: str, lock: str, expected: tuple[str, ...]) -> None:
    found = repository(mise_toml=f"[tools]\n{written}\n", mise_lock=lock).dependencies
    assert [shown(row) for row in found if row.direct] == [expected]
    # What somebody asks for stands there, and not in the lockfile once more.
    assert expected[3] not in [row.locked_version for row in found if not row.direct]


def test_each_of_several_versions_has_its_own() -> None:
    text = '[tools]\npython = ["3.9", "3.12"]\n'
    found = repository(mise_toml=text, mise_lock=locked("python", "3.12.1") + locked("python", "3.9.25"))
    assert [(row.value, row.locked_version) for row in found.dependencies] == [("3.9", "3.9.25"), ("3.12", "3.12.1")]


def test_many_versions_of_one_tool_take_linear_time() -> None:
    numbers = range(6000)
    toml = "".join(f'"{number}.1", ' for number in numbers)
    files = {
        "mise.toml": f"[tools]\nnode = [{toml}]\n",
        "mise.lock": "".join(locked("node", f"{number}.1.{'7.' * 60}0") for number in numbers),
    }
    forms = {"mise.toml": read_mise, "mise.lock": read}
    readings = {path: forms[path](SourceText(path, text)) for path, text in files.items()}
    started = time.process_time()
    paired = ECOSYSTEM.pair(readings)
    assert time.process_time() - started < allowed(1)
    assert all(row.locked_version for row in paired["mise.toml"].dependencies)
    assert paired["mise.lock"].dependencies == ()


def test_what_only_the_lockfile_has_is_listed_with_it() -> None:
    (row,) = repository(mise_lock=locked("node", "18.20.4")).dependencies
    assert (row.place.path, row.direct, shown(row)) == (
        "mise.lock",
        False,
        ("generic", "node", None, "18.20.4", None),
    )


def test_each_environment_has_its_own_lockfile() -> None:
    tools = '[tools]\nnode = "24"\n'
    locks = {"mise_lock": locked("node", "24.1.0"), "mise_ci_lock": locked("node", "24.2.0")}
    found = repository(mise_toml=tools, mise_ci_toml=tools, mise_local_toml=tools, **locks).dependencies
    assert {row.place.path: row.locked_version for row in found} == {
        "mise.toml": "24.1.0",
        "mise.ci.toml": "24.2.0",
        "mise.local.toml": None,
    }


@pytest.mark.parametrize(("setting", "expected"), [("lockfile = true", "24.1.0"), ("lockfile = false", None)])
def test_the_root_of_a_monorepo_locks_for_all_below(setting: str, expected: str | None) -> None:
    files = {"mise_toml": f"[monorepo]\n{setting}\n", "mise_lock": locked("node", "24.1.0")}
    found = repository(a__b__mise_toml='[tools]\nnode = "24"\n', **files)
    row = next(row for row in found.dependencies if row.direct)
    manifest = found.readings["a/b/mise.toml"].manifest
    assert (row.locked_version, manifest and manifest.lockfile) == (expected, "mise.lock" if expected else None)


def test_nothing_is_edited_that_a_lockfile_resolves() -> None:
    files = {"mise.toml": b'[tools]\nnode = "24"\njq = "1.7"\n', "mise.lock": locked("node", "24.1.0").encode()}
    editor = Editor(snapshot(files), (ECOSYSTEM,))
    rows = read_manifests(editor.snapshot, editor.worlds).dependencies
    applied = editor.apply([Edit((Change(row=row, value="9"),)) for row in rows])
    assert applied.made == ()
    assert [one.reason for one in applied.refused] == ["lock-to-remake", "lock-to-remake"]
    assert applied.refused[0].detail == "mise.lock has to be made anew with it"


def test_packages_of_conda_are_said_to_be_left_out() -> None:
    text = locked("node", "24.1.0") + '[conda-packages.linux-64."x-1"]\nurl = "x"\n[conda-packages.osx."y-1"]\n'
    (skipped,) = read(SourceText("mise.lock", text)).skipped
    assert (skipped.reason, skipped.detail) == ("unsupported-source", "conda's packages, which no registry here has: 2")


@pytest.mark.parametrize("text", ["[[tools", "[[tools.node]]\nbackend = 'x'\n", "[tools]\nnode = ['24']\n"])
def test_a_broken_lockfile_is_said(text: str) -> None:
    with pytest.raises(UnreadableError):
        read(SourceText("mise.lock", text))
