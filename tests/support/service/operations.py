"""Prints what operators read of the service: its metrics, and what to do for each alert."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import yaml
from prometheus_client.metrics import MetricWrapperBase

from bot.commands.parser import build_parser
from bot.service import metrics, rates, readings
from bot.service.settings import File

ALERTS = Path(__file__).resolve().parents[3] / "deploy" / "prometheus" / "alerts.yml"


_KEYS: Final = {
    "url": "where GitHub and people reach the service",
    "data": "the folder that it may write to",
    "listen": "the address of pages and webhooks",
    "operations": "an address of its own for metrics and health; none where it is empty",
    "github": "GitHub, or a GitHub Enterprise Server",
    "secrets": "the folder of the secrets; `secrets` below `data` where it is empty",
    "jobs": "scans at once in each process; with 0 they are left to workers",
    "stop-seconds": "how long a stop waits for what runs",
    "hosts": "what scans may ask beside the public registries: names, or a dot and a domain",
    "trusted-proxies": "addresses or networks whose X-Forwarded-For is believed",
    "sweep.days": "how often each repository is scanned when nothing changes",
    "sweep.settle-seconds": "a push counts after so long without another one",
    "limits.scan-minutes": "what a scan may take by the clock",
    "limits.scan-memory": "and of memory, in MiB",
    "limits.repository": "a larger repository is not scanned, in MiB",
    "limits.mirrors": "disk for all mirrors, in MiB",
    "limits.organisation-jobs": "scans at once of one organisation, in all processes",
    "retention.deliveries-days": "how long deliveries are known",
    "retention.scans-days": "how long the course of scans is kept",
    "retention.sign-ins-hours": "how long somebody stays signed in",
    "retention.uninstalled-hours": "after which all of an installation that left is deleted",
}


def keys_table() -> str:
    """Return a row for each key of the service's configuration. Raises KeyError for one that nobody explained."""
    rows = [f"| `{name}` | {default} | {_KEYS[name]} |" for name, default in _keys(File, "")]
    return "\n".join(("| key | default | what |", "|---|---|---|", *rows)) + "\n"


def _keys(table: type[msgspec.Struct], prefix: str) -> Iterator[tuple[str, str]]:
    for field in msgspec.structs.fields(table):
        name = f"{prefix}{field.encode_name}"
        if isinstance(field.default, msgspec.Struct):
            yield from _keys(type(field.default), f"{name}.")
        else:
            needed = field.default is msgspec.NODEFAULT
            yield name, "needed" if needed else f"`{msgspec.json.encode(field.default).decode()}`"


def commands_help() -> str:
    """Return what the service's commands say of themselves."""
    return "\n".join(f"```\n{_help(name)}```\n" for name in ("serve", "worker", "backup", "restore"))


def _help(name: str) -> str:
    parser = build_parser()
    (commands,) = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    text: str = commands.choices[name].format_help()
    return text


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
