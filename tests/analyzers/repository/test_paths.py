"""What a path says about its file."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzers.config import Config, Scan
from analyzers.errors import UnreadableError
from analyzers.repository.paths import (
    Attributes,
    PathKinds,
    is_lockfile,
    is_test,
    is_test_data,
    owners_of,
    parse_owners,
    read_owners,
)
from analyzers.repository.snapshot import open_snapshot


@pytest.mark.parametrize(
    "path",
    [
        ".terraform/modules/vpc/main.tf",
        "node_modules/a/package.json",
        "web/node_modules/a.js",
        "vendor/github.com/x/y.go",
        "src/pip/_vendor/requests/api.py",
        "third_party/a.c",
        "third-party/a.c",
        ".venv/lib/x.py",
        "venv/pyvenv.cfg",
        "x/site-packages/y.py",
        ".yarn/releases/yarn.cjs",
    ],
)
def test_well_known_folders_are_somebody_elses(path: str) -> None:
    assert PathKinds().is_vendored(path)


@pytest.mark.parametrize(
    "path", ["vendor.py", "src/vendoring/a.py", "environment/a.py", "myvendor/a.py", "node_modules"]
)
def test_names_that_only_look_alike_are_ones_own(path: str) -> None:
    assert not PathKinds().is_vendored(path)


@pytest.mark.parametrize(
    "path",
    [
        "a_pb2.py",
        "a_pb2_grpc.pyi",
        "x/a.pb.go",
        "jquery.min.js",
        "app.bundle.js",
        "a.js.map",
        "zz_generated.deepcopy.go",
        "x.egg-info/PKG-INFO",
        "__generated__/a.ts",
        "api.generated.ts",
    ],
)
def test_well_known_names_are_generated(path: str) -> None:
    assert PathKinds().is_generated(path)


@pytest.mark.parametrize(
    "path",
    [
        "uv.lock",
        "package-lock.json",
        "web/yarn.lock",
        "pnpm-lock.yaml",
        "npm-shrinkwrap.json",
        "go.sum",
        "requirements.txt",
        "requirements/dev.txt",
        "dev-requirements.txt",
        "pylock.toml",
        "pylock.dev.toml",
        ".terraform.lock.hcl",
    ],
)
def test_lockfiles_are_never_generated(path: str) -> None:
    assert is_lockfile(path)
    kinds = PathKinds(attributes=attributes({".gitattributes": "* linguist-generated\n"}))
    assert not kinds.is_generated(path)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("tests/a.py", True),
        ("test/a.rb", True),
        ("a/test_b.py", True),
        ("a_test.go", True),
        ("conftest.py", True),
        ("src/a.test.tsx", True),
        ("src/__tests__/a.js", True),
        ("src/test/java/A.java", True),
        ("FooTest.java", True),
        ("types/a.test-d.ts", True),
        ("a_test.ts", True),
        ("src/parser/tests.rs", True),
        ("install/a-test.sh", True),
        ("a.bats", True),
        ("_unit-test/a.js", True),
        ("integration-tests/a.go", True),
        ("system_tests/a.py", True),
        ("web/__testdata__/a.ts", True),
        ("src/testing.py", False),
        ("src/speed-test.ts", False),
        ("src/testing/a.py", False),
        ("src/attests.sh", False),
        ("ecosystem-testers/a.py", False),
        ("latest/a.py", False),
        ("contest.py", False),
        ("attest.go", False),
    ],
)
def test_tests_are_told_by_their_path(path: str, expected: bool) -> None:
    assert is_test(path) is expected


def attributes(files: dict[str, str]) -> Attributes:
    return Attributes.read(files, lambda path: files[path].encode())


def test_attributes_of_the_nearest_folder_and_the_last_line_win() -> None:
    found = attributes(
        {
            ".gitattributes": "# linguist-vendored\n*.c linguist-vendored\n"
            "own.c -linguist-vendored text\n*.x linguist-vendored=true\n",
            "lib/.gitattributes": '*.c linguist-vendored=false\nsub/b.c !linguist-vendored\n"quo" linguist-generated\n',
        }
    )
    paths = ("a.c", "own.c", "x/own.c", "a.x", "a.py", "lib/a.c", "lib/sub/b.c", "lib/sub/c.c")
    values = [found.value(path, "linguist-vendored") for path in paths]
    assert values == [True, False, False, True, None, False, None, False]
    assert found.value("lib/quo", "linguist-generated") is True


def test_an_attribute_takes_back_what_the_name_says() -> None:
    kinds = PathKinds(
        attributes=attributes({".gitattributes": "vendor/** -linguist-vendored\na_pb2.py -linguist-generated\n"})
    )
    assert not kinds.is_vendored("vendor/a/b.py")
    assert not kinds.is_generated("a_pb2.py")


def test_attributes_that_cannot_be_read_say_nothing() -> None:
    def broken(path: str) -> bytes:
        raise UnreadableError(path)

    assert Attributes.read([".gitattributes"], broken).value("a", "linguist-vendored") is None


def test_configuration_wins(tmp_path: Path) -> None:
    (tmp_path / ".gitattributes").write_text("a.py -linguist-vendored\n")
    scan = Scan(vendored=("a.py",), generated=("gen/", "!gen/own.py", "*.lock"))
    snapshot = open_snapshot(tmp_path, Config(scan=scan))
    assert snapshot.is_vendored("a.py")
    kinds = [snapshot.is_generated(path) for path in ("gen/x.py", "gen/own.py", "uv.lock")]
    assert kinds == [True, False, False]


OWNERS = """
# everything
*           @acme/all
*.js        @acme/web  web@example.org # with a comment
/docs/      @acme/docs
docs/*      @acme/top
apps/       @acme/apps
/secret
[Section]
^[Optional][2] @somebody
/logs/**/x  @acme/logs
with\\ blank @acme/blank
!no.py      @acme/never
"""


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("a.py", ("@acme/all",)),
        ("x/a.js", ("@acme/web", "web@example.org")),
        ("docs/a/b.md", ("@acme/docs",)),
        ("docs/a.md", ("@acme/top",)),
        ("x/apps/a.py", ("@acme/apps",)),
        ("secret/a.py", ()),
        ("logs/a/b/x", ("@acme/logs",)),
        ("with blank", ("@acme/blank",)),
        ("no.py", ("@acme/all",)),
    ],
)
def test_the_last_rule_that_covers_a_file_names_its_owners(path: str, owners: tuple[str, ...]) -> None:
    assert owners_of(path, parse_owners(OWNERS)) == owners


def test_owners_are_read_from_the_first_place_that_has_them(tmp_path: Path) -> None:
    snapshot = open_snapshot(tmp_path, Config())
    assert read_owners(snapshot) == ()
    snapshot = snapshot.with_files({"docs/CODEOWNERS": b"* @docs\n"})
    assert read_owners(snapshot) == (("*", ("@docs",)),)
    snapshot = snapshot.with_files({".github/CODEOWNERS": b"* @github\n\xff @bytes\n"})
    assert read_owners(snapshot) == (("*", ("@github",)), ("\ufffd", ("@bytes",)))


def test_an_unreadable_owners_file_names_nobody(tmp_path: Path) -> None:
    scan = Config(scan=Scan(max_file_bytes=3))
    snapshot = open_snapshot(tmp_path, scan).with_files({"CODEOWNERS": b"* @owner\n"})
    assert read_owners(snapshot) == ()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("tests/fixtures/sample/pyproject.toml", True),
        ("tests/unit/fixtures/a/package.json", True),
        ("packages/a/__fixtures__/package.json", True),
        ("internal/testdata/Dockerfile", True),
        ("tests/data/requirements.txt", True),
        ("tests/requirements.txt", False),
        ("test/Dockerfile", False),
        ("data/requirements.txt", False),
        ("fixtures/requirements.txt", False),
    ],
)
def test_test_data_is_what_lies_among_fixtures_of_tests(path: str, expected: bool) -> None:
    assert is_test_data(path) is expected
