"""A Terraform provider that is used without any constraint on its version."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.checks.infrastructure._providers import Provider, finding, major, providers
from analyzers.model.finding import Evidence, Finding, Rule, Severity
from analyzers.model.skipped import Skipped
from analyzers.versions.terraform import PROVIDERS as SCHEME

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
    found = tuple(providers(evidence))
    settled = {_spot(one) for one in found if one.entry.value}
    for one in found:
        if _spot(one) not in settled:
            settled.add(_spot(one))
            yield _report(one)


def _spot(found: Provider) -> tuple[str, str]:
    """Return what counts once: the files of a folder are one module."""
    return found.entry.place.path.rpartition("/")[0], found.key.name


def _report(found: Provider) -> Finding:
    name, locked = found.entry.name, found.entry.locked_version
    held = f" The lock file holds {locked} for now." if locked else ""
    newest = next((one.version for one in reversed(found.releases) if SCHEME.is_stable(one.version)), None)
    known = locked if locked and SCHEME.key(locked) else newest
    remedy = f'Add version = "~> {major(known)}.0".' if known else "Add the version that the module was tried with."
    return finding(
        RULE,
        found,
        title=f"{name} has no version constraint",
        message=f"The provider {name} may be of any version.{held} {remedy}",
        severity=Severity.LOW if locked else RULE.severity,
    )
