"""Terraform's files: what stands there, where, and how the files of one folder join."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.ecosystems.terraform.ecosystem import ECOSYSTEM
from analyzers.ecosystems.terraform.questions import package, provider, questions
from analyzers.errors import InvalidSyntaxError, UnreadableError
from analyzers.model.ecosystem import Format, Reading
from analyzers.model.facts import Facts
from analyzers.model.inventory import Dependency, Inventory, Repository
from analyzers.model.question import Question
from analyzers.syntax.text import SourceText
from tests.support.pace import allowed

ROOT = Path(__file__).parent / "fixtures" / "root"
DIGEST = "sha256:" + "a" * 64
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def form_of(path: str) -> Format:
    return next(form for form in ECOSYSTEM.formats if form.matches(path))


def read_all(files: Mapping[str, str]) -> Mapping[str, Reading]:
    return ECOSYSTEM.pair(
        {path: form_of(path).read(SourceText.decode(path, text.encode())) for path, text in files.items()}
    )


def rows_of(path: str, text: str) -> tuple[Dependency, ...]:
    return read_all({path: text})[path].dependencies


@pytest.fixture(scope="module")
def root() -> Mapping[str, Reading]:
    return read_all({found.name: found.read_text(encoding="utf-8") for found in sorted(ROOT.iterdir())})


def shown(reading: Reading) -> list[tuple[object, ...]]:
    return [
        (row.place.line, row.kind, row.name, row.value, row.version, row.locked_version, row.skip_reason)
        for row in reading.dependencies
    ]


P, B, M = "terraform-provider", "terraform-provider-block", "terraform-module"

VERSIONS = [
    (3, "terraform-required-version", "terraform", ">= 1.3, < 2.0", None, None, None),
    (8, P, "hashicorp/aws", "~> 5.0", None, "5.31.0", None),
    (10, P, "hashicorp/random", "~> 3.0", None, None, None),
    (11, P, "hashicorp/default", ">= 1.0", None, None, None),
    (12, P, "acme/bar", None, None, "0.9.4", None),
    (15, P, "app.terraform.io/acme/priv", "1.2.3", "1.2.3", None, None),
    (17, P, "acme/quoted", "v2.0.0", "2.0.0", None, None),
    (18, P, "var.x", "1.0.0", "1.0.0", None, "unpinned-expression"),
    (19, P, "not an address", None, None, None, "unsupported-syntax"),
    (20, P, "acme/counted", "local.version", None, None, "unpinned-expression"),
    (21, P, "hashicorp/strange", "var.strange", None, None, "unpinned-expression"),
]

MAIN = [
    (6, B, "acme/bar", "~> 0.9", None, "0.9.4", None),
    (9, B, "hashicorp/null", "~> 2.0", None, None, None),
    (10, B, "hashicorp/google", None, None, None, None),
    (15, M, "terraform-aws-modules/vpc/aws", "5.1.2", "5.1.2", None, None),
    (17, M, "terraform-aws-modules/eks/aws", None, None, None, None),
    (20, M, "app.terraform.io/acme/vpc/aws", ">= 1.0, != 1.2.0", None, None, None),
    (24, M, "acme/vpc/aws", '"${var.major}.0.0"', None, None, "unpinned-expression"),
    (26, M, "https://git.example.com/org/repo.git", "v1.2.3", "1.2.3", None, None),
    (27, M, "github.com/org/repo", "main", None, None, None),
    (28, M, "git@github.com:org/repo.git", COMMIT, None, None, None),
    (29, M, "ssh://git.corp.example:2222/org/repo.git", "v1", "1", None, "version-control"),
    (30, M, "bitbucket.org/org/repo", None, None, None, None),
    (31, M, "./modules/x", None, None, None, "local-path"),
    (32, M, "../x", None, None, None, "local-path"),
    (33, M, "https://s3-eu-west-1.amazonaws.com/bucket/vpc.zip", None, None, None, "direct-url"),
    (34, M, "https://www.googleapis.com/storage/v1/modules/foo.zip", None, None, None, "direct-url"),
    (35, M, "https://example.com/vpc.zip", None, None, None, "direct-url"),
    (36, M, "http://example.com/vpc.hg", None, None, None, "version-control"),
    (37, M, "what is this", None, None, None, "unsupported-syntax"),
    (38, M, '"${var.base}/vpc"', '"${var.base}/vpc"', None, None, "unpinned-expression"),
    (39, M, "github.com/org/repo", None, "1.0.0", None, None),
    (40, M, "modules/old", None, None, None, "local-path"),
    (47, "terraform-helm-release", "ingress-nginx", "4.7.1", "4.7.1", None, None),
    (49, "terraform-helm-release", '"${path.module}/charts/own"', None, None, None, "local-path"),
    (50, "terraform-helm-release", "./charts/own", None, None, None, "local-path"),
    (53, "terraform-helm-release", "redis", "var.redis", None, None, "unpinned-expression"),
    (55, "terraform-image", "nginx", "1.25", "1.25", None, None),
    (57, "terraform-image", "redis", "${var.tag}", None, None, "unpinned-expression"),
    (62, "terraform-image", "busybox", "1.36", "1.36", None, None),
    (64, "terraform-image", "ghcr.io/acme/app", "2.1", "2.1", None, None),
]


def test_providers_are_read_in_every_form(root: Mapping[str, Reading]) -> None:
    assert shown(root["versions.tf"]) == VERSIONS


def test_modules_charts_and_images_are_read(root: Mapping[str, Reading]) -> None:
    assert shown(root["main.tf"]) == MAIN
    (skipped,) = root["main.tf"].skipped
    assert (skipped.what, skipped.reason, skipped.detail) == (
        "dependency",
        "unsupported-syntax",
        "line 41: the module 'nothing' names no source",
    )


def test_of_the_lock_what_the_folder_does_not_require_remains(root: Mapping[str, Reading]) -> None:
    assert shown(root[".terraform.lock.hcl"]) == [
        (14, "terraform-lock", "hashicorp/tls", "4.0.5", "4.0.5", "4.0.5", None)
    ]
    assert not root[".terraform.lock.hcl"].dependencies[0].direct
    manifests = [reading.manifest for reading in root.values() if reading.manifest]
    assert {manifest.lockfile for manifest in manifests} == {".terraform.lock.hcl"}


@pytest.mark.parametrize("name", ["versions.tf", "main.tf", ".terraform.lock.hcl"])
def test_places_are_the_text_of_the_value(root: Mapping[str, Reading], name: str) -> None:
    content = (ROOT / name).read_bytes()
    for row in root[name].dependencies:
        assert row.value is None or content[row.place.start : row.place.end].decode() == row.value


def test_no_secret_of_an_address_is_kept(root: Mapping[str, Reading]) -> None:
    assert "secret" not in repr(root)


def test_purls_name_registry_subdirectory_and_host(root: Mapping[str, Reading]) -> None:
    found = {(row.place.line, row.name): row for row in root["main.tf"].dependencies}
    assert found[15, "terraform-aws-modules/vpc/aws"].purl == (
        "pkg:terraform/terraform-aws-modules/vpc/aws@5.1.2#modules/endpoints"
    )
    assert found[20, "app.terraform.io/acme/vpc/aws"].purl == (
        "pkg:terraform/acme/vpc/aws?repository_url=app.terraform.io"
    )
    assert found[27, "github.com/org/repo"].purl == "pkg:github/org/repo@main#sub"
    assert found[28, "git@github.com:org/repo.git"].digest == COMMIT
    assert found[47, "ingress-nginx"].index == "https://kubernetes.github.io/ingress-nginx"
    assert found[64, "ghcr.io/acme/app"].digest == DIGEST


def test_each_is_asked_where_it_lives(root: Mapping[str, Reading]) -> None:
    rows = tuple(row for reading in root.values() for row in reading.dependencies)
    inventory = Inventory(repository=Repository("x"), dependencies=rows)
    app = "https://app.terraform.io"
    assert set(questions(inventory, Facts(date(2026, 1, 1)))) == {
        Question("terraform", "providers/hashicorp/aws"),
        Question("terraform", "providers/hashicorp/random"),
        Question("terraform", "providers/hashicorp/default"),
        Question("terraform", "providers/acme/bar"),
        Question("terraform", "providers/acme/priv", app),
        Question("terraform", "providers/acme/quoted"),
        Question("terraform", "providers/hashicorp/null"),
        Question("terraform", "providers/hashicorp/google"),
        Question("terraform", "modules/terraform-aws-modules/vpc/aws"),
        Question("terraform", "modules/terraform-aws-modules/eks/aws"),
        Question("terraform", "modules/acme/vpc/aws", app),
    }


def test_a_lock_of_opentofu_leads_to_its_registry() -> None:
    lock = 'provider "registry.opentofu.org/hashicorp/aws" {\n  version = "5.0.0"\n}\n'
    text = 'terraform {\n  required_providers {\n    aws = "~> 5.0"\n  }\n}\nmodule "a" { source = "a/b/c" }\n'
    found = read_all({"x/.terraform.lock.hcl": lock, "x/main.tf": text})
    aws, module = found["x/main.tf"].dependencies
    assert aws.locked_version == "5.0.0"
    assert provider(aws) == Question("terraform", "providers/hashicorp/aws", "https://registry.opentofu.org")
    assert package(module) == Question("terraform", "modules/a/b/c", "https://registry.opentofu.org")
    assert found["x/.terraform.lock.hcl"].dependencies == ()


def test_a_lock_counts_in_its_own_folder_alone() -> None:
    lock = 'provider "registry.terraform.io/hashicorp/aws" {\n  version = "5.0.0"\n}\n'
    text = 'terraform {\n  required_providers {\n    aws = "~> 5.0"\n  }\n}\n'
    found = read_all({".terraform.lock.hcl": lock, "modules/x/main.tf": text})
    assert found["modules/x/main.tf"].dependencies[0].locked_version is None
    assert [row.name for row in found[".terraform.lock.hcl"].dependencies] == ["hashicorp/aws"]


def test_opentofu_has_a_version_of_its_own() -> None:
    (row,) = rows_of("versions.tofu", 'terraform {\n  required_version = "1.8.1"\n}\n')
    assert (row.ecosystem, row.name, row.value, row.version) == ("generic", "opentofu", "1.8.1", "1.8.1")


JSON = """{
  "terraform": [
    {"required_version": "~> 1.5", "required_providers": {"aws": {"source": "hashicorp/aws", "version": "~> 5.0"}}}
  ],
  "provider": {"aws": [{"region": "x"}, {"alias": "b"}], "null": {"version": "2.1.0"}},
  "module": {"vpc": {"source": "terraform-aws-modules/vpc/aws", "version": "${var.v}"}, "l": {"source": "./l"}},
  "resource": {"docker_image": {"x": {"name": "nginx:1.25"}}, "null_resource": {"y": {}}},
  "//": "a comment"
}
"""


def test_the_json_form_says_the_same() -> None:
    assert [(row.kind, row.name, row.value, row.skip_reason) for row in rows_of("main.tf.json", JSON)] == [
        ("terraform-required-version", "terraform", "~> 1.5", None),
        (P, "hashicorp/aws", "~> 5.0", None),
        (B, "hashicorp/null", "2.1.0", None),
        (M, "terraform-aws-modules/vpc/aws", "${var.v}", "unpinned-expression"),
        (M, "./l", None, "local-path"),
        ("terraform-image", "nginx", "1.25", None),
    ]
    for row in rows_of("main.tf.json", JSON):
        assert row.value is None or JSON[row.place.start : row.place.end] == row.value


@pytest.mark.parametrize(
    ("source", "name", "value", "reason"),
    [
        ("tfr:///terraform-aws-modules/vpc/aws?version=3.5.0", "terraform-aws-modules/vpc/aws", "3.5.0", None),
        ("tfr://app.example.com/acme/vpc/aws//sub?version=1.0.0", "app.example.com/acme/vpc/aws", "1.0.0", None),
        ("tfr:///terraform-aws-modules/vpc/aws", "terraform-aws-modules/vpc/aws", None, None),
        ("git::git@github.com:acme/infra.git//vpc?ref=v0.0.3", "git@github.com:acme/infra.git", "v0.0.3", None),
        ("github.com/acme/infra?ref=tags/0.1.0", "github.com/acme/infra", "0.1.0", None),
        ("github.com/acme/infra?ref=refs/tags/0.1.0", "github.com/acme/infra", "0.1.0", None),
        ("../../modules/vpc", "../../modules/vpc", None, "local-path"),
        (
            "${local.base}//vpc?ref=v1",
            '"${local.base}//vpc?ref=v1"',
            '"${local.base}//vpc?ref=v1"',
            "unpinned-expression",
        ),
    ],
)
def test_terragrunt_names_one_module(source: str, name: str, value: str | None, reason: str | None) -> None:
    text = f'include "root" {{\n  path = find_in_parent_folders()\n}}\nterraform {{\n  source = "{source}"\n}}\n'
    (row,) = rows_of("live/vpc/terragrunt.hcl", text)
    assert (row.kind, row.name, row.value, row.skip_reason) == ("terragrunt-module", name, value, reason)
    assert row.value is None or text[row.place.start : row.place.end] == value


@pytest.mark.parametrize(
    ("attributes", "name", "index", "reason"),
    [
        ('chart = "a"\nrepository = "https://u:p@charts.example"', "a", "https://charts.example", None),
        ('chart = "a"\nrepository = "oci://ghcr.io/x"', "a", "oci://ghcr.io/x", None),
        ('chart = "oci://ghcr.io/x/a"', "a", "oci://ghcr.io/x", None),
        ('chart = "stable/a"', "stable/a", None, "set-elsewhere"),
        ('chart = "https://example.com/a.tgz"', "https://example.com/a.tgz", None, "direct-url"),
        ('chart = "a"\nrepository = "s3://bucket"', "a", "s3://bucket", "unsupported-source"),
        ('chart = "a"\nrepository = var.r', "a", None, "unpinned-expression"),
        ('chart = "../a"\nversion = var.v', "../a", None, "local-path"),
    ],
)
def test_a_release_says_where_its_chart_comes_from(
    attributes: str, name: str, index: str | None, reason: str | None
) -> None:
    (row,) = rows_of("main.tf", f'resource "helm_release" "x" {{\n{attributes}\n}}\n')
    assert (row.name, row.index, row.skip_reason) == (name, index, reason)
    assert "u:p" not in repr(row)


@pytest.mark.parametrize(
    ("written", "name", "value"),
    [
        ("var.n", "var.n", "var.n"),
        ("local.image", "local.image", "local.image"),
        ("each.value.image", "each.value.image", "each.value.image"),
        ("module.app.image", "module.app.image", "module.app.image"),
        ('var.images["app"]', 'var.images["app"]', 'var.images["app"]'),
        ('format("%s:%s", var.a, var.b)', 'format("%s:%s", var.a, var.b)', 'format("%s:%s", var.a, var.b)'),
        ('"${var.images["app"]}"', '"${var.images["app"]}"', '"${var.images["app"]}"'),
        ('"${var.n}"', "${var.n}", None),
    ],
)
def test_an_image_of_an_expression_is_listed_unpinned(written: str, name: str, value: str | None) -> None:
    deployment = 'resource "kubernetes_deployment" "x" {\nspec {\ncontainer {\nimage = %s\n}\n}\n}\n'
    for form in ('resource "docker_image" "x" {\nname = %s\n}\n', deployment):
        text = form % written
        (row,) = rows_of("main.tf", text)
        assert (row.ecosystem, row.kind, row.name, row.value) == ("docker", "terraform-image", name, value)
        assert row.skip_reason == "unpinned-expression"
        assert row.value is None or text[row.place.start : row.place.end] == row.value


@pytest.mark.parametrize(
    "written",
    [
        "docker_image.a.image_id",
        'docker_image.a["x"].name',
        "docker_image.a[0].name",
        '"${docker_image.a.name}"',
        "null",
    ],
)
def test_an_image_of_another_resource_is_named_there(written: str) -> None:
    assert rows_of("main.tf", f'resource "docker_container" "x" {{\nimage = {written}\n}}\n') == ()


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("init_container.value.image", ("init_container.value.image", "unpinned-expression")),
        ('"busybox:1.36"', ("busybox", None)),
    ],
)
def test_containers_of_a_dynamic_block_are_read(written: str, found: tuple[str, str | None]) -> None:
    block = f'dynamic "init_container" {{\nfor_each = var.all\ncontent {{\nimage = {written}\n}}\n}}\n'
    (row,) = rows_of("main.tf", f'resource "kubernetes_pod" "x" {{\nspec {{\n{block}}}\n}}\n')
    assert (row.name, row.skip_reason) == found


def test_images_of_expressions_are_listed_in_the_json_form_as_well() -> None:
    images = {"a": "${var.n}", "b": "nginx:${var.t}", "c": "${docker_image.x.name}"}
    text = json.dumps({"resource": {"docker_image": {key: {"name": name} for key, name in images.items()}}})
    rows = rows_of("main.tf.json", text)
    assert [(row.name, row.value, row.skip_reason) for row in rows] == [
        ("${var.n}", None, "unpinned-expression"),
        ("nginx", "${var.t}", "unpinned-expression"),
    ]


def test_examples_match_their_own_format_alone() -> None:
    for form in ECOSYSTEM.formats:
        for example in form.examples:
            assert [other.name for other in ECOSYSTEM.formats if other.matches(example)] == [form.name]


@pytest.mark.parametrize("path", ["main.tfvars", "x.pkr.hcl", "tf", "main.tf.bak", "packer.pkr.hcl"])
def test_other_files_are_left_alone(path: str) -> None:
    assert not any(form.matches(path) for form in ECOSYSTEM.formats)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("main.tf", "{{ template }}"),
        ("main.tf.json", "{"),
        (".terraform.lock.hcl", 'provider "registry.terraform.io/a/b" {}\n'),
        (".terraform.lock.hcl", 'provider "no address at all" {\n version = "1"\n}\n'),
        ("terragrunt.hcl", "terraform {"),
    ],
)
def test_what_is_broken_is_named(path: str, text: str) -> None:
    with pytest.raises(InvalidSyntaxError):
        form_of(path).read(SourceText(path, text))


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet="abv.:/@?&=#-_ ~%{}git$", max_size=60))
def test_any_source_is_read(source: str) -> None:
    text = f'module "a" {{\n  source = "{source}"\n}}\n'
    try:
        rows = rows_of("main.tf", text)
    except UnreadableError:
        return
    for row in rows:
        assert row.value is None or text[row.place.start : row.place.end] == row.value
        package(row)


def test_modules_of_repositories_belong_to_the_world_of_git(root: Mapping[str, Reading]) -> None:
    found = {row.place.line: row for row in root["main.tf"].dependencies}
    assert [(found[line].ecosystem, found[line].purl, package(found[line])) for line in (26, 27, 30)] == [
        ("generic", "pkg:generic/repo@v1.2.3?vcs_url=git%2Bhttps://git.example.com/org/repo%40v1.2.3#sub", None),
        ("github", "pkg:github/org/repo@main#sub", None),
        ("bitbucket", "pkg:bitbucket/org/repo", None),
    ]


@pytest.mark.parametrize(
    "source", ["a/" * 100_000, "git::" * 100_000, "github.com/" + "?ref=" * 100_000, "a" * 900_000]
)
def test_long_sources_take_no_time(source: str) -> None:
    started = time.process_time()
    rows_of("main.tf", f'module "a" {{\n  source = "{source}"\n}}\n')
    assert time.process_time() - started < allowed(2)
