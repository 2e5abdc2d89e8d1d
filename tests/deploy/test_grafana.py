"""The dashboard: each of its queries returns data from a real Prometheus that scrapes the service."""

from __future__ import annotations

import contextlib
import json
import math
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import urllib3
from prometheus_client import Counter, Gauge, Histogram

from bot.service import metrics
from bot.service.database.tables import DELIVERIES, INSTALLATIONS, REPOSITORIES
from bot.service.engine.leases import Lease, Terms, live
from bot.service.engine.work import Work
from bot.service.rates import RATES
from bot.service.readings import Readings
from bot.service.servers import Server
from bot.service.services import Services, wall_clock
from bot.service.web.operators import Operators
from tests.support.service.dashboard import dashboard, queries
from tests.support.service.databases import Sqlites, opened
from tests.support.service.running import free_port

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "deploy" / "grafana" / "debtscan.json"
PATIENCE = 60.0
CONFIGURATION = """\
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: [{rules}]
scrape_configs:
  - job_name: debtscan
    static_configs: [{{targets: ["{target}"]}}]
"""
VALUES = {
    "event": "push",
    "route": "/{{owner}}",
    "status": "2xx",
    "reason": "push",
    "urgency": "change",
    "stage": "read",
    "source": "pypi",
    "kind": "read",
    "what": "branch",
    "part": "scan",
    "cause": "full",
    "version": "1",
}


@dataclass(frozen=True)
class Prometheus:
    """A real one, which has scraped the service."""

    address: str

    def get(self, path: str, **fields: str) -> Any:  # noqa: ANN401 - JSON
        """Return what its interface answers."""
        answer = urllib3.request("GET", f"{self.address}{path}", fields=fields, timeout=10, retries=False)
        return answer.json()["data"] if answer.status == 200 else None

    def figures(self, expression: str) -> list[float]:
        """Return the figures of a query now."""
        found = self.get("/api/v1/query", query=expression) or {"result": []}
        return [float(series["value"][1]) for series in found["result"]]


def _touch() -> None:
    """Let something happen to each metric."""
    for metric in vars(metrics).values():
        if not isinstance(metric, Counter | Gauge | Histogram) or metric is metrics.BUILD:
            continue
        outcomes = ("done", "unknown") if "outcome" in metric._labelnames else ("",)
        for outcome in outcomes:
            values = {name: outcome if name == "outcome" else VALUES[name] for name in metric._labelnames}
            _touch_one(metric.labels(**values) if values else metric)
    RATES.saw(1, "core", remaining=400, limit=5000, resets_at=2**31)


def _touch_one(metric: Any) -> None:  # noqa: ANN401 - of any kind
    metric.observe(1.5) if isinstance(metric, Histogram) else metric.inc()


def _fill(engine: sa.Engine) -> None:
    now = wall_clock()
    with engine.begin() as connection:
        account = {"account": "acme", "account_id": 1, "account_kind": "Organization", "installed_at": now}
        connection.execute(sa.insert(INSTALLATIONS).values(id=1, **account))
        row = {"id": 1, "installation_id": 1, "name": "acme/shop", "key": "acme/shop", "private": False}
        connection.execute(sa.insert(REPOSITORIES).values(**row, score=71.0, grade="B"))
        arrived = {"event": "push", "received_at": now - timedelta(minutes=1), "outcome": "enqueued"}
        connection.execute(sa.insert(DELIVERIES).values(id="d1", **arrived))
    Work(engine).enqueue("deliver", {}, id="d1", queue="intake")
    Lease(engine, "1", Terms(life=3600, beat=10)).take()


@contextlib.contextmanager
def _service(folder: Path) -> Iterator[str]:
    """Serve what operators read of a service in which things happen; yield its host and port."""
    settings = Sqlites(folder).fresh(folder / "data")
    with opened(settings) as engine:
        _fill(engine)
        services = Services(settings=settings, engine=engine)
        readings = Readings(services=services, depth=Work(engine).depth, live=lambda: len(live(engine)))
        told = Operators(engine=engine, exposition=lambda: metrics.exposition([readings]), is_ready=lambda: True)
        port = free_port()
        server = Server(told.application(), ("127.0.0.1", port), "operations")
        server.bind()
        server.start()
        is_over = threading.Event()

        def go_on() -> None:
            while not is_over.wait(0.1):
                _touch()

        thread = threading.Thread(target=go_on)
        thread.start()
        try:
            yield f"127.0.0.1:{port}"
        finally:
            is_over.set()
            thread.join()
            server.stop()


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    if not shutil.which("prometheus"):
        pytest.skip("needs prometheus; `make test` installs it where it can")
    folder, port = tmp_path_factory.mktemp("prometheus"), free_port()
    with _service(folder) as target:
        rules = ROOT / "deploy" / "prometheus" / "alerts.yml"
        (folder / "prometheus.yml").write_text(CONFIGURATION.format(rules=rules, target=target))
        command = [
            *("timeout", "300", "prometheus", f"--config.file={folder / 'prometheus.yml'}"),
            *(f"--storage.tsdb.path={folder / 'data-of-prometheus'}", f"--web.listen-address=127.0.0.1:{port}"),
        ]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            found = Prometheus(f"http://127.0.0.1:{port}")
            _wait(found, process)
            yield found
        finally:
            process.terminate()
            process.wait(30)


def _wait(prometheus: Prometheus, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None
        with contextlib.suppress(urllib3.exceptions.HTTPError):
            if prometheus.figures("count_over_time(debtscan_build_info[1m]) > 3"):
                return
        time.sleep(0.2)
    pytest.fail("Prometheus has scraped nothing")


@pytest.mark.parametrize(("title", "expression"), list(queries()))
def test_a_query_returns_data(prometheus: Prometheus, title: str, expression: str) -> None:
    asked = expression.replace("$__rate_interval", "30s")
    assert "$" not in asked
    end = time.monotonic() + PATIENCE
    while not (figures := [one for one in prometheus.figures(asked) if not math.isnan(one)]):
        assert time.monotonic() < end, f"{title} is empty: {asked}"
        time.sleep(0.2)
    assert all(map(math.isfinite, figures))


def test_every_rule_is_evaluated(prometheus: Prometheus) -> None:
    groups = prometheus.get("/api/v1/rules")["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert len(rules) > 30
    assert {rule["health"] for rule in rules} == {"ok"}
    assert [rule.get("lastError") for rule in rules if rule.get("lastError")] == []


def test_the_file_holds_what_was_asked_and_no_panel_lies_on_another() -> None:
    found = json.loads(FILE.read_text(encoding="utf-8"))
    panels = [panel for panel in found["panels"] if panel["type"] != "row"]
    written = [(panel["title"], target["expr"]) for panel in panels for target in panel["targets"]]
    assert written == list(queries())
    assert FILE.read_text(encoding="utf-8") == dashboard()
    taken: set[tuple[int, int]] = set()
    for place in (panel["gridPos"] for panel in found["panels"]):
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken
        assert max(x for x, _y in cells) < 24
        taken |= cells
    assert len({panel["id"] for panel in found["panels"]}) == len(found["panels"])


def test_every_metric_of_the_service_is_shown_or_alerted_on() -> None:
    shown = FILE.read_text(encoding="utf-8") + (ROOT / "deploy" / "prometheus" / "alerts.yml").read_text()
    asked = set(re.findall(r"debtscan_[a-z_]+", shown))
    families = [family.name for family in (*metrics.REGISTRY.collect(), *RATES.collect())]
    own = {name for name in families if name.startswith("debtscan_")}
    unseen = {name for name in own if not any(one.startswith(name) for one in asked)}
    # The share is shown instead.
    assert unseen <= {"debtscan_github_rate_remaining"}
