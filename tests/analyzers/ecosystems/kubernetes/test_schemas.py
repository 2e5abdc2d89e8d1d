from __future__ import annotations

from analyzers.ecosystems.kubernetes._schemas import without_schemas
from analyzers.ecosystems.kubernetes.manifests import read
from analyzers.syntax.text import SourceText

TEXT = """\
apiVersion: apiextensions.k8s.io/v1beta1
kind: CustomResourceDefinition
spec:
  description: größer
- broken: {{
status: {}
---
apiVersion: v1
kind: Pod
spec:
  containers: [{image: node:18}]
"""


def test_schemas_are_left_out_and_all_places_stay() -> None:
    source = SourceText("crds.yaml", TEXT)
    shorter = without_schemas(source)
    assert len(shorter.text) == len(TEXT)
    assert shorter.text.count("\n") == TEXT.count("\n")
    assert "broken" not in shorter.text
    reading = read(source)
    assert [(seen.name, seen.place.line) for seen in reading.observations] == [
        ("CustomResourceDefinition", 1),
        ("Pod", 8),
    ]
    (row,) = reading.dependencies
    assert TEXT.encode()[row.place.start : row.place.end] == b"18"


def test_other_files_are_read_whole() -> None:
    source = SourceText("pod.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  a: b\n")
    assert without_schemas(source) is source
