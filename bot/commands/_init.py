"""``debtscan init``: two questions, and the files written, all or none."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from analyzers.config import Config
from analyzers.errors import UsageError
from analyzers.model.facts import GitRefs, Known, Unknown
from analyzers.model.question import Question
from analyzers.repository.git import GitRepository
from analyzers.repository.snapshot import FileSnapshot, open_snapshot
from analyzers.repository.uncommitted import uncommitted
from bot import VERSION, starter
from bot.commands import _network
from bot.commands._progress import shown
from bot.commands._voice import Voice
from bot.rounds.clock import Clock
from bot.upgrade.work_tree import replace_files

_CONFIGURED: Final = (".github/debtscan.toml", "debtscan.toml")
_ACTION_HOST: Final = "https://github.com"
_MOST_ASKED: Final = 3

Ask = Callable[[str], str]
"""Shows a question and returns the line that answers it. Raises EOFError."""


def init(arguments: argparse.Namespace, ask: Ask = input) -> int:
    """Write what is not there yet. Raises UsageError."""
    folder = Path(arguments.path)
    snapshot = _opened(folder)
    answers = _answers(arguments, ask)
    pin = _pin(arguments.pin)
    wanted = starter.files(snapshot.repository.name, answers, pin, configured=_is_configured(snapshot))
    if arguments.dry_run:
        for path, text in wanted.items():
            sys.stdout.write(f"# {path}\n{text}\n")
        return 0
    _write(folder, snapshot.git, wanted, force=arguments.force)
    return 0


def _opened(folder: Path) -> FileSnapshot:
    if not (folder / ".git").exists():
        raise UsageError(f"{folder}: is not the top of a git repository; go there, or name it")
    return open_snapshot(folder, Config())


def _is_configured(snapshot: FileSnapshot) -> bool:
    paths = frozenset(snapshot.paths())
    if not paths.isdisjoint(_CONFIGURED):
        return True
    return "pyproject.toml" in paths and b"[tool.debtscan" in snapshot.read("pyproject.toml")


def _answers(arguments: argparse.Namespace, ask: Ask) -> starter.Answers:
    silent_yes = arguments.yes or not sys.stdin.isatty()
    questions = {
        "upgrades": "Offer upgrades as pull requests?",
        "pull_requests": "Look at every pull request, and say what it adds and mends?",
    }
    found = {}
    for name, question in questions.items():
        said = getattr(arguments, name)
        found[name] = said if said is not None else silent_yes or _yes(question, ask)
    return starter.Answers(**found)


def _yes(question: str, ask: Ask) -> bool:
    for _ in range(_MOST_ASKED):
        try:
            answer = ask(f"{question} [Y/n] ").strip().lower()
        except EOFError as error:
            raise UsageError("the input ended before the answer; nothing was written") from error
        if answer in {"", "y", "yes"}:
            return True
        if answer in {"n", "no"}:
            return False
        sys.stdout.write("Please answer y or n.\n")
    raise UsageError("no answer that is y or n; nothing was written. With --yes nothing is asked")


def _pin(given: str | None) -> starter.Pin:
    """Return the commit that is given, else that of this version's tag: what is pinned by a tag can be moved."""
    if given is not None:
        try:
            return starter.Pin(commit=given)
        except ValueError as error:
            raise UsageError(f"--pin {error}") from error
    tag = f"v{VERSION}"
    question = Question("git-refs", f"{_ACTION_HOST}/{starter.ACTION}")
    with shown(quiet=True) as progress, _network.asking(Config(), offline=False, progress=progress) as network:
        answer = network.ask([question], Clock.read(None).now.date()).get(question)
    refs = answer.value if isinstance(answer, Known) and isinstance(answer.value, GitRefs) else None
    commit = refs.tags.get(tag, "") if refs else ""
    if not commit:
        detail = f"{answer.reason}: {answer.detail}" if isinstance(answer, Unknown) else f"it has no tag {tag}"
        raise UsageError(f"the commit of {starter.ACTION} {tag} cannot be found ({detail}); name one with --pin COMMIT")
    return starter.Pin(commit=commit, tag=tag)


def _write(folder: Path, git: GitRepository | None, wanted: Mapping[str, str], *, force: bool) -> None:
    voice = Voice.of(sys.stdout)
    files = {path: text.encode() for path, text in wanted.items()}
    before = {path: (folder / path).read_bytes() for path in files if (folder / path).is_file()}
    changed = {path: content for path, content in files.items() if before.get(path) != content}
    there = sorted(path for path in changed if path in before)
    if there and not force:
        raise UsageError(f"{', '.join(there)}: there already, and different; --force writes over it")
    lost = uncommitted(git, there) if git is not None and there else {}
    if lost:
        shown = ", ".join(f"{path} {why}" for path, why in lost.items())
        raise UsageError(f"nothing was written, for changes would be lost: {shown}; commit or stash them")
    for path in changed:
        _make_folders(folder, path)
    replace_files(folder, changed, {path: content for path, content in before.items() if path in changed})
    for path in files:
        voice.tell(f"wrote {path}" if path in changed else f"{path} is as it should be")
    voice.tell("Next: commit it and push. It runs on Mondays, or at once from the Actions page of the repository.")


def _make_folders(folder: Path, path: str) -> None:
    """Make the folders of a file. Behind a link nothing is made: writing there is refused afterwards.

    Raises UsageError.
    """
    place = folder
    for part in PurePosixPath(path).parts[:-1]:
        place /= part
        if place.is_symlink():
            return
        try:
            place.mkdir(exist_ok=True)
        except OSError as error:
            shown = place.relative_to(folder).as_posix()
            raise UsageError(f"{shown}: cannot be made a folder ({error.strerror}); nothing was written") from error
