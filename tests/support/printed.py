"""Prints what can be printed from the code: README tables, rule pages, schemas. CI fails when they are stale.

``python -m tests.support.printed --write`` writes, ``--check`` only compares.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml

from analyzers.look_up import sources
from analyzers.read import ecosystems
from analyzers.scan import rules
from bot import pages, schemas
from bot.commands._template_kinds import TEMPLATES
from bot.commands.parser import build_parser
from bot.posts import answers
from bot.service import permissions, secret_files
from bot.service.api import openapi
from bot.template_pages import templates_page
from tests.support.service import dashboard, migrations, operations

ROOT = Path(__file__).resolve().parents[2]
_PAGES = ("commands", "github-app", "network", "operations", "pages", "templates", "workflow")
_BLOCK = re.compile(r"(<!-- printed: ([a-z]+) -->\n).*?(<!-- /printed -->)", re.DOTALL)


def printed() -> Iterator[tuple[Path, str]]:
    """Yield each printed file with the text that it should have."""
    for rule in rules().values():
        yield ROOT / "docs" / "rules" / f"{rule.id}.md", pages.rule_page(rule)
    yield ROOT / "docs" / "schemas" / "config-1.json", schemas.config_schema()
    yield ROOT / "docs" / "schemas" / "organization-1.json", schemas.organization_schema()
    yield ROOT / "docs" / "schemas" / "report-1.json", schemas.report_schema()
    yield ROOT / "docs" / "schemas" / "hotspots-1.json", schemas.hotspots_schema()
    yield ROOT / "docs" / "schemas" / "roll-up-1.json", schemas.roll_up_schema()
    yield ROOT / "docs" / "schemas" / "openapi-1.json", openapi.printed()
    yield ROOT / "deploy" / "grafana" / "debtscan.json", dashboard.dashboard()
    yield from migrations.unreleased()
    for name in (
        "README.md",
        *(f"docs/{one}.md" for one in _PAGES),
    ):
        path = ROOT / name
        yield path, _BLOCK.sub(_filled, path.read_text(encoding="utf-8"))


def _filled(block: re.Match[str]) -> str:
    tables: dict[str, Callable[[], str]] = {
        "formats": lambda: pages.formats_table(ecosystems()),
        "rules": lambda: pages.rules_table(rules().values()),
        "sources": lambda: pages.sources_table(sources().values()),
        "action": action_tables,
        "commands": answers.usage_table,
        "templates": lambda: templates_page(TEMPLATES),
        "endpoints": openapi.table,
        "permissions": permissions.permissions_table,
        "events": permissions.events_table,
        "secrets": secret_files.secrets_table,
        "metrics": operations.metrics_table,
        "keys": operations.keys_table,
        "service": operations.commands_help,
        "alerts": operations.alerts,
        "help": lambda: f"```\n{build_parser().format_help()}```\n",
    }
    return f"{block.group(1)}{tables[block.group(2)]()}{block.group(3)}"


def action_tables() -> str:
    """Return the inputs and outputs of ``action.yml`` as tables."""
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    rows = ["| input | what | default |", "|---|---|---|"]
    for name, entry in action["inputs"].items():
        rows.append(f"| `{name}` | {entry['description']} | `{entry['default']}` |")
    rows += ["", "| output | what |", "|---|---|"]
    rows += [f"| `{name}` | {entry['description']} |" for name, entry in action["outputs"].items()]
    return "\n".join(rows) + "\n"


def stale_pages() -> list[Path]:
    """Return the rule pages on disk that no rule prints any more."""
    wanted = {path for path, _text in printed()}
    return sorted(path for path in (ROOT / "docs" / "rules").glob("*.md") if path not in wanted)


def main(arguments: list[str]) -> int:
    """Write, or compare and say what differs."""
    if arguments not in (["--write"], ["--check"]):
        sys.stderr.write(__doc__ or "")
        return 2
    stale = [path for path, text in printed() if not path.exists() or path.read_text(encoding="utf-8") != text]
    gone = stale_pages()
    if arguments == ["--write"]:
        for path, text in printed():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        for path in gone:
            path.unlink()
        return 0
    for path in (*stale, *gone):
        sys.stderr.write(f"{path.relative_to(ROOT)} is stale: run 'make print'\n")
    return 1 if stale or gone else 0


if __name__ == "__main__":
    # The help text wraps at the terminal's width: the printed one always at 80 columns.
    import os

    os.environ["COLUMNS"] = "80"
    os.environ["NO_COLOR"] = "1"
    sys.exit(main(sys.argv[1:]))
