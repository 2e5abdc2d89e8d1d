from __future__ import annotations

import pytest

from analyzers.ecosystems.github_actions.reader import read_workflow
from analyzers.ecosystems.github_actions.uses import Action, action_of, parse
from analyzers.model.inventory import Dependency
from analyzers.model.place import Place
from analyzers.syntax.text import SourceText

SHA = "8e5e7e5ab8b370d6c329ec480221332ada57f0ab"
SHA_256 = "ab" * 32


def workflow(step: str) -> str:
    return f"jobs:\n  a:\n    steps:\n      - {step}\n"


def read(text: str) -> Dependency:
    (found,) = read_workflow(SourceText(".github/workflows/ci.yml", text)).dependencies
    return found


def at(text: str, place: Place | None) -> str | None:
    return text.encode()[place.start : place.end].decode() if place else None


@pytest.mark.parametrize(
    ("step", "name", "value", "version", "purl"),
    [
        ("uses: actions/checkout@v4", "actions/checkout", "v4", "4", "pkg:githubactions/actions/checkout@v4"),
        ("uses: 'actions/checkout@v4.2.0'", "actions/checkout", "v4.2.0", "4.2.0",
         "pkg:githubactions/actions/checkout@v4.2.0"),
        ('uses: "a/b@main"  # v4', "a/b", "main", None, "pkg:githubactions/a/b@main"),
        ("uses: a/b@release/v1", "a/b", "release/v1", "1", "pkg:githubactions/a/b@release/v1"),
        ("uses: A/B.c/Sub/dir@v1", "A/B.c", "v1", "1", "pkg:githubactions/A/B.c@v1#Sub/dir"),
        ("uses: a/b/@v1", "a/b", "v1", "1", "pkg:githubactions/a/b@v1"),
        ("{uses: a/b@v1, with: {x: 1}}", "a/b", "v1", "1", "pkg:githubactions/a/b@v1"),
        (f"uses: a/b@{SHA}", "a/b", SHA, None, f"pkg:githubactions/a/b@{SHA}"),
        ("uses: &anchor a/b@v1", "a/b", "v1", "1", "pkg:githubactions/a/b@v1"),
        ("name: ü\n        uses: a/b@v1", "a/b", "v1", "1", "pkg:githubactions/a/b@v1"),
    ],
)  # fmt: skip
def test_a_call_is_read(step: str, name: str, value: str, version: str | None, purl: str) -> None:
    text = workflow(step)
    found = read(text)
    assert (found.ecosystem, found.kind, found.skip_reason) == ("githubactions", "workflow-uses", None)
    assert (found.name, found.value, found.version, found.purl) == (name, value, version, purl)
    assert at(text, found.place) == value
    assert found.comment is None


@pytest.mark.parametrize(
    ("comment", "version", "shown"),
    [
        ("# v4.2.0", "4.2.0", "v4.2.0"),
        ("# v4", "4", "v4"),
        ("#v4", "4", "v4"),
        ("# tag=v4", "4", "v4"),
        ("# tag: v4.1", "4.1", "v4.1"),
        ("# version = 4.2.0", "4.2.0", "4.2.0"),
        ("# pin@v2", "2", "v2"),
        ("# @v3.1.2", "3.1.2", "v3.1.2"),
        ("# renovate: tag=v1.2.3", "1.2.3", "v1.2.3"),
        ("# ratchet:actions/checkout@v4", "4", "v4"),
        ("# release/v1", "1", "release/v1"),
        ("# v4.2.0 (2024-10-01), pinned by hand", "4.2.0", "v4.2.0"),
        ("# v4.2.0.", "4.2.0", "v4.2.0"),
        ("# v2.0.0-beta.1", "2.0.0-beta.1", "v2.0.0-beta.1"),
        ("# main", None, None),
        ("# see v4", None, None),
        ("#", None, None),
        ("", None, None),
    ],
)
def test_the_version_beside_a_commit_is_that_of_its_comment(
    comment: str, version: str | None, shown: str | None
) -> None:
    for step in (f"uses: a/b@{SHA} {comment}", f"uses: 'a/b@{SHA}' {comment}", f"{{uses: a/b@{SHA}}} {comment}"):
        text = workflow(step)
        found = read(text)
        assert (found.value, found.digest, found.version) == (SHA, SHA, version)
        assert at(text, found.comment) == shown


def test_a_comment_on_the_next_line_belongs_to_something_else() -> None:
    assert read(workflow(f"uses: a/b@{SHA}\n        # v4")).comment is None


def test_commits_of_sha256_are_commits() -> None:
    assert read(workflow(f"uses: a/b@{SHA_256}")).digest == SHA_256


@pytest.mark.parametrize(
    ("uses", "name", "reason"),
    [
        ("./.github/actions/x", "./.github/actions/x", "local-path"),
        ("./.github/workflows/x.yml", "./.github/workflows/x.yml", "local-path"),
        ("../x", "../x", "local-path"),
        ("$/.github/actions/x", "$/.github/actions/x", "local-path"),
        ("${{ inputs.action }}", "${{ inputs.action }}", "unpinned-expression"),
        ("a/b@${{ inputs.ref }}", "a/b@${{ inputs.ref }}", "unpinned-expression"),
        ("actions/checkout", "actions/checkout", "unsupported-version"),
        ("a/b@", "a/b", "unsupported-version"),
        ("checkout@v4", "checkout@v4", "unsupported-syntax"),
        ("a/..@v1", "a/..@v1", "unsupported-syntax"),
        ("a/b/../c@v1", "a/b/../c@v1", "unsupported-syntax"),
        ("a/b@v 1", "a/b@v 1", "unsupported-syntax"),
        ("https://github.com/a/b", "https://github.com/a/b", "unsupported-syntax"),
        ('"a/b@\\x761"', "a/b@v1", "unsupported-syntax"),
        (">-\n          a/b@v1", "a/b@v1", "unsupported-syntax"),
        ("a/b@" + "x" * 600, "a/b@" + "x" * 600, "unsupported-syntax"),
    ],
)
def test_what_cannot_be_judged_is_listed_with_its_reason(uses: str, name: str, reason: str) -> None:
    found = read(workflow(f"uses: {uses}"))
    assert (found.name, found.skip_reason) == (name, reason)
    assert action_of(found) is None


def test_an_image_belongs_to_docker() -> None:
    text = workflow("uses: docker://alpine:3.8")
    found = read(text)
    assert (found.ecosystem, found.name, found.value, found.kind) == ("docker", "alpine", "3.8", "workflow-uses")
    assert at(text, found.place) == "3.8"


@pytest.mark.parametrize("uses", ["", "''", "{a: b}", "[a/b@v1]", "~"])
def test_an_empty_or_odd_call_is_no_dependency_or_a_skipped_one(uses: str) -> None:
    found = read_workflow(SourceText(".github/workflows/ci.yml", workflow(f"uses: {uses}"))).dependencies
    assert all(entry.skip_reason for entry in found)


def test_an_action_is_known_again_from_its_row() -> None:
    found = read(workflow("uses: Owner/Repo/some/path@v1"))
    action = action_of(found)
    assert action == Action("Owner", "Repo", "some/path", "v1")
    assert action == parse("Owner/Repo/some/path@v1")
    assert action.key == ("githubactions", "owner/repo")
    assert action.full_name == "Owner/Repo/some/path"
