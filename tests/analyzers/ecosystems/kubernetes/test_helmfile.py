from __future__ import annotations

from pathlib import Path

import pytest

from analyzers.ecosystems.kubernetes.helm import read_lock
from analyzers.ecosystems.kubernetes.helmfile import is_helmfile, read
from analyzers.ecosystems.kubernetes.manifests import read as read_manifest
from analyzers.ecosystems.kubernetes.pairing import pair
from analyzers.syntax.text import SourceText

CONTENT = (Path(__file__).parent / "fixtures" / "helmfile.yaml").read_bytes()
STABLE = "https://charts.example.com/stable"


def test_releases_name_charts_and_images() -> None:
    rows = read(SourceText.decode("helmfile.yaml", CONTENT)).dependencies
    assert [(row.ecosystem, row.name, row.value, row.index, row.skip_reason) for row in rows] == [
        ("helm", "redis", "~18.1", STABLE, None),
        ("docker", "acme/redis", "7.2.1", None, None),
        ("helm", "postgresql", "13.2.9", "oci://registry.example.com/charts/deep", None),
        ("helm", "podinfo", "6.5.0", "oci://ghcr.io/acme/charts", None),
        ("helm", "./charts/app", None, None, "local-path"),
        ("helm", "app", None, None, "local-path"),
        ("helm", "app", "1.0.0", "@internal", "set-elsewhere"),
        ("helm", "nginx", None, STABLE, None),
        ("helm", "mysql", "{{ .Values.version }}", STABLE, "unpinned-expression"),
    ]
    for row in rows:
        assert row.kind == "helmfile"
        assert row.value is None or CONTENT[row.place.start : row.place.end].decode() == row.value


def test_a_helmfile_is_joined_with_its_lock() -> None:
    lock = f"version: v1\ndependencies:\n- name: redis\n  repository: {STABLE}\n  version: 18.1.4\n"
    readings = {
        "helmfile.yaml": read(SourceText.decode("helmfile.yaml", CONTENT)),
        "helmfile.lock": read_lock(SourceText("helmfile.lock", lock)),
    }
    assert pair(readings)["helmfile.yaml"].dependencies[0].locked_version == "18.1.4"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("helmfile.yaml", True),
        ("infra/helmfile.yml.gotmpl", True),
        ("helmfile.d/10-apps.yaml", True),
        ("helmfile.d/values/a.yaml", False),
        ("my-helmfile.yaml", False),
    ],
)
def test_helmfiles_are_known_by_their_paths(path: str, *, expected: bool) -> None:
    assert is_helmfile(path) is expected


def test_one_that_is_no_yaml_before_it_is_rendered_is_named() -> None:
    (note,) = read(SourceText("helmfile.yaml.gotmpl", "releases:\n{{ range .x }}\n- name: a\n")).skipped
    assert note.reason == "not-rendered"


def test_flux_is_read_as_its_installer_writes_it() -> None:
    text = "---\n# Written by flux.\n# Flux Version: v2.1.0\napiVersion: v1\nkind: Namespace\n"
    (row,) = read_manifest(SourceText("clusters/prod/flux-system/gotk-components.yaml", text)).dependencies
    assert (row.ecosystem, row.name, row.value) == ("github", "https://github.com/fluxcd/flux2", "v2.1.0")
    assert row.place.line == 3
    assert read_manifest(SourceText("other.yaml", text)).dependencies == ()
