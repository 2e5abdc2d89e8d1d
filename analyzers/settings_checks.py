"""What a configuration may not say, beyond its shape. Every check raises ConfigError with path, line and remedy."""

from __future__ import annotations

import difflib
import zoneinfo
from collections.abc import Callable
from typing import TypeAlias

from analyzers.config import BRANCH, WINDOW, Config
from analyzers.custom_expressions import ExpressionError
from analyzers.custom_readers import InvalidReaderError, prepare
from analyzers.errors import ConfigError
from analyzers.repository.messages import message_pattern

Place: TypeAlias = Callable[..., str]
"""Names of keys → ``path:line`` of the first of them that was written."""


def check(config: Config, rules: tuple[str, ...], place: Place) -> None:
    """Check what several keys, or programs that read them, have to agree on; ``rules`` are the known ids."""
    _check_rules(config, rules, place)
    _check_schedule(config, place)
    _check_history(config, place)
    _check_patterns(config, place)
    _check_readers(config, place)


def _check_rules(config: Config, rules: tuple[str, ...], place: Place) -> None:
    """Raise ConfigError for a rule id that does not exist."""
    named = [(f"ignore[{index}]", ignore.rule) for index, ignore in enumerate(config.ignore)]
    named += [(f"disabled-rules[{index}]", rule) for index, rule in enumerate(config.disabled_rules)]
    for key, rule in named:
        if rule not in rules:
            near = difflib.get_close_matches(rule, rules, n=1)
            hint = f"did you mean '{near[0]}'?" if near else "see 'debtscan rules'"
            raise ConfigError(f"{place(key)}: there is no rule '{rule}'; {hint}")


def _check_schedule(config: Config, place: Place) -> None:
    """Raise ConfigError for a window that cannot be read, or a time zone that nobody knows."""
    for index, window in enumerate(config.upgrades.schedule):
        if not WINDOW.fullmatch(window):
            key = f"upgrades.schedule[{index}]"
            raise ConfigError(
                f"{place(key)}: '{key}': {window!r} is no "
                "window; write days, times or both: 'mon-fri 06:00-18:00', 'weekends', 'weekly on monday 06:00-12:00'"
            )
    name = config.upgrades.time_zone
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigError(
            f"{place('upgrades.time-zone')}: there is no time zone '{name}'; "
            "write one as the tz database does (Europe/Berlin)"
        ) from error


def _check_patterns(config: Config, place: Place) -> None:
    """Raise ConfigError for an expression of ``[hotspots]`` that cannot be used."""
    told = {"fix-patterns": config.hotspots.fix_patterns, "issue-patterns": config.hotspots.issue_patterns}
    for key, patterns in told.items():
        for index, pattern in enumerate(patterns):
            try:
                message_pattern(pattern)
            except ExpressionError as error:
                name = f"hotspots.{key}[{index}]"
                raise ConfigError(f"{place(name)}: '{name}': {error}") from error


def _check_history(config: Config, place: Place) -> None:
    """Raise ConfigError for a branch that is none, or that would be taken for one of an upgrade."""
    branch, prefix = config.history.branch, config.upgrades.branch_prefix
    where = f"{place('history.branch', 'upgrades.branch-prefix')}: 'history.branch'"
    if not BRANCH.fullmatch(branch):
        raise ConfigError(f"{where}: {branch!r} is no name of a branch; write one like 'debtscan-history'")
    if branch.startswith(prefix) or prefix == f"{branch}/":
        raise ConfigError(
            f"{where}: '{branch}' begins as the branches of upgrades do (upgrades.branch-prefix is '{prefix}'), which "
            "are deleted when they are done; name one that does not"
        )


def _check_readers(config: Config, place: Place) -> None:
    """Raise ConfigError for a ``[[reader]]`` that cannot be used."""
    for index, reader in enumerate(config.reader):
        try:
            prepare(reader)
        except InvalidReaderError as error:
            key = f"reader[{index}]"
            raise ConfigError(f"{place(f'{key}.{error.key}', key)}: {key}.{error.key}: {error}") from error
