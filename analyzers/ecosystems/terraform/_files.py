"""Which file is of which format, by its name and at a glance: what is loaded before any reader."""

from __future__ import annotations

from typing import Final

_ENDINGS: Final = (".tf", ".tofu", ".tf.json", ".tofu.json")
LOCK_FILE = ".terraform.lock.hcl"
TERRAGRUNT_FILES: Final = frozenset({"terragrunt.hcl", "terragrunt.stack.hcl"})
NAME: Final = "terraform"
PROVIDER: Final = "terraform-provider"
PROVIDER_BLOCK: Final = "terraform-provider-block"


def is_configuration(path: str) -> bool:
    """Whether the path is that of a configuration file."""
    return path.endswith(_ENDINGS)


def is_lock(path: str) -> bool:
    """Whether the path is a dependency lock file."""
    return path.rpartition("/")[2] == LOCK_FILE


def is_terragrunt(path: str) -> bool:
    """Whether the path is a Terragrunt unit or stack."""
    return path.rpartition("/")[2] in TERRAGRUNT_FILES
