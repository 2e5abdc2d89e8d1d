"""The shape of an organisation's ``debtscan.toml``: what any repository may configure, and whom debtscan works for.

`analyzers.settings` reads it. It is the file of that name at the top of the organisation's repository ``.github``.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from analyzers.config import Config, NamePattern, Section

Key = Annotated[str, msgspec.Meta(min_length=1, max_length=100, description="a key or a table: 'gate.fail-under'")]
Topic = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,49}$", description="a topic as GitHub takes it")]


class Wave(Section, frozen=True):
    """``[[organization.wave]]``: from the day `after` on, `share` percent of the repositories are posted to.

    A later wave holds what the earlier ones held: its share is no smaller.
    """

    after: date
    share: Annotated[int, msgspec.Meta(ge=1, le=100, description="percent of the repositories")]


class Organization(Section, frozen=True):
    """``[organization]``: which keys no repository may change, and which repositories are posted to.

    `lock` names keys and tables. Posts are made for the repositories with one of `topics`, for those whose name matches
    one of `repositories`, for the share of the last wave that has begun, and with `enable` ``all`` for every one.
    """

    lock: Annotated[tuple[Key, ...], msgspec.Meta(max_length=200)] = ()
    enable: Literal["none", "all"] = "none"
    topics: Annotated[tuple[Topic, ...], msgspec.Meta(max_length=50)] = ("debtscan",)
    repositories: Annotated[tuple[NamePattern, ...], msgspec.Meta(max_length=1000)] = ()
    wave: Annotated[tuple[Wave, ...], msgspec.Meta(max_length=50)] = ()


class OrganizationFile(Config, frozen=True):
    """The organisation's ``debtscan.toml``. Its tables are the defaults of all repositories."""

    organization: Organization = Organization()
