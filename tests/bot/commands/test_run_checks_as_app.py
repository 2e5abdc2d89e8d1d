"""Searching and merging as a GitHub App, and without the permissions to read checks: told, and nothing done twice."""

from __future__ import annotations

import pytest

from bot.upgrade.bisect import most_runs
from tests.support.checked import PACKAGES, RULE, Opening, checked_by, moved, run, settle
from tests.support.github.grants import App
from tests.support.github.tokens import EVERYTHING
from tests.support.shop import LOGIN

WITHOUT = pytest.mark.parametrize(
    ("permission", "shown"), [("checks", "Checks"), ("statuses", "Commit statuses")], ids=["checks", "statuses"]
)


def _install(opening: Opening, *without: str) -> App:
    held = {name: level for name, level in EVERYTHING.items() if name not in without}
    app = opening.github.app(permissions=held, on=["acme"])
    opening.act_as(DEBTSCAN_APP_ID=str(app.id), DEBTSCAN_APP_PRIVATE_KEY=app.private_key)
    return app


def test_as_an_app_the_culprit_is_left_out_and_the_rest_merged_by_rule(
    opening: Opening, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = opening(RULE, private=True, allow_auto_merge=False)
    repository.check_with(checked_by(lambda there: "dog" not in there))
    _install(opening)
    (whole, *runs, green), told = settle(repository, capsys)
    assert whole == set(PACKAGES)
    assert len(runs) <= most_runs(len(PACKAGES))
    assert green == set(PACKAGES) - {"dog"}
    assert "merged #1" in told
    assert "missing permission" not in told
    (pull,) = repository.pulls
    assert pull.author.login == "debtscan[bot]"
    assert pull.merged_by
    assert pull.merged_by.login == "debtscan[bot]"
    assert moved(repository, "") == green
    assert list(repository.branches) == ["main"]


def test_as_an_app_github_merges_by_itself_where_checks_are_required(
    opening: Opening, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = opening(RULE, private=True)
    repository.protect(contexts=("unit",))
    _install(opening)
    assert "GitHub merges #1 once its required checks passed" in run(capsys)
    before = len(opening.github.writes)
    run(capsys)
    assert opening.github.writes[before:] == []
    repository.check(repository.pull(1).head, "unit")
    assert repository.pull(1).merged


@pytest.mark.parametrize("kind", ["app", "token"])
@WITHOUT
def test_without_the_permission_nothing_is_searched_or_merged_and_that_is_told(
    opening: Opening, capsys: pytest.CaptureFixture[str], permission: str, shown: str, kind: str
) -> None:
    repository = opening(RULE, private=True, allow_auto_merge=False)
    repository.check_with(checked_by(lambda there: "dog" not in there))
    if kind == "app":
        _install(opening, permission)
    else:
        opening.act_as(GITHUB_TOKEN=opening.github.token(login=LOGIN, without=[permission]))
    first = run(capsys)
    assert "opened #1" in first
    (pull,) = repository.pulls
    before = len(opening.github.writes)
    for _run_number in range(2):
        told = run(capsys)
        assert f"missing permission {shown}: " in told
        assert "no search for what breaks a group" in told
        assert f"set {shown}: Read-only in the " in told
        assert f"not merged by itself, #1: a permission is missing: {shown}" in told
    assert opening.github.writes[before:] == []
    assert pull.state == "open"
    assert moved(repository, pull.branch) == set(PACKAGES)


@WITHOUT
def test_a_search_waits_while_the_permission_is_gone_and_goes_on_with_it(
    opening: Opening, capsys: pytest.CaptureFixture[str], permission: str, shown: str
) -> None:
    repository = opening(private=True)
    repository.check_with(checked_by(lambda there: "fox" not in there))
    app = _install(opening)
    run(capsys)
    run(capsys)
    (pull,) = repository.pulls
    half = moved(repository, pull.branch)
    assert half < set(PACKAGES)
    level = app.installations[0].permissions.pop(permission)
    before = len(opening.github.writes)
    for _run_number in range(2):
        told = run(capsys)
        assert f"#1: the search for what breaks its checks waits: the permission {shown} is missing" in told
    assert opening.github.writes[before:] == []
    app.installations[0].permissions[permission] = level
    seen, _told = settle(repository, capsys)
    *runs, green = seen
    assert half not in runs
    assert len(runs) + 1 <= most_runs(len(PACKAGES))
    assert green == set(PACKAGES) - {"fox"}
