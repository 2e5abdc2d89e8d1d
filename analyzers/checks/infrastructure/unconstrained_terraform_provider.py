"""A Terraform provider that is used without any constraint on its version."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.checks.infrastructure._providers import PROVIDERS
from analyzers.checks.infrastructure._rows import Row, finding, major, rows
from analyzers.model.finding import Evidence, Finding, Rule, Severity
from analyzers.model.skipped import Skipped

RULE = Rule(
    id="unconstrained-terraform-provider",
    group="infrastructure",
    title="The Terraform provider has no version constraint",
    what=(
        "Finds entries of required_providers without a version, and provider blocks whose folder does not require "
        "the provider at all."
    ),
    why=(
        "Without a constraint, terraform init takes the newest release that there is: the next major line arrives "
        "with whoever runs it next, and a plan that was empty yesterday replaces resources today. A lock file holds "
        "the version only until somebody upgrades it, and a module that others call has none."
    ),
    remediation=(
        "State what the module was tried with: ~> and the line in use in a root module, a lower bound (>=) in a "
        "module that others call."
    ),
    minutes=5,
    severity=Severity.MEDIUM,
    example='required_providers {\n  aws = {\n    source = "hashicorp/aws"\n  }\n}',
    better='required_providers {\n  aws = {\n    source  = "hashicorp/aws"\n    version = "~> 6.0"\n  }\n}',
)


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each provider without a constraint, once a folder."""
    providers = tuple(rows(evidence, PROVIDERS))
    settled = {_spot(one) for one in providers if one.dependency.value}
    for one in providers:
        if _spot(one) not in settled:
            settled.add(_spot(one))
            yield _report(one)


def _spot(row: Row) -> tuple[str, str]:
    """Return what counts once: the files of a folder are one module."""
    return row.dependency.place.path.rpartition("/")[0], row.key.name


def _report(row: Row) -> Finding:
    name, locked = row.dependency.name, row.dependency.locked_version
    held = f" The lock file holds {locked} for now." if locked else ""
    newest = row.stable[-1].version if row.stable else None
    known = locked if locked and PROVIDERS.scheme.key(locked) else newest
    remedy = f'Add version = "~> {major(known)}.0".' if known else "Add the version that the module was tried with."
    return finding(
        RULE,
        row,
        title=f"{name} has no version constraint",
        message=f"The provider {name} may be of any version.{held} {remedy}",
        severity=Severity.LOW if locked else RULE.severity,
    )
