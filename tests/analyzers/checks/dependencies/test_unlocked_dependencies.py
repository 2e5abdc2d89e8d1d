from __future__ import annotations

from dataclasses import replace

import pytest

from analyzers.checks.dependencies.unlocked_dependencies import check
from analyzers.model.finding import Confidence, Finding
from analyzers.model.inventory import Dependency, Manifest
from tests.support.dependencies import evidence, manifest, npm, requirement, run


def judge(rows: list[Dependency], *manifests: Manifest) -> list[Finding]:
    found, skipped = run(check, evidence(rows, {}, manifests=manifests))
    assert skipped == []
    return found


def application(path: str, *, application: bool | None = True, lockfile: str | None = None) -> Manifest:
    stated = manifest(path, lockfile=lockfile, ecosystem="npm" if path.endswith("package.json") else "pypi")
    kind = "requirements" if path.endswith(".txt") else "pyproject"
    return replace(stated, application=application, format=kind)


def test_an_application_with_ranges_and_no_lock_is_reported_once() -> None:
    rows = [npm("web", "^1.0.0", line=3), npm("db", "^2", line=4), npm("pinned", "1.0.0", version="1.0.0")]
    (found,) = judge(rows, application("package.json"))
    assert (found.path, found.line, found.minutes, found.exposure) == ("package.json", 3, 30, 1.0)
    assert found.message == (
        "Nothing locks the 2 ranges of package.json (web ^1.0.0, db ^2), so each installation may get other versions. "
        "Commit a lockfile."
    )
    assert (found.key, found.confidence) == (("file", "package.json"), Confidence.HIGH)


@pytest.mark.parametrize(
    ("row", "stated"),
    [
        (npm("web", "^1"), application("package.json", application=False)),
        (npm("web", "^1"), application("package.json", application=None)),
        (npm("web", "^1"), application("package.json", lockfile="package-lock.json")),
        (npm("web", "1.0.0", version="1.0.0"), application("package.json")),
        (npm("web", "^1", dependency_group="devDependencies"), application("package.json")),
        (npm("web", "^1", dependency_group="peerDependencies"), application("package.json")),
        (npm("web", "^1", skip_reason="local-path"), application("package.json")),
        (npm("web", "^1", kind="package-json-override"), application("package.json")),
    ],
)
def test_what_is_locked_published_pinned_or_for_development_is_none(row: Dependency, stated: Manifest) -> None:
    assert judge([row], stated) == []


def test_a_lockfile_above_may_speak_for_the_folder() -> None:
    rows = [npm("web", "^1", path="apps/shop/package.json"), npm("web", "^1")]
    above = application("package.json", lockfile="pnpm-lock.yaml")
    assert judge(rows, above, application("apps/shop/package.json")) == []


@pytest.mark.parametrize(
    ("path", "reported"),
    [
        ("requirements.txt", True),
        ("requirements/main.txt", True),
        ("src/requirements-prod.txt", True),
        ("requirements/ipython.txt", False),
        ("docs-requirements.txt", False),
    ],
)
def test_requirements_files_count_by_their_name_and_with_medium_confidence(path: str, reported: bool) -> None:
    found = judge([requirement("web", path=path)], application(path))
    assert [one.confidence for one in found] == [Confidence.MEDIUM] * reported


def test_one_range_is_spoken_of_as_one() -> None:
    (found,) = judge([requirement("web")], application("requirements.txt"))
    assert found.message.startswith("Nothing locks the range of requirements.txt (web), so")
