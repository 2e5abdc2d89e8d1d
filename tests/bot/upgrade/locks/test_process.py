"""How a call of a lock tool ends, and that nothing of it lives on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from bot.upgrade.locks import place
from bot.upgrade.locks.model import LockRefusedError
from bot.upgrade.locks.sandbox import Sandbox
from tests.support.lock_tools import ENVIRON, run, unwalled, walled

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes of Windows have no groups")

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody gets the orphans")
MOST_INSIDE = 50
LEAVE = """
import os, pathlib, subprocess, sys, time
left = "import pathlib, os, time; pathlib.Path({note!r}).write_text(str(os.getpid())); time.sleep(600)"
child = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', sys.argv[1]], start_new_session={apart})"
subprocess.run([sys.executable, "-c", child, left], start_new_session={apart})
while not pathlib.Path({note!r}).exists():
    time.sleep(0.01)
{then}
"""


def is_gone(pid: int) -> bool:
    """Return whether a process has ended, or ends within five seconds."""
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        with suppress(FileNotFoundError):
            # Dead, and nobody has asked how it ended.
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("apart", [False, pytest.param(True, marks=ON_LINUX)])
@pytest.mark.parametrize("then", ["time.sleep(600)", "sys.exit(0)", "sys.exit(1)", "os.kill(os.getpid(), 9)"])
def test_all_that_a_tool_started_ends_with_it(tmp_path: Path, then: str, *, apart: bool) -> None:
    note = tmp_path / "pid"
    try:
        run(unwalled(tmp_path), LEAVE.format(note=str(note), apart=apart, then=then), seconds=5)
        said = ""
    except LockRefusedError as error:
        said = str(error)
    expected = {
        "time.sleep(600)": "it took longer than 5 seconds and was stopped",
        "sys.exit(0)": "",
        "sys.exit(1)": "tool failed: it ended with exit code 1 and no word",
        "os.kill(os.getpid(), 9)": "tool failed: it was ended by SIGKILL",
    }
    assert said == expected[then]
    assert is_gone(int(note.read_text()))


def test_behind_walls_a_tool_ends_in_the_same_ways(tmp_path: Path) -> None:
    box = walled(tmp_path)
    with pytest.raises(LockRefusedError, match="longer than 5 seconds"):
        run(box, "import time; time.sleep(600)", seconds=5)
    with pytest.raises(LockRefusedError, match="it ended with exit code 3 and no word"):
        run(box, "raise SystemExit(3)")
    with pytest.raises(LockRefusedError, match="it was ended by SIGTERM, and said: a word"):
        run(box, "import os, signal; print('a word', flush=True); os.kill(os.getpid(), signal.SIGTERM)")


DEBTSCAN = """
import os, sys
from pathlib import Path
from bot.upgrade.locks.sandbox import Sandbox
from tests.support.lock_tools import ENVIRON, run, unwalled
box = unwalled(Path({home!r})) if {plain} else Sandbox.of(ENVIRON, Path({home!r}))
run(box, {script!r})
"""
NOTE = """
import os, pathlib, time
here = pathlib.Path.home().parent
told = [here, os.getpid(), oct(here.stat().st_mode & 0o777), oct((here / "home").stat().st_mode & 0o777)]
pathlib.Path(os.environ["XDG_CACHE_HOME"], "note").write_text("\\n".join(map(str, told)))
time.sleep(600)
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", None)
    return folder


@pytest.fixture(params=["walled", "unwalled"])
def killed(request: pytest.FixtureRequest, tmp_path: Path, temporary: Path) -> tuple[list[str], Path]:
    """Kill debtscan while a tool works; return what the tool noted, and where the folder of the call lies."""
    plain = request.param == "unwalled"
    if not plain:
        walled(tmp_path)
    script = DEBTSCAN.format(home=str(tmp_path), plain=plain, script=NOTE)
    debtscan = subprocess.Popen([sys.executable, "-c", script], cwd=Path(__file__).parents[4])
    try:
        for _ in range(400):
            notes = [path.read_text() for path in temporary.glob("debtscan-locks-*/note")]
            if notes and notes[0].count("\n") == 3:
                break
            time.sleep(0.05)
        lines = notes[0].splitlines()
        assert (Path(lines[0]) / "home" / ".netrc").read_text() == "machine a login b password c\n"
        place.remove_left_overs()
        assert (Path(lines[0]) / "home" / ".netrc").exists()  # held by the one that lives
    finally:
        debtscan.send_signal(signal.SIGKILL)
        debtscan.wait()
    return lines, Path(lines[0])


@ON_LINUX
def test_what_a_killed_run_left_is_removed_at_the_next_start(
    killed: tuple[list[str], Path], temporary: Path, tmp_path: Path
) -> None:
    lines, folder = killed
    assert lines[2:] == ["0o700", "0o700"]
    assert (folder / "home" / ".netrc").exists()
    # Behind walls it has another number here.
    assert int(lines[1]) < MOST_INSIDE or is_gone(int(lines[1]))
    foreign = temporary / "debtscan-lockout"
    foreign.symlink_to(tmp_path)
    box = Sandbox.of(ENVIRON, tmp_path)
    run(box, "open('out', 'w')")
    left = sorted(path.name for path in temporary.iterdir() if not path.name.startswith("debtscan-locks-"))
    assert left == ["debtscan-lockout"]
    assert list(temporary.glob("debtscan-locks-*")) == [box.cache.path]
    assert tmp_path.exists()


def test_a_secret_cut_at_the_front_of_what_is_kept_is_not_told(tmp_path: Path) -> None:
    # All that is kept of so much is short, so that it is shown from its front.
    script = "print('x' * 1000 + 'https://user:s3cr3t@h.com/a' + ' ' * 65_523); raise SystemExit(1)"
    with pytest.raises(LockRefusedError) as raised:
        run(unwalled(tmp_path), script)
    assert "3t@" not in str(raised.value)
