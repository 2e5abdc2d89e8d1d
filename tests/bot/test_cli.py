"""The command line from outside: exit codes, streams, and what never reaches a user."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import bot
from bot import VERSION
from bot.cli import main
from bot.commands.parser import COMMANDS


def test_version_answers_without_argparse() -> None:
    code = "import sys; from bot.cli import main; main(['--version']); sys.exit('argparse' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"debtscan {VERSION}\n"


def test_help_imports_nothing_heavy() -> None:
    heavy = "{'rich', 'urllib3', 'git', 'radon', 'jinja2', 'msgspec', 'yaml', 'packaging', 'tree_sitter', 'sqlite3'}"
    code = (
        "import sys\nfrom bot.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"sys.exit(' '.join({heavy} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_scan_of_a_folder_loads_nothing_that_speaks_with_github() -> None:
    code = "import sys, bot.commands._perform; sys.exit(' '.join({'github', 'requests'} & set(sys.modules)) or 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"usage: debtscan {command}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["scan", "/nowhere/at/all"], "there is no such folder"),
        (["scan", "--format", "xml"], "there is no format 'xml'"),
        (["scan", "--fail-under", "Z"], "give a grade"),
        (["scan", "no-such/folder", "--offline"], "--offline asks nobody"),
        (["explain", "outdated-dependancy"], "did you mean 'outdated-dependency'?"),
        (["scan", "--baseline", "/nowhere.json"], "/nowhere.json"),
    ],
)
def test_wrong_use_is_told_in_one_line(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.err.startswith("debtscan: ")
    assert captured.out == ""


@pytest.mark.parametrize("arguments", [["scan", "--as-of", "yesterday"], ["scan", "--jobs", "0"], ["nope"], ["config"]])
def test_arguments_that_do_not_parse_leave_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


def test_an_unexpected_error_leaves_with_3_and_a_file_instead_of_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_arguments: object) -> int:
        raise ZeroDivisionError("a \x1b[31mfault")

    monkeypatch.setattr("bot.commands.rules.run", fail)
    assert main(["rules"]) == 3
    err = capsys.readouterr().err
    assert "internal error: ZeroDivisionError" in err
    assert "crash.log" in err
    assert "Traceback" not in err
    assert "\x1b" not in err


def test_an_interrupt_leaves_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.commands.rules.run", interrupt)
    assert main(["rules"]) == 130


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is full")
def test_a_full_disk_is_no_fault_of_debtscan() -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "bot", "rules"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("debtscan: cannot write: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a folder that somebody stands in")
def test_a_folder_removed_under_ones_feet_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    code = "import os, sys; from bot.cli import main; os.rmdir(os.getcwd()); sys.exit(main(['scan', '--offline']))"
    command = [sys.executable, "-c", code]
    variables = {**os.environ, "PYTHONPATH": str(Path(bot.__file__).parents[1])}
    done = subprocess.run(command, cwd=tmp_path / "gone", env=variables, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "change to another folder" in done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_completion_names_every_command(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert all(command in script for command in COMMANDS)
