from __future__ import annotations

from pathlib import Path

import pytest

from analyzers.ecosystems.kubernetes._files import may_hold_objects, names_an_object
from analyzers.ecosystems.kubernetes.manifests import read
from analyzers.errors import UnreadableError
from analyzers.model.ecosystem import Reading
from analyzers.syntax.text import SourceText

FIXTURES = Path(__file__).parent / "fixtures"
POD = "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: %s}]}\n"


def of(text: str, path: str = "app.yaml") -> Reading:
    return read(SourceText(path, text))


def test_every_image_that_runs_is_found_at_the_text_to_change() -> None:
    content = (FIXTURES / "everything.yaml").read_bytes()
    reading = read(SourceText.decode("everything.yaml", content))
    digest = "sha256:" + "a" * 64
    assert [(row.name, row.value, row.digest, row.skip_reason) for row in reading.dependencies] == [
        ("busybox", "1.36", None, None),
        ("docker.io/library/alpine", "3.19", None, None),
        ("registry.example.com:5000/team/web", "v1.2.3", digest, None),
        ("nginx", None, None, None),
        ("$(IMAGE)", None, None, "unpinned-expression"),
        ("quay.io/models/small", "v2", None, None),
        ("python", "3.8-slim", None, None),
        ("redis", "6.2", None, None),
        ("quay.io/prometheus/prometheus", "v2.40.0", None, None),
        ("ghcr.io/cloudnative-pg/postgresql", "16.2", None, None),
        ("alpine", "3.18", None, None),
        ("{{inputs.parameters.image}}", None, None, "unpinned-expression"),
    ]
    for row in reading.dependencies:
        assert (row.ecosystem, row.kind) == ("docker", "kubernetes")
        if row.value:
            assert content[row.place.start : row.place.end].decode() == row.value


def test_the_version_of_the_api_of_every_object_is_observed() -> None:
    reading = read(SourceText.decode("everything.yaml", (FIXTURES / "everything.yaml").read_bytes()))
    seen = [(entry.text, entry.name, entry.place.line) for entry in reading.observations]
    assert ("batch/v1beta1", "CronJob", 28) in seen
    assert ("apps/v1", "Deployment", 45) in seen
    assert ("extensions/v1beta1", "Ingress", 53) in seen
    assert all(entry.kind == "kubernetes-api" for entry in reading.observations)


def test_objects_in_a_bare_list_are_read() -> None:
    pod = "apiVersion: v1, kind: Pod, spec: {containers: [{image: 'a/%s:1'}]}"
    text = f"- {{{pod % 'b'}}}\n- operation: create\n  object: {{{pod % 'c'}}}\n- [{{{pod % 'd'}}}]\n- x\n"
    reading = of(text)
    assert [(row.name, row.place.line) for row in reading.dependencies] == [("a/b", 1), ("a/c", 3)]
    assert [entry.place.line for entry in reading.observations] == [1, 3]


def test_the_configuration_of_a_function_is_an_object_of_its_own() -> None:
    text = "kind: ResourceList\napiVersion: config.kubernetes.io/v1\nfunctionConfig:\n  apiVersion: example.com/v1\n"
    rows = of(f"{text}  kind: App\n  spec: {{image: 'a/b:1'}}\nitems: []\n").dependencies
    assert [(row.name, row.value, row.place.line) for row in rows] == [("a/b", "1", 6)]


def test_json_is_read_like_yaml() -> None:
    text = '{"kind": "Pod", "apiVersion": "v1", "spec": {"containers": [{"image": "node:18"}]}}'
    (row,) = of(text, "pod.json").dependencies
    assert (row.name, row.value, row.place.column) == ("node", "18", text.index("18") + 1)
    assert of('{"definitions": {"kind": "x", "apiVersion": "y"}}', "swagger.json") == Reading()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"apiVersion: v1\nkind: Pod\n", True),
        (b'{"apiVersion":"v1","kind":"Pod"}', True),
        (b"- apiVersion: v1\n  'kind' : Pod\n", True),
        (b"apiVersion: v2\nname: a-chart\n", False),
        (b"myapiVersion: v1\nmankind: Pod\n", False),
        (b"", False),
    ],
)
def test_only_files_that_state_both_keys_are_read(content: bytes, *, expected: bool) -> None:
    assert names_an_object(content) is expected


def test_any_yaml_or_json_may_hold_objects() -> None:
    assert all(map(may_hold_objects, ("a.yaml", "b/c.yml", "d.JSON")))
    assert not any(map(may_hold_objects, ("a.yaml.tpl", "yaml", "a.txt")))


def test_a_template_is_no_broken_file() -> None:
    text = "apiVersion: v1\nkind: Pod\n{{- if .Values.on }}\nimage: x\n{{- end }}\n"
    reading = of(text, "chart/templates/pod.yaml")
    assert (reading.dependencies, reading.skipped) == ((), ())
    assert [entry.kind for entry in reading.observations] == ["chart-template"]
    (note,) = of(text, "deploy/pod.yaml").skipped
    assert (note.reason, note.path) == ("not-rendered", "deploy/pod.yaml")


def test_a_chart_without_expressions_in_a_template_is_read() -> None:
    (row,) = of(POD % "nginx:1.25", "chart/templates/pod.yaml").dependencies
    assert row.value == "1.25"


def test_what_is_neither_yaml_nor_template_is_unreadable() -> None:
    with pytest.raises(UnreadableError):
        of("apiVersion: v1\nkind: [Pod\n")


def test_an_image_written_with_escapes_cannot_be_edited_in_place() -> None:
    (row,) = of(POD % '"ng\\x69nx:1.25"').dependencies
    assert (row.name, row.version, row.value) == ("nginx", "1.25", None)


def test_lists_inside_lists_end() -> None:
    text = "apiVersion: v1\nkind: List\nitems: " + "[{apiVersion: v1, kind: List, items: " * 30 + "[]" + "}]" * 30
    assert of(text).observations == ()


def test_what_skaffold_builds_is_observed() -> None:
    text = "apiVersion: skaffold/v4beta6\nkind: Config\nbuild: {artifacts: [{image: shop}, {}]}\n"
    assert [entry.name for entry in of(text).observations if entry.kind == "skaffold-artifact"] == ["shop"]
