"""What goes wrong with the service's database. Each message says what to do; none holds a password.

DatabaseError
├── UnreachableDatabaseError  nobody answers, or not us
└── NewerDatabaseError        a newer debtscan made it
"""

from __future__ import annotations

from analyzers.errors import DebtscanError


class DatabaseError(DebtscanError):
    """The service's database cannot be used."""


class UnreachableDatabaseError(DatabaseError):
    """Nobody answers there, or not to us."""


class NewerDatabaseError(DatabaseError):
    """A newer debtscan made it."""
