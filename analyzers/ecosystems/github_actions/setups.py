"""What common setup actions install: the versions that stand under ``with:``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzers.ecosystems.github_actions.matrix import Scope, expand, literal
from analyzers.ecosystems.github_actions.uses import parse
from analyzers.lifecycles import tool_row
from analyzers.model.inventory import Dependency
from analyzers.model.skipped import SkipReason
from analyzers.syntax import yaml_lines
from analyzers.syntax.image_reference import image_dependency
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.spliced import Spliced
from analyzers.syntax.text import SourceText

# Action → input → the runtime or tool whose version it is. Inputs that name a file are no versions.
INPUTS: Final[dict[str, dict[str, str]]] = {
    "abatilo/actions-poetry": {"poetry-version": "poetry"},
    "actions-rust-lang/setup-rust-toolchain": {"toolchain": "rust-toolchain"},
    "actions/setup-dotnet": {"dotnet-version": "dotnet"},
    "actions/setup-go": {"go-version": "go"},
    "actions/setup-java": {"java-version": "java"},
    "actions/setup-node": {"node-version": "node"},
    "actions/setup-python": {"python-version": "python"},
    "aquaproj/aqua-installer": {"aqua_version": "aqua"},
    "aquasecurity/setup-trivy": {"version": "trivy"},
    "aquasecurity/trivy-action": {"version": "trivy"},
    "arduino/setup-protoc": {"version": "protoc"},
    "arduino/setup-task": {"version": "task"},
    "astral-sh/ruff-action": {"version": "ruff"},
    "astral-sh/setup-uv": {"version": "uv", "python-version": "python"},
    "azure/setup-helm": {"version": "helm"},
    "azure/setup-kubectl": {"version": "kubectl"},
    "biomejs/setup-biome": {"version": "biome"},
    "bufbuild/buf-action": {"version": "buf"},
    "bufbuild/buf-setup-action": {"version": "buf"},
    "cargo-bins/cargo-binstall": {"version": "cargo-binstall"},
    "cloudflare/wrangler-action": {"wranglerVersion": "wrangler"},
    "conda-incubator/setup-miniconda": {"miniforge-version": "miniforge", "python-version": "python"},
    "crystal-lang/install-crystal": {"crystal": "crystal", "shards": "shards"},
    "cue-lang/setup-cue": {"version": "cue"},
    "cycjimmy/semantic-release-action": {"semantic_version": "semantic-release"},
    "dagger/dagger-for-github": {"version": "dagger"},
    "dart-lang/setup-dart": {"sdk": "dart"},
    "denoland/setup-deno": {"deno-version": "deno"},
    "docker/setup-buildx-action": {"version": "buildx"},
    "docker/setup-compose-action": {"version": "docker-compose"},
    "docker/setup-docker-action": {"version": "docker"},
    "dtolnay/rust-toolchain": {"toolchain": "rust-toolchain"},
    "erlef/setup-beam": {
        "otp-version": "erlang",
        "elixir-version": "elixir",
        "gleam-version": "gleam",
        "rebar3-version": "rebar3",
    },
    "expo/expo-github-action": {"eas-version": "eas-cli"},
    "extractions/setup-just": {"just-version": "just"},
    "foundry-rs/foundry-toolchain": {"version": "foundry"},
    "gittools/actions/gitversion/setup": {"versionSpec": "gitversion"},
    "golangci/golangci-lint-action": {"version": "golangci-lint"},
    "goreleaser/goreleaser-action": {"version": "goreleaser"},
    "graalvm/setup-graalvm": {"java-version": "java"},
    "gradle/actions/setup-gradle": {"gradle-version": "gradle"},
    "gradle/gradle-build-action": {"gradle-version": "gradle"},
    "hashicorp/setup-packer": {"version": "packer"},
    "hashicorp/setup-terraform": {"terraform_version": "terraform"},
    "haskell-actions/setup": {"ghc-version": "ghc", "cabal-version": "cabal"},
    "helm/chart-releaser-action": {"version": "chart-releaser"},
    "helm/chart-testing-action": {"version": "chart-testing"},
    "helm/kind-action": {"version": "kind", "kubectl_version": "kubectl"},
    "j178/prek-action": {"prek-version": "prek"},
    "jakebailey/pyright-action": {"version": "pyright"},
    "jdx/mise-action": {"version": "mise"},
    "jfrog/setup-jfrog-cli": {"version": "jfrog-cli"},
    "julia-actions/setup-julia": {"version": "julia"},
    "jwlawson/actions-setup-cmake": {"cmake-version": "cmake"},
    "mlugg/setup-zig": {"version": "zig"},
    "moonrepo/setup-rust": {"channel": "rust-toolchain"},
    "moonrepo/setup-toolchain": {"moon-version": "moon", "proto-version": "proto"},
    "mozilla-actions/sccache-action": {"version": "sccache"},
    "opentofu/setup-opentofu": {"tofu_version": "opentofu"},
    "oven-sh/setup-bun": {"bun-version": "bun"},
    "pdm-project/setup-pdm": {"version": "pdm", "python-version": "python"},
    "peaceiris/actions-hugo": {"hugo-version": "hugo"},
    "pnpm/action-setup": {"version": "pnpm"},
    "prefix-dev/setup-pixi": {"pixi-version": "pixi"},
    "pulumi/actions": {"pulumi-version": "pulumi"},
    "pyo3/maturin-action": {"maturin-version": "maturin"},
    "pypa/hatch": {"version": "hatch"},
    "r-lib/actions/setup-r": {"r-version": "r"},
    "raven-actions/actionlint": {"version": "actionlint"},
    "reviewdog/action-setup": {"reviewdog_version": "reviewdog"},
    "ruby/setup-ruby": {"ruby-version": "ruby"},
    "shivammathur/setup-php": {"php-version": "php"},
    "shogo82148/actions-setup-perl": {"perl-version": "perl"},
    "sigstore/cosign-installer": {"cosign-release": "cosign"},
    "snok/install-poetry": {"version": "poetry"},
    "stcarolas/setup-maven": {"maven-version": "maven"},
    "subosito/flutter-action": {"flutter-version": "flutter"},
    "supabase/setup-cli": {"version": "supabase"},
    "superfly/flyctl-actions/setup-flyctl": {"version": "flyctl"},
    "swift-actions/setup-swift": {"swift-version": "swift"},
    "terraform-linters/setup-tflint": {"tflint_version": "tflint"},
    "upcloudltd/upcloud-cli-action": {"version": "upcloud-cli"},
    "willabides/setup-go-faster": {"go-version": "go"},
    "zizmorcore/zizmor-action": {"version": "zizmor"},
}
_NODE_IMAGE: Final = ("helm/kind-action", "node_image")
# An image in two inputs: action → name, tag; and the name where none is given.
_TAGGED_IMAGE: Final = (
    "renovatebot/github-action",
    "renovate-image",
    "renovate-version",
    "ghcr.io/renovatebot/renovate",
)
MATRIX: Final = "matrix"


def installed(source: SourceText, step: Mapping, kind: str, scope: Scope) -> Iterator[Dependency]:
    """Yield what a step's ``with:`` installs at a version, each version of a matrix at its own place."""
    uses = step.scalar("uses")
    action = parse(uses.value) if uses else None
    if action is None:
        return
    given = step.mapping("with")
    called = action.full_name.lower()
    for key, name in INPUTS.get(called, {}).items():
        value = given.scalar(key)
        if value and value.value:
            yield from _versions(source, name, value, kind, scope, _text(given, "distribution"))
    image = given.scalar(_NODE_IMAGE[1]) if called == _NODE_IMAGE[0] else None
    if image:
        yield image_dependency(source, Spliced.at(image.value, image.start), kind=kind)
    if called == _TAGGED_IMAGE[0]:
        yield from _tagged_image(source, given, kind)


def _tagged_image(source: SourceText, given: Mapping, kind: str) -> Iterator[Dependency]:
    """Yield the image whose tag, or tag and digest, stands in an input of its own."""
    _, name_key, tag_key, default = _TAGGED_IMAGE
    name, tag = given.scalar(name_key), given.scalar(tag_key)
    if tag and tag.value and "${{" not in tag.value:
        written = Spliced.at(name.value, name.start) if name and name.value else Spliced.at(default, tag.start)
        joined = Spliced.join((written, Spliced.at(":", tag.start), Spliced.at(tag.value, tag.start)))
        yield image_dependency(source, joined, kind=kind)


def _text(table: Mapping, key: str) -> str:
    found = table.scalar(key)
    return found.value.lower() if found and "${{" not in found.value else ""


def _versions(
    source: SourceText, name: str, value: Scalar, kind: str, scope: Scope, distribution: str
) -> Iterator[Dependency]:
    pieces = [piece for item in expand(source, value, scope) for piece in _pieces(source, item)]
    group = MATRIX if len(pieces) > 1 else None
    for text, start, reason in pieces:
        written = tool_row.Written(
            source=source, text=text, start=start, kind=kind, group=group, distribution=distribution
        )
        yield tool_row.unknown(name, written, reason) if reason else tool_row.row(name, written)


def _pieces(source: SourceText, item: Spliced | Node) -> Iterator[tuple[str, int, SkipReason | None]]:
    """Yield each version that an input names, where it begins, and why it is none that can be read."""
    if isinstance(item, Spliced):
        runs = list(item.runs())
        if item.gaps or "${{" in item.text or len(runs) > 1:
            yield (*runs[0], "unpinned-expression")
        elif item.text.strip():
            yield item.text.strip(), runs[0][1] + len(item.text) - len(item.text.lstrip()), None
    elif isinstance(item, Scalar):
        yield from _written(source, item)
    elif isinstance(item, Sequence):
        for entry in item.items:
            yield from _pieces(source, entry)


def _written(source: SourceText, scalar: Scalar) -> Iterator[tuple[str, int, SkipReason | None]]:
    """Yield the versions of a scalar: itself, or, of one over several lines, each line's."""
    written = literal(source, scalar)
    if written:
        yield from _pieces(source, written)
        return
    for line in yaml_lines.lines(source, scalar):
        text = line.text.strip()
        if text and "\\" not in text and "${{" not in text:
            yield text, line.start + len(line.text) - len(line.text.lstrip()), None
        elif text:
            yield text, line.start + len(line.text) - len(line.text.lstrip()), "unsupported-syntax"
