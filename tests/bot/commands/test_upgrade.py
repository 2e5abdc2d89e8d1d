"""``debtscan upgrade``, with an index and a git host on loopback, and ``git apply`` as the judge."""

from __future__ import annotations

import json
import os
import select
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from analyzers.look_up import sources
from bot.cli import main
from tests.support.git_server import serve_git
from tests.support.http_server import Reply, Script, serve
from tests.support.repository import RepositoryBuilder

SIMPLE = "application/vnd.pypi.simple.v1+json"
RELEASES = {
    "minor": ("1.0.0", "1.2.0"),
    "major": ("1.0.0", "3.0.0"),
    "hashed": ("1.0.0", "1.2.0"),
    "ranged": ("1.0.0", "1.2.0"),
}
REQUIREMENTS = (
    "\ufeff# Grüße\r\n"
    "minor == 1.0.0   ; python_version > '3'  # why\r\n"
    "minor==1.0.0 ; python_version <= '3'\r\n"
    "major==1.0.0\r\n"
    "hashed==1.0.0 --hash=sha256:aa\r\n"
    "ranged>=1,<1.2"
)
WORKFLOW = """\
on: push
jobs:
  build:
    steps:
      - uses: owner/tool@v1
      - uses: 'owner/pinned@%s' # v1.0.0
"""


@dataclass(frozen=True)
class World:
    """A repository, and the configuration that leads to the servers on loopback."""

    repository: RepositoryBuilder
    config: Path
    commits: dict[str, str]

    def upgrade(self, capfdbinary: pytest.CaptureFixture[bytes], *flags: str) -> tuple[bytes, str]:
        """Return the diff and what was said."""
        common = ["--dry-run", "--quiet", "--as-of", "2026-11-22", "--config", str(self.config)]
        assert main(["upgrade", str(self.repository.path), *common, *flags]) == 0
        out, err = capfdbinary.readouterr()
        return out, err.decode()

    def apply(self, diff: bytes) -> None:
        """Let git apply a diff."""
        command = ["git", "apply", "--whitespace=nowarn", "-"]
        subprocess.run(command, cwd=self.repository.path, input=diff, check=True, timeout=60)

    def read(self, path: str) -> bytes:
        return (self.repository.path / path).read_bytes()


def releases(index: Script, name: str, versions: tuple[str, ...]) -> None:
    files = [
        {"filename": f"{name}-{version}.tar.gz", "url": "x", "hashes": {}, "upload-time": f"202{at}-01-01T00:00:00Z"}
        for at, version in enumerate(versions)
    ]
    document = {"meta": {"api-version": "1.4"}, "name": name, "files": files, "versions": list(versions)}
    index.on(f"/simple/{name}/", Reply(headers={"content-type": SIMPLE}, body=json.dumps(document).encode()))


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")  # 2026-11-22
    monkeypatch.setenv("DEBTSCAN_CACHE_DIR", str(tmp_path / "cache"))
    with serve() as index, serve_git(tmp_path / "git") as git:
        for name, versions in RELEASES.items():
            releases(index, name, versions)
        commits: dict[str, str] = {}
        for name in ("owner/tool", "owner/pinned"):
            git.action(name, v1_0_0="node24", v1_3_0="node24")
            action = git.repository(name)
            commits |= {
                f"{name}@{tag}": action.git("rev-parse", f"{tag}^{{commit}}").strip() for tag in ("v1.0.0", "v1.3.0")
            }
        git.repository("owner/tool").git("tag", "v1", "v1.3.0^{commit}")
        repository = RepositoryBuilder(tmp_path / "repository").write("a b/requirements-ü.txt", REQUIREMENTS)
        repository.write(".github/workflows/ci.yml", WORKFLOW % commits["owner/pinned@v1.0.0"]).commit()
        config = tmp_path / "own.toml"
        # Whatever is asked beside the index stays on loopback as well.
        others = {name: f"{index.url}/{name}" for name in sources()}
        addresses = {**others, "pypi": f"{index.url}/simple", **git.addresses}
        config.write_text("[addresses]\n" + "".join(f'"{key}" = "{value}"\n' for key, value in addresses.items()))
        yield World(repository, config, commits)


@pytest.mark.skipif(sys.platform == "win32", reason="git there may change line ends")
def test_git_applies_the_diff_of_the_safe_steps(world: World, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    diff, said = world.upgrade(capfdbinary)
    world.apply(diff)
    moved = REQUIREMENTS.replace("minor == 1.0.0", "minor == 1.2.0").replace("minor==1.0.0", "minor==1.2.0")
    assert world.read("a b/requirements-ü.txt") == moved.replace("<1.2", "<1.3").encode()
    workflow = WORKFLOW.replace("owner/tool@v1", f"owner/tool@{world.commits['owner/tool@v1.3.0']} # v1.3.0")
    workflow = workflow.replace("# v1.0.0", "# v1.3.0") % world.commits["owner/pinned@v1.3.0"]
    assert world.read(".github/workflows/ci.yml").decode() == workflow
    assert "left out: steps that may break something, for major; --only NAME takes one" in said
    assert "left out: hashed in a b/requirements-ü.txt:5: hashes beside it hold for the old version alone" in said
    assert world.upgrade(capfdbinary)[0] == b""


def test_a_name_takes_its_own_step_even_a_major_one(world: World, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    diff, said = world.upgrade(capfdbinary, "--only", "Major", "--only", "nobody")
    assert [line for line in diff.splitlines() if line[:1] in {b"+", b"-"}][2:] == [b"-major==1.0.0", b"+major==3.0.0"]
    assert "may break" not in said
    assert "nobody: nothing was found that names it" in said


def test_offline_nothing_is_known_and_nothing_is_printed(
    world: World, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert world.upgrade(capfdbinary, "--offline")[0] == b""


def test_what_needs_a_lock_that_nobody_can_make_is_left_out_by_name(
    world: World, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = '[project]\nname = "x"\ndependencies = [\n  "minor==1.0.0",\n  "ranged==1.0.0",\n]\n'
    world.repository.write("pyproject.toml", text)
    lock = '[[package]]\nname = "minor"\nversion = "1.0.0"\nsource = { registry = "https://pypi.org/simple" }\n'
    world.repository.write("uv.lock", lock)
    only_git = world.repository.path.parent / "only-git"
    only_git.mkdir()
    (only_git / "git").symlink_to(shutil.which("git") or "git")
    monkeypatch.setenv("PATH", str(only_git))
    diff, said = world.upgrade(capfdbinary)
    assert b"pyproject" not in diff
    assert "left out: minor, ranged: uv.lock cannot be made anew with it: " in said
    assert b".github/workflows/ci.yml" in diff


def test_nothing_moves_the_cursor_of_a_terminal(
    world: World, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    world.repository.write("requirements.txt", "# \x1b[2J\u202e\nminor==1.0.0\n")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    diff, said = world.upgrade(capfdbinary)
    assert b"\x1b" not in diff
    assert "\\x1b[2J\\u202e" in diff.decode()
    assert "send the output to a file to apply it" in said


def test_a_file_that_git_takes_for_binary_is_patched_as_such(
    world: World, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    world.repository.write("requirements.txt", "# Grüße\r\nminor==1.0.0\r\n".encode("utf-16"))
    diff, said = world.upgrade(capfdbinary)
    assert "requirements.txt is in an encoding that git takes for binary: its changes are in a binary patch" in said
    assert b"# -minor==1.0.0\n# +minor==1.2.0\ndiff --git a/requirements.txt b/requirements.txt\n" in diff
    assert b".github/workflows/ci.yml" in diff
    world.apply(diff)
    assert world.read("requirements.txt").decode("utf-16") == "# Grüße\r\nminor==1.2.0\r\n"
    assert b"v1.3.0" in world.read(".github/workflows/ci.yml")


def run(world: World, *flags: str) -> int:
    common = ["--quiet", "--as-of", "2026-11-22", "--config", str(world.config)]
    return main(["upgrade", str(world.repository.path), *common, *flags])


def test_writes_what_the_dry_run_prints(world: World, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    diff, _said = world.upgrade(capfdbinary)
    script = world.repository.write("run.sh", "").path / "a b/requirements-ü.txt"
    script.chmod(0o640)
    assert run(world) == 0
    out = capfdbinary.readouterr().out.decode()
    assert "Upgraded 4 dependencies:\n" in out
    assert "  minor 1.0.0 → 1.2.0  (minor)\n" in out
    assert "Wrote 2 files:\n  .github/workflows/ci.yml\n  a b/requirements-ü.txt\n" in out
    assert " won.\n" in out
    assert stat.S_IMODE(script.stat().st_mode) == 0o640
    written = [world.read(path) for path in ("a b/requirements-ü.txt", ".github/workflows/ci.yml")]
    world.repository.git("checkout", "--quiet", ".")
    world.apply(diff)
    assert [world.read(path) for path in ("a b/requirements-ü.txt", ".github/workflows/ci.yml")] == written
    assert world.repository.git("status", "--porcelain", "-uall").split("\n")[2:] == ["?? run.sh", ""]


@pytest.mark.parametrize("stage", [False, True])
def test_refuses_files_with_uncommitted_changes(
    world: World, capfdbinary: pytest.CaptureFixture[bytes], *, stage: bool
) -> None:
    world.repository.write("a b/requirements-ü.txt", REQUIREMENTS + "\r\n# mine\r\n")
    if stage:
        world.repository.git("add", ".")
    before = world.read(".github/workflows/ci.yml")
    assert run(world) == 2
    said = capfdbinary.readouterr().err.decode()
    assert f"a b/requirements-ü.txt is {'staged' if stage else 'changed'}; commit or stash" in said
    assert world.read(".github/workflows/ci.yml") == before
    # What would not be touched does not matter.
    assert run(world, "--only", "owner/tool") == 0
    assert b"v1.3.0" in world.read(".github/workflows/ci.yml")


def test_refuses_files_that_no_commit_holds(world: World, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    world.repository.write("requirements.txt", "minor==1.0.0\n")
    assert run(world, "--only", "minor") == 2
    assert b"requirements.txt is not tracked by git; commit or stash" in capfdbinary.readouterr().err


def test_writes_a_folder_that_is_no_repository(world: World, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    shutil.rmtree(world.repository.path / ".git")
    assert run(world) == 0
    assert b"is no git repository: nothing tells what was changed before" in capfdbinary.readouterr().err
    assert b"minor == 1.2.0" in world.read("a b/requirements-ü.txt")


def test_takes_planned_groups_and_patterns(world: World, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    diff, _said = world.upgrade(capfdbinary, "--only", "githubactions-*", "--only", "pypi-minor", "--only", "owner/*")
    assert b"ci.yml" in diff
    assert b"+minor == 1.2.0" in diff


@pytest.mark.parametrize(("flags", "code"), [((), 0), (("--strict",), 4)])
def test_strict_says_by_its_code_that_something_could_not_be_done(
    world: World, capfdbinary: pytest.CaptureFixture[bytes], flags: tuple[str, ...], code: int
) -> None:
    assert run(world, "--only", "minor", "--only", "nobody", *flags) == code
    assert b"nobody: nothing was found that names it" in capfdbinary.readouterr().err
    assert b"minor == 1.2.0" in world.read("a b/requirements-ü.txt")


def test_a_commit_cannot_be_written(world: World, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(world, "--commit", "HEAD") == 2
    assert b"add --dry-run" in capfdbinary.readouterr().err
    assert run(world, "--commit", "HEAD", "--dry-run") == 0
    assert b"+minor == 1.2.0" in capfdbinary.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="needs pseudo-terminals")
@pytest.mark.parametrize(
    ("answers", "changed"),
    [
        (b"? 1\nnobody\nmajor\n", {"major==3.0.0"}),
        (b"\n", {"minor == 1.2.0", "minor==1.2.0", "ranged>=1,<1.3"}),
        (b"none\n", set()),
        (b"\x04", set()),
        (b"\x03", None),
    ],
)
def test_asks_on_a_terminal(world: World, answers: bytes, changed: set[str] | None) -> None:
    code, shown = on_a_terminal(world, answers)
    before = {line.partition(";")[0].strip() for line in REQUIREMENTS.splitlines()}
    after = {line.partition(";")[0].strip() for line in world.read("a b/requirements-ü.txt").decode().splitlines()}
    assert after - before == (changed or set())
    assert "upgrades, those of most worth first:" in shown
    assert "Which? Numbers, names, all, none; ? explains, empty takes *\n> " in shown
    assert max(map(len, shown.split("Which?")[0].splitlines())) <= 60, shown
    assert "\x1b" not in shown
    assert code == (130 if changed is None else 0)
    if changed:
        assert "Wrote " in shown
    elif changed is not None:
        assert "Nothing was upgraded." in shown
        assert "may break something" not in shown.split("\n> ")[-1]


_MOST_SILENT_SECONDS = 120
ON_ITS_TERMINAL = """
import fcntl, sys, termios
from bot.cli import main
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
sys.exit(main())
"""


def on_a_terminal(world: World, answers: bytes) -> tuple[int, str]:
    """Run the command on a terminal of 60 columns, type the answers when it asks, return code and what it showed."""
    import fcntl
    import pty
    import struct
    import termios

    outer, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    words = [
        sys.executable,
        "-c",
        ON_ITS_TERMINAL,
        "upgrade",
        str(world.repository.path),
        "--quiet",
        "--as-of",
        "2026-11-22",
    ]
    process = subprocess.Popen(
        [*words, "--config", str(world.config)],
        stdin=inner,
        stdout=inner,
        stderr=inner,
        start_new_session=True,
        env={
            **{key: text for key, text in os.environ.items() if key != "COLUMNS"},
            "NO_COLOR": "1",
            "TERM": "xterm",
            "PYTHONUTF8": "1",
        },
        cwd=Path(__file__).parents[3],
    )
    os.close(inner)
    shown, told, silent = b"", False, 0
    try:
        while silent < _MOST_SILENT_SECONDS:
            if not select.select([outer], [], [], 1.0)[0]:
                silent += 1
                # Between the prompt and the reading an interrupt is only noted, so people press it again as well.
                if told and answers == b"\x03":
                    os.write(outer, answers)
                continue
            block = _read_from(outer)
            if not block:
                break
            shown += block
            if b"empty takes *\r\n> " in shown and not told:
                told = True
                os.write(outer, answers)
        code = process.wait(timeout=60)
    finally:
        process.kill()
        process.wait()
        os.close(outer)
    return code, shown.decode().replace("\r\n", "\n")


def _read_from(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux says so when the other end is closed
        return b""
