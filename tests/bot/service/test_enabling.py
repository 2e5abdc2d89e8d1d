"""An organisation that lets debtscan post: asked first by a pull request, then upgraded, or left alone where told."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.service.database.tables import REPOSITORIES
from tests.support.github.hosted import HostedRepository
from tests.support.service.organisation import Organisation, organisation
from tests.support.service.running import Running

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="the service runs on POSIX systems alone"),
    pytest.mark.waits,
]

ONBOARDING = "debtscan/onboarding"


def test_a_merged_invitation_lets_upgrades_come_and_a_closed_one_does_not(tmp_path: Path) -> None:
    with organisation(tmp_path, 3) as acme, acme.serving() as service:
        policy = acme.github.repository("acme/.github", {"README.md": "# acme\n"}, organization=True)
        acme.install(service)
        acme.until(lambda: acme.scanned() == 4 and acme.is_idle(), 90, service)
        assert not acme.github.writes

        policy.commit({"debtscan.toml": '[organization]\nrepositories = ["service-*"]\n'})
        _until_each_is(acme, service, "invited")
        wanted, unwanted, waiting = acme.repositories
        assert [_branches(one) for one in acme.repositories] == [[ONBOARDING]] * 3
        assert not policy.pulls

        wanted.merge(wanted.pulls[0].number)
        unwanted.close(unwanted.pulls[0].number)
        acme.until(lambda: len(_branches(wanted)) > 1 and acme.is_idle(), 60, service)
        acme.until(lambda: _phase(acme, unwanted) == "declined" and acme.is_idle(), 60, service)
        assert (_phase(acme, wanted), _phase(acme, waiting)) == ("posting", "invited")
        assert "Update attrs from 1.0 to 2.0" in {pull.title for pull in wanted.pulls}
        assert any("Technical debt" in issue.title for issue in wanted.issues), [one.title for one in wanted.issues]
        assert [_branches(one) for one in (unwanted, waiting)] == [[ONBOARDING]] * 2

        written = len(acme.github.writes)
        acme.sweep(1)
        acme.until(lambda: acme.swept() == 4 and acme.is_idle(), 90, service)
        assert len(acme.github.writes) == written, acme.github.writes[written:]


def _until_each_is(acme: Organisation, service: Running, phase: str) -> None:
    acme.until(lambda: {_phase(acme, one) for one in acme.repositories} == {phase}, 90, service)
    acme.until(acme.is_idle, 60, service)


def _phase(acme: Organisation, repository: HostedRepository) -> str:
    (phase,) = acme.column(REPOSITORIES.c.phase, REPOSITORIES.c.id == repository.settings.id)
    return str(phase)


def _branches(repository: HostedRepository) -> list[str]:
    return sorted({pull.branch for pull in repository.pulls})
