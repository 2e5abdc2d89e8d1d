"""What a host refuses. All are errors of debtscan: a message for people, never a traceback.

HostError
├── NotThereError       the repository, branch or pull request is not there, or not to be seen with this token
│   └── NotCoveredError the GitHub App is not installed on one of the repositories
├── AlreadyThereError   a branch or pull request of that name exists
├── StaleError          the branch points elsewhere by now
├── ForbiddenError      a permission is missing; `permission` names it where that is known
│   └── SuspendedError  the GitHub App's installation may do nothing for now, as its owner said
├── RateLimitedError    the limit is used up; `until` says when it begins anew
└── UnreachableError    no answer, or one of a broken server, after all retries
    └── LostAnswerError a write got no answer: it may have been done, so look before it is repeated
"""

from __future__ import annotations

from datetime import datetime

from analyzers.errors import DebtscanError


class HostError(DebtscanError):
    """The host did not do what was asked."""


class NotThereError(HostError):
    """It is not there, or hidden from this token."""


class NotCoveredError(NotThereError):
    """A repository of the installation's account is not there, or not one that the GitHub App was given."""


class AlreadyThereError(HostError):
    """Somebody made it before."""


class StaleError(HostError):
    """It changed since it was looked at."""


class ForbiddenError(HostError):
    """This token may not do that."""

    def __init__(self, message: str, permission: str = "") -> None:
        """Keep the permission's name, ``""`` where GitHub does not tell."""
        super().__init__(message)
        self.permission = permission


class SuspendedError(ForbiddenError):
    """The installation is suspended until its owner ends that."""


class RateLimitedError(HostError):
    """The limit of requests, or of content created, is used up."""

    def __init__(self, message: str, until: datetime | None = None) -> None:
        """Keep when it begins anew, where GitHub tells."""
        super().__init__(message)
        self.until = until


class UnreachableError(HostError):
    """GitHub did not answer, or not sensibly."""


class LostAnswerError(UnreachableError):
    """A write got no answer. The client looks whether it was done where that can be seen."""
