"""Snapshots of work trees, commits and plain folders, on real repositories."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from analyzers.config import Config, Scan
from analyzers.errors import SnapshotError, TooLargeError, UnreadableError
from analyzers.model.skipped import Skipped
from analyzers.repository import git as git_module
from analyzers.repository import listing
from analyzers.repository.git import GitRepository
from analyzers.repository.snapshot import FileSnapshot, history_of, open_snapshot
from analyzers.repository.uncommitted import uncommitted
from tests.support.repository import RepositoryBuilder


@pytest.fixture
def repository(tmp_path: Path) -> RepositoryBuilder:
    return RepositoryBuilder(tmp_path / "project")


def reasons(snapshot: FileSnapshot) -> list[tuple[str, str]]:
    return [(entry.path, entry.reason) for entry in snapshot.skipped]


def test_a_work_tree_holds_tracked_and_new_files_but_neither_ignored_nor_deleted_ones(
    repository: RepositoryBuilder,
) -> None:
    repository.write("kept.py", "1").write("gone.py", "2").write(".gitignore", "*.log\n").commit()
    repository.remove("gone.py").write("new.py", "3").write("noise.log", "4")
    snapshot = open_snapshot(repository.path, Config())
    assert snapshot.paths() == (".gitignore", "kept.py", "new.py")
    assert snapshot.read("new.py") == b"3"
    assert snapshot.repository.commit == repository.head
    assert snapshot.repository.branch == "main"
    assert snapshot.repository.dirty


def test_what_went_with_a_folder_that_is_a_file_now_was_deleted(repository: RepositoryBuilder) -> None:
    repository.write("sub/gone.py", "1").commit()
    repository.remove("sub/gone.py")
    (repository.path / "sub").rmdir()
    repository.write("sub", "2")
    snapshot = open_snapshot(repository.path, Config())
    assert (snapshot.paths(), snapshot.skipped, snapshot.repository.dirty) == (("sub",), (), True)


def test_a_fresh_work_tree_is_clean(repository: RepositoryBuilder) -> None:
    repository.write("a.py", "1").commit()
    assert not open_snapshot(repository.path, Config()).repository.dirty


@pytest.mark.parametrize("stage", [False, True])
def test_a_changed_file_makes_the_work_tree_dirty(repository: RepositoryBuilder, stage: bool) -> None:
    repository.write("a.py", "1").commit().write("a.py", "2")
    if stage:
        repository.git("add", "a.py")
    assert open_snapshot(repository.path, Config()).repository.dirty


def test_a_touched_file_with_the_same_content_is_not_dirty(repository: RepositoryBuilder) -> None:
    repository.write("a.py", "1").commit()
    os.utime(repository.path / "a.py", (1, 1))
    assert not open_snapshot(repository.path, Config()).repository.dirty


def test_any_commit_is_read_without_a_checkout(repository: RepositoryBuilder) -> None:
    first = repository.write("old.py", "old").commit().head
    repository.remove("old.py").write("new.py", "new").commit()
    snapshot = open_snapshot(repository.path, Config(), commit=first)
    assert snapshot.paths() == ("old.py",)
    assert snapshot.read("old.py") == b"old"
    assert snapshot.size("old.py") == 3
    assert not snapshot.repository.dirty
    assert open_snapshot(repository.path, Config(), commit="HEAD~1").paths() == ("old.py",)


@pytest.mark.parametrize("commit", ["nowhere", "--output=x", "HEAD:a.py", ""])
def test_a_revision_that_names_no_commit_is_an_error(repository: RepositoryBuilder, commit: str) -> None:
    repository.write("a.py", "1").commit()
    with pytest.raises(SnapshotError, match="no commit"):
        open_snapshot(repository.path, Config(), commit=commit)


def test_a_detached_head_has_a_commit_and_no_branch(repository: RepositoryBuilder) -> None:
    head = repository.write("a.py", "1").commit().head
    repository.switch(head)
    found = open_snapshot(repository.path, Config()).repository
    assert (found.commit, found.branch) == (head, None)


def test_an_empty_repository_has_neither_commit_nor_history(repository: RepositoryBuilder) -> None:
    repository.write("a.py", "1")
    snapshot = open_snapshot(repository.path, Config())
    assert snapshot.paths() == ("a.py",)
    assert snapshot.repository.commit is None
    assert snapshot.repository.branch == "main"
    assert history_of(snapshot) is None


def test_a_bare_repository_is_read_at_its_head(repository: RepositoryBuilder, tmp_path: Path) -> None:
    repository.write("a.py", "1").commit()
    repository.git("clone", "--quiet", "--bare", str(repository.path), str(tmp_path / "bare.git"))
    snapshot = open_snapshot(tmp_path / "bare.git", Config())
    assert snapshot.paths() == ("a.py",)
    assert snapshot.read("a.py") == b"1"


def test_an_empty_bare_repository_holds_nothing(repository: RepositoryBuilder, tmp_path: Path) -> None:
    repository.git("init", "--quiet", "--bare", str(tmp_path / "bare.git"))
    assert open_snapshot(tmp_path / "bare.git", Config()).paths() == ()


@pytest.mark.parametrize("commit", [None, "HEAD"])
def test_a_folder_inside_a_repository_is_a_snapshot_of_that_part(
    repository: RepositoryBuilder, commit: str | None
) -> None:
    repository.write("services/api/app.py", "1").write("services/web/app.js", "2").write("top.py", "3").commit()
    snapshot = open_snapshot(repository.path / "services" / "api", Config(), commit=commit)
    assert snapshot.paths() == ("app.py",)
    assert snapshot.read("app.py") == b"1"
    assert history_of(snapshot) is not None


def test_a_folder_that_git_ignores_is_read_as_a_plain_one(repository: RepositoryBuilder) -> None:
    repository.write(".gitignore", "scratch/\n").commit().write("scratch/a.py", "1")
    snapshot = open_snapshot(repository.path / "scratch", Config())
    assert snapshot.paths() == ("a.py",)
    assert history_of(snapshot) is None


def test_a_plain_folder_works_and_has_no_history(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.py").write_text("1")
    snapshot = open_snapshot(tmp_path, Config())
    assert snapshot.paths() == ("sub/a.py",)
    assert history_of(snapshot) is None
    with pytest.raises(SnapshotError, match="no git repository"):
        open_snapshot(tmp_path, Config(), commit="HEAD")


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="no such folder"):
        open_snapshot(tmp_path / "nowhere", Config())


@pytest.mark.parametrize("commit", [None, "HEAD"])
def test_links_are_not_followed_and_those_that_lead_out_are_named(
    repository: RepositoryBuilder, commit: str | None
) -> None:
    repository.write("real/a.py", "1")
    repository.link("inside.py", "real/a.py").link("folder", "real").link("out", "../../secret").link("root", "/etc")
    repository.link("nothing", "real/b.py").link("config", ".git/config").commit()
    snapshot = open_snapshot(repository.path, Config(), commit=commit)
    assert snapshot.paths() == ("real/a.py",)
    assert reasons(snapshot) == [
        ("config", "outside-repository"),
        ("nothing", "missing-file"),
        ("out", "outside-repository"),
        ("root", "outside-repository"),
    ]


def test_a_file_replaced_by_a_link_after_listing_is_not_followed(repository: RepositoryBuilder, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "b.py").write_text("secret")
    repository.write("a.py", "1").write("sub/b.py", "2").commit()
    snapshot = open_snapshot(repository.path, Config())
    repository.remove("a.py").link("a.py", "../secret").remove("sub/b.py")
    (repository.path / "sub").rmdir()
    repository.link("sub", "../secrets")
    for path in ("a.py", "sub/b.py"):
        with pytest.raises(UnreadableError) as caught:
            snapshot.read(path)
        assert caught.value.reason == "outside-repository"


def test_a_file_that_went_away_is_missing(repository: RepositoryBuilder) -> None:
    repository.write("a.py", "1").commit()
    snapshot = open_snapshot(repository.path, Config())
    repository.remove("a.py")
    with pytest.raises(UnreadableError) as caught:
        snapshot.read("a.py")
    assert caught.value.reason == "missing-file"


@pytest.mark.parametrize("commit", [None, "HEAD"])
@pytest.mark.parametrize("path", ["../outside", "/etc/passwd", "b.py", "", "a.py/b", "a\0b"])
def test_only_listed_files_can_be_read(repository: RepositoryBuilder, commit: str | None, path: str) -> None:
    repository.write("a.py", "1").commit()
    snapshot = open_snapshot(repository.path, Config(), commit=commit)
    with pytest.raises(UnreadableError):
        snapshot.read(path)
    with pytest.raises(UnreadableError):
        snapshot.size(path)


@pytest.mark.parametrize("commit", [None, "HEAD"])
def test_a_file_over_the_limit_is_refused_and_the_next_one_is_read(
    repository: RepositoryBuilder, commit: str | None
) -> None:
    repository.write("big.py", "x" * 101).write("small.py", "1").commit()
    snapshot = open_snapshot(repository.path, Config(scan=Scan(max_file_bytes=100)), commit=commit)
    with pytest.raises(TooLargeError):
        snapshot.read("big.py")
    assert snapshot.read("small.py") == b"1"


def test_more_files_than_the_limit_are_cut_with_vendored_ones_first(repository: RepositoryBuilder) -> None:
    for name in ("a", "b", "node_modules/c", "d"):
        repository.write(name, "")
    snapshot = open_snapshot(repository.path, Config(scan=Scan(max_files=3)))
    assert snapshot.paths() == ("a", "b", "d")
    assert reasons(snapshot) == [("", "limit-reached")]


def test_excluded_files_do_not_count_and_are_counted(repository: RepositoryBuilder) -> None:
    repository.write("a.py", "").write("docs/b.py", "").write("docs/c.py", "").commit()
    snapshot = open_snapshot(repository.path, Config(scan=Scan(exclude=("docs/", "!docs/c.py"))))
    assert snapshot.paths() == ("a.py", "docs/c.py")
    assert [entry.detail for entry in snapshot.skipped] == ["1 file left out by scan.exclude"]


@pytest.mark.parametrize("commit", [None, "HEAD"])
def test_a_submodule_is_named(repository: RepositoryBuilder, tmp_path: Path, commit: str | None) -> None:
    other = RepositoryBuilder(tmp_path / "other").write("lib.py", "1").commit()
    repository.write("a.py", "1")
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.path), "lib")
    repository.commit()
    snapshot = open_snapshot(repository.path, Config(), commit=commit)
    assert snapshot.paths() == (".gitmodules", "a.py")
    assert reasons(snapshot) == [("lib", "submodule")]
    inside = open_snapshot(repository.path / "lib", Config())
    assert inside.paths() == ("lib.py",)
    assert inside.repository.commit == other.head


@pytest.mark.parametrize("ignored", ["", "all"])
def test_a_submodule_at_another_commit_is_dirty_where_it_is_staged(
    repository: RepositoryBuilder, tmp_path: Path, ignored: str
) -> None:
    other = RepositoryBuilder(tmp_path / "other").write("lib.py", "1").commit()
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.path), "lib")
    if ignored:
        repository.git("config", "--file", ".gitmodules", "submodule.lib.ignore", ignored)
        repository.git("add", ".gitmodules")
    repository.commit()
    assert not open_snapshot(repository.path, Config()).repository.dirty
    RepositoryBuilder(repository.path / "lib").write("lib.py", "2").commit()
    # To know that, git would have to read a repository that is none of this one's.
    assert not open_snapshot(repository.path, Config()).repository.dirty
    repository.git("add", "lib")
    assert open_snapshot(repository.path, Config()).repository.dirty


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_repository_within_that_cannot_be_read_costs_what_git_does_not_track(
    repository: RepositoryBuilder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "UNTRACKED_SECONDS", 1)
    repository.write("a.py", "1").commit().write("new.py", "1")
    assert open_snapshot(repository.path, Config()).paths() == ("a.py", "new.py")
    _set_trap(repository.path / "lib", tmp_path, "link")
    snapshot = open_snapshot(repository.path, Config())
    assert snapshot.paths() == ("a.py",)
    assert [(entry.what, entry.reason) for entry in snapshot.skipped] == [("repository", "missing-file")]
    assert "did not list them within 1 seconds" in snapshot.skipped[0].detail


def _with_submodule(repository: RepositoryBuilder) -> None:
    repository.write("a.py", "1").write("b.py", "1").commit()
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{repository.head},lib")
    repository.git("commit", "--quiet", "--no-verify", "-m", "Add a submodule")


def _set_trap(lib: Path, tmp_path: Path, pointer: str) -> None:
    """Put a ``.git`` into a submodule that never ends when it, or what it leads to, is read."""
    trap = tmp_path / "trap"
    for folder in ("objects", "refs"):
        (trap / folder).mkdir(parents=True)
    os.mkfifo(trap / "HEAD")
    lib.mkdir(exist_ok=True)
    if pointer == "link":
        (lib / ".git").symlink_to(trap)
    elif pointer == "file":
        (lib / ".git").write_text(f"gitdir: {trap}\n", encoding="utf-8")
    else:
        os.mkfifo(lib / ".git")


@pytest.mark.parametrize("split", [False, True])
@pytest.mark.parametrize("pointer", ["link", "file", "pipe"])
def test_nothing_of_a_submodule_is_read(
    repository: RepositoryBuilder, tmp_path: Path, pointer: str, split: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_module, "LONG_SECONDS", 20)
    _with_submodule(repository)
    if split:
        repository.git("update-index", "--split-index")
    _set_trap(repository.path / "lib", tmp_path, pointer)
    snapshot = open_snapshot(repository.path, Config())
    assert (snapshot.paths(), reasons(snapshot)) == (("a.py", "b.py"), [("lib", "submodule")])
    assert not snapshot.repository.dirty
    index = (repository.path / ".git" / "index").read_bytes()
    git = GitRepository.find(repository.path)
    assert git
    assert uncommitted(git, ["a.py", "b.py"]) == {}
    repository.write("a.py", "2")
    assert uncommitted(git, ["a.py", "b.py"]) == {"a.py": "is changed"}
    assert open_snapshot(repository.path, Config()).repository.dirty
    assert (repository.path / ".git" / "index").read_bytes() == index


def test_changes_beside_a_submodule_are_found_in_a_linked_work_tree(
    repository: RepositoryBuilder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_module, "LONG_SECONDS", 20)
    _with_submodule(repository)
    repository.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    _set_trap(tmp_path / "side" / "lib", tmp_path, "file")
    assert not open_snapshot(tmp_path / "side", Config()).repository.dirty
    (tmp_path / "side" / "a.py").write_text("2", encoding="utf-8")
    assert open_snapshot(tmp_path / "side", Config()).repository.dirty


def test_a_folder_that_became_a_link_to_a_copy_is_dirty(repository: RepositoryBuilder) -> None:
    repository.write("code/inner/a.py", "1").write("copy/inner/a.py", "1").commit()
    assert not open_snapshot(repository.path, Config()).repository.dirty
    shutil.rmtree(repository.path / "code")
    (repository.path / "code").symlink_to("copy")
    assert repository.git("status", "--porcelain", "--untracked-files=no").strip() == "D code/inner/a.py"
    assert open_snapshot(repository.path, Config()).repository.dirty
    assert not open_snapshot(repository.path / "copy", Config()).repository.dirty


def test_a_repository_inside_the_work_tree_is_named(repository: RepositoryBuilder) -> None:
    repository.write("a.py", "1").commit()
    RepositoryBuilder(repository.path / "nested").write("b.py", "1").commit()
    snapshot = open_snapshot(repository.path, Config())
    assert snapshot.paths() == ("a.py",)
    assert reasons(snapshot) == [("nested", "submodule")]


def test_a_linked_work_tree_is_read(repository: RepositoryBuilder, tmp_path: Path) -> None:
    repository.write("a.py", "1").commit()
    repository.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    snapshot = open_snapshot(tmp_path / "side", Config())
    assert snapshot.paths() == ("a.py",)
    assert snapshot.repository.branch == "side"


def test_a_pointer_of_git_lfs_is_no_content(repository: RepositoryBuilder) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n"
    repository.write("package.json", pointer).commit()
    with pytest.raises(UnreadableError) as caught:
        open_snapshot(repository.path, Config()).read("package.json")
    assert caught.value.reason == "git-lfs-pointer"


@pytest.mark.parametrize("commit", [None, "HEAD"])
def test_names_that_are_no_text_are_named_and_odd_names_work(repository: RepositoryBuilder, commit: str | None) -> None:
    (repository.path / os.fsdecode(b"bad\xff.py")).write_bytes(b"1")
    repository.write("new\nline.py", "2").write("ta\tb \"q\" 'é'.py", "3").commit()
    snapshot = open_snapshot(repository.path, Config(), commit=commit)
    assert snapshot.paths() == ("new\nline.py", "ta\tb \"q\" 'é'.py")
    assert snapshot.read("new\nline.py") == b"2"
    assert reasons(snapshot) == [("bad\\xff.py", "wrong-encoding")]


def test_a_sparse_checkout_is_named(repository: RepositoryBuilder) -> None:
    repository.write("a/x.py", "1").write("b/y.py", "2").commit()
    repository.git("sparse-checkout", "set", "a")
    snapshot = open_snapshot(repository.path, Config())
    assert snapshot.paths() == ("a/x.py",)
    assert not snapshot.repository.dirty
    expected = Skipped(
        what="repository", source="git", reason="missing-file", detail="1 file left out by the sparse checkout"
    )
    assert snapshot.skipped == (expected,)


def test_a_clone_without_contents_says_which_files_are_not_there(repository: RepositoryBuilder, tmp_path: Path) -> None:
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.write("a.py", "1").commit()
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", "--no-checkout", "--filter=blob:none", repository.path.as_uri(), str(clone))
    snapshot = open_snapshot(clone, Config(), commit="HEAD")
    assert snapshot.paths() == ("a.py",)
    with pytest.raises(UnreadableError) as caught:
        snapshot.read("a.py")
    assert caught.value.reason == "missing-file"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://user:secret@github.com/acme/shop.git", "acme/shop"),
        ("git@github.com:acme/shop.git", "acme/shop"),
        ("ssh://git@example.org:22/group/sub/shop/", "sub/shop"),
        ("/srv/git/shop.git", "project"),
    ],
)
def test_the_name_comes_from_the_remote_without_credentials(repository: RepositoryBuilder, url: str, name: str) -> None:
    repository.git("remote", "add", "origin", url)
    assert open_snapshot(repository.path, Config()).repository.name == name


@pytest.mark.parametrize("commit", [None, "HEAD"])
def test_files_can_be_laid_over_a_snapshot(repository: RepositoryBuilder, commit: str | None) -> None:
    repository.write("a.py", "1").write("b.py", "2").commit()
    base = open_snapshot(repository.path, Config(), commit=commit)
    laid = base.with_files({"a.py": b"new", "b.py": None, "c.py": b"3"})
    assert laid.paths() == ("a.py", "c.py")
    assert (laid.read("a.py"), laid.size("c.py")) == (b"new", 1)
    assert base.read("a.py") == b"1"
    assert laid.with_files({"b.py": b"back"}).read("b.py") == b"back"
    assert history_of(laid) == history_of(base)
    with pytest.raises(UnreadableError):
        laid.read("b.py")
