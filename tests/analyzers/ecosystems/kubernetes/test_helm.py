from __future__ import annotations

from pathlib import Path

import pytest

from analyzers.ecosystems.kubernetes._files import is_values, may_be_chart
from analyzers.ecosystems.kubernetes.helm import read_chart, read_lock, read_values
from analyzers.errors import UnreadableError
from analyzers.model.inventory import Dependency
from analyzers.syntax.text import SourceText

CHART = Path(__file__).parent / "fixtures" / "chart"
STABLE, OCI = "https://charts.example.com/stable/", "oci://registry.example.com/charts"


def source(name: str) -> SourceText:
    return SourceText.decode(name, (CHART / name).read_bytes())


def sliced(row: Dependency, name: str) -> str:
    return (CHART / name).read_bytes()[row.place.start : row.place.end].decode()


def test_a_chart_lists_what_it_depends_on() -> None:
    reading = read_chart(source("Chart.yaml"))
    assert [(row.name, row.value, row.version, row.index, row.skip_reason) for row in reading.dependencies] == [
        ("postgresql", "~13.2.1", None, STABLE, None),
        ("redis", "18.x", None, OCI, None),
        ("redis", "v17.0.0", "17.0.0", OCI, None),
        ("local", "0.1.0", "0.1.0", "file://../local", "local-path"),
        ("bundled", "0.1.0", "0.1.0", None, "local-path"),
        ("named", "1.0.0", "1.0.0", "@internal", "set-elsewhere"),
        ("aliased", "1.0.0", "1.0.0", "alias:internal", "set-elsewhere"),
        ("bucket", "1.0.0", "1.0.0", "s3://charts", "unsupported-source"),
        ("expression", "{{ version }}", None, "https://charts.example.com", "unpinned-expression"),
        ("newest", None, None, "https://charts.example.com", None),
    ]
    assert all(row.kind == "helm-chart" and row.ecosystem == "helm" for row in reading.dependencies)
    assert all(sliced(row, "Chart.yaml") == row.value for row in reading.dependencies if row.value)
    assert reading.dependencies[2].purl == f"pkg:helm/redis@17.0.0?repository_url={OCI}"


def test_a_chart_says_what_it_is_and_needs() -> None:
    reading = read_chart(source("Chart.yaml"))
    assert reading.provides == ("shop", "1.4.2")
    assert reading.manifest is not None
    assert (reading.manifest.runtime, reading.manifest.application) == (">= 1.27.0-0", True)
    library = read_chart(SourceText("Chart.yaml", "apiVersion: v2\nname: common\ntype: library\n"))
    assert library.manifest is not None
    assert library.manifest.application is False


@pytest.mark.parametrize(
    ("listed", "details"),
    [
        (
            "[{version: 1.0.0},\n 5, {name: a, version: 1.0.0}, {name: ''}]",
            [f"line {line}: an entry of dependencies has no name" for line in (3, 4, 4)],
        ),
        ("{a: 1.0.0}", ["line 3: dependencies is no list"]),
        ("{}", ["line 3: dependencies is no list"]),
        ("[{name: ~}, {name: null}, {name: [a]}]", ["line 3: an entry of dependencies has no name"] * 3),
        ("[{name: '~'}, {name: 'null'}]", []),
        ("", []),
        ("null", []),
        ("[]", []),
    ],
)
def test_dependencies_without_a_name_are_named_by_their_line(listed: str, details: list[str]) -> None:
    text = f"apiVersion: v2\nname: x\ndependencies: {listed}\n"
    notes = read_chart(SourceText("Chart.yaml", text)).skipped
    assert [note.detail for note in notes] == details
    assert {note.reason for note in notes} <= {"invalid-syntax"}


def test_a_dependency_may_have_its_name_from_what_it_merges() -> None:
    text = "x: &x {name: a, repository: 'https://h.example'}\ndependencies: [{<<: *x, version: 1.0.0}, {name: ~}]\n"
    reading = read_chart(SourceText("Chart.yaml", f"apiVersion: v2\n{text}"))
    assert [(row.name, row.value, row.index) for row in reading.dependencies] == [("a", "1.0.0", "https://h.example")]
    assert [note.detail for note in reading.skipped] == ["line 3: an entry of dependencies has no name"]


def test_entries_of_a_lock_without_name_or_version_are_named_by_their_line() -> None:
    text = "dependencies:\n- {name: a}\n- {version: 1.0.0}\n- 5\n- {name: b, version: ~}\n- {name: c, version: 1.0.0}\n"
    reading = read_lock(SourceText("Chart.lock", text))
    assert [entry.name for entry in reading.locked] == ["c"]
    assert [note.detail for note in reading.skipped] == [
        "line 3: an entry of dependencies has no name",
        "line 4: an entry of dependencies has no name",
        "line 2: an entry of dependencies has no version",
        "line 4: an entry of dependencies has no version",
        "line 5: an entry of dependencies has no version",
    ]


def test_a_lock_resolves_each_alias() -> None:
    locked = read_lock(source("Chart.lock")).locked
    assert [(entry.name, entry.version) for entry in locked] == [
        ("postgresql", "13.2.9"),
        ("redis", "18.1.0"),
        ("redis", "17.0.0"),
    ]


def test_values_name_images_in_every_form() -> None:
    a, b, c = (f"sha256:{letter * 64}" for letter in "abc")
    rows = read_values(source("values.yaml")).dependencies
    assert [(row.name, row.value, row.digest, row.skip_reason) for row in rows] == [
        ("ghcr.io/acme/shop", "v3.1.0", None, None),
        ("acme/worker", "2.10", None, None),
        ("acme/digested", "1.0.0", a, None),
        ("acme/hashed", "1.0.0", b, None),
        ("acme/only", c, c, None),
        ("acme/empty", None, None, "set-elsewhere"),
        ("acme/missing", None, None, "set-elsewhere"),
        ("acme/nothing", None, None, "set-elsewhere"),
        ("busybox", "1.36", None, None),
        ("docker.io/library/alpine", "3.19", None, None),
        ("acme/bare", None, None, "set-elsewhere"),
        ("acme/split", "4.2.0", None, None),
        ("acme/old", "7.1", None, None),
        ("{{ .Values.registry }}/app:1.0", None, None, "unpinned-expression"),
        ("acme/escaped", None, None, None),
        ("acme/api", "1.2.3", None, None),
        ("acme/one", "1", None, None),
        ("acme/shared", "5.0.0", None, None),
    ]
    assert all(row.kind == "helm-values" and row.ecosystem == "docker" for row in rows)
    assert all(sliced(row, "values.yaml") == row.value for row in rows if row.value)


def test_an_empty_tag_is_where_a_tag_would_be_put() -> None:
    rows = {row.name: row for row in read_values(source("values.yaml")).dependencies}
    content = (CHART / "values.yaml").read_bytes()
    spot = rows["acme/empty"].place
    assert content[spot.start - 6 : spot.end + 1] == b'tag: ""'[:7]
    assert spot.start == spot.end


def test_images_without_registry_get_the_common_one() -> None:
    common = "global: {image: {registry: registry.k8s.io}}\n"
    text = f"{common}a: {{image: {{image: nginx/c, tag: v1}}}}\nb: {{image: {{repository: quay.io/x/y, tag: v2}}}}\n"
    rows = read_values(SourceText("values.yaml", text)).dependencies
    assert [row.name for row in rows] == ["registry.k8s.io/nginx/c", "quay.io/x/y"]


def test_values_that_only_tests_use_are_not_judged() -> None:
    text = "image: {repository: acme/x, tag: dev}\n"
    (row,) = read_values(SourceText("charts/x/ci/default-values.yaml", text)).dependencies
    assert row.skip_reason == "test-data"


@pytest.mark.parametrize("text", ["", "word\n", "- image: []\n", "image: null\nimages: {a: 1}\n", "image: {tag: v1}\n"])
def test_values_without_images_are_no_manifest(text: str) -> None:
    reading = read_values(SourceText("values.yaml", text))
    assert (reading.dependencies, reading.manifest) == ((), None)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("values.yaml", True),
        ("charts/a/values.yml", True),
        ("values-prod.yaml", True),
        ("values.production.yaml", True),
        ("prod.values.yaml", True),
        ("my-values.yaml", True),
        ("Values.yaml", True),
        ("values.schema.json", False),
        ("myvalues.yaml", False),
        ("valuesets.yaml", False),
    ],
)
def test_values_are_known_by_their_names(path: str, *, expected: bool) -> None:
    assert is_values(path) is expected


def test_a_file_of_the_same_name_is_no_chart() -> None:
    assert may_be_chart(b"apiVersion: v2\nname: x\n")
    assert may_be_chart(b"dependencies:\n- name: x\n")
    assert not may_be_chart(b"collections:\n- name: community.general\n")


@pytest.mark.parametrize("read", [read_chart, read_lock, read_values])
def test_a_template_is_named_and_broken_yaml_is_unreadable(read: object) -> None:
    assert callable(read)
    (note,) = read(SourceText("{{cookiecutter.name}}/Chart.yaml", "{{ if x }}\nname: a\n")).skipped
    assert note.reason == "not-rendered"
    with pytest.raises(UnreadableError):
        read(SourceText("Chart.yaml", "name: [\n"))
