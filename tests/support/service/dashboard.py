"""Prints the dashboard, ``deploy/grafana/debtscan.json``: a table of rows and panels, and what Grafana makes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

WIDTH: Final = 24
_SOURCE: Final = {"type": "prometheus", "uid": "${datasource}"}
_OWN: Final = " and on (job, instance) debtscan_build_info"
_RATE: Final = "[$__rate_interval]"


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One panel: its queries with the legends of their series. `unit` is one of Grafana's names."""

    title: str
    told: str
    queries: Sequence[tuple[str, str]]
    unit: str = "short"
    kind: Literal["timeseries", "stat"] = "timeseries"
    width: int = 8
    low: float | None = None
    """Below it a figure is bad."""


def _by(metric: str, *labels: str) -> str:
    return f"sum by ({', '.join(labels)}) (rate({metric}{_RATE}))"


def _quantile(share: float, metric: str, *labels: str) -> str:
    return f"histogram_quantile({share}, sum by ({', '.join(('le', *labels))}) (rate({metric}_bucket{_RATE})))"


def _share(part: str, whole: str) -> str:
    return f"sum(rate({part}{_RATE})) / sum(rate({whole}{_RATE}))"


ROWS: Final[Sequence[tuple[str, Sequence[Panel]]]] = (
    (
        "Objectives, over 28 days",
        (
            Panel(
                title="Budget left: webhooks",
                told="Of what may go wrong when 99.9 % of GitHub's deliveries are accepted. Below 0 more was spent.",
                queries=[("debtscan:webhook_failures:budget_left", "left")],
                unit="percentunit",
                kind="stat",
                width=6,
                low=0.25,
            ),
            Panel(
                title="Budget left: scans",
                told="Of what may go wrong when 99 % of the pushes' scans have their result within a day.",
                queries=[("debtscan:late_scans:budget_left", "left")],
                unit="percentunit",
                kind="stat",
                width=6,
                low=0.25,
            ),
            Panel(
                title="Refused deliveries",
                told="The share of GitHub's deliveries that are answered with 5xx, in a short and in a long window.",
                queries=[
                    ("debtscan:webhook_failures:ratio_rate1h", "1 hour"),
                    ("debtscan:webhook_failures:ratio_rate1d", "1 day"),
                ],
                unit="percentunit",
                width=6,
            ),
            Panel(
                title="Late scans",
                told="The share of the pushes' scans that fail or take longer than a day.",
                queries=[
                    ("debtscan:late_scans:ratio_rate6h", "6 hours"),
                    ("debtscan:late_scans:ratio_rate3d", "3 days"),
                ],
                unit="percentunit",
                width=6,
            ),
        ),
    ),
    (
        "Service",
        (
            Panel(
                title="Workers",
                told="Processes that hold a live lease.",
                queries=[("max(debtscan_workers_live)", "live")],
                kind="stat",
                width=4,
                low=1,
            ),
            Panel(
                title="Versions",
                told="How many processes run which version.",
                queries=[("count by (version) (debtscan_build_info)", "{{version}}")],
                kind="stat",
                width=4,
            ),
            Panel(
                title="Queues",
                told="What waits, is put off, or runs.",
                queries=[("max by (queue, status) (debtscan_queue_items)", "{{queue}}, {{status}}")],
            ),
            Panel(
                title="Oldest item",
                told="For how long the oldest item of each queue is due.",
                queries=[("max by (queue, status) (debtscan_queue_oldest_seconds)", "{{queue}}, {{status}}")],
                unit="s",
            ),
            Panel(
                title="Errors",
                told="By the part that met them and their class.",
                queries=[(_by("debtscan_errors_total", "part", "kind"), "{{part}}: {{kind}}")],
                unit="cps",
            ),
            Panel(
                title="Database",
                told="1 where a process reaches it.",
                queries=[("min by (instance) (debtscan_database_up)", "{{instance}}")],
            ),
            Panel(
                title="Slow pages",
                told="99 of 100 requests are answered faster, by the route's pattern.",
                queries=[(_quantile(0.99, "debtscan_http_request_seconds", "route"), "{{route}}")],
                unit="s",
            ),
        ),
    ),
    (
        "Webhooks",
        (
            Panel(
                title="Deliveries by event",
                told="All that arrive at the address.",
                queries=[(_by("debtscan_webhook_deliveries_total", "event"), "{{event}}")],
                unit="cps",
            ),
            Panel(
                title="Deliveries by outcome",
                told="What became of them.",
                queries=[(_by("debtscan_webhook_deliveries_total", "outcome"), "{{outcome}}")],
                unit="cps",
            ),
            Panel(
                title="Time to answer",
                told="GitHub gives up after ten seconds.",
                queries=[
                    (_quantile(0.5, "debtscan_webhook_answer_seconds"), "half"),
                    (_quantile(0.99, "debtscan_webhook_answer_seconds"), "99 of 100"),
                ],
                unit="s",
            ),
            Panel(
                title="Waiting deliveries",
                told="Accepted, and not handled yet.",
                queries=[("max(debtscan_deliveries_waiting)", "waiting")],
            ),
            Panel(
                title="Oldest waiting delivery",
                told="For how long the oldest of them waits.",
                queries=[("max(debtscan_deliveries_oldest_seconds)", "oldest")],
                unit="s",
            ),
        ),
    ),
    (
        "Scans",
        (
            Panel(
                title="Scans by outcome",
                told="What became of those that ended.",
                queries=[(_by("debtscan_scans_total", "outcome"), "{{outcome}}")],
                unit="cps",
            ),
            Panel(
                title="Scans by reason",
                told="Why they ran.",
                queries=[(_by("debtscan_scans_total", "reason"), "{{reason}}")],
                unit="cps",
            ),
            Panel(title="Running", told="Now.", queries=[("sum(debtscan_scans_running)", "scans")]),
            Panel(
                title="From request to result",
                told="Nine of ten are done sooner, by who waits.",
                queries=[(_quantile(0.9, "debtscan_scan_wait_seconds", "urgency"), "{{urgency}}")],
                unit="s",
            ),
            Panel(
                title="Stages",
                told="Nine of ten take less.",
                queries=[(_quantile(0.9, "debtscan_scan_stage_seconds", "stage"), "{{stage}}")],
                unit="s",
            ),
            Panel(
                title="Memory of a scan",
                told="The most that a scan's process held: half of them, and 99 of 100, held less.",
                queries=[
                    (_quantile(0.5, "debtscan_scan_child_memory_bytes"), "half"),
                    (_quantile(0.99, "debtscan_scan_child_memory_bytes"), "99 of 100"),
                ],
                unit="bytes",
            ),
        ),
    ),
    (
        "GitHub and other sources",
        (
            Panel(
                title="Limit left",
                told="The least share of any installation.",
                queries=[("min by (resource) (debtscan_github_rate_remaining_ratio)", "{{resource}}")],
                unit="percentunit",
            ),
            Panel(
                title="Requests",
                told="By kind and outcome.",
                queries=[(_by("debtscan_github_requests_total", "kind", "outcome"), "{{kind}}, {{outcome}}")],
                unit="cps",
            ),
            Panel(
                title="Written",
                told="What was made on GitHub within the hour before.",
                queries=[("sum by (what) (increase(debtscan_github_writes_total[1h]))", "{{what}}")],
            ),
            Panel(
                title="Put off",
                told="Work that waits for GitHub, by cause.",
                queries=[(_by("debtscan_postponements_total", "cause"), "{{cause}}")],
                unit="cps",
            ),
            Panel(
                title="Look-ups",
                told="Questions by source.",
                queries=[(_by("debtscan_look_ups_total", "source"), "{{source}}")],
                unit="cps",
            ),
            Panel(
                title="Look-ups without an answer",
                told="A share of all, whatever the source.",
                queries=[(_share('debtscan_look_ups_total{outcome="unknown"}', "debtscan_look_ups_total"), "unknown")],
                unit="percentunit",
            ),
        ),
    ),
    (
        "Repositories",
        (
            Panel(
                title="Mean score",
                told="Of the repositories that have one.",
                queries=[("max(debtscan_score_average)", "score")],
                kind="stat",
                width=4,
            ),
            Panel(
                title="Installations",
                told="Of the App.",
                queries=[("max by (state) (debtscan_installations)", "{{state}}")],
                kind="stat",
                width=4,
            ),
            Panel(
                title="By phase",
                told="How far each is.",
                queries=[("max by (phase) (debtscan_repositories)", "{{phase}}")],
            ),
            Panel(
                title="By grade",
                told="Of the last scan.",
                queries=[("max by (grade) (debtscan_repositories_graded)", "{{grade}}")],
            ),
            Panel(
                title="Failing or late",
                told="Whose last scan failed, and whose weekly one is late by a day.",
                queries=[
                    ("max(debtscan_repositories_failing)", "failing"),
                    ("max(debtscan_repositories_overdue)", "late"),
                ],
            ),
            Panel(
                title="Scores of scans",
                told="Half of the scans that ended have less.",
                queries=[(_quantile(0.5, "debtscan_scan_score"), "median")],
            ),
        ),
    ),
    (
        "Machine",
        (
            Panel(
                title="Memory",
                told="Of each process, without its scans.",
                queries=[(f"process_resident_memory_bytes{_OWN}", "{{instance}}")],
                unit="bytes",
                width=6,
            ),
            Panel(
                title="Processors",
                told="In use by each process, without its scans.",
                queries=[(f"rate(process_cpu_seconds_total{_RATE}){_OWN}", "{{instance}}")],
                width=6,
            ),
            Panel(
                title="Disk left",
                told="Of the data folder's.",
                queries=[("debtscan_data_free_bytes / debtscan_data_size_bytes", "{{instance}}")],
                unit="percentunit",
                width=6,
            ),
            Panel(
                title="Mirrors",
                told="Disk that they take, and how many were removed within the hour before.",
                queries=[
                    ("sum by (instance) (debtscan_mirrors_bytes)", "{{instance}}"),
                    ("sum by (cause) (increase(debtscan_mirrors_removed_total[1h]))", "removed: {{cause}}"),
                ],
                width=6,
            ),
        ),
    ),
)


def queries() -> Iterator[tuple[str, str]]:
    """Yield each panel's title with each of its queries."""
    for _row, panels in ROWS:
        for panel in panels:
            for expression, _legend in panel.queries:
                yield panel.title, expression


def dashboard() -> str:
    """Return the file's text."""
    found = {
        "__inputs": [],
        "annotations": {"list": []},
        "description": "debtscan's service: its objectives first, then what explains them.",
        "editable": True,
        "graphTooltip": 1,
        "panels": list(_panels()),
        "refresh": "1m",
        "schemaVersion": 39,
        "tags": ["debtscan"],
        "templating": {
            "list": [{"name": "datasource", "type": "datasource", "query": "prometheus", "label": "Source"}]
        },
        "time": {"from": "now-24h", "to": "now"},
        "timezone": "utc",
        "title": "debtscan",
        "uid": "debtscan",
        "version": 1,
    }
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def _panels() -> Iterator[dict[str, Any]]:
    number, y = 0, 0
    for title, panels in ROWS:
        number += 1
        yield {
            "id": number,
            "type": "row",
            "title": title,
            "collapsed": False,
            "panels": [],
            "gridPos": _at(0, y, WIDTH, 1),
        }
        y, x = y + 1, 0
        for panel in panels:
            if x + panel.width > WIDTH:
                x, y = 0, y + 7
            number += 1
            yield _panel(panel, number, _at(x, y, panel.width, 7))
            x += panel.width
        y += 7


def _at(x: int, y: int, width: int, height: int) -> dict[str, int]:
    return {"x": x, "y": y, "w": width, "h": height}


def _panel(panel: Panel, number: int, place: dict[str, int]) -> dict[str, Any]:
    targets = [
        {"refId": chr(ord("A") + index), "expr": expression, "legendFormat": legend, "datasource": _SOURCE}
        for index, (expression, legend) in enumerate(panel.queries)
    ]
    steps: list[dict[str, Any]] = [{"color": "text", "value": None}]
    if panel.low is not None:
        steps = [{"color": "red", "value": None}, {"color": "green", "value": panel.low}]
    return {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.told,
        "datasource": _SOURCE,
        "gridPos": place,
        "targets": targets,
        "fieldConfig": {
            "defaults": {"unit": panel.unit, "thresholds": {"mode": "absolute", "steps": steps}},
            "overrides": [],
        },
    }
