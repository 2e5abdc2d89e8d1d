"""Which file is of which format, by its name and at a glance: what is loaded before any reader."""

from __future__ import annotations

import re
from typing import Final

ANNOTATION: Final = "annotation"
ANNOTATED: Final = ("Dockerfile", "Makefile", "install.sh", "values.yaml", "any.toml", "main.tf", ".env", "justfile")
_ANNOTATED: Final = re.compile(
    r"(?:.*/)?(?:[^/]*(?:Dockerfile|Containerfile|Earthfile)[^/]*|(?:GNU|BSD)?[Mm]akefile[^/]*|[Jj]ustfile|\.env(?:rc)?|Taskfile"
    r"|CMakeLists\.txt|[^/]+\.(?:ya?ml|mk|mak|sh|bash|zsh|fish|ps1|env|envrc|toml|tf|tfvars|hcl|cmake|nix|just|bzl|bazel"
    r"|properties|gradle|kts|cfg|conf|ini|py|go|rs|rb|groovy))"
)
TOOL_VERSIONS: Final = "tool-versions"
TOOL_VERSIONS_NAMES: Final = (".tool-versions",)
# Files of rbenv, jenv, goenv, phpenv, plenv and their kin; Python's and Node.js's are read with their ecosystems.
OF_ONE: Final = {
    ".ruby-version": "ruby",
    ".java-version": "java",
    ".go-version": "go",
    ".php-version": "php",
    ".perl-version": "perl",
    ".elixir-version": "elixir",
    ".exenv-version": "elixir",
    ".helm-version": "helm",
    ".kubectl-version": "kubectl",
}
MISE: Final = "mise"
MISE_LOCK: Final = "mise-lock"
_MISE_LOCK: Final = re.compile(r"mise(?:\.[\w-]+){0,2}\.lock")
_MISE: Final = re.compile(
    r"(?:.*/)?(?:\.?mise(?:\.[\w-]+){0,2}\.toml|\.?mise/config(?:\.[\w-]+){0,2}\.toml"
    r"|\.config/mise(?:\.[\w-]+){0,2}\.toml|\.config/mise/(?:config(?:\.[\w-]+){0,2}|conf\.d/[^/]+)\.toml)"
)


def may_be_annotated(path: str) -> bool:
    """Return whether people put versions for machines into files of this name."""
    return _ANNOTATED.fullmatch(path) is not None


def holds_annotation(content: bytes) -> bool:
    """Return whether an annotation may stand in the file."""
    return b"datasource=" in content and (b"renovate:" in content or b"debtscan:" in content)


def is_mise(path: str) -> bool:
    """Return whether mise reads a file of this path."""
    return "mise" in path and _MISE.fullmatch(path) is not None


def is_mise_lock(path: str) -> bool:
    """Return whether mise locks tools in a file of this path."""
    return _MISE_LOCK.fullmatch(path.rpartition("/")[2]) is not None
