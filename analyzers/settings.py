"""Finds ``debtscan.toml``, reads it over the organisation's, and says where each value came from.

Order: ``--config`` › ``DEBTSCAN_CONFIG`` › ``.github/debtscan.toml`` › ``debtscan.toml`` › ``[tool.debtscan]`` in
``pyproject.toml``. More than one of the three places in the repository is an error, since nobody would know which
one counts. Below the repository's lies the organisation's file, where there is one; a file named by the first two
counts alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final

from analyzers import settings_file
from analyzers.config import Config
from analyzers.errors import ConfigError, UnreadableError
from analyzers.inheritance import Locks, Overruled, check_locks, merged, without
from analyzers.model.snapshot import Snapshot
from analyzers.organization import Organization, OrganizationFile
from analyzers.settings_checks import check
from analyzers.settings_file import Written
from analyzers.typed import converted

IN_REPOSITORY = (".github/debtscan.toml", "debtscan.toml")
ORGANIZATION_REPOSITORY: Final = ".github"
"""The repository of an organisation that holds its configuration."""
ORGANIZATION_PATH: Final = "debtscan.toml"
"""Where the organisation's configuration stands in that repository."""
MOST_BYTES: Final = 1024 * 1024
"""Of an organisation's file."""


@dataclass(frozen=True, slots=True)
class Inherited:
    """An organisation's file. `path` is its name for people, to which lines are added."""

    path: str
    content: bytes = field(repr=False)

    @classmethod
    def of(cls, owner: str, content: bytes) -> Inherited:
        """Return the file of ``owner``'s repository ``.github``."""
        return cls(f"{owner}/{ORGANIZATION_REPOSITORY}: {ORGANIZATION_PATH}", content)


@dataclass(frozen=True, slots=True)
class Settings:
    """The Config, and where it came from: `path` (None: no file of the repository), and the line of each value there.

    `inherited` and its `inherited_lines` are the same for the organisation's file (None: there is none). `locked` are
    the keys and tables that it locks, `overruled` the repository's values that do not count for that. `is_shared` says
    that `path` is the organisation's file itself.
    """

    config: Config
    path: str | None = None
    lines: Mapping[str, int] = field(default_factory=dict)
    inherited: Inherited | None = None
    inherited_lines: Mapping[str, int] = field(default_factory=dict)
    locked: tuple[str, ...] = ()
    overruled: tuple[Overruled, ...] = ()
    is_shared: bool = False

    def sets(self, key: str) -> bool:
        """Whether a file says anything of ``key``: the repository's, or the organisation's."""
        return key in self.lines or key in self.inherited_lines

    def is_locked(self, key: str) -> bool:
        """Whether the organisation locks ``key``, or the table that it lies in."""
        return any(key == lock or key.startswith(f"{lock}.") for lock in self.locked)

    def inherits(self, key: str) -> bool:
        """Whether the value of ``key`` is the organisation's: written there, and not in what counts of `path`."""
        return key in self.inherited_lines and key not in self.lines


def load(
    snapshot: Snapshot, *, explicit: Path | None, rules: Iterable[str], inherited: Inherited | None = None
) -> Settings:
    """Return the settings for ``snapshot``, over what it has ``inherited`` of its organisation.

    ``explicit`` is a file outside of it that counts alone. ``rules`` are the known rule ids, to check those that the
    file names. Raises ConfigError with path, line and remedy.
    """
    if explicit is not None:
        return _explicit(explicit, tuple(rules))
    found = list(_candidates(snapshot))
    if len(found) > 1:
        names = " and ".join(written.path for written in found)
        raise ConfigError(f"{found[1].path}:1: both {names} configure debtscan; keep one of them")
    own = found[0] if found else None
    if own is not None and _is_organizations(snapshot, own):
        return _organizations_own(own, tuple(rules))
    if inherited is None:
        return _alone(own, tuple(rules)) if own else Settings(Config())
    return _over(inherited, own, tuple(rules))


def read_organization(inherited: Inherited, *, rules: Iterable[str]) -> Organization:
    """Return what an organisation's file says of its repositories, after checking all of it.

    Raises ConfigError with path, line and remedy.
    """
    _written, whole = _organization_file(inherited, tuple(rules))
    return whole.organization


def _explicit(path: Path, rules: tuple[str, ...]) -> Settings:
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ConfigError(f"{path}: cannot be read ({reason}); name a file that exists with --config") from error
    written = settings_file.parsed(str(path), content)
    _refuse_organization(written)
    config = written.converted(Config)
    check(config, rules, written.place)
    return Settings(config, written.path, written.lines)


def _alone(own: Written, rules: tuple[str, ...]) -> Settings:
    return Settings(_repositorys(own, rules), own.path, own.lines)


def _over(inherited: Inherited, own: Written | None, rules: tuple[str, ...]) -> Settings:
    """Return the organisation's settings with the repository's over them, but for what is locked."""
    below, whole = _organization_file(inherited, rules)
    ground = {key: value for key, value in below.document.items() if key != "organization"}
    defaults = converted(ground, Config)
    lock = whole.organization.lock
    if own is None:
        return Settings(defaults, None, {}, inherited, below.lines, lock)
    locks = Locks(lock, below, defaults)
    overruled = tuple(locks.overruled(own, _repositorys(own, rules)))
    config = converted(merged(ground, without(own.document, locks)), Config)
    lines = {key: line for key, line in own.lines.items() if not locks.over(_bare(key))}

    def place(*keys: str) -> str:
        return own.place(*keys) if any(key in lines for key in keys) else below.place(*keys)

    # Each file was checked by itself: what they say together may still not fit.
    check(config, rules, place)
    return Settings(config, own.path, lines, inherited, below.lines, lock, overruled)


def _bare(key: str) -> str:
    """Return a key without what stands in the list that it leads to."""
    return key.partition("[")[0]


def _repositorys(own: Written, rules: tuple[str, ...]) -> Config:
    _refuse_organization(own)
    config = own.converted(Config)
    _refuse_addresses(own, config, "a scanned repository")
    check(config, rules, own.place)
    return config


def _organization_file(inherited: Inherited, rules: tuple[str, ...]) -> tuple[Written, OrganizationFile]:
    if len(inherited.content) > MOST_BYTES:
        raise ConfigError(f"{inherited.path}: is larger than {MOST_BYTES:,} bytes; shorten it")
    written = settings_file.parsed(inherited.path, inherited.content)
    return written, _checked_organization(written, rules)


def _checked_organization(written: Written, rules: tuple[str, ...]) -> OrganizationFile:
    whole = written.converted(OrganizationFile)
    _refuse_addresses(written, whole, "an organisation's file")
    check(whole, rules, written.place)
    check_locks(whole.organization.lock, written)
    _check_waves(whole.organization, written)
    return whole


def _organizations_own(own: Written, rules: tuple[str, ...]) -> Settings:
    """Return the settings of the repository ``.github`` itself: its file is the organisation's."""
    _checked_organization(own, rules)
    ground = {key: value for key, value in own.document.items() if key != "organization"}
    return Settings(converted(ground, Config), own.path, own.lines, is_shared=True)


def _is_organizations(snapshot: Snapshot, own: Written) -> bool:
    name = snapshot.repository.name
    return own.path == ORGANIZATION_PATH and name.rpartition("/")[2] == ORGANIZATION_REPOSITORY


def _refuse_organization(written: Written) -> None:
    if "organization" in written.document:
        raise ConfigError(
            f"{written.place('organization')}: [organization] stands in the organisation's file alone; move it to "
            f"{ORGANIZATION_PATH} at the top of its repository {ORGANIZATION_REPOSITORY}"
        )


def _refuse_addresses(written: Written, config: Config, whose: str) -> None:
    if config.addresses:
        raise ConfigError(
            f"{written.place('addresses')}: 'addresses' may not be set by {whose}; "
            "put it into a file of your own and name that with --config or DEBTSCAN_CONFIG"
        )


def _check_waves(organization: Organization, written: Written) -> None:
    """Raise ConfigError where a later wave would hold fewer repositories than an earlier one."""
    waves = sorted(enumerate(organization.wave), key=lambda pair: (pair[1].after, pair[0]))
    for (_index, before), (index, wave) in pairwise(waves):
        if wave.share < before.share:
            raise ConfigError(
                f"{written.place(f'organization.wave[{index}].share')}: the wave after {wave.after} has a share of "
                f"{wave.share} percent, and an earlier one {before.share}: a later wave holds what earlier ones held, "
                "so give it a larger share"
            )


def _candidates(snapshot: Snapshot) -> Iterator[Written]:
    """Yield what the repository's files say that configure debtscan."""
    paths = set(snapshot.paths())
    for path in IN_REPOSITORY:
        if path in paths:
            yield settings_file.parsed(path, _read(snapshot, path))
    if "pyproject.toml" in paths:
        content = _read(snapshot, "pyproject.toml")
        # An unreadable pyproject.toml is the dependency reader's to report, unless it is meant for us.
        if re.search(rb"^\s*\[+\s*tool\s*\.\s*[\"']?debtscan\b", content, re.MULTILINE):
            yield settings_file.parsed("pyproject.toml", content, ("tool", "debtscan"))


def _read(snapshot: Snapshot, path: str) -> bytes:
    try:
        return snapshot.read(path)
    except UnreadableError as error:
        raise ConfigError(f"{path}: {error.detail}") from error
