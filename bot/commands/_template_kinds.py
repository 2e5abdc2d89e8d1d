"""What templates an installation can replace, and the type of what each is given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.onboarding import body as onboarding
from bot.onboarding.template_values import OnboardingValues
from bot.posts import check_run, comment, dashboard
from bot.posts.template_values import ChangeValues, CheckRunValues, DashboardValues
from bot.report import _markdown, history, hotspots_markdown, rollup_markdown
from bot.report.hotspot_values import HotspotValues
from bot.report.rollup_values import HistoryValues, RollUpValues
from bot.report.template_values import ReportValues
from bot.template_words import Words
from bot.upgrade import body
from bot.upgrade.template_values import PullRequestValues

TEMPLATES: Final[Mapping[str, type[Words]]] = {
    dashboard.TEMPLATE: DashboardValues,
    body.TEMPLATE: PullRequestValues,
    onboarding.TEMPLATE: OnboardingValues,
    "change.md.j2": ChangeValues,
    comment.TEMPLATE: ChangeValues,
    check_run.TEMPLATE: CheckRunValues,
    _markdown.TEMPLATE: ReportValues,
    rollup_markdown.TEMPLATE: RollUpValues,
    history.TEMPLATE: HistoryValues,
    hotspots_markdown.TEMPLATE: HotspotValues,
}
