"""Which file is of which format, by its name and at a glance: what is loaded before any reader."""

from __future__ import annotations

from typing import Final

_ENDINGS: Final = (".tf", ".tofu", ".tf.json", ".tofu.json")
LOCK_FILE = ".terraform.lock.hcl"
TERRAGRUNT_FILES: Final = frozenset({"terragrunt.hcl", "terragrunt.stack.hcl"})
# Packer's, TFLint's, and the locks of Terraform and Packer.
_OTHERS: Final = (".pkr.hcl", ".tflint.hcl", ".lock.hcl", ".pkrvars.hcl", ".tftest.hcl", ".tfquery.hcl")
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


def may_be_included(path: str) -> bool:
    """Whether the path may be that of a file which Terragrunt's units include; other tools write the language too."""
    name = path.rpartition("/")[2]
    return name.endswith(".hcl") and not name.endswith(_OTHERS) and name not in TERRAGRUNT_FILES


def names_a_source(content: bytes) -> bool:
    """Whether a file may say where modules come from."""
    return b"locals" in content and (b"git" in content or b"source" in content)
