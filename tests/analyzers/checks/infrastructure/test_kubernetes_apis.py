"""removed-kubernetes-api and deprecated-kubernetes-api: together they cover each object once."""

from __future__ import annotations

from datetime import date

import pytest

from analyzers.checks.infrastructure import deprecated_kubernetes_api, removed_kubernetes_api
from analyzers.config import Config, Kubernetes
from analyzers.ecosystems.kubernetes.manifests import read
from analyzers.model.facts import Answer, Cycle, Facts, Known, Lifecycle, Unknown
from analyzers.model.finding import Evidence, Finding
from analyzers.model.inventory import Inventory, Repository
from analyzers.model.question import Question
from analyzers.model.skipped import Skipped
from analyzers.syntax.text import SourceText

TODAY = date(2026, 11, 25)
CYCLES = Lifecycle(
    "kubernetes",
    (
        Cycle("1.36", date(2026, 4, 22), date(2027, 6, 28)),
        Cycle("1.35", date(2025, 12, 17), date(2027, 2, 28)),
        Cycle("1.34", date(2025, 8, 27), date(2026, 10, 27)),
        Cycle("1.24", date(2022, 5, 3), date(2023, 7, 28)),
    ),
    "a table",
    date(2026, 8, 22),
)


def evidence(text: str, *, version: str | None = None, as_of: date = TODAY, answer: Answer | None = None) -> Evidence:
    reading = read(SourceText("app.yaml", text))
    facts = Facts(TODAY, {Question("lifecycle", "kubernetes"): answer or Known(CYCLES)})
    inventory = Inventory(repository=Repository("r"), observations=reading.observations)
    return Evidence(
        inventory=inventory, facts=facts, config=Config(kubernetes=Kubernetes(version=version)), as_of=as_of
    )


def judged(known: Evidence) -> tuple[list[Finding], list[Finding], list[Skipped]]:
    gone, going = list(removed_kubernetes_api.check(known)), list(deprecated_kubernetes_api.check(known))
    return (
        [one for one in gone if isinstance(one, Finding)],
        [one for one in going if isinstance(one, Finding)],
        [one for one in (*gone, *going) if isinstance(one, Skipped)],
    )


def objects(*texts: str) -> str:
    return "---\n".join(f"apiVersion: {version}\nkind: {kind}\n" for version, kind in map(str.split, texts))


@pytest.mark.parametrize(
    ("version", "gone", "going"),
    [
        ("1.18", 0, 0),
        ("1.19", 0, 1),
        ("1.21.9", 0, 1),
        ("1.22", 1, 0),
        ("v1.33", 1, 0),
        (None, 1, 0),
    ],
)
def test_an_object_is_deprecated_first_and_gone_then(version: str | None, gone: int, going: int) -> None:
    removed, deprecated, notes = judged(evidence(objects("networking.k8s.io/v1beta1 Ingress"), version=version))
    assert (len(removed), len(deprecated), notes) == (gone, going, [])


def test_the_finding_names_the_release_judged_for_and_the_way_out() -> None:
    removed, _, _ = judged(evidence(objects("v1 Pod", "batch/v1beta1 CronJob", "batch/v1beta1 CronJob")))
    (found,) = removed
    assert found.title == "CronJob of batch/v1beta1 is gone since Kubernetes 1.25"
    assert found.message == (
        "CronJob in batch/v1beta1 is not served since Kubernetes 1.25; judged for 1.35, the oldest release supported "
        "on 2026-11-25 (set [kubernetes] version for yours). Write batch/v1; nothing else changes."
    )
    assert (found.line, found.column, found.details["also_lines"]) == (4, 13, "7")
    assert (found.group, found.minutes, found.exposure) == ("infrastructure", 60, 1.0)
    assert (found.fix.to, found.fix.safe) == ("batch/v1", True)


def test_a_deprecated_one_weighs_half() -> None:
    _, (found,), _ = judged(evidence(objects("resource.k8s.io/v1beta1 DeviceClass")))
    assert found.title == "DeviceClass of resource.k8s.io/v1beta1 goes with Kubernetes 1.38"
    assert (found.minutes, found.exposure) == (60, 0.5)
    assert not found.fix.safe


def test_a_kind_without_successor_has_no_fix() -> None:
    (found,), _, _ = judged(evidence(objects("policy/v1beta1 PodSecurityPolicy"), version="1.30"))
    assert "[kubernetes]" not in found.message
    assert found.message.endswith(
        "Nothing replaces it in the API: see https://kubernetes.io/docs/reference/using-api/deprecation-guide/#v1-25."
    )
    assert not found.fix.available


@pytest.mark.parametrize(
    ("as_of", "judged_for"),
    [(date(2026, 10, 27), "1.34"), (date(2026, 10, 28), "1.35"), (date(2023, 7, 28), "1.24")],
)
def test_the_oldest_supported_release_of_the_day_counts(as_of: date, judged_for: str) -> None:
    (found,), _, _ = judged(evidence(objects("extensions/v1beta1 Ingress"), as_of=as_of))
    assert found.details["judged_for"] == judged_for


@pytest.mark.parametrize(
    ("answer", "as_of", "reason"),
    [
        (Unknown("time-out"), TODAY, "time-out"),
        (Known(CYCLES), date(2030, 1, 1), "stale-table"),
    ],
)
def test_without_a_release_to_judge_for_nothing_is_fine(answer: Answer, as_of: date, reason: str) -> None:
    text = objects("extensions/v1beta1 Ingress", "batch/v1beta1 CronJob")
    removed, deprecated, (note,) = judged(evidence(text, answer=answer, as_of=as_of))
    assert (removed, deprecated) == ([], [])
    assert (note.reason, note.path, note.subject) == (reason, "app.yaml", ("file", "app.yaml"))


def test_a_bundled_table_judges_and_is_named() -> None:
    (found,), _, (note,) = judged(evidence(objects("extensions/v1beta1 Ingress"), answer=Known(CYCLES, bundled=True)))
    assert found.details["judged_for"] == "1.35"
    assert (note.reason, note.detail) == ("bundled-table", "Kubernetes: judged by the bundled table of 2026-08-22")


def test_current_versions_need_no_answer() -> None:
    assert judged(evidence(objects("apps/v1 Deployment"), answer=Unknown("offline"))) == ([], [], [])
