"""``.npmrc`` and Yarn 1's ``.yarnrc`` in a repository: registries, the age that releases must have, nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from analyzers.ecosystems.npm import _ages_of
from analyzers.ecosystems.npm._registries import observation
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Observation
from analyzers.syntax.text import SourceText

_SETTING: Final = re.compile(r"^[ \t]*(?:(@[^\s:=]+):)?registry[ \t]*=[ \t]*([^\r\n]*)", re.MULTILINE)
_AGE: Final = re.compile(
    r"^[ \t]*(?:min-release-age[ \t]*=[ \t]*(?P<days>[0-9]{1,5})"
    r"|minimum-release-age[ \t]*=[ \t]*(?P<minutes>[0-9]{1,8}))[ \t\r]*$",
    re.MULTILINE,
)
# ``registry "https://…"`` and ``"@scope:registry" "https://…"``.
_YARN: Final = re.compile(r'^"?(?:(@[^\s:"]+):)?registry"?[ \t]+([^\r\n]*)', re.MULTILINE)


def read(source: SourceText) -> Reading:
    """Read ``registry=``, ``@scope:registry=`` and the least age of releases; credentials stay unread."""
    return Reading(observations=(*_registries(source, _SETTING), *_ages(source)))


def read_yarnrc(source: SourceText) -> Reading:
    """Read the same from ``.yarnrc``."""
    return Reading(observations=tuple(_registries(source, _YARN)))


def _ages(source: SourceText) -> Iterator[Observation]:
    """Yield npm's least age of a release, in days, and pnpm's, in minutes."""
    for found in _AGE.finditer(source.text):
        days = int(found["days"]) if found["days"] else _ages_of.days(found["minutes"])
        yield _ages_of.observation(source, days, *found.span())


def _registries(source: SourceText, setting: re.Pattern[str]) -> Iterator[Observation]:
    for found in setting.finditer(source.text):
        yield observation(source, found[1] or "", found[2].strip().strip("\"'"), *found.span(2))
