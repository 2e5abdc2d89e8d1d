"""A shop with Python packages that move in one group, and its own checks that pass or fail by which of them moved."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.packages import PythonIndex
from tests.support.shop import LOGIN, NAME, github_at

PACKAGES = ("ant", "bee", "cat", "dog", "eel", "fox")
RULE = '[[upgrades.automerge]]\nkinds = ["minor"]\nmethod = "squash"\n'
Checks = Callable[[dict[str, bytes]], Mapping[str, str]]


class Opening:
    """Opens shops; `github` is that of the last one."""

    github: GitHubStandIn

    def __init__(self, stack: ExitStack, tmp: Path, monkeypatch: pytest.MonkeyPatch, index: PythonIndex) -> None:
        self._stack = stack
        self._tmp = tmp
        self._monkeypatch = monkeypatch
        self._index = index

    def __call__(
        self,
        settings: str = "",
        *,
        names: Sequence[str] = PACKAGES,
        **given: Any,  # noqa: ANN401 - as Repository's
    ) -> HostedRepository:
        """Make the repository; ``settings`` are further lines of the configuration, ``given`` what GitHub has of it."""
        for name in names:
            self._index.add(name, "1.0.0", "1.1.0")
        at = github_at(self._tmp, self._monkeypatch, settings, {"pypi": self._index.url})
        self.github = self._stack.enter_context(at)
        files = {"requirements.txt": "".join(f"{name}==1.0.0\n" for name in names), "README.md": "Shop\n"}
        people = {LOGIN: "write", "ada": "write"}
        return self.github.repository(NAME, files, collaborators=people, **{"allow_auto_merge": True, **given})

    def act_as(self, **environment: str) -> None:
        """Give these credentials instead of the token."""
        self._monkeypatch.delenv("GITHUB_TOKEN", raising=False)
        for name, value in environment.items():
            self._monkeypatch.setenv(name, value)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run ``debtscan`` on the shop; return what it told, in one line."""
    capsys.readouterr()
    assert main(["run", NAME, "--quiet", "--jobs", "1", *arguments]) == 0
    return " ".join(capsys.readouterr().out.split())


def moved(repository: HostedRepository, ref: str) -> set[str]:
    """Return the names of what moved at a branch or commit."""
    return _there(repository.file("requirements.txt", ref) or b"")


def checked_by(passes: Callable[[set[str]], bool]) -> Checks:
    """Return checks of which ``unit`` passes by the names of what moved."""

    def ci(files: dict[str, bytes]) -> Mapping[str, str]:
        return {"lint": "success", "unit": "success" if passes(_there(files["requirements.txt"])) else "failure"}

    return ci


def settle(repository: HostedRepository, capsys: pytest.CaptureFixture[str]) -> tuple[list[set[str]], str]:
    """Run until nothing changes; return what was on the branch in turn, and what the last run told."""
    seen: list[set[str]] = []
    for _run_number in range(20):
        before = repository.pulls[0].head if repository.pulls else ""
        told = run(capsys)
        (pull,) = repository.pulls
        if pull.head == before:
            return seen, told
        seen.append(moved(repository, pull.branch))
    raise AssertionError("it never ends")


def _there(requirements: bytes) -> set[str]:
    return set(re.findall(r"^([\w-]+)==1\.1\.0$", requirements.decode(), re.MULTILINE))
