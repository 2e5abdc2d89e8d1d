"""Outlooks made by hand: an ordinary repository's, one of strangers' words, a huge one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from analyzers.config import Config, History, Posts
from analyzers.inheritance import Overruled
from analyzers.settings import Settings
from bot.onboarding.model import Outlook
from bot.upgrade.model import Plan, Waiting
from tests.support.posts import hostile as hostile_post
from tests.support.reports import sample_report
from tests.support.upgrades import move, upgrade

PAGE = "https://debtscan.example.org/example/shop"
WHY = "it bears the topic debtscan"


def outlook(**changes: Any) -> Outlook:  # noqa: ANN401 - members of the value
    """Return an ordinary one: two upgrades at once, one later."""
    first = upgrade(move("requests"), title="Update requests to 2.32.3")
    second = upgrade(move("flask"), id="pypi-flask-3", title="Update flask to 3.1")
    later = Waiting(
        upgrade=upgrade(move("django"), id="pypi-django-5", title="Update django to 5.2"),
        reason="limit-open",
        detail="2 pull requests are open, and open-limit is 2",
    )
    made = Outlook(
        report=sample_report(),
        settings=Settings(Config()),
        plan=Plan(open=(first, second), waiting=(later,)),
        why=WHY,
        page=PAGE,
    )
    return replace(made, **changes)


def hostile(text: str) -> Outlook:
    """Return one in which every word that is not debtscan's is ``text``."""
    made = upgrade(title=text)
    overruled = Overruled(key=text, path=text, line=1, by=text, counts=text)
    config = Config(posts=Posts(dashboard_title=text or "x"), history=History(branch=text or "x"))
    return outlook(
        report=hostile_post(text).report,
        settings=Settings(config, text, overruled=(overruled,)),
        plan=Plan(open=(made,), waiting=(Waiting(upgrade=made, reason="limit-open", detail=text),)),
        why=text,
        page=text,
        problem=text,
        is_edited=True,
    )


def huge(count: int) -> Outlook:
    """Return one with ``count`` upgrades."""
    return outlook(plan=Plan(open=tuple(upgrade(title=f"Update package-{at} to 2") for at in range(count))))
