"""The clauses of a Python constraint, as PEP 440 and as Poetry write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from packaging.version import Version

_OPERATOR = r"===|==|~=|!=|<>|<=|>=|<|>|=|\^|~"
# Versions hold no comma, bar, space or operator; what stands between clauses is kept as written by `rewrite`.
_CLAUSE = re.compile(rf"(?P<operator>{_OPERATOR})?(?P<gap>[ \t]*+)(?P<version>(?:v?\d++!(?!=))?+[^\s,|=<>!~^]++)")
_SEPARATOR = re.compile(r"[\s,]*+")


@dataclass(frozen=True, slots=True)
class Clause:
    """One operator with its version, at ``start``–``end`` (the version alone) of the constraint."""

    operator: str
    version: str
    start: int
    end: int

    @property
    def is_wildcard(self) -> bool:
        return self.version == "*" or self.version.endswith(".*")


def clauses_of(part: str) -> Iterator[Clause]:
    """Yield the clauses of one side of a ``||``; ValueError at what is none."""
    position = _skip_separator(part, 0)
    while position < len(part):
        found = _CLAUSE.match(part, position)
        if not found:
            raise ValueError(part[position:])
        yield Clause(found["operator"] or "", found["version"], found.start("version"), found.end("version"))
        position = _skip_separator(part, found.end())
        if position == found.end() < len(part):
            raise ValueError(part[position:])


def _skip_separator(part: str, position: int) -> int:
    found = _SEPARATOR.match(part, position)
    return found.end() if found else position


def as_pep440(clause: Clause) -> tuple[str, ...]:
    """Translate one clause into PEP 440's own operators."""
    operator, version = clause.operator, clause.version
    if version == "*":
        if operator not in {"", "=", "=="}:
            raise ValueError(version)
        return ()
    if operator in {"^", "~"}:
        return (f">={version}", f"<{_beyond(operator, version)}")
    if operator in {"<", "<=", ">", ">="} and clause.is_wildcard:
        # Never valid, yet written for years (`>=3.5.*` in the metadata of old releases) and read so by pip.
        return (f"{operator}{version[:-2]}",)
    return ({"": "==", "=": "==", "<>": "!="}.get(operator, operator) + version,)


def _beyond(operator: str, version: str) -> str:
    """Return the first version outside Poetry's ``^version`` (next breaking) or ``~version`` (next minor)."""
    parsed = Version(version)
    release = parsed.release
    if operator == "~":
        index = min(len(release) - 1, 1)
    else:
        index = next((at for at, number in enumerate(release[:3]) if number), min(len(release), 3) - 1)
    epoch = f"{parsed.epoch}!" if parsed.epoch else ""
    return epoch + ".".join(str(number) for number in (*release[:index], release[index] + 1))
