from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from analyzers.ecosystems.kubernetes.ecosystem import ECOSYSTEM
from analyzers.ecosystems.kubernetes.helm import read_chart, read_lock
from analyzers.ecosystems.kubernetes.pairing import pair
from analyzers.model.ecosystem import Reading
from analyzers.syntax.text import SourceText
from tests.support.pace import allowed

CHART = Path(__file__).parent / "fixtures" / "chart"
POD = "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: shop}, {image: 'redis:7'}]}\n"
TEMPLATE = "apiVersion: v1\nkind: Pod\nspec: {{ .Values.spec }}\n"


def paired(files: Mapping[str, str]) -> Mapping[str, Reading]:
    """Return the paired readings, each by the last format that reads its file."""
    readings: dict[str, Reading] = {}
    for path, text in files.items():
        for form in ECOSYSTEM.formats:
            if form.matches(path) and (form.sniff is None or form.sniff(text.encode())):
                key = path if path not in readings else f"{path}#{form.name}"
                readings[key] = form.read(SourceText(path, text))
    return pair(readings)


def reasons(reading: Reading) -> list[str | None]:
    return [row.skip_reason for row in reading.dependencies]


def test_what_skaffold_builds_is_not_looked_up() -> None:
    skaffold = "apiVersion: skaffold/v4beta6\nkind: Config\nbuild: {artifacts: [{image: shop}]}\n"
    assert reasons(paired({"pod.yaml": POD, "skaffold.yaml": skaffold})["pod.yaml"]) == ["local-path", None]
    assert reasons(paired({"pod.yaml": POD})["pod.yaml"]) == [None, None]


def test_a_bare_name_is_decided_by_the_kustomization_above_it() -> None:
    files = {
        "base/pod.yaml": POD,
        "base/kustomization.yaml": "resources: [pod.yaml]\n",
        "prod/kustomization.yaml": "resources: [../base]\nimages: [{name: shop, newTag: v1}, {name: redis}]\n",
        "other/pod.yaml": POD,
    }
    found = paired(files)
    assert reasons(found["base/pod.yaml"]) == ["set-elsewhere", None]
    assert reasons(found["other/pod.yaml"]) == [None, None]


def test_kustomizations_in_a_circle_end() -> None:
    files = {
        "a/kustomization.yaml": "resources: [../b]\nimages: [{name: shop, newTag: v1}]\n",
        "b/kustomization.yaml": "resources: [../a, pod.yaml]\n",
        "b/pod.yaml": POD,
    }
    assert reasons(paired(files)["b/pod.yaml"]) == ["set-elsewhere", None]


def test_a_chart_is_joined_with_its_lock() -> None:
    files = {f"shop/{name}": (CHART / name).read_text(encoding="utf-8") for name in ("Chart.yaml", "Chart.lock")}
    found = paired(files)["shop/Chart.yaml"]
    locked = [(row.name, row.value, row.locked_version) for row in found.dependencies if row.locked_version]
    assert locked == [
        ("postgresql", "~13.2.1", "13.2.9"),
        ("redis", "18.x", "18.1.0"),
        ("redis", "v17.0.0", "17.0.0"),
    ]
    assert found.manifest is not None
    assert found.manifest.lockfile == "shop/Chart.lock"


def test_old_requirements_have_a_lock_of_their_own() -> None:
    entry = "dependencies:\n- {name: db, version: %s, repository: https://charts.example.com}\n"
    found = paired({"requirements.yaml": entry % "1.x", "requirements.lock": entry % "1.4.0"})
    assert [row.locked_version for row in found["requirements.yaml"].dependencies] == ["1.4.0"]


def test_a_copy_of_a_dependency_is_somebody_elses() -> None:
    chart = "apiVersion: v2\nname: a\ndependencies: [{name: db, version: 1.0.0, repository: 'https://x.example.com'}]\n"
    files = {
        "Chart.yaml": chart,
        "charts/db/values.yaml": "image: acme/db:1\n",
        "charts/own/values.yaml": "image: acme/own:1\n",
    }
    found = paired(files)
    assert reasons(found["charts/db/values.yaml"]) == ["vendored"]
    assert reasons(found["charts/own/values.yaml"]) == [None]


def test_templates_are_said_once_a_chart_to_be_left_out() -> None:
    files = {
        "shop/Chart.yaml": "apiVersion: v2\nname: shop\n",
        "shop/templates/a.yaml": TEMPLATE,
        "shop/templates/sub/b.yaml": TEMPLATE,
        "ansible/templates/c.yaml": TEMPLATE,
    }
    found = paired(files)
    notes = [note for reading in found.values() for note in reading.skipped]
    assert [(note.path, note.reason, note.detail.partition(":")[0]) for note in notes] == [
        ("shop/Chart.yaml", "not-rendered", "2 templates are not rendered"),
        ("ansible/templates", "not-rendered", "1 template is not rendered"),
    ]
    assert all(not reading.observations for reading in found.values())


@pytest.mark.parametrize("wanted", ["1.{0}.0", ">1.{0}.0"])
def test_many_versions_of_one_chart_take_linear_time(wanted: str) -> None:
    def listed(version: str) -> str:
        entry = "- {{name: a, repository: 'https://charts.example', version: '{0}'}}\n"
        return "".join(entry.format(version.format(number)) for number in range(2000))

    chart = SourceText("Chart.yaml", f"apiVersion: v2\nname: x\nversion: 1.0.0\ndependencies:\n{listed(wanted)}")
    lock = SourceText("Chart.lock", f"dependencies:\n{listed('1.{0}.0')}")
    readings = {"Chart.yaml": read_chart(chart), "Chart.lock": read_lock(lock)}
    begun = time.process_time()
    found = pair(readings)["Chart.yaml"].dependencies
    assert time.process_time() - begun < allowed(3)
    assert [row.locked_version for row in found][1999] == ("1.1999.0" if wanted == "1.{0}.0" else "1.0.0")
