from __future__ import annotations

import time
from pathlib import Path

import pytest

from analyzers.ecosystems.kubernetes._files import is_helmfile
from analyzers.ecosystems.kubernetes.ecosystem import ECOSYSTEM
from analyzers.ecosystems.kubernetes.helm import read_lock
from analyzers.ecosystems.kubernetes.helmfile import read
from analyzers.ecosystems.kubernetes.manifests import read as read_manifest
from analyzers.ecosystems.kubernetes.pairing import pair
from analyzers.manifests import read_manifests
from analyzers.syntax import yaml
from analyzers.syntax.text import SourceText
from tests.support.formats import snapshot
from tests.support.pace import allowed

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


@pytest.mark.parametrize("form", ["- %s", "- path: %s"])
@pytest.mark.parametrize(
    ("address", "ecosystem", "name", "value", "reason"),
    [
        ("git::https://github.com/a/b@x.yaml?ref=v1", "github", "https://github.com/a/b", "v1", None),
        ("git::https://u:p@github.com/a/b.git@x/y.yaml?ref=v1", "github", "https://github.com/a/b", "v1", None),
        ("git::ssh://git@github.com/a/b.git@x.yaml?ref=v1", "github", "https://github.com/a/b", "v1", None),
        ("git::https://u:p@github.com/a/b.git//x/y.yaml?ref=v1", "github", "https://github.com/a/b", "v1", None),
        ("git::https://github.com/a/b@x@y/z.yaml?ref=v1", "github", "https://github.com/a/b", "v1", None),
        ("git::git@github.com:a/b.git@x.yaml?ref=v1", "github", "https://github.com/a/b", "v1", None),
        (
            "git::https://h.example/a/b@x.yaml?ref=main",
            "generic",
            "https://h.example/a/b",
            "main",
            "version-control",
        ),
        ("git::https://u:p@github.com/a/b@x.yaml", "github", "https://github.com/a/b", None, "version-control"),
        (
            r'"git::https://github.com/a/b@\\x78.yaml?ref=v1"',
            "github",
            "https://github.com/a/b",
            None,
            "version-control",
        ),
    ],
)
def test_helmfiles_of_other_repositories_are_listed(
    form: str, address: str, ecosystem: str, name: str, value: str | None, reason: str | None
) -> None:
    text = f"helmfiles:\n{form % address}\n"
    reading = read(SourceText("helmfile.yaml", text))
    (row,) = reading.dependencies
    assert (row.ecosystem, row.name, row.value, row.skip_reason) == (ecosystem, name, value, reason)
    assert row.value is None or text[row.place.start : row.place.end] == row.value
    assert "u:p" not in repr(reading)


@pytest.mark.parametrize(
    ("entry", "reason", "said"),
    [
        ("https://u:p@h.example/x.yaml?token=u:p", "direct-url", "the helmfile https://h.example/x.yaml is not read"),
        ("s3::https://u:p@h.example/x.yaml", "direct-url", "the helmfile s3::https://h.example/x.yaml is not read"),
        ("git::nothing", "direct-url", "the helmfile git::nothing is not read"),
        ("'git::https://github.com/a/b@x.yaml?ref={{ .v }}'", "unpinned-expression", "b@x.yaml is an expression"),
        ("apps/*.yaml", "unpinned-expression", "apps/*.yaml is a pattern, and not followed"),
        ("../../x.yaml", "outside-repository", "../../x.yaml lies outside of the repository"),
        ("apps/", "unsupported-syntax", "apps/ is a folder"),
        ("{values: []}", "invalid-syntax", "an entry of helmfiles has no path"),
        ("{path: ~}", "invalid-syntax", "an entry of helmfiles has no path"),
        ("~", "invalid-syntax", "an entry of helmfiles has no path"),
        ("[x.yaml]", "invalid-syntax", "an entry of helmfiles has no path"),
    ],
)
def test_helmfiles_that_are_not_read_are_named(entry: str, reason: str, said: str) -> None:
    reading = read(SourceText("a/helmfile.yaml", f"helmfiles:\n- {entry}\n"))
    (note,) = reading.skipped
    assert (note.reason, note.path, reading.dependencies, reading.includes) == (reason, "a/helmfile.yaml", (), ())
    assert note.detail.startswith("line 2: ")
    assert said in note.detail
    assert "u:p" not in note.detail


def test_helmfiles_of_the_repository_are_followed() -> None:
    text = "helmfiles: [../apps.yaml, path: x/helmfile.yaml, helmfile.d/]\n"
    reading = read(SourceText("a/helmfile.yaml", text))
    followed = (("apps.yaml", "helmfile"), ("a/x/helmfile.yaml", "helmfile"))
    assert (reading.includes, reading.skipped) == (followed, ())


def test_what_a_helmfile_is_based_on_is_followed() -> None:
    text = "bases: [base.yaml, 'git::https://github.com/a/b.git@x.yaml?ref=v1', '{{ .x }}.yaml']\n"
    reading = read(SourceText("helmfile.yaml", text))
    assert reading.includes == (("base.yaml", "helmfile"),)
    assert [(row.name, row.value) for row in reading.dependencies] == [("https://github.com/a/b", "v1")]
    assert [note.reason for note in reading.skipped] == ["unpinned-expression"]


def test_a_helmfile_that_is_not_there_is_named() -> None:
    files = {"helmfile.yaml": b"helmfiles: [x/helmfile.yaml, y/helmfile.yaml]\n", "y/helmfile.yaml": b"releases: []\n"}
    found = read_manifests(snapshot(files), (ECOSYSTEM,))
    assert [(note.path, note.reason, note.detail) for note in found.skipped] == [
        ("helmfile.yaml", "missing-file", "x/helmfile.yaml is included here and is not in the repository")
    ]


def test_files_of_values_are_read_under_any_name() -> None:
    text = (
        "releases:\n- chart: oci://ghcr.io/a/b\n  values:\n  - ../config/web.yaml\n  - '{{ .Env }}.yaml'\n"
        "  - config/*.yaml\n  - config/*-values.yaml\n  - git::https://github.com/a/b.git@v.yaml?ref=v1\n"
        "  - https://h.example/v.yaml?key=secret\n  - ~\n  - image: {repository: acme/x, tag: 1.0.0}\n"
    )
    files = {"deploy/helmfile.yaml": text.encode(), "config/web.yaml": b"image: {repository: acme/web, tag: 2.0.0}\n"}
    found = read_manifests(snapshot(files), (ECOSYSTEM,))
    assert [(row.place.path, row.name, row.value) for row in found.dependencies] == [
        ("config/web.yaml", "acme/web", "2.0.0"),
        ("deploy/helmfile.yaml", "b", None),
        ("deploy/helmfile.yaml", "https://github.com/a/b", "v1"),
        ("deploy/helmfile.yaml", "acme/x", "1.0.0"),
    ]
    assert [(note.reason, note.detail) for note in found.skipped] == [
        ("unpinned-expression", "line 5: the values file {{ .Env }}.yaml is an expression"),
        ("unpinned-expression", "line 6: config/*.yaml is a pattern, and not followed"),
        ("direct-url", "line 9: the values file https://h.example/v.yaml is not read"),
    ]


@pytest.mark.parametrize("pattern", ["helmfile.d/*.yaml", "apps/*/helmfile.yaml", "**/helmfile.yaml"])
def test_a_pattern_of_what_is_read_anyway_is_no_gap(pattern: str) -> None:
    assert read(SourceText("helmfile.yaml", f"helmfiles: ['{pattern}']\n")).skipped == ()


@pytest.mark.parametrize(
    ("release", "name", "value"),
    [
        ("{inherit: [{template: web}]}", "web", "1.0.0"),
        ("{inherit: [{template: web}], version: 2.0.0}", "web", "2.0.0"),
        ("{inherit: [{template: web}, {template: api}]}", "api", "1.0.0"),
        ("{inherit: [{template: web}], chart: oci://ghcr.io/a/own}", "own", "1.0.0"),
        ("{inherit: [{template: merged}]}", "web", "3.0.0"),
        ("{inherit: [web]}", "web", "1.0.0"),
        ("{inherit: web}", "web", "1.0.0"),
    ],
)
def test_a_release_takes_from_templates_what_it_does_not_say(release: str, name: str, value: str) -> None:
    templates = (
        "templates:\n  web: &web {chart: oci://ghcr.io/a/web, version: 1.0.0}\n  api: {chart: oci://ghcr.io/a/api}\n"
        "  merged: {<<: *web, version: 3.0.0}\n"
    )
    reading = read(SourceText("helmfile.yaml", f"{templates}---\nreleases: [{release}]\n"))
    assert [(row.name, row.value) for row in reading.dependencies] == [(name, value)]
    assert reading.skipped == ()


@pytest.mark.parametrize("default", ["web", "[web]", "[{template: web}]"])
def test_a_template_may_be_that_of_every_release(default: str) -> None:
    text = (
        f"defaultInherit: {default}\ntemplates: {{web: {{chart: oci://ghcr.io/a/web, version: 1.0.0}}}}\n"
        "releases: [{name: a}, {chart: oci://ghcr.io/a/own}]\n"
    )
    reading = read(SourceText("helmfile.yaml", text))
    assert [(row.name, row.value) for row in reading.dependencies] == [("web", "1.0.0"), ("own", "1.0.0")]
    elsewhere = read(SourceText("helmfile.yaml", f"defaultInherit: {default}\nreleases: [{{name: a}}]\n"))
    assert [note.reason for note in elsewhere.skipped] == ["set-elsewhere"]


def test_the_images_in_a_template_are_listed_once() -> None:
    text = (
        "templates: {web: {chart: oci://ghcr.io/a/web, values: [{image: 'acme/web:1.0'}]}}\n"
        "releases: [{inherit: [{template: web}]}, {inherit: [{template: web}]}]\n"
    )
    reading = read(SourceText("helmfile.yaml", text))
    assert sorted((row.name, row.value) for row in reading.dependencies) == [("acme/web", "1.0"), ("web", None)]


def test_many_releases_of_a_big_template_take_time_in_proportion() -> None:
    values = "\n".join(f"      k{number}: 1" for number in range(2000))
    names = "\n".join(f"  t{number}: {{version: 1.0.0}}" for number in range(1000))
    releases = "- {inherit: [{template: t0}, {template: big}]}\n" * 2000
    text = f"templates:\n{names}\n  big:\n    chart: oci://ghcr.io/a/b\n    values:\n    - x: 1\n{values}\n"
    source = SourceText("helmfile.yaml", f"{text}releases:\n{releases}")
    yaml.parse(source)
    started = time.process_time()
    assert len(read(source).dependencies) == 1
    assert time.process_time() - started < allowed(1)


@pytest.mark.parametrize(
    ("chart", "name", "value", "reason"),
    [
        ("git::https://u:p@github.com/a/b.git//charts/c?ref=v1&sshkey=u:p", "https://github.com/a/b", "v1", None),
        ("git+https://github.com/a/b@charts/c?ref=v1", "https://github.com/a/b", "v1", None),
        ("git::https://github.com/a/b.git//c", "https://github.com/a/b", None, "version-control"),
        ("git::nothing?key=u:p", "git::nothing", None, "local-path"),
        ("https://h.example/c-1.0.tgz?sig=u:p", "c-1.0.tgz", None, "direct-url"),
    ],
)
def test_a_chart_from_elsewhere_is_listed_by_where_it_is(
    chart: str, name: str, value: str | None, reason: str | None
) -> None:
    (row,) = read(SourceText("helmfile.yaml", f"releases: [{{chart: '{chart}'}}]\n")).dependencies
    assert (row.name, row.value, row.skip_reason) == (name, value, reason)
    assert "u:p" not in repr(row)


@pytest.mark.parametrize("key", ["releases", "helmfiles", "bases"])
def test_what_is_no_list_is_named(key: str) -> None:
    (note,) = read(SourceText("helmfile.yaml", f"{key}: {{a: b}}\n")).skipped
    assert (note.reason, note.detail) == ("invalid-syntax", f"line 1: {key} is no list")
    assert read(SourceText("helmfile.yaml", f"{key}: ~\n")).skipped == ()


@pytest.mark.parametrize(
    ("release", "reason", "said"),
    [
        ("{name: a, version: 1.0.0}", "invalid-syntax", "line 2: the release 'a' has no chart"),
        ("{chart: ''}", "invalid-syntax", "line 2: a release has no chart"),
        ("{chart: ~}", "invalid-syntax", "line 2: a release has no chart"),
        ("a", "invalid-syntax", "line 2: a release has no chart"),
        (
            "{name: a, inherit: [{template: t}]}",
            "set-elsewhere",
            "line 2: the release 'a' takes its chart from a template",
        ),
    ],
)
def test_a_release_without_a_chart_is_named(release: str, reason: str, said: str) -> None:
    (note,) = read(SourceText("helmfile.yaml", f"releases:\n- {release}\n")).skipped
    assert (note.reason, note.detail) == (reason, said)


def test_a_release_may_have_the_chart_of_what_it_merges() -> None:
    text = "x: &x {chart: oci://ghcr.io/acme/app, version: 1.0.0}\nreleases: [{name: a, <<: *x}]\n"
    reading = read(SourceText("helmfile.yaml", text))
    assert [(row.name, row.value) for row in reading.dependencies] == [("app", "1.0.0")]
    assert reading.skipped == ()


def test_flux_is_read_as_its_installer_writes_it() -> None:
    text = "---\n# Written by flux.\n# Flux Version: v2.1.0\napiVersion: v1\nkind: Namespace\n"
    (row,) = read_manifest(SourceText("clusters/prod/flux-system/gotk-components.yaml", text)).dependencies
    assert (row.ecosystem, row.name, row.value) == ("github", "https://github.com/fluxcd/flux2", "v2.1.0")
    assert row.place.line == 3
    assert read_manifest(SourceText("other.yaml", text)).dependencies == ()
