from __future__ import annotations

from pathlib import Path

import pytest

from analyzers.ecosystems.kubernetes._files import is_helmfile
from analyzers.ecosystems.kubernetes.helm import read_lock
from analyzers.ecosystems.kubernetes.helmfile import read
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


@pytest.mark.parametrize("form", ["- %s", "- path: %s"])
@pytest.mark.parametrize(
    ("address", "ecosystem", "name", "value", "reason"),
    [
        ("git::https://github.com/a/b@x.yaml?ref=v1", "github", "https://github.com/a/b", "v1", None),
        ("git::https://u:p@github.com/a/b.git@x/y.yaml?ref=v1", "github", "https://github.com/a/b", "v1", None),
        ("git::ssh://git@github.com/a/b.git@x.yaml?ref=v1", "github", "https://github.com/a/b", "v1", None),
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
    assert (reading.includes, reading.skipped) == ((("apps.yaml", "helmfile"),), ())


@pytest.mark.parametrize(
    ("release", "reason", "said"),
    [
        ("{name: a, version: 1.0.0}", "invalid-syntax", "line 2: the release 'a' has no chart"),
        ("{chart: ''}", "invalid-syntax", "line 2: a release has no chart"),
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
