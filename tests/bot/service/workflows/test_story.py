"""An organisation at full size: all is scanned once, then what was pushed to, then the week's sweep at its price."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.support.service.estate import Estate

REF = "GET /repos/{owner}/{repo}/git/ref/{ref}"
TOKEN = "POST /app/installations/{installation_id}/access_tokens"
SETTLE = 60
README = {"README.md": "Nothing\n"}
PUSHED = {"Dockerfile": "FROM python:3.8-slim-buster\n"}


def _lived(acme: Estate, count: int, pushed: int) -> None:
    names = [f"r{number:03d}" for number in range(count)]
    hosted = [acme.add(name, README) for name in names]
    acme.install()
    assert Counter(scan["outcome"] for scan in acme.scans()) == {"done": count}

    for repository in hosted[:pushed]:
        repository.commit(PUSHED)
    acme.go()
    acme.go(seconds=SETTLE)
    scans = acme.scans()
    assert len(scans) == count + pushed
    touched = {scan["repository_id"] for scan in scans if scan["reason"] == "push"}
    assert touched == {repository.settings.id for repository in hosted[:pushed]}

    asked, tokens = len(acme.github.requests), 0
    for _hour in range(8 * 24):
        acme.clock.seconds += 3600
        acme.start("sweep")
    asked_for = Counter(acme.requests(asked))
    tokens = asked_for.pop(TOKEN)
    swept = [scan for scan in acme.scans() if scan["reason"] == "sweep"]
    assert {scan["outcome"] for scan in swept} == {"unchanged"}
    assert {scan["repository_id"] for scan in swept} == {repository.settings.id for repository in hosted}
    assert asked_for == {REF: len(swept)}
    assert tokens <= len(swept)
    assert acme.github.writes == []


def test_a_small_organisation_lives_for_a_week(acme: Estate) -> None:
    _lived(acme, 3, 1)


@pytest.mark.soak
def test_an_organisation_of_two_hundred_lives_for_a_week(acme: Estate) -> None:
    _lived(acme, 200, 20)
