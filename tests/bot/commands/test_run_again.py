"""A further round on a repository: what was made from the same is not made again, with the real uv on loopback."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli import main
from bot.upgrade import due, marker
from bot.upgrade.locks.model import LockUnansweredError
from bot.upgrade.locks.sandbox import Sandbox
from bot.upgrade.preview import preview
from tests.bot.upgrade.locks.test_uv import first_lock
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.github.threads import Pull
from tests.support.hasty import hurry
from tests.support.lockers import environ
from tests.support.packages import PythonIndex, python_index
from tests.support.shop import LOGIN, NAME, NOW, github_at

PROJECT = """\
[project]
name = "app"
version = "1.0"
requires-python = ">=3.11"
dependencies = ["ant==1.0.0", "bee==1.0.0"]

[[tool.uv.index]]
url = "{url}"
default = true
"""


@dataclass(frozen=True, slots=True)
class Shop:
    """The repository, its index, and what was done: `runs` of lock tools, and `previews`."""

    github: GitHubStandIn
    repository: HostedRepository
    index: PythonIndex
    capsys: pytest.CaptureFixture[str]
    runs: list[str] = field(default_factory=list)
    previews: list[str] = field(default_factory=list)

    def round(self) -> str:
        """Play a round; return what it told."""
        assert main(["run", NAME, "--quiet", "--jobs", "1"]) == 0
        return " ".join(self.capsys.readouterr().out.split())

    def work(self) -> tuple[int, int, int]:
        """Play a round; return the writes, the runs of lock tools and the previews that it took."""
        before = len(self.github.writes), len(self.runs), len(self.previews)
        self.round()
        return len(self.github.writes) - before[0], len(self.runs) - before[1], len(self.previews) - before[2]

    def publish(self, name: str, version: str, *requires: str) -> None:
        """Publish a release, as on a day on which nothing is remembered of the index."""
        self.index.add(name, version, requires=requires)
        assert main(["cache", "clear"]) == 0

    @property
    def pull(self) -> Pull:
        (found,) = self.repository.pulls
        return found

    def is_draft(self) -> bool:
        """Return whether the pull request is a draft now."""
        return self.pull.draft

    def lock(self) -> str:
        """Return the lock on the branch of the pull request."""
        return (self.repository.file("uv.lock", self.pull.branch) or b"").decode()


NOTHING = (0, 0, 0)
Open = Callable[..., Shop]


@pytest.fixture
def opening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Open]:
    """Return what opens the shop; ``refused`` are packages of which no new release can be locked."""
    hurry(monkeypatch)
    for name, value in environ("uv").items():
        monkeypatch.setenv(name, value)
    with python_index() as index, github_at(tmp_path, monkeypatch, "", {"pypi": index.url}) as github:

        def make_it(*refused: str) -> Shop:
            index.add("ant", "1.0.0").add("bee", "1.0.0").add("green", "1.0.0")
            files = first_lock({"pyproject.toml": PROJECT.format(url=index.url)})
            for name in ("ant", "bee"):
                index.add(name, "1.1.0", requires=["green>=9"] if name in refused else ["green"])
            repository = github.repository(
                NAME, {**files, "README.md": "Shop\n"}, collaborators={LOGIN: "write", "ada": "write"}
            )
            there = Shop(github, repository, index, capsys)
            _count(monkeypatch, there)
            return there

        yield make_it


def _count(monkeypatch: pytest.MonkeyPatch, there: Shop) -> None:
    run, real = Sandbox.run, preview

    def counted(*given: object) -> bytes:
        there.runs.append("")
        return run(*given)  # type: ignore[arg-type]  # as it came

    def previewed(*given: object) -> object:
        there.previews.append("")
        return real(*given)  # type: ignore[arg-type]  # as it came

    monkeypatch.setattr(Sandbox, "run", counted)
    monkeypatch.setattr(due, "preview", previewed)


def _with_git_alone(folder: Path) -> str:
    """Return a PATH on which there is git and no lock tool."""
    found = shutil.which("git")
    assert found
    folder.mkdir()
    (folder / "git").symlink_to(found)
    return str(folder)


def test_an_unchanged_repository_costs_no_write_no_lock_and_no_preview(opening: Open) -> None:
    there = opening()
    writes, runs, previews = there.work()
    assert writes
    assert (runs, previews) == (2, 1)
    assert there.lock().count('version = "1.1.0"') == 2
    assert there.work() == NOTHING
    assert "1 pull request as it should be" in there.round()


def test_what_no_lock_reads_may_change_and_what_one_reads_may_not(opening: Open) -> None:
    there = opening()
    there.work()
    there.repository.commit({"README.md": "Shop, new\n", "app.py": "import ant\n"})
    assert there.work() == NOTHING

    there.repository.commit({"uv.lock": (there.repository.file("uv.lock") or b"") + b"# mine\n"})
    writes, runs, _previews = there.work()
    assert (bool(writes), runs) == (True, 2)
    assert there.work() == NOTHING


def test_settings_of_a_tool_count_and_what_stays_the_same_is_only_noted(opening: Open) -> None:
    there = opening()
    there.work()
    head = there.pull.head
    project = PROJECT.format(url=there.index.url)
    there.repository.commit({"pyproject.toml": project + '[tool.uv]\nprerelease = "allow"\n'})
    writes, runs, _previews = there.work()
    assert (bool(writes), runs) == (True, 2)
    assert there.pull.head != head
    assert there.work() == NOTHING

    # Another version of the tool, by which the same comes out: one note, and neither branch nor text.
    head = there.pull.head
    said = marker.parse(there.pull.body or "")
    assert said
    text = (there.pull.body or "").partition("<!--")[0]
    there.pull.body = marker.restate(there.pull.body or "", {}, inputs="0" * 20)
    writes, runs, _previews = there.work()
    assert (writes, runs) == (1, 2)
    assert there.pull.head == head
    assert (there.pull.body or "").partition("<!--")[0] == text
    assert marker.parse(there.pull.body or "") == said
    assert there.work() == NOTHING


def test_days_alone_change_nothing_and_a_release_does(opening: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    there = opening()
    there.work()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int((NOW + timedelta(days=30)).timestamp())))
    # What other packages bring in is newer by now, and that alone is no reason.
    there.publish("green", "1.1.0")
    assert there.work() == NOTHING
    assert '"green"\nversion = "1.0.0"' in there.lock()

    there.publish("ant", "1.2.0")
    writes, runs, _previews = there.work()
    assert (bool(writes), bool(runs)) == (True, True)
    assert '"ant"\nversion = "1.2.0"' in there.lock()
    assert there.work() == NOTHING


def test_what_a_lock_refused_is_not_searched_again_until_another_week(
    opening: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = opening("ant")
    there.work()
    assert "ant" in (there.pull.body or "")
    assert '"bee"\nversion = "1.1.0"' in there.lock()
    assert '"ant"\nversion = "1.0.0"' in there.lock()
    assert there.work() == NOTHING

    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int((NOW + timedelta(days=7)).timestamp())))
    head = there.pull.head
    writes, runs, _previews = there.work()
    assert (writes, runs > 0) == (1, True)
    assert there.pull.head == head
    assert there.work() == NOTHING

    # What it needs is there, and is found in the week after that.
    there.publish("green", "9.0.0")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int((NOW + timedelta(days=14)).timestamp())))
    there.round()
    assert '"ant"\nversion = "1.1.0"' in there.lock()


def test_a_lock_is_made_once_its_tool_is_there(opening: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    there = opening()
    with monkeypatch.context() as patched:
        patched.setenv("PATH", _with_git_alone(tmp_path / "bin"))
        there.round()
        assert there.is_draft()
        assert there.work() == NOTHING
    assert there.work()[1] == 2
    assert not there.is_draft()
    assert there.work() == NOTHING


def test_where_no_registry_answered_the_next_round_asks_again(opening: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    there = opening()
    counted = Sandbox.run
    with monkeypatch.context() as patched:

        def unanswered(*given: object) -> bytes:
            there.runs.append(f"{len(given)}")
            raise LockUnansweredError("uv failed: error sending request")

        patched.setattr(Sandbox, "run", unanswered)
        there.round()
        assert there.is_draft()
        assert there.work()[1] > 0
    assert Sandbox.run is counted
    there.round()
    assert not there.is_draft()
    assert there.work() == NOTHING


def test_a_commit_of_a_person_is_told_and_costs_no_lock(opening: Open) -> None:
    there = opening()
    there.work()
    theirs = there.repository.commit({"fix.py": "x = 1\n"}, branch=there.pull.branch)
    there.publish("ant", "1.2.0")
    before = len(there.runs), len(there.github.writes)
    assert "somebody else's commits are on the branch" in there.round()
    assert (len(there.runs), len(there.github.writes)) == before
    assert there.repository.branches[there.pull.branch] == theirs


def test_a_branch_that_was_pushed_elsewhere_is_noticed_with_nothing_else_changed(opening: Open) -> None:
    there = opening()
    there.work()
    branch, first = there.pull.branch, there.pull.head
    there.publish("ant", "1.2.0")
    there.round()
    second = there.pull.head
    assert there.work() == NOTHING

    # To an older state of debtscan's: made anew, as its users know it, and told.
    there.repository.point(branch, first)
    told = there.round()
    assert "its branch was set back" in told
    assert there.repository.files(branch) == there.repository.files(second)
    assert there.work() == NOTHING

    # To something of their own: theirs.
    theirs = there.repository.commit({"uv.lock": "mine\n"}, branch="mine")
    there.repository.point(branch, theirs)
    before = len(there.runs)
    assert "somebody else's commits are on the branch" in there.round()
    assert there.repository.branches[branch] == theirs
    assert len(there.runs) == before


def test_what_was_taken_off_the_branch_stays_off_without_a_lock(opening: Open) -> None:
    there = opening()
    there.work()
    log = there.repository.settings.git
    (parent,) = log.commit(there.pull.head).parents
    there.repository.point(there.pull.branch, parent)
    before = len(there.runs)
    assert "somebody took commits off the branch, and they stay off" in there.round()
    assert there.repository.branches[there.pull.branch] == parent
    assert len(there.runs) == before


def test_a_conflict_is_made_anew(opening: Open) -> None:
    there = opening()
    there.work()
    project = PROJECT.format(url=there.index.url)
    there.repository.commit({"pyproject.toml": project.replace('"1.0"', '"1.0.1"')})
    writes, runs, _previews = there.work()
    assert (bool(writes), runs) == (True, 2)
    assert re.search('version = "1.0.1"', (there.repository.file("pyproject.toml", there.pull.branch) or b"").decode())


def test_while_a_search_waits_for_its_checks_nothing_is_made(opening: Open) -> None:
    there = opening()
    there.work()
    there.repository.check(there.pull.head, "unit", "failure")
    assert "run 1 of at most 2" not in (there.pull.body or "")
    writes, runs, _previews = there.work()
    assert (bool(writes), bool(runs)) == (True, True)
    assert "run 1 of at most 2" in (there.pull.body or "")
    assert there.work() == NOTHING

    # What its checks say is heard all the same, and the search goes on.
    there.repository.check(there.pull.head, "unit", "failure")
    there.round()
    assert "is left out" in (there.pull.body or "")
    assert there.work() == NOTHING
