"""Which file is of which format, by its name and at a glance: what is loaded before any reader."""

from __future__ import annotations

import re
from typing import Final

_STEMS = ("dockerfile", "containerfile")
# What may stand behind the name before more of it; the first is nothing.
_JOINTS = ("", ".", "-", "_")
# Dockerfile.<this> is something about a Dockerfile, or in another language.
_OTHERS = frozenset(
    {
        *("dockerignore", "containerignore", "md", "rst", "adoc", "txt", "html", "license", "sha256", "sig"),
        *("py", "go", "js", "ts", "rb", "rs", "java", "sh", "ps1", "lua", "vim", "json", "yml", "yaml", "toml", "lock"),
    }
)
# dockerfile-<this> is often something about Dockerfiles: a program, a picture, settings. Dockerfile.<this> is not.
_WITHIN_A_WORD: Final = ("-", "_")
_ABOUT_DOCKERFILES: Final = frozenset(
    {
        *("c", "cc", "cpp", "cs", "cxx", "h", "hpp", "kt", "php", "pl", "scala", "swift", "sql", "mjs", "cjs", "mts"),
        *("jsx", "tsx", "vue", "css", "scss", "bats", "cmd", "bat", "ipynb", "map", "snap", "diff", "patch", "log"),
        *("svg", "png", "jpg", "jpeg", "gif", "ico", "webp", "pdf", "xml", "csv", "tsv", "jsonc", "json5", "jsonl"),
        *("cfg", "conf", "ini", "rego", "nix", "el", "zip", "gz", "tgz", "xz", "tar"),
    }
)
_COMPOSE: Final = re.compile(r"(?:docker-)?compose(?:[._-][^/]*)?\.ya?ml|[^/]*[._-]docker-compose\.ya?ml")
ENV_FILE: Final = ".env"
GITLAB_CI: Final = "gitlab-ci"
_PIPELINE: Final = re.compile(r"(?:[^/]*)\.gitlab-ci\.ya?ml")
CIRCLECI: Final = "circleci"
_CIRCLECI: Final = re.compile(r"(?:^|/)\.circleci/(?:[^/]+/)*[^/]+\.ya?ml$")
QUADLET: Final = "quadlet"
QUADLET_ENDINGS: Final = (".container", ".image")
_DEVCONTAINER: Final = re.compile(r"(?:^|/)(?:\.devcontainer/(?:[^/]+/)?devcontainer\.json|\.devcontainer\.json)")
_DEVCONTAINER_LOCK: Final = re.compile(
    r"(?:^|/)(?:\.devcontainer/(?:[^/]+/)?devcontainer-lock\.json|\.devcontainer-lock\.json)"
)
NAME = "docker"


def is_dockerfile(path: str) -> bool:
    """Whether the path is ``Dockerfile``, ``Dockerfile.dev``, ``Dockerfile-dev``, ``web.Dockerfile`` or alike."""
    name = path.rpartition("/")[2].lower()
    if name.startswith(_STEMS):
        rest = name.removeprefix("dockerfile").removeprefix("containerfile")
        others = _OTHERS | _ABOUT_DOCKERFILES if rest[:1] in _WITHIN_A_WORD else _OTHERS
        return rest[:1] in _JOINTS and ("." not in rest or name.rpartition(".")[2] not in others)
    return name.rpartition(".")[2] in _STEMS


def is_compose(path: str) -> bool:
    """Whether the path is ``compose.yaml``, ``docker-compose.prod.yml`` and the like."""
    return bool(_COMPOSE.fullmatch(path.rpartition("/")[2].lower()))


def is_env_file(path: str) -> bool:
    """Whether the path is a ``.env`` file."""
    return path.rpartition("/")[2] == ENV_FILE


def is_pipeline(path: str) -> bool:
    """Whether the path is ``.gitlab-ci.yml``, ``build.gitlab-ci.yml`` and the like."""
    return bool(_PIPELINE.fullmatch(path.rpartition("/")[2].lower()))


def is_circleci(path: str) -> bool:
    """Whether the path is a file of CircleCI's folder."""
    return _CIRCLECI.search(path) is not None


def is_quadlet(path: str) -> bool:
    """Whether the path ends as a unit of podman does."""
    return path.endswith(QUADLET_ENDINGS)


def has_unit_of_podman(content: bytes) -> bool:
    """Whether the file has a section of podman's: other programs use these endings as well."""
    return re.search(rb"^\[(?:Container|Image)\]", content, re.MULTILINE) is not None


def is_devcontainer(path: str) -> bool:
    """Whether the path is one of the places where a development container is described."""
    return path.endswith("devcontainer.json") and _DEVCONTAINER.search(path) is not None


def is_devcontainer_lock(path: str) -> bool:
    """Whether the path is the lock file beside such a description."""
    return path.endswith("devcontainer-lock.json") and _DEVCONTAINER_LOCK.search(path) is not None
