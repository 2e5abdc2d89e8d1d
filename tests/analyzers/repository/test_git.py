"""git runs, and nothing of the repository does."""

from __future__ import annotations

import os
import shutil
import stat
from datetime import date
from pathlib import Path

import pytest

from analyzers.config import Config
from analyzers.errors import SnapshotError
from analyzers.repository import git_process
from analyzers.repository.git import GitRepository
from analyzers.repository.git_process import GitFailedError, git_version, program
from analyzers.repository.history import read_history
from analyzers.repository.snapshot import open_snapshot
from analyzers.repository.written import written_on
from tests.support.repository import RepositoryBuilder

TODAY = date(2026, 11, 22)


@pytest.fixture
def repository(tmp_path: Path) -> RepositoryBuilder:
    return RepositoryBuilder(tmp_path / "project").write("a.py", "x = 1\n").commit()


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """Make a program that leaves a mark beside it when it is run."""
    program = tmp_path / "trap"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path / 'ran'}\ncat\n")
    program.chmod(0o755)
    return program


def read_everything(path: Path) -> None:
    """Use every git command there is."""
    for commit in (None, "HEAD"):
        snapshot = open_snapshot(path, Config(), commit=commit)
        for name in snapshot.paths():
            snapshot.read(name)
        history, _ = read_history(snapshot, Config(), TODAY)
        assert history is not None
        assert written_on(snapshot, "a.py", 1) is not None


HOSTILE = """
[core]
    fsmonitor = {trap}
    hooksPath = {hooks}
    sshCommand = {trap}
    gitProxy = {trap}
    askPass = {trap}
    pager = {trap}
    editor = {trap}
    alternateRefsCommand = {trap}
    attributesFile = {attributes}
    untrackedCache = true
[filter "evil"]
    clean = {trap}
    smudge = {trap}
    process = {trap}
    required = true
[filter "a=b"]
    clean = {trap}
[diff]
    external = {trap}
    orderFile = {orders}
[diff "evil"]
    command = {trap}
    textconv = {trap}
    cachetextconv = true
[merge "evil"]
    driver = {trap}
[alias]
    log = !{trap}
    ls-files = !{trap}
[pager]
    log = {trap}
[gpg]
    program = {trap}
[gpg "ssh"]
    program = {trap}
[log]
    showSignature = true
[credential]
    helper = !{trap}
[protocol "ext"]
    allow = always
[remote "origin"]
    url = ext::{trap}
    promisor = true
    partialclonefilter = blob:none
    uploadpack = {trap}
    vcs = ext
[uploadpack]
    packObjectsHook = {trap}
[blame]
    ignoreRevsFile = {orders}
[mailmap]
    file = {orders}
[maintenance]
    auto = true
[gc]
    auto = 1
[trace2]
    eventTarget = {trap}
"""


def make_hostile(repository: RepositoryBuilder, trap: Path) -> None:
    repository.write(".gitattributes", "*.py filter=evil diff=evil\n*.txt filter=a=b\n").write("b.txt", "1\n").commit()
    hooks = trap.parent / "hooks"
    hooks.mkdir()
    attributes = trap.parent / "attributes"
    attributes.write_text("* filter=evil diff=evil merge=evil\n")
    orders = trap.parent / "orders"
    orders.write_text("nonsense\n")
    for folder in (hooks, repository.path / ".git" / "hooks"):
        for hook in ("post-index-change", "post-checkout", "reference-transaction", "fsmonitor-watchman"):
            shutil.copy(trap, folder / hook)
    repository.write(".git/info/attributes", "* filter=evil diff=evil\n")
    with (repository.path / ".git" / "config").open("a") as config:
        config.write(HOSTILE.format(trap=trap, hooks=hooks, attributes=attributes, orders=orders))


@pytest.mark.skipif(os.name == "nt", reason="the trap is a shell script")
def test_nothing_that_the_repositorys_settings_name_is_run(repository: RepositoryBuilder, trap: Path) -> None:
    make_hostile(repository, trap)
    # A changed size, and a changed time alone: git must look at both files, where it would filter them.
    repository.write("a.py", "x = 1\ny = 2\n")
    os.utime(repository.path / "b.txt", (1, 1))
    assert not (trap.parent / "ran").exists()
    read_everything(repository.path)
    assert not (trap.parent / "ran").exists()


@pytest.mark.skipif(os.name == "nt", reason="the trap is a shell script")
def test_the_trap_works(repository: RepositoryBuilder, trap: Path) -> None:
    """Otherwise the test above would prove nothing."""
    make_hostile(repository, trap)
    os.utime(repository.path / "a.py", (1, 1))
    with pytest.raises(Exception, match="status"):
        repository.git("status")
    assert (trap.parent / "ran").exists()


@pytest.mark.skipif(os.name == "nt", reason="the trap is a shell script")
def test_settings_that_are_included_or_of_one_work_tree_do_not_run_either(
    repository: RepositoryBuilder, trap: Path
) -> None:
    (trap.parent / "more").write_text(f'[filter "deep"]\n\tclean = {trap}\n\trequired\n[core]\n\tfsmonitor = {trap}\n')
    repository.write(".gitattributes", "* filter=deep\n").commit()
    repository.git("config", "include.path", str(trap.parent / "more"))
    repository.git("config", "extensions.worktreeConfig", "true")
    repository.write(".git/config.worktree", f'[filter "own"]\n\tclean = {trap}\n')
    repository.write(".git/info/attributes", "*.py filter=own\n")
    repository.write("a.py", "x = 22\n")
    open_snapshot(repository.path, Config())
    assert not (trap.parent / "ran").exists()


@pytest.mark.skipif(os.name == "nt", reason="the trap is a shell script")
def test_a_missing_object_is_not_fetched(repository: RepositoryBuilder, trap: Path) -> None:
    blob = repository.git("rev-parse", "HEAD:a.py").strip()
    repository.git("config", "extensions.partialClone", "origin")
    repository.git("config", "remote.origin.promisor", "true")
    repository.git("config", "remote.origin.url", f"ext::{trap}")
    repository.git("config", "protocol.ext.allow", "always")
    place = repository.path / ".git" / "objects" / blob[:2] / blob[2:]
    place.chmod(stat.S_IRUSR | stat.S_IWUSR)
    place.unlink()
    snapshot = open_snapshot(repository.path, Config(), commit="HEAD")
    with pytest.raises(Exception, match="not fetched"):
        snapshot.read("a.py")
    assert snapshot.paths() == ("a.py",)
    assert not (trap.parent / "ran").exists()


def test_a_core_worktree_that_leads_elsewhere_is_not_followed(repository: RepositoryBuilder, tmp_path: Path) -> None:
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "secret.py").write_text("x")
    repository.git("config", "core.worktree", str(tmp_path / "private"))
    snapshot = open_snapshot(repository.path, Config())
    assert snapshot.paths() == ("a.py",)
    assert snapshot.read("a.py") == b"x = 1\n"


def test_the_environment_of_the_caller_does_not_lead_git_elsewhere(
    repository: RepositoryBuilder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = RepositoryBuilder(tmp_path / "other").write("b.py", "").commit()
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"):
        monkeypatch.setenv(name, str(other.path / ".git"))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    assert open_snapshot(repository.path, Config()).paths() == ("a.py",)


def test_a_repository_of_another_user_can_be_read(
    repository: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not hasattr(os, "chown") or os.geteuid() != 0:
        pytest.skip("only root can give files away")
    for folder, _, names in os.walk(repository.path):
        for name in (*names, "."):
            os.lchown(Path(folder) / name, 12345, 12345)
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert open_snapshot(repository.path, Config()).paths() == ("a.py",)


def test_a_broken_repository_is_an_error_that_names_it(repository: RepositoryBuilder) -> None:
    repository.write(".git/config", "[core\nnonsense")
    with pytest.raises(SnapshotError, match="project: git cannot read this repository"):
        open_snapshot(repository.path, Config())


def test_a_git_file_that_leads_nowhere_is_an_error(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: /nowhere/at/all\n")
    with pytest.raises(SnapshotError, match="git cannot read"):
        open_snapshot(tmp_path, Config())


def test_circular_refs_end(repository: RepositoryBuilder) -> None:
    repository.write(".git/refs/heads/x", "ref: refs/heads/y\n").write(".git/refs/heads/y", "ref: refs/heads/x\n")
    repository.write(".git/HEAD", "ref: refs/heads/x\n")
    snapshot = open_snapshot(repository.path, Config())
    assert snapshot.repository.commit is None


def test_a_failing_command_says_what_git_said(repository: RepositoryBuilder) -> None:
    found = GitRepository.find(repository.path)
    assert found is not None
    with pytest.raises(GitFailedError, match=r"bad object|bad revision|ambiguous|unknown"):
        found.output("log", "no-such-thing")
    with pytest.raises(GitFailedError), found.stream("log", "no-such-thing") as output:
        assert output.read() == b""


def test_a_stream_may_be_left_early(repository: RepositoryBuilder) -> None:
    found = GitRepository.find(repository.path)
    assert found is not None
    with found.stream("log", "--format=%H") as output:
        assert output.read(1)


def test_the_command_object_of_gitpython_runs_nothing(repository: RepositoryBuilder) -> None:
    found = GitRepository.find(repository.path)
    assert found is not None
    assert found.branch == "main"
    with pytest.raises(SnapshotError, match="starts git"):
        found._refs.git.execute(["git", "version"])


def test_a_missing_or_old_git_is_named(repository: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    program.cache_clear()
    git_version.cache_clear()
    try:
        monkeypatch.setenv("PATH", "relative/folder")
        with pytest.raises(SnapshotError, match="git is not installed"):
            open_snapshot(repository.path, Config())
        monkeypatch.undo()
        program.cache_clear()
        monkeypatch.setattr(git_process, "OLDEST_GIT", (99, 0))
        with pytest.raises(SnapshotError, match=r"git 99\.0 or newer is needed"):
            open_snapshot(repository.path, Config())
    finally:
        program.cache_clear()
        git_version.cache_clear()


def test_a_command_that_hangs_is_ended(repository: RepositoryBuilder) -> None:
    found = GitRepository.find(repository.path)
    assert found is not None
    if hasattr(os, "mkfifo"):
        os.mkfifo(repository.path / ".git" / "packed-refs")
        with pytest.raises(GitFailedError, match="no answer within"):
            found.output("for-each-ref", seconds=0.5)
