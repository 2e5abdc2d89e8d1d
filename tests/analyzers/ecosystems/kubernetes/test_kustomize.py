from __future__ import annotations

from pathlib import Path

import pytest

from analyzers.ecosystems.kubernetes.kustomize import read
from analyzers.model.inventory import Dependency
from analyzers.syntax.text import SourceText

CONTENT = (Path(__file__).parent / "fixtures" / "kustomization.yaml").read_bytes()
HUB = "https://github.com/"


def of(text: str) -> tuple[Dependency, ...]:
    return read(SourceText("kustomization.yaml", text)).dependencies


def test_a_kustomization_sets_images_and_builds_on_charts_and_repositories() -> None:
    reading = read(SourceText.decode("kustomization.yaml", CONTENT))
    digest, commit = f"sha256:{'a' * 64}", "2b4a0f6bb8a2cd2a1c9fffb0f1a6c6f3dd0a1a11"
    assert [(row.ecosystem, row.name, row.value, row.skip_reason) for row in reading.dependencies] == [
        ("docker", "ghcr.io/acme/shop", "v1.2.3", None),
        ("docker", "nginx", "1.25", None),
        ("docker", "redis", digest, None),
        ("github", f"{HUB}argoproj/argo-workflows", "v3.4.0", None),
        ("github", f"{HUB}fluxcd/flux2", "v2.1.0", None),
        ("github", f"{HUB}acme/private", "1.0.0", None),
        ("generic", "https://git.example.com/team/config", commit, None),
        ("github", f"{HUB}argoproj/argo-cd", "v2.8.4", None),
        ("github", f"{HUB}cert-manager/cert-manager", "v1.13.1", None),
        ("github", f"{HUB}acme/moving", None, "version-control"),
        ("generic", "https://example.com/manifest.yaml", None, "direct-url"),
        ("helm", "minecraft", "3.1.3", None),
        ("docker", "acme/minecraft", "2026.1", None),
        ("helm", "old", "1.0.0", None),
    ]
    for row in reading.dependencies:
        assert row.kind == "kustomize"
        assert row.value is None or CONTENT[row.place.start : row.place.end].decode() == row.value
    assert reading.dependencies[6].digest == commit
    assert reading.members[:2] == ("deployment.yaml", "../base")


def test_what_an_image_replaces_is_observed() -> None:
    seen = read(SourceText.decode("kustomization.yaml", CONTENT)).observations
    assert [(entry.name, entry.text) for entry in seen] == [
        ("shop", "ghcr.io/acme/shop"),
        ("nginx", "nginx"),
        ("redis", "redis"),
        ("renamed", "acme/renamed"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "images: {}\n",
        "images: [x, {newTag: '1'}]\n",
        "resources: [a.yaml, ../b, {x: y}]\n",
        "images: [{name: x}]\n",
    ],
)
def test_local_and_empty_parts_are_no_dependencies(text: str) -> None:
    assert of(text) == ()


def test_a_password_in_an_address_reaches_no_row() -> None:
    (row,) = of("resources: ['https://user:secret@git.example.com/a/b.git?ref=v1']\n")
    assert "secret" not in repr(row)
    assert row.value == "v1"


@pytest.mark.parametrize("text", ["https://github.com/" + "a/" * 5000, "github.com//" * 3000, "git@" * 5000])
def test_long_addresses_are_no_trouble(text: str) -> None:
    assert len(of(f"resources: ['{text}']\n")) <= 1


@pytest.mark.parametrize(
    ("text", "details"),
    [
        ("images:\n- {newTag: b}\n- x\n- name: a\n", [f"line {n}: an entry of images has no name" for n in (2, 3)]),
        ("helmCharts:\n- {repo: y}\n", ["line 2: an entry of helmCharts has no name"]),
        (
            "helmChartInflationGenerator: [{chartRepo: y}]\n",
            ["line 1: an entry of helmChartInflationGenerator has no chartName"],
        ),
        ("images: {}\n", ["line 1: images is no list"]),
        ("images: [{name: ~, newTag: b}]\n", ["line 1: an entry of images has no name"]),
        ("x: &x {name: a}\nimages: [{<<: *x, newTag: b}]\n", []),
        ("images:\nhelmCharts: []\n", []),
    ],
)
def test_entries_without_a_name_are_named_by_their_line(text: str, details: list[str]) -> None:
    notes = read(SourceText("kustomization.yaml", text)).skipped
    assert [note.detail for note in notes] == details
    assert {note.reason for note in notes} <= {"invalid-syntax"}


def test_an_image_may_have_its_name_from_what_it_merges() -> None:
    reading = read(SourceText("kustomization.yaml", "x: &x {name: a}\nimages: [{<<: *x, newTag: '1.0'}]\n"))
    assert [(row.name, row.value) for row in reading.dependencies] == [("a", "1.0")]
    assert [seen.name for seen in reading.observations] == ["a"]
