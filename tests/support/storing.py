"""Stores one entry, as a process of its own that can be killed: ``python -m tests.support.storing NAME BRANCH DAY``."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import date

from bot.github.auth import read_credentials
from bot.github.client import open_repository
from bot.github.session import Session, read_settings
from bot.store.branch import BranchStore
from tests.support.entries import entry_of, facts_of
from tests.support.hasty import BOUNDS


def main(name: str, branch: str, day: str) -> None:
    """Store the entry of a day."""
    settings = replace(read_settings(os.environ), bounds=BOUNDS)
    with Session(read_credentials(os.environ, settings.address), settings) as session:
        store = BranchStore(open_repository(session, name), branch)
        store.append(entry_of(date.fromisoformat(day)), facts_of(date.fromisoformat(day)))


if __name__ == "__main__":
    main(*sys.argv[1:])
