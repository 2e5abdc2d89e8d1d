"""The published JSON Schemas."""

from __future__ import annotations

import json

from analyzers.config import Config
from analyzers.organization import OrganizationFile
from analyzers.typed import schema
from bot.report import hotspots_json, rollup_json
from bot.report import json as json_report

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def config_schema() -> str:
    """Return the JSON Schema of ``debtscan.toml``."""
    return (
        json.dumps({"$schema": _DIALECT, "title": "debtscan.toml", **schema(Config)}, indent=2, sort_keys=True) + "\n"
    )


def organization_schema() -> str:
    """Return the JSON Schema of an organisation's ``debtscan.toml``."""
    title = "debtscan.toml of an organisation"
    return (
        json.dumps({"$schema": _DIALECT, "title": title, **schema(OrganizationFile)}, indent=2, sort_keys=True) + "\n"
    )


def report_schema() -> str:
    """Return the JSON Schema of the JSON report."""
    return json_report.schema()


def roll_up_schema() -> str:
    """Return the JSON Schema of the JSON roll-up of many repositories."""
    return rollup_json.schema()


def hotspots_schema() -> str:
    """Return the JSON Schema of the JSON that ``debtscan hotspots`` writes."""
    return hotspots_json.schema()


def _printed(title: str, kind: type[Config | OrganizationFile]) -> str:
    return json.dumps({"$schema": _DIALECT, "title": title, **schema(kind)}, indent=2, sort_keys=True) + "\n"
