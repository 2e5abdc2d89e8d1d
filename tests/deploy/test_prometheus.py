"""The alert rules: Prometheus takes them, each has been seen to fire and to keep still, and says what to do."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.service import metrics, rates, readings

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy" / "prometheus"
NEEDS_PROMTOOL = pytest.mark.skipif(
    not shutil.which("promtool"), reason="needs prometheus; `make test` installs it where it can"
)
TESTS = ("alerts.test.yml", "budgets.test.yml")


def _rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"] for rule in group["rules"]]


ALERTS = {rule["alert"]: rule for rule in _rules() if "alert" in rule}


def _promtool(*arguments: str) -> str:
    done = subprocess.run(
        ["promtool", *arguments], cwd=FOLDER, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@NEEDS_PROMTOOL
def test_prometheus_takes_the_rules() -> None:
    assert "SUCCESS" in _promtool("check", "rules", "alerts.yml")


@NEEDS_PROMTOOL
@pytest.mark.parametrize("file", TESTS)
def test_the_alerts_fire_where_they_should_and_there_alone(file: str) -> None:
    assert "SUCCESS" in _promtool("test", "rules", file)


@NEEDS_PROMTOOL
def test_prometheus_has_nothing_to_say_of_the_metrics_themselves() -> None:
    told = metrics.exposition()
    # What the client library tells of the process is named by others.
    own = b"".join(line for line in told.splitlines(keepends=True) if b"debtscan_" in line)
    done = subprocess.run(["promtool", "check", "metrics"], input=own, capture_output=True, check=False, timeout=60)
    assert done.stderr.decode() == ""


@pytest.mark.parametrize("alert", ALERTS)
def test_each_alert_has_been_seen_to_fire_and_to_keep_still(alert: str) -> None:
    cases = [
        case
        for file in TESTS
        for test in yaml.safe_load((FOLDER / file).read_text())["tests"]
        for case in test["alert_rule_test"]
        if case["alertname"] == alert
    ]
    assert {bool(case["exp_alerts"]) for case in cases} == {True, False}


@pytest.mark.parametrize("alert", ALERTS)
def test_each_alert_says_how_urgent_it_is_and_what_to_do(alert: str) -> None:
    rule = ALERTS[alert]
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["runbook"] == f"docs/operations.md#{alert.lower()}"
    assert rule["annotations"]["summary"]
    assert rule["annotations"]["action"].endswith(".")
    assert f"### {alert}\n" in (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def test_the_rules_ask_for_nothing_that_is_not_told() -> None:
    asked = set(re.findall(r"\bdebtscan_[a-z_]+", "\n".join(rule["expr"] for rule in _rules())))
    families = [*metrics.REGISTRY.collect(), *rates.Rates().collect()]
    counted = {f"{family.name}{end}" for family in families for end in ("", "_total", "_bucket", "_count")}
    assert asked
    assert asked <= counted | set(readings.TOLD)
