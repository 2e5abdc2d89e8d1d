"""The installation's own templates: read from its folder, drawn once with examples, and used from then on."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from analyzers.errors import UsageError

if TYPE_CHECKING:
    from bot.markup import Draw

VARIABLE: Final = "DEBTSCAN_TEMPLATES"
_ENDING: Final = ".j2"
_MOST_BYTES: Final = 256 * 1024


@contextmanager
def installed(
    option: str | None, environ: Mapping[str, str] = os.environ, scanned: Path | None = None
) -> Iterator[None]:
    """Use the templates of the folder that is named, by ``option`` or else by the environment, meanwhile.

    ``scanned`` is the folder that is scanned. Raises UsageError.
    """
    named = option or environ.get(VARIABLE, "")
    if not named:
        yield
        return
    from bot import markup

    folder = Path(named).absolute()
    if scanned is not None and scanned.exists():
        _refuse_inside(folder, scanned)
    with markup.replacing(*_checked(folder)):
        yield


def _checked(folder: Path) -> tuple[Iterable[str], Draw]:
    """Return the names of what can be replaced, and what draws it: each was drawn with a full and a bare example."""
    from bot.commands._template_kinds import TEMPLATES
    from bot.example import Maker
    from bot.markup import templates_folder
    from bot.replaced import Replaced
    from bot.template_words import given

    ours = {name: (templates_folder() / name).read_text(encoding="utf-8") for name in TEMPLATES}
    replaced = Replaced(ours=ours, theirs=_theirs(folder, ours))
    for name, kind in TEMPLATES.items():
        for full in (True, False):
            replaced.draw(name, given(Maker(full=full).make(kind)), check=True)
    return TEMPLATES, replaced.draw


def _refuse_inside(folder: Path, scanned: Path) -> None:
    """Refuse a folder that the scanned repository holds, or holds a link to: a repository says nothing of its posts."""
    places = (scanned.absolute(), *scanned.absolute().parents)
    root = next((place for place in places if (place / ".git").exists()), places[0])
    if folder.is_relative_to(root) or folder.resolve().is_relative_to(root.resolve()):
        raise UsageError(f"{folder}: templates must not lie in the repository that is scanned; move them elsewhere")


def _theirs(folder: Path, ours: Iterable[str]) -> Mapping[str, str]:
    try:
        files = sorted(path for path in folder.iterdir() if path.name.endswith(_ENDING))
    except OSError as error:
        raise UsageError(f"{folder}: cannot be read as a folder of templates: {error.strerror}") from error
    for path in files:
        if path.name not in ours:
            raise UsageError(f"{path}: is no template that can be replaced; these are: {', '.join(ours)}")
    return {path.name: _text(path) for path in files}


def _text(path: Path) -> str:
    try:
        if not path.is_file() or path.stat().st_size > _MOST_BYTES:
            raise UsageError(f"{path}: is no file of at most {_MOST_BYTES:,} bytes")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read as UTF-8 text: {error}") from error
