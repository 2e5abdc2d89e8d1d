"""Finds ``debtscan.toml``, reads it, and says where each value came from.

Order: ``--config`` › ``DEBTSCAN_CONFIG`` › ``.github/debtscan.toml`` › ``debtscan.toml`` › ``[tool.debtscan]`` in
``pyproject.toml``. More than one of the three places in the repository is an error, since nobody would know which
one counts.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from analyzers.config import BRANCH, WINDOW, Config
from analyzers.custom_expressions import ExpressionError
from analyzers.custom_readers import InvalidReaderError, prepare
from analyzers.errors import ConfigError, UnreadableError
from analyzers.model.snapshot import Snapshot
from analyzers.repository.messages import message_pattern
from analyzers.syntax import node, toml
from analyzers.syntax.text import SourceText

IN_REPOSITORY = (".github/debtscan.toml", "debtscan.toml")
_UNKNOWN_FIELD = re.compile(r"contains unknown field `([^`]*)`")
_AT = re.compile(r" - at `\$([^`]*)`")


@dataclass(frozen=True, slots=True)
class Settings:
    """The Config, and where it came from: `path` (None: defaults only), and the line of each value set there."""

    config: Config
    path: str | None = None
    lines: Mapping[str, int] = field(default_factory=dict)


def load(snapshot: Snapshot, *, explicit: Path | None, rules: Iterable[str]) -> Settings:
    """Return the settings for ``snapshot``; ``explicit`` is a file outside of it that wins over the repository's.

    ``rules`` are the known rule ids, to check those that the file names. Raises ConfigError with path, line and
    remedy.
    """
    if explicit is not None:
        try:
            content = explicit.read_bytes()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise ConfigError(
                f"{explicit}: cannot be read ({reason}); name a file that exists with --config"
            ) from error
        return _parse(SourceText(str(explicit), _text(str(explicit), content)), tuple(rules), trusted=True)
    found = list(_candidates(snapshot))
    if len(found) > 1:
        names = " and ".join(source.path for source, _table in found)
        raise ConfigError(f"{found[1][0].path}:1: both {names} configure debtscan; keep one of them")
    if not found:
        return Settings(Config())
    source, table = found[0]
    return _parse(source, tuple(rules), trusted=False, table=table)


def _candidates(snapshot: Snapshot) -> Iterator[tuple[SourceText, tuple[str, ...]]]:
    """Yield the files of the repository that configure debtscan, with the table inside that does."""
    paths = set(snapshot.paths())
    for path in IN_REPOSITORY:
        if path in paths:
            yield SourceText(path, _text(path, _read(snapshot, path))), ()
    if "pyproject.toml" in paths:
        content = _read(snapshot, "pyproject.toml")
        # An unreadable pyproject.toml is the dependency reader's to report, unless it is meant for us.
        if re.search(rb"^\s*\[+\s*tool\s*\.\s*[\"']?debtscan\b", content, re.MULTILINE):
            yield SourceText("pyproject.toml", _text("pyproject.toml", content)), ("tool", "debtscan")


def _read(snapshot: Snapshot, path: str) -> bytes:
    try:
        return snapshot.read(path)
    except UnreadableError as error:
        raise ConfigError(f"{path}: {error.detail}") from error


def _text(path: str, content: bytes) -> str:
    try:
        return SourceText.decode(path, content).text
    except UnreadableError as error:
        raise ConfigError(f"{path}: {error.detail}; write it as UTF-8") from error


def _parse(source: SourceText, rules: tuple[str, ...], *, trusted: bool, table: tuple[str, ...] = ()) -> Settings:
    try:
        document: Any = tomllib.loads(source.text)
        tree = toml.parse(source)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_syntax_message(source.path, error)) from error
    except UnreadableError as error:
        raise ConfigError(f"{source.path}:{error.line or 1}: {error.detail}") from error
    for key in table:
        document = document.get(key, {})
    try:
        config = msgspec.convert(document, Config)
    except msgspec.ValidationError as error:
        raise ConfigError(_explain(source, tree, table, str(error))) from error
    lines = dict(_lines(source, tree.mapping(*table), ()))
    if config.addresses and not trusted:
        raise ConfigError(
            f"{source.path}:{lines.get('addresses', 1)}: 'addresses' may not be set by a scanned repository; "
            "put it into a file of your own and name that with --config or DEBTSCAN_CONFIG"
        )
    _check_rules(source.path, config, lines, rules)
    _check_schedule(source.path, config, lines)
    _check_history(source.path, config, lines)
    _check_patterns(source.path, config, lines)
    for index, reader in enumerate(config.reader):
        try:
            prepare(reader)
        except InvalidReaderError as error:
            line = _line_of(source, tree, (*table, f"reader[{index}]", error.key))
            raise ConfigError(f"{source.path}:{line}: reader[{index}].{error.key}: {error}") from error
    return Settings(config, source.path, lines)


def _syntax_message(path: str, error: tomllib.TOMLDecodeError) -> str:
    line = re.search(r"at line (\d+)", str(error))
    return f"{path}:{line.group(1) if line else 1}: is not valid TOML: {error}"


def _explain(source: SourceText, tree: node.Mapping, table: tuple[str, ...], message: str) -> str:
    """Turn msgspec's sentence into ``path:line: what is wrong, and the nearest valid name``."""
    at = _AT.search(message)
    keys = [key for key in (at.group(1) if at else "").split(".") if key]
    unknown = _UNKNOWN_FIELD.search(message)
    text = message[: at.start()] if at else message
    hint = ""
    if unknown:
        names = _valid_names(keys)
        near = difflib.get_close_matches(unknown.group(1), names, n=1)
        text = f"unknown key '{unknown.group(1)}'" + (f" in [{'.'.join(keys)}]" if keys else "")
        hint = f"; did you mean '{near[0]}'?" if near else f"; valid keys are {', '.join(names)}"
        keys.append(unknown.group(1))
    else:
        text = f"'{'.'.join(keys)}': {text[:1].lower()}{text[1:]}" if keys else text
    return f"{source.path}:{_line_of(source, tree, (*table, *keys))}: {text}{hint}"


def _valid_names(keys: list[str]) -> list[str]:
    """Return the valid keys of the table that ``keys`` (``ignore[0]``, ``hotspots``) leads to."""
    kind: Any = Config
    for key in keys:
        fields = {entry.encode_name: entry.type for entry in msgspec.structs.fields(kind)}
        found = fields.get(key.partition("[")[0])
        arguments = [argument for argument in getattr(found, "__args__", ()) if isinstance(argument, type)]
        kind = arguments[0] if key.endswith("]") and arguments else found
        if not (isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
            return []
    return [entry.encode_name for entry in msgspec.structs.fields(kind)]


def _line_of(source: SourceText, tree: node.Mapping, keys: Iterable[str]) -> int:
    """Return the line of the deepest key that exists on the way to ``keys``."""
    here: node.Node = tree
    offset = 0
    for key in keys:
        name, _, index = key.partition("[")
        if isinstance(here, node.Mapping):
            for label, value in here.items:
                if label.value == name:
                    here, offset = value, label.start
                    break
            else:
                break
        if index and isinstance(here, node.Sequence):
            position = int(index.rstrip("]")) if index.rstrip("]").isdigit() else 0
            if position < len(here.items):
                here = here.items[position]
                offset = here.start
    return source.line_column(offset)[0]


def _lines(source: SourceText, tree: node.Mapping, above: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Yield ``dotted.key → line`` for every value set in the file."""
    for label, value in tree.items:
        name = (*above, label.value)
        if isinstance(value, node.Mapping):
            yield from _lines(source, value, name)
        if isinstance(value, node.Sequence):
            for index, item in enumerate(value.items):
                here = item.items[0][0] if isinstance(item, node.Mapping) and item.items else item
                yield f"{'.'.join(name)}[{index}]", source.line_column(here.start)[0]
        yield ".".join(name), source.line_column(label.start)[0]


def _check_rules(path: str, config: Config, lines: Mapping[str, int], rules: tuple[str, ...]) -> None:
    """Raise ConfigError for a rule id that does not exist."""
    named = [(f"ignore[{index}]", ignore.rule) for index, ignore in enumerate(config.ignore)]
    named += [(f"disabled-rules[{index}]", rule) for index, rule in enumerate(config.disabled_rules)]
    for key, rule in named:
        if rule not in rules:
            near = difflib.get_close_matches(rule, rules, n=1)
            hint = f"did you mean '{near[0]}'?" if near else "see 'debtscan rules'"
            raise ConfigError(f"{path}:{lines.get(key, 1)}: there is no rule '{rule}'; {hint}")


def _check_schedule(path: str, config: Config, lines: Mapping[str, int]) -> None:
    """Raise ConfigError for a window that cannot be read, or a time zone that nobody knows."""
    for index, window in enumerate(config.upgrades.schedule):
        if not WINDOW.fullmatch(window):
            raise ConfigError(
                f"{path}:{lines.get(f'upgrades.schedule[{index}]', 1)}: 'upgrades.schedule[{index}]': {window!r} is no "
                "window; write days, times or both: 'mon-fri 06:00-18:00', 'weekends', 'weekly on monday 06:00-12:00'"
            )
    name = config.upgrades.time_zone
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigError(
            f"{path}:{lines.get('upgrades.time-zone', 1)}: there is no time zone '{name}'; "
            "write one as the tz database does (Europe/Berlin)"
        ) from error


def _check_patterns(path: str, config: Config, lines: Mapping[str, int]) -> None:
    """Raise ConfigError for an expression of ``[hotspots]`` that cannot be used."""
    told = {"fix-patterns": config.hotspots.fix_patterns, "issue-patterns": config.hotspots.issue_patterns}
    for key, patterns in told.items():
        for index, pattern in enumerate(patterns):
            try:
                message_pattern(pattern)
            except ExpressionError as error:
                name = f"hotspots.{key}[{index}]"
                raise ConfigError(f"{path}:{lines.get(name, 1)}: '{name}': {error}") from error


def _check_history(path: str, config: Config, lines: Mapping[str, int]) -> None:
    """Raise ConfigError for a branch that is none, or that would be taken for one of an upgrade."""
    branch, prefix = config.history.branch, config.upgrades.branch_prefix
    where = f"{path}:{lines.get('history.branch', lines.get('upgrades.branch-prefix', 1))}: 'history.branch'"
    if not BRANCH.fullmatch(branch):
        raise ConfigError(f"{where}: {branch!r} is no name of a branch; write one like 'debtscan-history'")
    if branch.startswith(prefix) or prefix == f"{branch}/":
        raise ConfigError(
            f"{where}: '{branch}' begins as the branches of upgrades do (upgrades.branch-prefix is '{prefix}'), which "
            "are deleted when they are done; name one that does not"
        )
