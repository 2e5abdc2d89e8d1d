"""A Terraform provider whose version in use is behind the newest release."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.checks.infrastructure._lag import outdated
from analyzers.checks.infrastructure._providers import PROVIDERS
from analyzers.model.finding import Evidence, Finding, Rule, Severity
from analyzers.model.skipped import Skipped

RULE = Rule(
    id="outdated-terraform-provider",
    group="infrastructure",
    title="A newer release of a Terraform provider is out",
    what=(
        "Compares the provider's version in use (from .terraform.lock.hcl, else the version that the constraint pins, "
        "else the newest that it admits) with the newest stable release of its registry that is old enough for "
        "minimum-release-age-days. A constraint without a lock file is outdated only when it keeps the newest out."
    ),
    why=(
        "A cloud's new services, regions and security settings arrive in new releases of its provider, and old ones "
        "stop working when the cloud retires an API. Behind by several major lines, the state has to be upgraded one "
        "line at a time."
    ),
    remediation=(
        "Raise the constraint, run terraform init -upgrade and read the plan: it should change nothing. Take one major "
        "line at a time, with its upgrade guide. Commit .terraform.lock.hcl."
    ),
    minutes=20,
    severity=Severity.LOW,
    example='aws = {\n  source  = "hashicorp/aws"\n  version = "~> 3.0"\n}',
    better='aws = {\n  source  = "hashicorp/aws"\n  version = "~> 6.0"\n}',
    sources=("terraform",),
)


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each provider that is behind, and a note for what could not be looked up or judged."""
    return outdated(RULE, PROVIDERS, evidence)
