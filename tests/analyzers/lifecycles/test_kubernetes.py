"""The bundled table of versions that go away."""

from __future__ import annotations

import pytest

from analyzers.lifecycles import kubernetes


@pytest.mark.parametrize(
    ("written", "said", "same"),
    [
        # https://kubernetes.io/docs/reference/using-api/deprecation-guide/
        ("extensions/v1beta1 Deployment", "1.8 1.16 apps/v1", False),
        ("extensions/v1beta1 Ingress", "1.14 1.22 networking.k8s.io/v1", False),
        ("networking.k8s.io/v1beta1 Ingress", "1.19 1.22 networking.k8s.io/v1", False),
        ("rbac.authorization.k8s.io/v1beta1 ClusterRole", "1.17 1.22 rbac.authorization.k8s.io/v1", True),
        ("batch/v1beta1 CronJob", "1.21 1.25 batch/v1", True),
        ("policy/v1beta1 PodSecurityPolicy", "1.21 1.25 -", False),
        ("autoscaling/v2beta2 HorizontalPodAutoscaler", "1.23 1.26 autoscaling/v2", False),
        ("storage.k8s.io/v1beta1 CSIStorageCapacity", "1.24 1.27 storage.k8s.io/v1", True),
    ],
)
def test_the_table_says_what_the_guide_says(written: str, said: str, *, same: bool) -> None:
    known = kubernetes.api(*written.split())
    assert known is not None
    figures = [".".join(map(str, known.deprecated)), ".".join(map(str, known.removed)), known.replacement or "-"]
    assert (" ".join(figures), known.same_fields) == (said, same)


def test_every_row_is_whole() -> None:
    table = kubernetes._table()
    rows = [kubernetes.api(version, kind) for version, kinds in table.apis.items() for kind in kinds]
    assert len(rows) > 80
    for row in filter(None, rows):
        assert row.deprecated <= row.removed, row
        assert row.source.startswith("https://")
        assert row.replacement != row.version


def test_no_replacement_was_gone_before_what_it_replaces() -> None:
    for version, kinds in kubernetes._table().apis.items():
        for kind in kinds:
            row = kubernetes.api(version, kind)
            assert row is not None
            instead = kubernetes.api(row.replacement, kind) if row.replacement else None
            assert instead is None or instead.removed > row.removed, row


@pytest.mark.parametrize(("version", "kind"), [("apps/v1", "Deployment"), ("v1", "Pod"), ("extensions/v1beta1", "Pod")])
def test_what_is_served_is_not_in_it(version: str, kind: str) -> None:
    assert kubernetes.api(version, kind) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1.33", (1, 33)), ("v1.33.2", (1, 33)), ("1", None), ("", None), ("1.x", None), ("1.99999", None)],
)
def test_a_release_is_major_and_minor(text: str, expected: tuple[int, int] | None) -> None:
    assert kubernetes.minor(text) == expected
