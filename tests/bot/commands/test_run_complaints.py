"""What people complain of in bots that upgrade, each as a whole run: what debtscan does instead."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.cli import main
from bot.upgrade.locks.sandbox import OPT_IN
from tests.support.checked import Opening, checked_by, moved, run, settle
from tests.support.git_server import serve_git
from tests.support.github.tokens import EVERYTHING
from tests.support.packages import PythonIndex
from tests.support.shop import LOGIN, NAME, WORKFLOW, github_at

ALONE = "[upgrades]\ngroup-kinds = []\n"


def test_too_many_pull_requests(opening: Opening, index: PythonIndex, capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"package-{number:02}" for number in range(12)]
    repository = opening(names=[*names, "ant", "bee", "cat"])
    for name in ("ant", "bee", "cat"):
        index.add(name, "2.0.0")
    told = run(capsys)
    assert [pull.title for pull in repository.pulls if "Python packages" in pull.title] == ["Update 12 Python packages"]
    assert len(repository.pulls) == 3
    assert "waiting: 1 upgrade 2 majors are open, and major-limit is 2" in told


def test_one_bad_member_blocks_a_group(opening: Opening, capsys: pytest.CaptureFixture[str]) -> None:
    repository = opening(names=["bad", "good"])
    repository.check_with(checked_by(lambda there: "bad" not in there))
    _seen, told = settle(repository, capsys)
    (pull,) = repository.pulls
    assert moved(repository, pull.branch) == {"good"}
    assert "bad 1.1.0 is left out" in (pull.body or "")
    assert "breaks the checks: bad 1.1.0: with it alone these checks failed: unit" in told


def test_line_edited_pins_that_break_the_lock(
    opening: Opening, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    git = shutil.which("git")
    assert git
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").symlink_to(git)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv(OPT_IN, "1")
    repository = opening(names=["ant"])
    wanted = '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["ant==1.0.0"]\n'
    package = '[[package]]\nname = "ant"\nversion = "1.0.0"\nsource = { registry = "https://pypi.org/simple" }\n'
    lock = f'version = 1\nrequires-python = ">=3.11"\n\n{package}'
    repository.commit({"requirements.txt": None, "pyproject.toml": wanted, "uv.lock": lock})
    assert "opened #1 as a draft, its text says why: Update ant from 1.0.0 to 1.1.0" in run(capsys)
    (pull,) = repository.pulls
    assert pull.draft
    assert "uv.lock" in (pull.body or "").partition("\n\n")[0]
    assert "uv is not here" in " ".join((pull.body or "").split())


def test_ignores_nobody_can_see_or_undo(opening: Opening, capsys: pytest.CaptureFixture[str]) -> None:
    repository = opening(names=["ant"])
    run(capsys)
    (pull,) = repository.pulls
    assert "Close this pull request: debtscan takes that as an ignore" in (pull.body or "")
    repository.close(1)
    assert "closed by a person: ant 1.1.0: #1 was closed by a person; reopen it to undo that" in run(capsys)
    assert "closed by a person: ant 1.1.0: #1" in run(capsys)
    repository.reopen(1)
    assert "1 pull request as it should be" in run(capsys)
    assert len(repository.pulls) == 1


def test_sha_comments_that_drift(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opening: Opening, capsys: pytest.CaptureFixture[str]
) -> None:
    del opening  # it hurries
    with serve_git(tmp_path / "actions") as git, github_at(tmp_path, monkeypatch, ALONE, git.addresses) as github:
        action = git.action("owner/tool", v1_0_0="node24", v1_1_0="node24")
        sha = {tag: action.git("rev-parse", f"{tag}^{{commit}}").strip() for tag in ("v1.0.0", "v1.1.0")}
        steps = f"      - uses: owner/tool@{sha['v1.1.0']} # v1.0.0\n"
        workflow = f"on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n{steps}"
        repository = github.repository(NAME, {WORKFLOW: workflow}, collaborators={LOGIN: "write"})
        run(capsys)
        (pull,) = repository.pulls
        changed = (repository.file(WORKFLOW, pull.branch) or b"").decode()
        assert f"owner/tool@{sha['v1.1.0']} # v1.1.0\n" in changed


@pytest.mark.parametrize(
    ("permission", "shown"), [("contents", "Contents"), ("pull_requests", "Pull requests")], ids=["contents", "pulls"]
)
def test_permissions_that_fail_silently(
    opening: Opening, capsys: pytest.CaptureFixture[str], permission: str, shown: str
) -> None:
    repository = opening(names=["ant"], private=True)
    held = {**EVERYTHING, "checks": "read", permission: "read"}
    app = opening.github.app(permissions=held, on=["acme"])
    opening.act_as(DEBTSCAN_APP_ID=str(app.id), DEBTSCAN_APP_PRIVATE_KEY=app.private_key)
    code = main(["run", NAME, "--quiet", "--jobs", "1"])
    told = " ".join(capsys.readouterr().out.split())
    assert code == 4
    assert f"missing permission {shown}: " in told
    assert f"failed: nothing is opened, changed or closed: the permission {shown} is missing" in told
    assert f"to give it: set {shown}: Read and write in the App's settings" in told
    assert opening.github.writes == []
    assert repository.pulls == []


def test_no_idea_what_is_worth_merging_first(
    opening: Opening, index: PythonIndex, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = opening(ALONE, names=["ant", "bee"])
    index.add("bee", "2.0.0")
    told = run(capsys)
    assert told.index("opened #1: Update bee from 1.0.0 to 2.0.0") < told.index("opened #2: Update ant")
    for pull in repository.pulls:
        assert "Merging it pays back" in (pull.body or "")
        assert "### Why this, and why now" in (pull.body or "")


def test_pull_requests_that_nothing_needs_and_nobody_mentions(
    opening: Opening, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = opening(names=["ant"])
    run(capsys)
    (pull,) = repository.pulls
    theirs = repository.commit({"fix.py": "x = 1\n"}, branch=pull.branch)
    repository.commit({"requirements.txt": "ant==1.1.0\n"})
    assert f"#{pull.number} is needed no more, and stays open for what others did there" in run(capsys)
    assert repository.branches[pull.branch] == theirs
