"""What the service tells Prometheus of its work. Each label has few values: never a repository's or a person's name.

The others call `inc`, `observe` and `set` on these; what the database knows (`bot.service.readings`) is added when
somebody asks. Times are in seconds, sizes in bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.registry import Collector

from bot import VERSION
from bot.service.model import PRIORITIES

# When a series began, nobody asks, and it would double the answer.
disable_created_metrics()  # type: ignore[no-untyped-call] # the one function without annotations
REGISTRY: Final = CollectorRegistry()
PlatformCollector(registry=REGISTRY)
ProcessCollector(registry=REGISTRY)
GCCollector(registry=REGISTRY)

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
OTHER: Final = "other"
EVENTS: Final = frozenset(
    {
        "check_run",
        "check_suite",
        "github_app_authorization",
        "installation",
        "installation_repositories",
        "installation_target",
        "issue_comment",
        "issues",
        "ping",
        "pull_request",
        "push",
        "repository",
    }
)
"""The events of GitHub that have a series of their own; all else is `OTHER`."""

_QUICK: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_LONG: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1200)
_HOUR, _DAY, _MIB = 3600, 86_400, 2**20

BUILD: Final = Gauge("debtscan_build_info", "Always 1; the label is the version.", ["version"], registry=REGISTRY)
BUILD.labels(version=VERSION).set(1)

DELIVERIES: Final = Counter(
    "debtscan_webhook_deliveries",
    "Webhook deliveries by event and by what became of them: enqueued, acknowledged (nothing to do), repeated, forged, "
    "malformed, too-large, or failed (answered with 5xx).",
    ["event", "outcome"],
    registry=REGISTRY,
)
ANSWER_SECONDS: Final = Histogram(
    "debtscan_webhook_answer_seconds",
    "Time until a webhook delivery was answered.",
    buckets=_QUICK,
    registry=REGISTRY,
)
HTTP_SECONDS: Final = Histogram(
    "debtscan_http_request_seconds",
    "Time until a request was answered, by the route's pattern and the hundred of the status (2xx).",
    ["route", "status"],
    buckets=_QUICK,
    registry=REGISTRY,
)

SCANS: Final = Counter(
    "debtscan_scans",
    "Scans that ended, by why they ran and by what became of them: done, unchanged, postponed, failed, left.",
    ["reason", "outcome"],
    registry=REGISTRY,
)
SCAN_WAIT_SECONDS: Final = Histogram(
    "debtscan_scan_wait_seconds",
    "Time from the request of a scan (a push, a person's wish) until its result was stored or it failed, by urgency "
    "(person, change, sweep) and outcome.",
    ["urgency", "outcome"],
    buckets=(10, 60, 300, 900, _HOUR, 4 * _HOUR, 12 * _HOUR, _DAY, 2 * _DAY, 7 * _DAY),
    registry=REGISTRY,
)
STAGE_SECONDS: Final = Histogram(
    "debtscan_scan_stage_seconds",
    "Time that one stage of a scan took: mirror, read, look_up, check.",
    ["stage"],
    buckets=_LONG,
    registry=REGISTRY,
)
RUNNING: Final = Gauge("debtscan_scans_running", "Scans that run in this process now.", registry=REGISTRY)
CHILD_MEMORY: Final = Histogram(
    "debtscan_scan_child_memory_bytes",
    "The most memory that a scan's child process held.",
    buckets=tuple(size * _MIB for size in (64, 128, 256, 512, 1024, 2048, 4096, 8192)),
    registry=REGISTRY,
)
SCORES: Final = Histogram(
    "debtscan_scan_score",
    "Scores that scans ended with.",
    buckets=tuple(range(10, 101, 10)),
    registry=REGISTRY,
)
LOOK_UPS: Final = Counter(
    "debtscan_look_ups",
    "Questions to registries and other sources, by source and outcome: known, unknown, shared (another scan asked).",
    ["source", "outcome"],
    registry=REGISTRY,
)

GITHUB_REQUESTS: Final = Counter(
    "debtscan_github_requests",
    "Requests to GitHub by kind (read, write) and outcome: ok, refused (4xx), limited, failed (5xx or no answer).",
    ["kind", "outcome"],
    registry=REGISTRY,
)
GITHUB_WRITES: Final = Counter(
    "debtscan_github_writes",
    "What was written on GitHub: pull-request, branch, check-run, comment, issue, code-scanning.",
    ["what"],
    registry=REGISTRY,
)
POSTPONED: Final = Counter(
    "debtscan_postponements",
    "Work that was put off, by cause: primary-limit, secondary-limit, outage, pace.",
    ["cause"],
    registry=REGISTRY,
)
ERRORS: Final = Counter(
    "debtscan_errors",
    "What went wrong, by the part that met it (web, webhook, scan, act, sweep, reconcile, …) and the error's class.",
    ["part", "kind"],
    registry=REGISTRY,
)
MIRRORS_BYTES: Final = Gauge("debtscan_mirrors_bytes", "Disk that the mirrors of this process take.", registry=REGISTRY)
MIRRORS_REMOVED: Final = Counter(
    "debtscan_mirrors_removed",
    "Mirrors that were removed: full (for another one), broken, gone (the repository left).",
    ["cause"],
    registry=REGISTRY,
)


def _begin_at_nought() -> None:
    """Show what may be counted before it is: Prometheus cannot see the rise of a series that begins with it."""
    for event in (*sorted(EVENTS), OTHER):
        for outcome in ("enqueued", "acknowledged", "repeated", "forged", "malformed", "too-large", "failed"):
            DELIVERIES.labels(event=event, outcome=outcome)
    for outcome in ("done", "unchanged", "failed"):
        for urgency in PRIORITIES:
            SCAN_WAIT_SECONDS.labels(urgency=urgency, outcome=outcome)
    for kind in ("read", "write"):
        for outcome in ("ok", "refused", "limited", "failed"):
            GITHUB_REQUESTS.labels(kind=kind, outcome=outcome)
    for what in ("pull-request", "branch", "check-run", "comment", "issue", "code-scanning"):
        GITHUB_WRITES.labels(what=what)
    for cause in ("primary-limit", "secondary-limit", "outage", "pace"):
        POSTPONED.labels(cause=cause)


def event_label(event: str) -> str:
    """Return the label of an event's name, which anybody on the internet may have chosen."""
    return event if event in EVENTS else OTHER


def failed(part: str, error: BaseException) -> None:
    """Count an error under its class."""
    ERRORS.labels(part=part, kind=type(error).__name__).inc()


def exposition(collectors: Iterable[Collector] = ()) -> bytes:
    """Return all metrics as Prometheus reads them (`CONTENT_TYPE`), those of the further ``collectors`` included."""
    asked = CollectorRegistry()
    for collector in collectors:
        asked.register(collector)
    return generate_latest(REGISTRY) + generate_latest(asked)


_begin_at_nought()
