"""What a lock tool is given, as a digest: where it is the same, the tool would be asked the same again. No secrets."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Final

from bot.upgrade.locks.model import Job, Task

# What stands for a credential in the files of a tool's home: that there is one counts, and not which.
_SECRET: Final = re.compile(r"(\blogin |\bpassword |:_auth(?:Token)?=)\S+")


def digest(version: str, task: Task, job: Job, home: Mapping[str, str], *, private_hosts: bool) -> str:
    """Return a digest of a job for the tool of this ``version`` (``uv 0.9.2``); ``home`` are files with credentials."""
    told = [
        [version, job.program, job.folder, task.lock, task.index],
        [[one.name, one.shown, one.target, one.current] for one in task.wanted],
        _files(job.files),
        [[run.arguments, _files(run.files)] for run in job.runs],
        sorted(job.variables.items()),
        [job.registries, private_hosts],
        [[path, _SECRET.sub(r"\1", text)] for path, text in sorted(home.items())],
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _files(files: Mapping[str, bytes | None]) -> list[list[str | None]]:
    return [
        [path, None if content is None else hashlib.sha256(content).hexdigest()]
        for path, content in sorted(files.items())
    ]
