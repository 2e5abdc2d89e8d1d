"""A repository's configuration over its organisation's: tables merge, everything else replaces, locks hold. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from analyzers.config import Config
from analyzers.errors import ConfigError
from analyzers.settings_file import Written, nearest, valid_names

_LONGEST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Overruled:
    """A value of a repository's file that does not count, because the organisation locked `key`.

    It stands in `path` at `line`; `by` is where the lock stands (``path:line``), `counts` the value that holds, in
    JSON, cut where it is long.
    """

    key: str
    path: str
    line: int
    by: str
    counts: str

    @property
    def why(self) -> str:
        """What happened, without the place."""
        return f"'{self.key}' is overruled: {self.by} locks it, and {self.counts} counts"

    @property
    def sentence(self) -> str:
        """What happened, with the place and what to do."""
        return f"{self.path}:{self.line}: {self.why}; take it out of this file, or have the lock taken off"


@dataclass(frozen=True, slots=True)
class Locks:
    """The keys and tables that an organisation locks, and the values that hold there."""

    keys: tuple[str, ...]
    written: Written
    config: Config

    def over(self, key: str) -> str:
        """Return the lock that ``key`` lies under, "" where it lies under none."""
        return next((lock for lock in self.keys if key == lock or key.startswith(f"{lock}.")), "")

    def place(self, key: str) -> str:
        """Return where the lock over ``key`` stands, as ``path:line``."""
        index = self.keys.index(self.over(key))
        return self.written.place(f"organization.lock[{index}]", "organization.lock")

    def overruled(self, own: Written, config: Config) -> Iterator[Overruled]:
        """Yield what ``own``, read as ``config``, says otherwise than is locked."""
        for key in leaves(own.document):
            if self.over(key) and _value(config, key) != _value(self.config, key):
                yield Overruled(
                    key=key,
                    path=own.path,
                    line=own.lines.get(key, 1),
                    by=self.place(key),
                    counts=_shown(_value(self.config, key)),
                )


def check_locks(keys: Iterable[str], written: Written) -> None:
    """Raise ConfigError where a lock names no key of the configuration."""
    for index, key in enumerate(keys):
        parts = key.split(".")
        names = valid_names(Config, parts[:-1])
        if parts[-1] not in names:
            place = written.place(f"organization.lock[{index}]", "organization.lock")
            above = f" in [{'.'.join(parts[:-1])}]" if names and len(parts) > 1 else ""
            hint = nearest(parts[-1], names or valid_names(Config, ()))
            raise ConfigError(f"{place}: there is no key '{key}' to lock{above}; {hint}")


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return both documents as one: tables merge key by key, any other value of ``above`` replaces the one below."""
    result = dict(below)
    for key, value in above.items():
        lower = result.get(key)
        result[key] = merged(lower, value) if isinstance(lower, dict) and isinstance(value, dict) else value
    return result


def without(document: Mapping[str, Any], locks: Locks, above: str = "") -> dict[str, Any]:
    """Return a document without what lies under a lock."""
    kept: dict[str, Any] = {}
    for key, value in document.items():
        name = f"{above}{key}"
        if not locks.over(name):
            kept[key] = without(value, locks, f"{name}.") if isinstance(value, dict) else value
    return kept


def leaves(document: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """Yield the dotted keys of all values that are no tables; a list is one value."""
    for key, value in document.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{above}{key}.")
        else:
            yield f"{above}{key}"


def _shown(value: object) -> str:
    text = msgspec.json.encode(msgspec.to_builtins(value)).decode()
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _value(config: Config, key: str) -> Any:  # noqa: ANN401 - whatever the key holds
    value: Any = config
    for part in key.split("."):
        fields = {entry.encode_name: entry.name for entry in msgspec.structs.fields(value)}
        value = getattr(value, fields[part])
    return value
