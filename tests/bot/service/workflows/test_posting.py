"""How a repository comes to be posted to, and what people ask of debtscan there."""

from __future__ import annotations

import json

import sqlalchemy as sa

from bot.github.objects import OWN_CHECK
from bot.posts import boxes
from bot.service.database.tables import REPORTS, REPOSITORIES
from bot.service.reading.contents import unpacked
from tests.support.github import HostedRepository
from tests.support.service.estate import FILES, Estate

SETTLE = 60
TOPIC = ("debtscan",)
PUSHED = {"Dockerfile": "FROM python:3.9-slim-bookworm\nRUN true\n"}


def _open(repository: HostedRepository) -> list[str]:
    return sorted(pull.branch for pull in repository.pulls if pull.state == "open")


def _posting(acme: Estate) -> HostedRepository:
    """Return a repository that is posted to: it has a configuration of its own, so that nobody need be asked."""
    shop = acme.add("shop", {**FILES, "debtscan.toml": "[upgrades]\n"}, collaborators={"ada": "write"}, topics=TOPIC)
    acme.install()
    assert acme.row("shop")["phase"] == "posting"
    return shop


def test_a_topic_leads_to_one_question_and_its_answer_to_upgrades(acme: Estate) -> None:
    shop = acme.add("shop")
    acme.install()
    assert acme.row("shop")["phase"] == "silent"
    shop.set_topics("debtscan")
    acme.go()
    assert (acme.row("shop")["phase"], _open(shop)) == ("invited", ["debtscan/onboarding"])
    assert "it bears the topic debtscan" in (shop.pulls[0].body or "")
    shop.merge(shop.pulls[0].number)
    acme.go()
    acme.go(seconds=SETTLE)
    assert acme.row("shop")["phase"] == "posting"
    (branch,) = _open(shop)
    assert branch.startswith("debtscan/githubactions-")
    with acme.services.engine.connect() as connection:
        (kept,) = connection.execute(sa.select(REPORTS.c.upgrades)).scalars()
    (line,) = [one for one in json.loads(unpacked(kept, "upgrades")) if one["state"] == "open"]
    assert line["number"] == shop.pulls[-1].number


def test_a_question_that_was_closed_is_a_no_until_the_topic_is_given_anew(acme: Estate) -> None:
    shop = acme.add("shop", topics=("debtscan",))
    acme.install()
    assert acme.row("shop")["phase"] == "invited"
    shop.close(shop.pulls[0].number)
    acme.go()
    assert acme.row("shop")["phase"] == "declined"
    shop.commit(PUSHED)
    acme.go()
    acme.go(seconds=SETTLE)
    shop.set_topics("debtscan", "web")
    acme.go()
    assert (acme.row("shop")["phase"], _open(shop)) == ("declined", [])
    shop.set_topics("web")
    acme.go()
    shop.set_topics("web", "debtscan")
    acme.go()
    assert (acme.row("shop")["phase"], _open(shop)) == ("invited", ["debtscan/onboarding"])


def test_a_topic_that_is_given_anew_while_a_scan_runs_is_heard_as_well(acme: Estate) -> None:
    shop = acme.add("shop", topics=("debtscan",))
    acme.install()
    shop.close(shop.pulls[0].number)
    acme.go()
    shop.set_topics("web")
    acme.go()
    assert acme.row("shop")["phase"] == "declined"

    def give() -> None:
        shop.set_topics("web", "debtscan")
        acme.github.hooks.settle()
        acme.line.do(acme.workflows, only={"deliver"})

    shop.commit(PUSHED)
    acme.go()
    acme.clock.seconds += 86_400
    acme.meanwhile.append(give)
    acme.go(seconds=SETTLE)
    assert (acme.row("shop")["phase"], _open(shop)) == ("invited", ["debtscan/onboarding"])


def test_where_the_organisation_wants_it_no_more_an_open_question_is_taken_back(acme: Estate) -> None:
    shop = acme.add("shop", topics=("debtscan",))
    acme.install()
    shop.set_topics()
    acme.go()
    assert (acme.row("shop")["phase"], _open(shop)) == ("silent", [])


def test_a_box_is_a_persons_wish_and_debtscan_does_not_answer_itself(acme: Estate) -> None:
    shop = _posting(acme)
    (dashboard,) = shop.issues
    before = len(acme.scans("shop"))
    wish = boxes.Wish("refresh")
    body = (dashboard.body or "").replace(boxes.box(wish), boxes.box(wish, ticked=True))
    assert body != dashboard.body
    shop.edit_issue(dashboard.number, body=body)
    acme.go()
    (scan,) = acme.scans("shop")[before:]
    assert (scan["reason"], scan["urgency"], scan["outcome"]) == ("box", "person", "unchanged")
    assert boxes.wishes(shop.issues[0].body or "") == frozenset()
    acme.go(seconds=SETTLE)
    assert len(acme.scans("shop")) == before + 1


def test_a_comment_is_obeyed_at_once(acme: Estate) -> None:
    shop = _posting(acme)
    (pull,) = [pull for pull in shop.pulls if pull.state == "open"]
    shop.comment(pull.number, "@debtscan ignore because we pin it")
    acme.go()
    scan = acme.scans("shop")[-1]
    assert (scan["reason"], scan["urgency"]) == ("comment", "person")
    assert shop.pull(pull.number).state == "closed"


def test_what_did_not_change_is_not_acted_on_again(acme: Estate) -> None:
    shop = _posting(acme)
    before = len(acme.github.writes)
    number = acme.row("shop")["id"]
    acme.set(REPOSITORIES, REPOSITORIES.c.id == number, sweep_after=acme.clock.moment())
    asked = len(acme.github.requests)
    acme.start("sweep")
    assert acme.scans("shop")[-1]["outcome"] == "unchanged"
    assert acme.github.writes[before:] == []
    assert set(acme.requests(asked)) <= {
        "GET /repos/{owner}/{repo}/git/ref/{ref}",
        "POST /app/installations/{installation_id}/access_tokens",
    }
    assert _open(shop) == [pull.branch for pull in shop.pulls if pull.state == "open"]


def test_a_check_that_is_requested_again_is_a_persons_wish(acme: Estate) -> None:
    shop = _posting(acme)
    (run,) = [one for one in shop.settings.check_runs if one.sha == shop.head and one.name == OWN_CHECK]
    shop.rerequest(run)
    acme.go()
    scan = acme.scans("shop")[-1]
    assert (scan["reason"], scan["urgency"], scan["outcome"]) == ("re-request", "person", "unchanged")
