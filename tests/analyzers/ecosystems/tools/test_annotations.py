"""Versions under a comment: which files, which lines, which registries."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.ecosystems.tools._annotations import read
from analyzers.ecosystems.tools._files import holds_annotation as sniff
from analyzers.ecosystems.tools._files import may_be_annotated as matches
from analyzers.errors import TooLargeError
from analyzers.manifests import read_manifests
from analyzers.model.inventory import Dependency
from analyzers.read import ecosystems
from analyzers.syntax.text import SourceText
from tests.support.formats import snapshot
from tests.support.pace import allowed

COMMIT = "0123456789012345678901234567890123456789"
MARK = "# renovate: datasource=pypi depName=x\n"
DIGEST = "sha256:" + "0123456789abcdef" * 4


def rows(text: str) -> tuple[Dependency, ...]:
    found = read(SourceText("Dockerfile", text)).dependencies
    assert all(text[row.place.start : row.place.end] == row.value for row in found)
    return found


def annotated(said: str, line: str = "ARG X=1.2.3") -> Dependency:
    (row,) = rows(f"# renovate: {said}\n{line}\n")
    return row


@pytest.mark.parametrize(
    "line",
    [
        *(
            "ARG X=1.2.3",
            'ENV X="1.2.3"',
            "ENV X 1.2.3",
            "ENV X=1.2.3 Y=2",
            "X=1.2.3",
            "export X='1.2.3'",
            "X ?= 1.2.3",
        ),
        *("X := 1.2.3", "  key: 1.2.3", "- key: '1.2.3' # x", "key: &anchor 1.2.3", '"key": "1.2.3",', 'x = "1.2.3"'),
        *('X="${X:-1.2.3}"', "X=${X-1.2.3}", "image: owner/app:1.2.3", "RUN pip install x==1.2.3", "uses: a/b@1.2.3"),
        *("curl https://x.org/1.2.3/x-1.2.3.tar.gz", "FOO=https://x.org/download/v1.2.3/x", "\tset(X_VERSION 1.2.3)"),
        *(
            "readonly X=1.2.3;",
            "local -r X=1.2.3",
            "const x = '1.2.3';",
            "x_version = 1.2.3",
            "go install x.org/y@1.2.3",
        ),
    ],
)
def test_the_version_of_the_next_line_is_found_however_it_is_assigned(line: str) -> None:
    row = annotated("datasource=pypi depName=x", line)
    assert (row.value or "").removeprefix("v") == row.version == "1.2.3"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{mark}\nX=1.2.3", 2),
        ("{mark}\r\nX=1.2.3\r\n", 2),
        ("{mark}\n\n# a word\nX=1.2.3", 4),
        ("X=1.2.3 {mark}", 1),
        ("X=0\n  // renovate: datasource=pypi depName=x\n  X=1.2.3", 3),
        ("<!-- renovate: datasource=pypi depName=x -->\nX: 1.2.3", 2),
        ("# debtscan: version datasource=pypi depName=x\nX=1.2.3", 2),
        ('# renovate: depName="x" versioning=pep440 datasource=pypi\nX=1.2.3', 2),
    ],
)
def test_the_comment_stands_above_or_behind(text: str, line: int) -> None:
    (row,) = rows(text.format(mark="# renovate: datasource=pypi depName=x"))
    assert (row.name, row.value, row.place.line, row.kind) == ("x", "1.2.3", line, "annotation")


@pytest.mark.parametrize(
    "text",
    [
        *("# renovate: pin\nX=1", "# # renovate: datasource=pypi\n# X=1", "# renovate: depName=x\nX=1", "renovate: x"),
        *("x('# renovate: datasource=pypi depName=x')", "# off renovate: datasource=pypi depName=x\nX=1"),
        *("# datasource=pypi depName=x\nX=1", "# debtscan: ignore[x] datasource=pypi depName=x\nX=1", ""),
    ],
)
def test_other_comments_say_nothing(text: str) -> None:
    assert rows(text) == ()


@pytest.mark.parametrize(
    "text", ["{}", "{}\n", "{}\n\n\n\n\nX=1", "{}\nnothing here", "{}\n1.0 or 2.0", "{}\n" + "x" * 5000]
)
def test_an_annotation_of_nothing_is_listed(text: str) -> None:
    (row,) = rows(text.format("# renovate: datasource=pypi depName=x"))
    assert row.skip_reason == "unsupported-syntax"


@pytest.mark.parametrize(
    ("said", "ecosystem", "name", "purl"),
    [
        ("datasource=github-releases depName=a/b", "github", "a/b", "pkg:github/a/b@1.2.3"),
        ("datasource=github-tags depName=b packageName=a/b", "github", "b", "pkg:github/a/b@1.2.3"),
        ("datasource=gitlab-tags depName=a/b/c", "gitlab", "a/b/c", "pkg:gitlab/a/b/c@1.2.3"),
        (
            "datasource=gitlab-releases depName=a/b registryUrl=https://git.example.org",
            "generic",
            "a/b",
            "pkg:generic/b@1.2.3?vcs_url=git%2Bhttps://git.example.org/a/b%401.2.3",
        ),
        (
            "datasource=git-tags depName=b packageName=https://me:secret@example.org/a/b.git",
            "generic",
            "b",
            "pkg:generic/b@1.2.3?vcs_url=git%2Bhttps://example.org/a/b%401.2.3",
        ),
        ("datasource=pypi depName=b", "pypi", "b", "pkg:pypi/b@1.2.3"),
        ("datasource=npm depName=@a/b", "npm", "@a/b", "pkg:npm/%40a/b@1.2.3"),
        ("datasource=docker depName=a/b", "docker", "a/b", "pkg:docker/a/b@1.2.3"),
        ("datasource=node-version depName=nodejs", "generic", "node", "pkg:generic/node@1.2.3"),
        ("datasource=golang-version depName=golang", "generic", "go", "pkg:generic/go@1.2.3"),
        ("datasource=terraform-module depName=a/b/aws", "terraform", "a/b/aws", "pkg:terraform/a/b/aws@1.2.3"),
        (
            "datasource=helm depName=b registryUrl=https://charts.example.org",
            "helm",
            "b",
            "pkg:helm/b@1.2.3?repository_url=https://charts.example.org",
        ),
    ],
)
def test_a_version_is_looked_up_where_its_source_says(said: str, ecosystem: str, name: str, purl: str) -> None:
    row = annotated(said)
    assert (row.ecosystem, row.name, row.purl, row.skip_reason) == (ecosystem, name, purl, None)
    assert (row.value, row.version) == ("1.2.3", "1.2.3")
    assert "secret" not in repr(row)


@pytest.mark.parametrize(
    ("said", "line", "reason"),
    [
        ("datasource=crate depName=b", "X=1.2.3", "unsupported-source"),
        ("datasource=custom.mine depName=b", "X=1.2.3", "unsupported-source"),
        ("datasource=terraform-provider depName=aws", "X=1.2.3", "unsupported-source"),
        ("datasource=helm depName=b", "X=1.2.3", "unsupported-version"),
        ("datasource=github-tags depName=b", "X=1.2.3", "unsupported-source"),
        ("datasource=git-tags depName=ssh://git@example.org/a/b", "X=1.2.3", "unsupported-source"),
        ("datasource=pypi depName=b", "X=${Y}", "unpinned-expression"),
        ("datasource=pypi depName=b extractVersion=^x(?<version>.*)$", "X=1.2.3", "unsupported-syntax"),
        ("datasource=github-tags depName=a/b extractVersion=^(a|b)+-(?<version>.*)$", "X=1.2.3", "unsupported-syntax"),
        ("datasource=github-tags depName=a/b extractVersion=^v(?<version>(a+)+)$", "X=1.2.3", "unsupported-syntax"),
    ],
)
def test_what_cannot_be_looked_up_is_listed_with_its_reason(said: str, line: str, reason: str) -> None:
    assert annotated(said, line).skip_reason == reason


@pytest.mark.parametrize(
    ("extract", "version"),
    [
        ("^v(?<version>.*)$", "1.2.3"),
        ("^v?(?<version>.+)", "1.2.3"),
        ("^(?<version>\\d+\\.\\d+)$", "1.2.3"),
        ("^jq-(?<version>.+)$", "jq-1.2.3"),
        ("^release\\.(?<version>.*)$", "release.1.2.3"),
        ("^cli/v(?<version>.*)$", "cli/v1.2.3"),
    ],
)
def test_what_tags_hold_before_a_version_is_read_from_the_expression(extract: str, version: str) -> None:
    row = annotated(f"datasource=github-releases depName=a/b extractVersion={extract}")
    assert (row.version, row.skip_reason) == (version, None)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("RUN install-tool yarn 1.22.19", "yarn"),
        ("ARG POETRY_VERSION=1.4.0", "poetry"),
        ("ENV GOLANGCI_LINT_VERSION=1.4.0", "golangci-lint"),
        ("  my_VERSION: 1.4.0", "my"),
    ],
)
def test_a_name_that_the_comment_leaves_out_stands_in_the_line(line: str, name: str) -> None:
    row = annotated("datasource=pypi", line)
    assert (row.ecosystem, row.name, row.skip_reason) == ("pypi", name, None)


def test_without_any_name_it_is_listed() -> None:
    row = annotated("datasource=pypi", "X=1.2.3")
    assert (row.name, row.value, row.skip_reason) == ("pypi", "1.2.3", "unsupported-syntax")


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("RUN install-tool java 25.0.4+7.0.LTS", "25.0.4+7.0.LTS"),
        ("RUN install-tool terraform 1.5.7", "1.5.7"),
        ("RUN install-tool docker v24.0.0-rc.1", "v24.0.0-rc.1"),
        ("RUN apt-get install x", None),
    ],
)
def test_a_command_holds_one_version_or_none(line: str, value: str | None) -> None:
    row = annotated("datasource=docker depName=x", line)
    assert (row.value, row.skip_reason) == ((value, None) if value else (line, "unsupported-syntax"))


def test_a_repository_whose_tags_are_known_to_hold_a_name_needs_no_expression() -> None:
    assert annotated("datasource=github-releases depName=kubernetes-sigs/kustomize").version == "kustomize/1.2.3"


def test_a_commit_and_an_image_s_digest_are_digests() -> None:
    commit = annotated("datasource=git-refs depName=b packageName=https://github.com/a/b", f"X={COMMIT}")
    assert (commit.value, commit.digest, commit.version, commit.skip_reason) == (COMMIT, COMMIT, None, None)
    image = annotated("datasource=docker depName=a/b", f'X="1.2.3@{DIGEST}"')
    assert (image.value, image.digest) == ("1.2.3", DIGEST)
    assert image.digest_place
    assert image.digest_place.start == image.place.end + 1


def test_what_another_reader_understands_is_told_once() -> None:
    text = b"# renovate: datasource=docker depName=alpine\nFROM alpine:3.18\n" + MARK.encode() + b"ARG X=1.0\n"
    found = read_manifests(snapshot({"Dockerfile": text}), ecosystems()).dependencies
    assert [(row.kind, row.name, row.value) for row in found] == [
        ("dockerfile-from", "alpine", "3.18"),
        ("annotation", "x", "1.0"),
    ]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        *(
            (path, True)
            for path in ("Dockerfile", "a/web.Dockerfile", "Makefile", "x.mk", "a/b.sh", "values.yaml", ".env")
        ),
        *((path, False) for path in ("README.md", "data.json", "a.png", "poetry.lock")),
    ],
)
def test_files_in_which_people_put_versions_are_looked_at(path: str, *, expected: bool) -> None:
    assert matches(path) is expected


def test_only_files_with_an_annotation_are_read() -> None:
    assert sniff(b"# renovate: datasource=pypi")
    assert not sniff(b"# renovate: pin")
    assert not sniff(b"datasource=x")


@given(st.text("# renovate:dsc=pyNX1.2\n\"'${}-", max_size=80))
def test_no_text_raises(text: str) -> None:
    rows("# renovate: datasource=pypi depName=x\n" + text)


@pytest.mark.parametrize("line", [" " * 490, "- " * 240, "a" * 490, "1." * 240, "ARG " * 120, "${X:-" * 90, "x=" * 240])
def test_many_annotations_take_no_long_time(line: str) -> None:
    begin = time.process_time()
    rows((MARK + line + "\n") * 300)
    assert time.process_time() - begin < allowed(3)


def test_more_annotations_than_people_write_are_refused() -> None:
    with pytest.raises(TooLargeError):
        read(SourceText("Dockerfile", (MARK + "X=1\n") * 2001))
