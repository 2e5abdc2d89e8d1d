"""Prints what operators read of the service: its metrics, and what to do for each alert."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from prometheus_client.metrics import MetricWrapperBase

from bot.service import metrics, rates, readings

ALERTS = Path(__file__).resolve().parents[3] / "deploy" / "prometheus" / "alerts.yml"


def metrics_table() -> str:
    """Return a row for each of the service's own metrics: name, kind, labels, what it is."""
    rows = sorted({*_counted(), *_rates(), *_readings()})
    lines = [f"| `{name}` | {kind} | {labels} | {what} |" for name, kind, labels, what in rows]
    return "\n".join(("| metric | kind | labels | what |", "|---|---|---|---|", *lines)) + "\n"


def _counted() -> Iterator[tuple[str, str, str, str]]:
    for one in vars(metrics).values():
        if isinstance(one, MetricWrapperBase):
            (family,) = one.describe()
            name = f"{family.name}_total" if family.type == "counter" else family.name
            yield name, family.type, _names(one._labelnames), family.documentation


def _rates() -> Iterator[tuple[str, str, str, str]]:
    for family in rates.Rates().collect():
        yield family.name, family.type, "`resource`", family.documentation


def _readings() -> Iterator[tuple[str, str, str, str]]:
    for name, (what, labels) in readings.TOLD.items():
        yield name, "gauge", _names(labels), what


def _names(labels: tuple[str, ...]) -> str:
    return ", ".join(f"`{label}`" for label in labels)


def alerts() -> str:
    """Return a section for each alert: how urgent it is, what it means, what to do."""
    groups = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"]
    return "\n".join(_alert(rule) for group in groups for rule in group["rules"] if "alert" in rule)


def _alert(rule: dict[str, Any]) -> str:
    severity = {"page": "wakes somebody", "ticket": "waits for the morning"}[rule["labels"]["severity"]]
    return (
        f"### {rule['alert']}\n\n"
        f"`{rule['labels']['severity']}` ({severity}), after {rule['for']} of\n\n"
        f"```\n{rule['expr']}\n```\n\n"
        f"{rule['annotations']['action']}\n"
    )
