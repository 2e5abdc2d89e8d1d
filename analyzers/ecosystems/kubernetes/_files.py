"""Which file is of which format, by its name and at a glance: what is loaded before any reader."""

from __future__ import annotations

import re
from typing import Final

_OBJECTS = re.compile(r".*\.(?:ya?ml|json)", re.IGNORECASE)
# These begin with plain letters, which is what makes looking for them quick.
_KEYS = (re.compile(rb"apiVersion[\"']?[ \t]*:"), re.compile(rb"kind[\"']?[ \t]*:"))
_BEFORE_KEY = frozenset(b" \t\n\r\f\v{,\"'-")
CHART: Final = "helm-chart"
LOCK: Final = "helm-lock"
VALUES: Final = "helm-values"
CHART_NAMES: Final = ("Chart.yaml", "Chart.yml", "requirements.yaml", "requirements.yml")
LOCK_NAMES: Final = ("Chart.lock", "requirements.lock", "helmfile.lock")
_VALUES: Final = re.compile(r"(?:[^/]*[-_.])?values(?:[-_.][^/]*)?\.ya?ml", re.IGNORECASE)
HELMFILE_NAMES: Final = ("helmfile.yaml", "helmfile.yml", "helmfile.yaml.gotmpl")
_HELMFILE: Final = re.compile(r"(?:.*/)?(?:helmfile\.ya?ml|helmfile\.d/[^/]+\.ya?ml)(?:\.gotmpl)?")
HELMFILE: Final = "helmfile"
KUSTOMIZE: Final = "kustomize"
KUSTOMIZE_NAMES: Final = ("kustomization.yaml", "kustomization.yml", "Kustomization")
NAME: Final = "kubernetes"
API: Final = "kubernetes-api"


def may_hold_objects(path: str) -> bool:
    """Whether the path is that of a YAML or JSON file."""
    return bool(_OBJECTS.fullmatch(path))


def names_an_object(content: bytes) -> bool:
    """Whether both keys stand somewhere in the file."""
    # The plain search first: it is many times faster, and says no to nearly every file.
    return b"apiVersion" in content and all(_holds_key(key, content) for key in _KEYS)


def _holds_key(key: re.Pattern[bytes], content: bytes) -> bool:
    starts = (found.start() for found in key.finditer(content))
    return any(start == 0 or content[start - 1] in _BEFORE_KEY for start in starts)


def file_name(path: str) -> str:
    """Return the last part of a path."""
    return path.rpartition("/")[2]


def is_values(path: str) -> bool:
    """Whether the path is ``values.yaml``, ``values-prod.yaml``, ``staging.values.yml`` and the like."""
    return bool(_VALUES.fullmatch(file_name(path)))


def may_be_chart(content: bytes) -> bool:
    """Whether the file could be a chart or its requirements: other tools have files of these names."""
    return b"dependencies" in content or b"apiVersion" in content


def is_helmfile(path: str) -> bool:
    """Whether the path is ``helmfile.yaml`` or one of a folder ``helmfile.d``."""
    return bool(_HELMFILE.fullmatch(path))
