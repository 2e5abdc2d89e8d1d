from __future__ import annotations

import pytest

from analyzers.model.inventory import Manifest
from bot.shares import project_roots
from tests.support.reports import empty_report, sample_report


@pytest.mark.parametrize(
    ("paths", "roots"),
    [
        (["package.json"], (".",)),
        (["package.json", "web/package.json"], (".", "web")),
        (["a/package.json", "a/b/package.json", "c/pyproject.toml"], ("a", "c")),
        (["requirements/base.txt"], (".",)),
        (["api/requirements/base.txt"], ("api",)),
        ([".github/workflows/ci.yml", ".devcontainer/Dockerfile"], (".",)),
        (["api/.python-version"], ("api",)),
        (["package.json", "tests/fixtures/app/package.json"], (".",)),
        (["ab/package.json", "abc/package.json"], ("ab", "abc")),
        ([], ()),
    ],
)
def test_a_project_is_a_topmost_folder_with_a_manifest(paths: list[str], roots: tuple[str, ...]) -> None:
    manifests = [Manifest(path=path, ecosystem="npm", format="package-json") for path in paths]
    assert project_roots(manifests) == roots


def test_every_finding_belongs_to_one_project() -> None:
    report = sample_report()
    shares = report.scorecard.paths
    assert [share.path for share in shares] == ["services/api", ".", "services/worker", "web"]
    assert sum(share.findings for share in shares) == len(report.findings)
    assert next(share for share in shares if share.path == "web").owners == ("@example/web", "@alice")


def test_a_single_project_has_no_shares() -> None:
    assert empty_report().scorecard.paths == ()
