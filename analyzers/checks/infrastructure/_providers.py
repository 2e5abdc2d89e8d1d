"""Terraform's providers, as the rules of this folder judge them."""

from __future__ import annotations

from typing import Final

from analyzers.checks.infrastructure._rows import Kind
from analyzers.ecosystems.terraform.ecosystem import ECOSYSTEM
from analyzers.ecosystems.terraform.questions import provider
from analyzers.versions.terraform import PROVIDERS as SCHEME

PROVIDERS: Final = Kind(
    noun="provider",
    registry="registry",
    refresh="Run terraform init -upgrade and commit the lock file.",
    scheme=SCHEME,
    question=provider,
    subject=ECOSYSTEM.normalise,
    identity=lambda entry: f"{ECOSYSTEM.normalise(entry.name)}|{entry.kind}",
)
