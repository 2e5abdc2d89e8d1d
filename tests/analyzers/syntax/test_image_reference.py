from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.syntax.image_reference import (
    ImageReference,
    canonical_name,
    image_dependency,
    image_in_scalar,
    image_purl,
    parse,
    reference_of,
)
from analyzers.syntax.node import Scalar
from analyzers.syntax.spliced import Spliced
from analyzers.syntax.substitution import expand
from analyzers.syntax.text import SourceText

SHA = "sha256:" + "a1" * 32


@pytest.mark.parametrize(
    ("text", "name", "tag", "digest", "canonical"),
    [
        ("node", "node", None, None, "docker.io/library/node"),
        ("node:18-alpine", "node", "18-alpine", None, "docker.io/library/node"),
        (f"node@{SHA}", "node", None, SHA, "docker.io/library/node"),
        (f"node:18@{SHA}", "node", "18", SHA, "docker.io/library/node"),
        ("grafana/grafana:10.1.2", "grafana/grafana", "10.1.2", None, "docker.io/grafana/grafana"),
        ("docker.io/node:18", "docker.io/node", "18", None, "docker.io/library/node"),
        ("index.docker.io/library/node", "index.docker.io/library/node", None, None, "docker.io/library/node"),
        ("docker.io/a/b", "docker.io/a/b", None, None, "docker.io/a/b"),
        ("quay.io/centos/centos:stream9", "quay.io/centos/centos", "stream9", None, "quay.io/centos/centos"),
        ("localhost/x:1", "localhost/x", "1", None, "localhost/x"),
        ("localhost:5000/x", "localhost:5000/x", None, None, "localhost:5000/x"),
        ("127.0.0.1:5000/a/b:v1", "127.0.0.1:5000/a/b", "v1", None, "127.0.0.1:5000/a/b"),
        ("Registry.Example/a:1", "Registry.Example/a", "1", None, "registry.example/a"),
        (
            "mcr.microsoft.com/dotnet/sdk:8.0",
            "mcr.microsoft.com/dotnet/sdk",
            "8.0",
            None,
            "mcr.microsoft.com/dotnet/sdk",
        ),
        ("a__b/c-d.e:_x", "a__b/c-d.e", "_x", None, "docker.io/a__b/c-d.e"),
    ],
)
def test_a_reference_is_cut_into_its_parts(
    text: str, name: str, tag: str | None, digest: str | None, canonical: str
) -> None:
    reference = parse(text)
    assert reference == ImageReference(name, tag, digest)
    assert reference.canonical == canonical
    assert text[slice(*reference.tag_span)] == (tag or "")
    assert text[slice(*reference.digest_span)] == (digest or "")
    known = reference_of(image_purl(name, tag or digest))
    assert known is not None
    assert (known.canonical, known.tag or known.digest) == (canonical, tag or digest)


@pytest.mark.parametrize(
    "text",
    [
        *("", ":", "@", "node:", "node@", "Node", "no de", "node:18:19", "node@sha256:abc", "-a", "a/", "/a", "a//b"),
        *("a..b", "${X}", "{{ x }}", "a" * 300, "node:" + "1" * 129, "http://x/y", "x.y/", "a@b@c", "ñ", "node:1\n"),
    ],
)
def test_what_is_no_reference_is_none(text: str) -> None:
    assert parse(text) is None


def test_a_name_without_registry_is_completed() -> None:
    assert canonical_name("node") == "docker.io/library/node"


@pytest.mark.parametrize("purl", ["", "pkg:pypi/requests@1", "nonsense", "pkg:docker/library/%24X", "pkg:docker/a@%24"])
def test_a_purl_of_something_else_names_no_image(purl: str) -> None:
    assert reference_of(purl) is None


@pytest.mark.parametrize(
    ("text", "value", "version", "reason"),
    [
        ("FROM node:18-alpine", "18-alpine", "18", None),
        ("FROM node:v1.2.3", "v1.2.3", "1.2.3", None),
        ("FROM node:lts", "lts", None, None),
        ("FROM python:3.15.0a1-slim", "3.15.0a1-slim", "3.15.0a1", None),
        ("FROM node", None, None, None),
        (f"FROM node@{SHA}", SHA, None, None),
        (f"FROM node:18@{SHA}", "18", "18", None),
        ("FROM node:$X", "$X", None, "unpinned-expression"),
        ("FROM $X", None, None, "unpinned-expression"),
        ("FROM {{base}}", None, None, "unpinned-expression"),
        ("FROM NODE", None, None, "unsupported-syntax"),
    ],
)
def test_value_and_place_are_the_text_that_an_upgrade_changes(
    text: str, value: str | None, version: str | None, reason: str | None
) -> None:
    source = SourceText("Dockerfile", text)
    written = expand(Spliced.at(text[5:], 5), {}, escape="\\")
    dependency = image_dependency(source, written, kind="dockerfile-from")
    assert (dependency.value, dependency.version, dependency.skip_reason) == (value, version, reason)
    if value:
        assert text[dependency.place.start : dependency.place.end] == value
    if dependency.digest_place:
        assert text[dependency.digest_place.start : dependency.digest_place.end] == SHA


def test_without_tag_the_place_is_where_one_could_be_put() -> None:
    dependency = image_dependency(SourceText("f", "FROM node AS x"), Spliced.at("node", 5), kind="k")
    assert (dependency.place.start, dependency.place.end) == (9, 9)


@pytest.mark.parametrize(
    ("text", "scalar", "value", "name", "reason"),
    [
        ("image: node:18", Scalar("node:18", 7, 14), "18", "node", None),
        ('image: "n\\u006fde:18"', Scalar("node:18", 8, 20), None, "node", None),
        ("image: node:${{ matrix.node }}", Scalar("node:${{ matrix.node }}", 7, 30), "${{ matrix.node }}", "node", "x"),
        ("image: ${{ env.IMAGE }}", Scalar("${{ env.IMAGE }}", 7, 23), None, "${{ env.IMAGE }}", "x"),
    ],
)
def test_a_scalar_of_any_yaml_names_an_image(
    text: str, scalar: Scalar, value: str | None, name: str, reason: str | None
) -> None:
    dependency = image_in_scalar(SourceText("w.yml", text), scalar, kind="workflow-container")
    assert (dependency.name, dependency.kind) == (name, "workflow-container")
    assert dependency.skip_reason == ("unpinned-expression" if reason else None)
    if reason and not value:
        assert dependency.purl
    else:
        assert dependency.value == value


@given(st.text(max_size=60))
@settings(deadline=None)
def test_no_text_makes_it_raise(text: str) -> None:
    reference = parse(text)
    dependency = image_dependency(SourceText("f", text), Spliced.at(text, 0), kind="k")
    assert bool(dependency.skip_reason) == (reference is None)
    reference_of(dependency.purl)
    reference_of(text)
