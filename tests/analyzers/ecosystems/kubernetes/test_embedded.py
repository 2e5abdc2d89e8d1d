from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from analyzers.ecosystems.kubernetes import kustomize, manifests
from analyzers.model.ecosystem import Reading
from analyzers.syntax.text import SourceText
from tests.support.pace import allowed

FUNCTION = """\
apiVersion: example.com/v1
kind: Cache
metadata:
  annotations:
    config.kubernetes.io/function: |
      container:
        image: gcr.io/functions/cache:v0.1.0
    kubectl.kubernetes.io/last-applied-configuration: |
      {"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"image":"nginx:1.0"}]}}
"""
POD_TEMPLATE = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: storage}
data:
  setup: |-
    #!/bin/sh
    echo "no image here: {"
  helperPod.yaml: |-
    apiVersion: v1
    kind: Pod
    spec:
      containers:
      - image: busybox:1.36  # small
    ---
    containers:
      - image: "alpine"
"""
CRLF = POD_TEMPLATE.replace("\n", "\r\n")
VALUES = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
spec:
  source:
    repoURL: https://charts.example.com
    chart: web
    targetRevision: 1.2.3
    helm:
      values: |
        # é comes before
        image:
          repository: acme/web
          tag: "2.1"
        sidecar: {image: "acme/log:3"}
"""
PATCHES = """\
resources: [base]
patches:
  - target: {kind: Deployment}
    patch: |-
      - op: replace
        path: /spec/template/spec/containers/0/image
        value: acme/web:1.4
      - op: add
        path: /metadata/labels/image
        value: no:image
  - patch: |
      apiVersion: apps/v1
      kind: Deployment
      spec: {template: {spec: {initContainers: [{name: wait, image: busybox:1.35}]}}}
"""


@pytest.mark.parametrize(
    ("read", "path", "text", "expected"),
    [
        (manifests.read, "app.yaml", FUNCTION, [("gcr.io/functions/cache", "v0.1.0", 7)]),
        (manifests.read, "app.yaml", POD_TEMPLATE, [("busybox", "1.36", 13), ("alpine", None, 16)]),
        (manifests.read, "app.yaml", CRLF, [("busybox", "1.36", 13), ("alpine", None, 16)]),
        (manifests.read, "app.yaml", VALUES, [("web", "1.2.3", 7), ("acme/web", "2.1", 13), ("acme/log", "3", 14)]),
        (kustomize.read, "kustomization.yaml", PATCHES, [("acme/web", "1.4", 7), ("busybox", "1.35", 14)]),
    ],
    ids=["annotation", "config-map", "config-map-crlf", "helm-values", "patches"],
)
def test_images_in_blocks_of_text_are_found_at_the_text_to_change(
    read: Callable[[SourceText], Reading], path: str, text: str, expected: list[tuple[str, str | None, int]]
) -> None:
    rows = sorted(read(SourceText(path, text)).dependencies, key=lambda row: row.place)
    assert [(row.name, row.value, row.place.line) for row in rows] == expected
    content = text.encode()
    for row in rows:
        assert row.value is None or content[row.place.start : row.place.end].decode() == row.value


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        ("{{- if .x }}\n    image: acme/web:1.0", "not-rendered"),
        ("if [ x ]; then\n    \timage: acme/web:1.0", "unsupported-syntax"),
    ],
)
def test_text_that_names_an_image_and_is_no_yaml_is_said(block: str, reason: str) -> None:
    text = f"apiVersion: v1\nkind: ConfigMap\ndata:\n  job: |\n    {block}\n"
    reading = manifests.read(SourceText("app.yaml", text))
    assert not reading.dependencies
    assert [(entry.reason, entry.detail) for entry in reading.skipped] == [
        (reason, "line 4: text in a value names an image and is no YAML")
    ]


@pytest.mark.parametrize(
    ("key", "is_values"),
    [
        *((key, True) for key in ("values", "values.yaml", "my-values_prod.yml", "VALUES-web", "helm.values")),
        *((key, False) for key in ("valuesfile", "myvalues.yaml", "value.yaml")),
    ],
)
def test_values_are_told_by_the_name_of_their_key(key: str, is_values: bool) -> None:
    text = f"apiVersion: v1\nkind: ConfigMap\ndata:\n  {key}: |\n    web:\n      image: acme/web:1.0\n"
    rows = manifests.read(SourceText("app.yaml", text)).dependencies
    assert [row.name for row in rows] == (["acme/web"] if is_values else [])


def test_a_key_of_any_length_takes_linear_time() -> None:
    key = "values." * 20_000
    text = f'apiVersion: v1\nkind: ConfigMap\ndata:\n  ? "{key}\\nx"\n  : |\n    web:\n      image: acme/web:1.0\n'
    started = time.process_time()
    (row,) = manifests.read(SourceText("app.yaml", text)).dependencies
    assert time.process_time() - started < allowed(1)
    assert row.place.line == 7


def test_a_block_behind_many_aliases_is_read_once() -> None:
    aliases = "".join(f"  k{number}: *b\n" for number in range(200))
    text = f"apiVersion: v1\nkind: ConfigMap\ndata:\n  a: &b |\n    containers: [{{image: 'nginx:1.0'}}]\n{aliases}"
    rows = manifests.read(SourceText("app.yaml", text)).dependencies
    assert [(row.name, row.value, row.place.line) for row in rows] == [("nginx", "1.0", 5)]


BOMB = """\
    a: &a [x, x, x, x, x, x, x, x, x, image]
    b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
    c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
    d: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
"""


def test_aliases_in_all_blocks_of_a_file_share_one_budget() -> None:
    honest = "  last: |\n    containers: [{image: 'nginx:1.0'}]\n"
    bombs = "".join(f"  k{number}: |\n{BOMB}" for number in range(1000))
    text = f"apiVersion: v1\nkind: ConfigMap\ndata:\n{bombs}{honest}"
    started = time.process_time()
    reading = manifests.read(SourceText("app.yaml", text))
    assert time.process_time() - started < allowed(4)
    assert [(row.name, row.value) for row in reading.dependencies] == [("nginx", "1.0")]
    # 13,000 nodes each of 100,000.
    assert {entry.reason for entry in reading.skipped} == {"too-large"}
    assert 985 < len(reading.skipped) < 1000
    assert "aliases" in reading.skipped[0].detail
