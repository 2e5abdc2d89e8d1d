"""No password of a scanned file reaches the inventory: every reader that meets addresses, at every spot for one."""

from __future__ import annotations

import pytest

from analyzers.manifests import read_manifests
from analyzers.read import ecosystems
from tests.support.formats import snapshot

SECRET = "s3cr3t"
# ADDRESS stands for an address up to its path, GIT for one of a repository.
FILES = {
    "requirements.txt": """\
--index-url ADDRESS/simple
--extra-index-url ADDRESS/more
--find-links ADDRESS/links
--trusted-host ADDRESS
--unknown-option ADDRESS
-r ADDRESS/other.txt
-c ADDRESS/limits.txt
-e git+GIT@v1.0#egg=one
two @ git+GIT@main
three @ ADDRESS/three-1.0.whl
four @ ADDRESS/four-1.0.whl ; python_version < "3.9"
ADDRESS/five-1.0.tar.gz
ADDRESS/six.txt
git+GIT
seven == ADDRESS
eight ADDRESS
@@ ADDRESS
nine==1 --config-settings=ADDRESS
""",
    "pyproject.toml": """\
[build-system]
requires = ["hatchling @ git+GIT@v1", "!! ADDRESS"]
[project]
name = "x"
dependencies = ["one @ git+GIT@v1.0", "two @ ADDRESS/two-1.0.whl", "three == ADDRESS", "?? ADDRESS"]
[project.optional-dependencies]
docs = ["four @ git+GIT", "?? ADDRESS"]
[dependency-groups]
dev = ["five @ git+GIT", "?? ADDRESS"]
[tool.uv]
index-url = "ADDRESS/simple"
extra-index-url = ["ADDRESS/more"]
[[tool.uv.index]]
name = "own"
url = "ADDRESS/own"
[tool.uv.sources]
one = { git = "GIT", tag = "v1.0" }
two = { url = "ADDRESS/two.whl" }
three = { index = "own" }
[[tool.poetry.source]]
name = "own"
url = "ADDRESS/simple"
[tool.poetry.dependencies]
six = { git = "GIT", rev = "main" }
seven = { url = "ADDRESS/seven.whl" }
eight = { version = "1", source = "own" }
nine = "ADDRESS"
[[tool.pdm.source]]
name = "own"
url = "ADDRESS/simple"
[tool.pdm.dev-dependencies]
test = ["-e git+GIT#egg=ten", "?? ADDRESS"]
[tool.hatch.envs.default]
dependencies = ["eleven @ git+GIT", "?? ADDRESS"]
""",
    "setup.cfg": """\
[options]
install_requires =
    one @ git+GIT@v1.0
    two == ADDRESS
    ?? ADDRESS
dependency_links = ADDRESS
setup_requires = ?? ADDRESS
[options.extras_require]
docs =
    three @ ADDRESS/three.whl
    ?? ADDRESS
""",
    "tox.ini": """\
[tox]
requires = ?? ADDRESS
[testenv]
deps =
    -i ADDRESS/simple
    -r ADDRESS/r.txt
    one @ git+GIT
    git+GIT@v1
    ?? ADDRESS
indexserver = default = ADDRESS
""",
    "environment.yml": """\
name: x
channels:
  - ADDRESS/channel
dependencies:
  - python=3.11
  - ADDRESS::one=1.0
  - ADDRESS/two.conda
  - three ADDRESS
  - "?? ADDRESS"
  - pip:
      - --index-url ADDRESS/simple
      - four @ git+GIT@v1
      - "?? ADDRESS"
      - -r ADDRESS/r.txt
""",
    "Pipfile": """\
[[source]]
name = "own"
url = "ADDRESS/simple"
[packages]
one = { git = "GIT", ref = "v1" }
two = { file = "ADDRESS/two.whl" }
three = { version = "==1", index = "own" }
four = "ADDRESS"
""",
    "package.json": """\
{"name": "x", "packageManager": "yarn@ADDRESS/yarn.js",
 "engines": {"node": "ADDRESS"},
 "dependencies": {"one": "git+GIT", "two": "git+GIT#v1.0.0", "three": "ADDRESS/three.tgz", "four": "GIT#semver:^1",
  "five": "npm:six@ADDRESS", "seven": "ADDRESS", "ADDRESS": "1", "eight": "patch:one@ADDRESS", "nine": 1},
 "overrides": {"one": "git+GIT", "two": {"three": "ADDRESS/a.tgz"}},
 "resolutions": {"one": "git+GIT", "**/two": "ADDRESS/two.tgz"},
 "pnpm": {"overrides": {"one": "git+GIT"}}}
""",
    ".npmrc": "registry=ADDRESS/npm\n@own:registry=ADDRESS/own\n",
    "pnpm-workspace.yaml": "catalog:\n  one: git+GIT\n  two: ADDRESS/two.tgz\n",
    ".pre-commit-config.yaml": """\
repos:
  - repo: GIT
    rev: v1.0
    hooks:
      - id: a
        additional_dependencies: ["one @ git+GIT", "git+GIT", "ADDRESS/two.whl", "?? ADDRESS", "--index-url=ADDRESS"]
      - id: b
        language: python
        additional_dependencies: ["one @ git+GIT", "git+GIT", "ADDRESS/two.whl", "?? ADDRESS"]
      - id: c
        language: node
        additional_dependencies: ["one@git+GIT", "git+GIT", "ADDRESS/two.tgz", "?? ADDRESS"]
      - id: d
        language: golang
        additional_dependencies: ["ADDRESS/two@v1", "x ADDRESS"]
      - id: e
        language: docker_image
        entry: ADDRESS/image:1.0 run
      - id: f
        language: python
        language_version: ADDRESS
""",
    "main.tf": """\
terraform {
  required_version = "ADDRESS"
  required_providers {
    one = { source = "ADDRESS/one", version = "1.0" }
    two = { source = "a/two", version = "ADDRESS" }
  }
}
module "a" { source = "git::GIT//sub?ref=v1.0" }
module "b" { source = "GIT" }
module "c" { source = "hg::ADDRESS/c" }
module "d" { source = "ADDRESS/d.zip?archive=zip" }
module "e" { source = "s3::ADDRESS/e.zip" }
module "f" { source = "x ADDRESS" }
module "g" {
  source  = "a/b/c"
  version = "ADDRESS"
}
resource "helm_release" "a" {
  chart      = "a"
  repository = "ADDRESS/charts"
  version    = "1.0"
}
resource "helm_release" "b" {
  chart   = "ADDRESS/b-1.0.tgz"
}
resource "helm_release" "c" {
  chart   = "ADDRESS/c-1.0.tgz"
  version = "ADDRESS"
}
resource "docker_image" "a" { name = "ADDRESS/a:1" }
resource "docker_container" "b" { image = "x ADDRESS" }
""",
    "charts/Chart.yaml": """\
apiVersion: v2
name: x
version: 1.0.0
kubeVersion: ADDRESS
dependencies:
  - name: one
    version: 1.0.0
    repository: ADDRESS/charts
  - name: ADDRESS/two
    version: ADDRESS
    repository: oci://ADDRESS
""",
    "helmfile.yaml": """\
repositories:
  - name: own
    url: ADDRESS/charts
helmfiles:
  - path: git::GIT@helmfile.yaml?ref=v1
releases:
  - name: one
    chart: own/one
    version: 1.0.0
  - name: two
    chart: ADDRESS/two.tgz
  - name: three
    chart: git::GIT@charts/three?ref=v1
    version: ADDRESS
""",
    "kustomization.yaml": """\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - GIT//deploy?ref=v1
  - GIT
  - ADDRESS/raw.yaml
  - git::GIT?ref=v1
helmCharts:
  - name: one
    repo: ADDRESS/charts
    version: 1.0.0
  - name: ADDRESS
    repo: oci://ADDRESS
    version: ADDRESS
images:
  - name: one
    newName: ADDRESS/one
    newTag: "1"
  - name: ADDRESS/two
    newTag: ADDRESS
""",
    "argo.yaml": """\
apiVersion: argoproj.io/v1alpha1
kind: Application
spec:
  source:
    repoURL: GIT
    targetRevision: v1.0
---
apiVersion: argoproj.io/v1alpha1
kind: Application
spec:
  sources:
    - repoURL: ADDRESS/charts
      chart: one
      targetRevision: 1.0.0
    - repoURL: ADDRESS/charts
      chart: ADDRESS
      targetRevision: ADDRESS
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: a}
spec: {url: "GIT", ref: {tag: v1}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: b}
spec: {url: "ADDRESS/charts"}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: c}
spec: {chart: {spec: {chart: one, version: 1.0.0, sourceRef: {kind: HelmRepository, name: b}}}}
---
apiVersion: v1
kind: Pod
spec: {containers: [{name: a, image: "ADDRESS/a:1"}]}
""",
    "compose.yaml": """\
include:
  - ADDRESS/other.yaml
services:
  a: {image: "ADDRESS/a:1"}
  b: {build: "GIT#v1"}
  c: {build: {context: "GIT#v1", dockerfile_inline: "FROM ADDRESS/c:1"}}
  d: {extends: {file: "ADDRESS/d.yaml", service: d}}
  e: {image: "${X:-ADDRESS/e:1}"}
""",
    "Dockerfile": """\
# syntax=ADDRESS/syntax:1
ARG BASE=ADDRESS/base:1
FROM ${BASE} AS one
FROM ADDRESS/a:1
ADD GIT#v1.0 /src
ADD ADDRESS/file.tgz /src
COPY --from=ADDRESS/b:1 /a /b
RUN --mount=type=bind,from=ADDRESS/c:1 pip install -i ADDRESS/simple one
""",
    "mise.toml": """\
[tools]
"ubi:ADDRESS/x" = "1.0"
"go:ADDRESS/x" = "ref:ADDRESS"
"npm:ADDRESS" = "1"
"pipx:git+GIT" = "v1"
"vfox:ADDRESS/x" = "1"
"asdf:ADDRESS/x" = "1"
"cargo:ADDRESS/x" = "tag:v1"
"ADDRESS" = "1"
node = "ADDRESS"
python = ["ADDRESS", "3.11"]
[plugins]
x = "ADDRESS/plugin"
""",
    ".tool-versions": "nodejs ref:ADDRESS\nADDRESS 1.0\n",
    ".gitlab-ci.yml": """\
include:
  - remote: ADDRESS/ci.yml
  - project: ADDRESS
    ref: v1
    file: /a.yml
  - component: ADDRESS/x@1.0
image: ADDRESS/image:1
a:
  image: {name: "ADDRESS/b:1"}
  services: ["ADDRESS/c:1", {name: "ADDRESS/d:1"}]
  script: [make]
""",
    ".github/workflows/a.yml": """\
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    container: ADDRESS/image:1
    services: {a: {image: "ADDRESS/b:1"}}
    steps:
      - uses: ADDRESS/x@v1
      - uses: docker://ADDRESS/c:1
      - uses: actions/setup-node@v4
        with: {node-version: "ADDRESS", registry-url: "ADDRESS"}
""",
}
# How people write a secret, and how nobody should.
ADDRESSES = {
    "password": f"https://user:{SECRET}@host.example.com",
    "token": f"https://{SECRET}@host.example.com",
    "two ats": f"https://user:{SECRET}@{SECRET}@host.example.com",
    "slash": f"https://user:{SECRET}/x@host.example.com",
    "ssh": f"ssh://user:{SECRET}@host.example.com",
    "no scheme": f"user:{SECRET}@host.example.com",
    "github": f"https://user:{SECRET}@github.com/owner",
    "long": f"https://user:{'x' * 60}{SECRET}{'x' * 600}@host.example.com",
}
CASES = [(path, how) for path in FILES for how in ADDRESSES]


@pytest.mark.parametrize(("path", "how"), CASES, ids=[f"{path}-{how}" for path, how in CASES])
def test_no_password_of_an_address_reaches_the_inventory(path: str, how: str) -> None:
    address = ADDRESSES[how]
    text = FILES[path].replace("ADDRESS", address).replace("GIT", f"{address}/owner/name.git")
    found = read_manifests(snapshot({path: text.encode()}), ecosystems())
    assert found.dependencies or found.skipped or found.readings
    seen = [entry for reading in found.readings.values() for entry in (reading.manifest, *reading.observations)]
    told = [*found.dependencies, *found.skipped, *seen]
    assert [entry for entry in told if SECRET in repr(entry)] == []


@pytest.mark.parametrize("path", FILES)
def test_each_reader_lists_what_stands_there(path: str) -> None:
    text = FILES[path].replace("ADDRESS", "https://h.example.com").replace("GIT", "https://h.example.com/a/b.git")
    found = read_manifests(snapshot({path: text.encode()}), ecosystems())
    assert found.readings
    assert not [entry for entry in found.skipped if entry.reason == "reader-failed"]
