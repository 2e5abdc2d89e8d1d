"""Terraform and OpenTofu: providers, modules, and what they deploy by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.ecosystems.terraform import _files
from analyzers.model.ecosystem import Ecosystem, Format
from analyzers.model.later import later, later_scheme

if TYPE_CHECKING:
    from analyzers.ecosystems.terraform import _configuration, _lock, _pairing, _terragrunt, questions
else:
    _configuration, _lock, _pairing, _terragrunt, questions = later(
        __package__, "_configuration", "_lock", "_pairing", "_terragrunt", "questions"
    )

ECOSYSTEM = Ecosystem(
    name=_files.NAME,
    title="Terraform",
    formats=(
        Format(
            name="terraform",
            title="providers, modules, required_version; charts of helm_release, images of containers",
            examples=("main.tf", "versions.tofu", "main.tf.json"),
            matches=_files.is_configuration,
            endings=(".tf", ".tofu", ".json"),
            read=_configuration.read,
        ),
        Format(
            name="terraform-lock",
            title="locked providers",
            examples=(_files.LOCK_FILE,),
            matches=_files.is_lock,
            endings=(".hcl",),
            read=_lock.read,
        ),
        Format(
            name="terragrunt",
            title="modules of Terragrunt units and stacks",
            examples=tuple(sorted(_files.TERRAGRUNT_FILES)),
            matches=_files.is_terragrunt,
            endings=(".hcl",),
            read=_terragrunt.read,
        ),
        Format(
            name="terragrunt-include",
            title="what Terragrunt units include: the sources that locals make",
            examples=("_envcommon/mysql.hcl", "root.hcl"),
            matches=_files.may_be_included,
            endings=(".hcl",),
            sniff=_files.names_a_source,
            read=_terragrunt.read_part,
        ),
    ),
    questions=questions.questions,
    normalise=questions.normalise,
    pair=_pairing.pair,
    package=questions.package,
    scheme=later_scheme("terraform", "analyzers.versions.terraform"),
)
