from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bot.service.temporary import temporary


def test_what_is_temporary_lies_there_and_is_gone_afterwards(tmp_path: Path) -> None:
    before = os.environ.get("TMPDIR")
    with temporary(tmp_path / "tmp") as folder:
        with tempfile.NamedTemporaryFile(delete=False) as file:
            assert Path(file.name).parent == folder
        child = [sys.executable, "-c", "import tempfile; print(tempfile.gettempdir())"]
        assert subprocess.run(child, capture_output=True, text=True, check=True).stdout.strip() == str(folder)
        assert folder.stat().st_mode & 0o777 == 0o700

    assert list((tmp_path / "tmp").iterdir()) == []
    assert os.environ.get("TMPDIR") == before
    assert Path(tempfile.gettempdir()) != folder


def test_what_a_killed_process_left_goes_with_the_next_start_and_what_a_living_one_has_stays(tmp_path: Path) -> None:
    script = (
        "import os, pathlib, sys\n"
        "from bot.service.temporary import temporary\n"
        "with temporary(pathlib.Path(sys.argv[1])) as folder:\n"
        "    (folder / 'large').write_text('x')\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False, timeout=60)
    assert killed.returncode == -9
    (left,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert (left / "large").exists()

    with temporary(tmp_path) as one, temporary(tmp_path) as other:
        assert not left.exists()
        assert one.exists()
        assert other.exists()
    assert list(tmp_path.iterdir()) == []
