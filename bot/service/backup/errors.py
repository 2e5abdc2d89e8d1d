"""What goes wrong with a backup. Each message names the file, and what to do; nothing was changed.

BackupError
├── DamagedBackupError   the file is not whole, or no backup
├── UnsuitableBackupError  it is another kind's, or a newer debtscan's
└── ServiceLivesError    something works on the database that would be replaced
"""

from __future__ import annotations

from analyzers.errors import DebtscanError


class BackupError(DebtscanError):
    """A backup cannot be made or brought back."""


class DamagedBackupError(BackupError):
    """The file is not whole, or no backup."""


class UnsuitableBackupError(BackupError):
    """It is a backup of another kind of database, or of a newer debtscan's."""


class ServiceLivesError(BackupError):
    """Something works on the database that would be replaced."""
