"""Configurations of pre-commit: which rows they give, and where these stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzers.ecosystems.git import _pre_commit
from analyzers.errors import UnreadableError
from analyzers.model.inventory import Dependency
from analyzers.model.place import Place
from analyzers.syntax.text import SourceText

NASTY = Path(__file__).parent / "fixtures" / "nasty" / ".pre-commit-config.yaml"
COMMIT = "1234567890abcdef1234567890abcdef12345678"


def read(text: str) -> tuple[Dependency, ...]:
    return _pre_commit.read(SourceText(".pre-commit-config.yaml", text)).dependencies


def repository(repo: str, rev: str) -> Dependency:
    (row,) = read(f"repos:\n- repo: {repo}\n  rev: {rev}\n")
    return row


@pytest.mark.parametrize(
    ("repo", "ecosystem", "name", "purl"),
    [
        ("https://github.com/psf/black", "github", "https://github.com/psf/black", "pkg:github/psf/black@v1"),
        ("https://github.com/PSF/Black.git/", "github", "https://github.com/PSF/Black.git/", "pkg:github/psf/black@v1"),
        ("git://github.com/a/b", "github", "git://github.com/a/b", "pkg:github/a/b@v1"),
        ("git@github.com:a/b.git", "github", "git@github.com:a/b.git", "pkg:github/a/b@v1"),
        ("https://gitlab.com/a/b/c", "gitlab", "https://gitlab.com/a/b/c", "pkg:gitlab/a/b/c@v1"),
        ("https://bitbucket.org/a/b", "bitbucket", "https://bitbucket.org/a/b", "pkg:bitbucket/a/b@v1"),
        (
            "https://me:secret@git.example.org/a/b",
            "generic",
            "https://git.example.org/a/b",
            "pkg:generic/b@v1?vcs_url=git%2Bhttps://git.example.org/a/b%40v1",
        ),
    ],
)
def test_a_repository_is_named_by_its_address_and_its_purl_by_its_host(
    repo: str, ecosystem: str, name: str, purl: str
) -> None:
    row = repository(repo, "v1")
    assert (row.ecosystem, row.name, row.purl, row.skip_reason) == (ecosystem, name, purl, None)
    assert (row.value, row.version, row.kind) == ("v1", "1", "pre-commit")


@pytest.mark.parametrize(
    ("repo", "reason"),
    [
        ("../hooks", "local-path"),
        ("/srv/hooks", "local-path"),
        ("file:///srv/hooks", "local-path"),
        ("ssh://git@git.example.org/a/b", "version-control"),
        ("git@git.example.org:a/b", "version-control"),
        ("https://github.com/only-owner", "unsupported-syntax"),
        ("https://github.com/a/../b", "unsupported-syntax"),
        ("just words", "unsupported-syntax"),
    ],
)
def test_what_nobody_can_be_asked_about_is_listed_with_the_reason(repo: str, reason: str) -> None:
    assert repository(repo, "v1").skip_reason == reason


@pytest.mark.parametrize(
    ("rev", "value", "version", "digest", "comment"),
    [
        ("v1.2.3", "v1.2.3", "1.2.3", None, None),
        ("'v1.2.3' # v1.2.0", "v1.2.3", "1.2.3", None, None),
        ("23.1", "23.1", "23.1", None, None),
        ("foo-v1.2.3", "foo-v1.2.3", "foo-v1.2.3", None, None),
        ("main", "main", None, None, None),
        (COMMIT, COMMIT, None, COMMIT, None),
        (f"{COMMIT}  # frozen: v1.2.3", COMMIT, "1.2.3", COMMIT, "v1.2.3"),
        (f'"{COMMIT}" # v1.2.3', COMMIT, "1.2.3", COMMIT, "v1.2.3"),
        (f"{COMMIT} # tag=v1.2.3, see the notes", COMMIT, "1.2.3", COMMIT, "v1.2.3"),
        (f"{COMMIT} # pin @ foo-v1.2.3", COMMIT, "foo-v1.2.3", COMMIT, "foo-v1.2.3"),
        (f"{COMMIT} # see the notes", COMMIT, None, COMMIT, None),
    ],
)
def test_a_commit_takes_its_version_from_the_comment_beside_it(
    rev: str, value: str, version: str | None, digest: str | None, comment: str | None
) -> None:
    text = f"repos:\n- repo: https://github.com/a/b\n  rev: {rev}\n"
    (row,) = read(text)
    assert (row.value, row.version, row.digest) == (value, version, digest)
    assert text[row.place.start : row.place.end] == value
    assert (text[row.comment.start : row.comment.end] if row.comment else None) == comment


def test_a_repository_without_a_rev_is_listed() -> None:
    (row,) = read("repos: [{repo: https://github.com/a/b}]")
    assert (row.value, row.skip_reason) == (None, "unsupported-version")


@pytest.mark.parametrize(
    ("hook", "ecosystem", "name", "value", "version", "reason"),
    [
        ("language: python, additional_dependencies: [a==1.0]", "pypi", "a", "==1.0", "1.0", None),
        ("language: python, additional_dependencies: [a]", "pypi", "a", None, None, None),
        ("language: python, additional_dependencies: ['a[x]>=1,<2']", "pypi", "a", ">=1,<2", None, None),
        ("language: python, additional_dependencies: [a@1.0]", "generic", "a@1.0", "a@1.0", None, "direct-url"),
        ("language: node, additional_dependencies: ['@s/a@^1']", "npm", "@s/a", "^1", None, None),
        ("language: node, additional_dependencies: [a@1.0.0]", "npm", "a", "1.0.0", "1.0.0", None),
        ("additional_dependencies: [a~=1.0]", "pypi", "a", "~=1.0", None, None),
        ("additional_dependencies: ['@s/a@1.0.0']", "npm", "@s/a", "1.0.0", "1.0.0", None),
        ("additional_dependencies: [a]", "generic", "a", "a", None, "unsupported-source"),
        (
            "language: rust, additional_dependencies: ['cli:a:1.0']",
            "generic",
            "cli:a:1.0",
            "cli:a:1.0",
            None,
            "unsupported-source",
        ),
        ("language: python, additional_dependencies: [.]", "generic", ".", ".", None, "local-path"),
        ("language: python, language_version: python3.9", "generic", "python", "3.9", None, None),
        ("language: python, language_version: python3.9.1", "generic", "python", "3.9.1", "3.9.1", None),
        ("language: python, language_version: python3", "generic", "python", "3", None, "unsupported-version"),
        ("language: python, language_version: pypy3", "generic", "python", "pypy3", None, "unsupported-version"),
        ("language: golang, language_version: '1.21'", "generic", "go", "1.21", None, None),
        ("language: docker_image, entry: 'a/b:1.0 -x'", "docker", "a/b", "1.0", "1.0", None),
        ("language: docker_image, entry: '--entrypoint sh a/b:1.0 -x'", "docker", "a/b", "1.0", "1.0", None),
        ("language: docker_image, entry: '--net none -e A -it --rm a/b:1.0'", "docker", "a/b", "1.0", "1.0", None),
        ("language: docker_image, entry: '-v/x:/y --user=me --init a/b:1.0'", "docker", "a/b", "1.0", "1.0", None),
    ],
)
def test_what_a_hook_needs_goes_by_its_language(
    hook: str, ecosystem: str, name: str, value: str | None, version: str | None, reason: str | None
) -> None:
    text = f"repos:\n- repo: local\n  hooks: [{{{hook}}}]\n"
    (row,) = read(text)
    assert (row.ecosystem, row.name, row.value, row.version) == (ecosystem, name, value, version)
    assert row.skip_reason == reason
    assert text[row.place.start : row.place.end] == (value or "")


@pytest.mark.parametrize("version", ["system", "default", "''"])
def test_a_hook_that_runs_on_what_is_installed_names_no_runtime(version: str) -> None:
    assert read(f"repos: [{{repo: local, hooks: [{{language: python, language_version: {version}}}]}}]") == ()


@pytest.mark.parametrize(
    ("repo", "ecosystem"),
    [
        ("https://github.com/pre-commit/mirrors-mypy", "pypi"),
        ("https://github.com/PyCQA/flake8", "pypi"),
        ("https://github.com/pre-commit/mirrors-prettier", "npm"),
        ("https://github.com/somebody/hooks", "generic"),
        ("https://gitlab.com/pycqa/flake8", "generic"),
    ],
)
def test_well_known_repositories_have_a_known_language(repo: str, ecosystem: str) -> None:
    rows = read(f"repos: [{{repo: {repo}, rev: v1, hooks: [{{additional_dependencies: [plain]}}]}}]")
    assert [row.ecosystem for row in rows if row.name == "plain"] == [ecosystem]


def test_every_span_of_the_nasty_file_is_its_value() -> None:
    content = NASTY.read_bytes()
    rows = _pre_commit.read(SourceText.decode(NASTY.name, content)).dependencies
    for row in rows:
        if row.value is not None:
            assert _slice(content, row.place) == row.value
    assert not any("token" in row.name + row.purl for row in rows)
    reasons = {row.name: row.skip_reason for row in rows}
    assert reasons["esc\x61ped==1.0"] == reasons["folded@1.0.0"] == "unsupported-syntax"


def test_an_alias_leads_to_the_text_that_it_stands_for() -> None:
    content = NASTY.read_bytes()
    rows = _pre_commit.read(SourceText.decode(NASTY.name, content)).dependencies
    (row,) = (row for row in rows if row.name.endswith("mirrors-mypy"))
    assert content.splitlines()[row.place.line - 1] == b"x-rev: &rev v4.4.0"


def _slice(content: bytes, place: Place) -> str:
    return content[place.start : place.end].decode()


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "repos:\n", "repos: []", "repos: {a: b}", "repos: [1, [2]]", "other: 1"]
)
def test_a_file_without_repositories_gives_nothing(text: str) -> None:
    assert read(text) == ()


def test_the_oldest_form_is_a_bare_list() -> None:
    (row,) = read("- repo: https://github.com/a/b\n  sha: v1.0.0\n")
    assert row.value == "v1.0.0"


@pytest.mark.parametrize("text", ["just words", "repos: [", "a: *b"])
def test_what_is_no_configuration_is_said(text: str) -> None:
    with pytest.raises(UnreadableError):
        read(text)
