from __future__ import annotations

from pathlib import Path

import pytest

from analyzers.ecosystems.kubernetes.manifests import read
from analyzers.ecosystems.kubernetes.pairing import pair
from analyzers.model.ecosystem import Reading
from analyzers.syntax.text import SourceText

CONTENT = (Path(__file__).parent / "fixtures" / "delivery.yaml").read_bytes()
STORE, BITNAMI = "oci://ghcr.io/acme/charts", "https://bitnami.example.com/charts"


def paired() -> Reading:
    return pair({"delivery.yaml": read(SourceText.decode("delivery.yaml", CONTENT))})["delivery.yaml"]


def test_argo_cd_and_flux_deploy_charts() -> None:
    rows = [row for row in paired().dependencies if row.ecosystem == "helm"]
    assert [(row.kind, row.name, row.value, row.index, row.skip_reason) for row in rows] == [
        ("argo-cd", "prometheus", "25.1.0", "https://charts.example.com", None),
        ("argo-cd", "redis", "^18", "oci://registry.example.com/charts", None),
        ("flux", "redis", "18.1.0", BITNAMI, None),
        ("flux", "lost", "1.0.0", None, "set-elsewhere"),
        ("flux", "patched", ">=1.0.0", None, "set-elsewhere"),
        ("flux", "./charts/app", None, None, "local-path"),
        ("flux", "podinfo", "6.5.0", STORE, None),
        ("flux", "ranged", "6.x", STORE, None),
    ]
    assert rows[2].purl == f"pkg:helm/redis@18.1.0?repository_url={BITNAMI}"


def test_they_deploy_repositories_and_images_as_well() -> None:
    rows = [row for row in paired().dependencies if row.ecosystem != "helm"]
    assert [(row.kind, row.name, row.value, row.skip_reason) for row in rows] == [
        ("argo-cd", "acme/prometheus", "v2.48.0", None),
        ("argo-cd", "https://github.com/acme/config.git", "v1.2.0", None),
        ("argo-cd", "https://github.com/acme/apps.git", None, "version-control"),
        ("argo-cd", "acme/shop", "v1.2", None),
        ("argo-cd", "acme/web", "2.0", None),
        ("argo-cd", "https://github.com/acme/config.git", "HEAD", "version-control"),
        ("argo-cd", "{{ url }}", None, "unpinned-expression"),
        ("flux", "acme/redis", "7.2.1", None),
        ("flux", "https://github.com/acme/podinfo", "6.5.0", None),
        ("flux", "https://github.com/acme/podinfo", ">=6", "version-control"),
        ("flux", "https://github.com/acme/podinfo", None, "version-control"),
        ("flux", "shop", "1.2.3", None),
    ]


def test_every_place_holds_its_value() -> None:
    for row in paired().dependencies:
        assert row.value is None or CONTENT[row.place.start : row.place.end].decode() == row.value


def test_a_source_of_two_addresses_is_not_guessed() -> None:
    other = (
        "apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\n"
        "metadata: {name: bitnami, namespace: %s}\nspec: {url: 'https://other.example.com'}\n"
    )
    readings = {
        "delivery.yaml": read(SourceText.decode("delivery.yaml", CONTENT)),
        "other.yaml": read(SourceText("other.yaml", other % "flux-system")),
    }
    rows = {row.name: row for row in pair(readings)["delivery.yaml"].dependencies if row.kind == "flux"}
    assert rows["redis"].skip_reason == "set-elsewhere"
    readings["other.yaml"] = read(SourceText("other.yaml", other % "elsewhere"))
    rows = {row.name: row for row in pair(readings)["delivery.yaml"].dependencies if row.kind == "flux"}
    assert rows["redis"].index == BITNAMI


ARGO = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  source:\n    "
FLUX = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata: {name: app}\nspec:\n    "


@pytest.mark.parametrize(
    ("text", "name", "value", "index", "reason"),
    [
        (ARGO + "repoURL: oci://h.com/a\n    targetRevision: 1.0.0", "a", "1.0.0", "oci://h.com", None),
        (ARGO + "repoURL: oci://u:p@h.com/a/b/\n    targetRevision: ^1", "b", "^1", "oci://h.com/a", None),
        (ARGO + "repoURL: oci://h.com/a", "a", None, "oci://h.com", None),
        (ARGO + 'repoURL: "oci://h.com/\\x61"\n    targetRevision: 1.0.0', "a", "1.0.0", "oci://h.com", None),
        (ARGO + "repoURL: oci://h.com\n    targetRevision: 1.0.0", "oci://h.com", None, None, "unsupported-source"),
        (FLUX + 'url: "oci://h.com/x\\/a"\n    ref: {tag: 1.0.0}', "a", "1.0.0", "oci://h.com/x", None),
        (FLUX + 'url: "oci://h.com/\\x61"', "a", None, "oci://h.com", None),
        (FLUX + "url: https://u:p@h.com/a\n    ref: {tag: 1.0.0}", "https://h.com/a", None, None, "unsupported-source"),
        (FLUX + "url: ${URL}", "${URL}", None, None, "unpinned-expression"),
        (FLUX + "ref: {tag: 1.0.0}", "app", "1.0.0", None, "set-elsewhere"),
    ],
)
def test_every_address_of_a_registry_of_containers_is_listed(
    text: str, name: str, value: str | None, index: str | None, reason: str | None
) -> None:
    (row,) = read(SourceText("app.yaml", text + "\n")).dependencies
    assert (row.name, row.value, row.index, row.skip_reason) == (name, value, index, reason)
    assert row.value is None or text[row.place.start : row.place.end] == row.value
    assert "u:p" not in repr(row)


def test_images_of_a_kustomization_without_a_name_are_named_by_their_line() -> None:
    head = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
    (note,) = read(SourceText("app.yaml", f"{head}spec:\n  images:\n  - newTag: b\n  - name: a\n")).skipped
    assert (note.reason, note.detail) == ("invalid-syntax", "line 5: an entry of images has no name")
