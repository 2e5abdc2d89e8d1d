from __future__ import annotations

from analyzers.ecosystems.kubernetes.manifests import read
from analyzers.ecosystems.kubernetes.overrides import pair
from analyzers.syntax.text import SourceText

POD = "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: shop}, {image: 'redis:7'}]}\n"
SKAFFOLD = "apiVersion: skaffold/v4beta6\nkind: Config\nbuild: {artifacts: [{image: shop}]}\n"


def test_what_skaffold_builds_is_not_looked_up() -> None:
    readings = {
        path: read(SourceText(path, text)) for path, text in {"pod.yaml": POD, "skaffold.yaml": SKAFFOLD}.items()
    }
    shop, redis = pair(readings)["pod.yaml"].dependencies
    assert (shop.skip_reason, redis.skip_reason) == ("local-path", None)


def test_nothing_changes_without_such_a_file() -> None:
    readings = {"pod.yaml": read(SourceText("pod.yaml", POD))}
    assert pair(readings) == readings
