"""A repository is asked whether debtscan may work there: what it would do, in a pull request that people answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from analyzers.errors import ConfigError
from analyzers.settings import MOST_BYTES
from bot.github.host import Host
from bot.github.objects import Repo
from bot.onboarding.body import body
from bot.onboarding.model import Outlook, Settled
from bot.onboarding.settle import Onboarding, proposed
from bot.onboarding.starter import PATH, starter
from bot.rounds.acting import Judged
from bot.rounds.repository import Opened
from bot.upgrade.existing import is_own_pull
from bot.upgrade.intended import intended

Open: TypeAlias = Callable[[Mapping[str, bytes]], Opened]
"""Opens the repository, with files laid over it that may hold its configuration (`open_repository(proposed=…)`)."""
_NOT_NEEDED: Final = "This repository is set up already, so I close this."


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The repository as it is `opened` under what its branch of onboarding proposes, and the file that is offered.

    `is_configured` says that it has a configuration of its own and needs no proposal; `is_edited` that people wrote
    what is proposed, and `problem` why that cannot be read: it is opened without it then.
    """

    opened: Opened
    offered: bytes = field(repr=False)
    is_configured: bool = False
    is_edited: bool = False
    problem: str = ""


def propose(host: Host, opens: Open) -> Proposal:
    """Open a repository under what its branch of onboarding proposes. Raises HostError, UsageError and kin."""
    plain = opens({})
    proposal = Proposal(opened=plain, offered=starter(plain.settings), is_configured=plain.settings.path is not None)
    content = None if proposal.is_configured else proposed(host)
    if content is None or content == proposal.offered:
        return proposal
    if len(content) > MOST_BYTES:
        return replace(proposal, is_edited=True, problem=f"{PATH} is larger than {MOST_BYTES:,} bytes; shorten it")
    try:
        opened = opens({PATH: content})
    except ConfigError as error:
        return replace(proposal, is_edited=True, problem=str(error))
    # One that an earlier debtscan offered says other words, and configures nothing either.
    return replace(proposal, opened=opened, is_edited=opened.settings.config != plain.settings.config)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inviting:
    """Invites one repository. `why` and `page` are as in `Outlook`; `again` asks one that declined, once more."""

    host: Host
    repo: Repo
    why: str = ""
    page: str = ""
    again: bool = False

    def invite(self, found: Judged, proposal: Proposal) -> Settled:
        """Make the pull request what it should be; return how far the repository is then.

        ``found`` is the scan of ``proposal.opened``. One that is configured, or has upgrades of debtscan open, is not
        asked: it is ``posting``. Safe to repeat. Raises HostError.
        """
        onboarding = Onboarding(self.host, self.repo)
        if proposal.is_configured or (onboarding.standing == "silent" and self._is_in_use(found)):
            return replace(onboarding.withdraw(_NOT_NEEDED), standing="posting")
        outlook = Outlook(
            report=found.report,
            settings=found.scanned.settings,
            plan=intended(self.host, found.scanned, found.means),
            why=self.why,
            page=self.page,
            problem=proposal.problem,
            is_edited=proposal.is_edited,
        )
        return onboarding.invite(proposal.offered, body(outlook), again=self.again)

    def _is_in_use(self, found: Judged) -> bool:
        """Whether debtscan offers upgrades here already."""
        login = self.host.login()
        prefix = found.scanned.settings.config.upgrades.branch_prefix
        return any(pull.state == "open" and is_own_pull(pull, login) for pull in self.host.pulls(prefix))
