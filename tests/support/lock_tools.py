"""A lock tool that is a Python script, which tries what a test wants to know."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.upgrade.locks.model import Job, Run
from bot.upgrade.locks.reach import Reach
from bot.upgrade.locks.sandbox import OPT_IN, Sandbox

ENVIRON = {"PATH": os.environ["PATH"], OPT_IN: "1", "GH_TOKEN": "hunter2", "AWS_SECRET_ACCESS_KEY": "hunter2"}
NOBODY = Reach(environ={})
SECRETS = {".netrc": "machine a login b password c\n"}


def unwalled(home: Path, environ: Mapping[str, str] = ENVIRON) -> Sandbox:
    """Return the sandbox of a user who lets tools run without bubblewrap."""
    return Sandbox(environ=environ, home=home, bubblewrap=None, opted_in=True)


def walled(home: Path, environ: Mapping[str, str] = ENVIRON) -> Sandbox:
    """Return the sandbox with bubblewrap; skip the test where that does not work."""
    box = Sandbox.of(environ, home)
    if box.bubblewrap is None:
        pytest.skip("needs bubblewrap, and a system that lets it work; `.ci/servers` installs it")
    return box


def run(box: Sandbox, script: str, *, reach: Reach = NOBODY, **fields: object) -> bytes:
    """Run a script in ``folder``, and return what it wrote to ``out``."""
    job = Job(
        program="tool",
        files={"folder/tool.py": script.encode(), "folder/out": b"before"},
        folder="folder",
        runs=(Run(arguments=("tool.py",)),),
        **fields,  # type: ignore[arg-type] # fields of Job
    )
    return box.run(job, sys.executable, SECRETS, "folder/out", reach)
