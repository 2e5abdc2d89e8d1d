"""Pages printed from the code: the rules, and the README's tables of what is read, judged and asked."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Mapping

from analyzers.model.ecosystem import Ecosystem
from analyzers.model.exchange import Source
from analyzers.model.finding import GROUPS, Rule


def rule_page(rule: Rule) -> str:
    """Return the rule's page in Markdown, which reads well as plain text too."""
    parts = [
        f"# {rule.id}",
        f"{rule.title}. Group **{rule.group}**, severity **{rule.severity}**, about {rule.minutes} minutes of work.",
        f"## What it does\n\n{rule.what}",
        f"## Why that is bad\n\n{rule.why}",
        f"## How to mend it\n\n{rule.remediation}",
    ]
    if rule.example:
        parts.append(f"## Example\n\n{_block(rule.example)}")
    if rule.better:
        parts.append(f"Better:\n\n{_block(rule.better)}")
    if rule.sources:
        parts.append(f"Asks: {', '.join(rule.sources)}.")
    parts.append(f"Ignore it with a comment: `# debtscan: ignore[{rule.id}] reason until=YYYY-MM-DD`.")
    return "\n\n".join(parts) + "\n"


def _block(text: str) -> str:
    return textwrap.indent(text.strip("\n"), "    ")


def rules_list(rules: Iterable[Rule], origins: Mapping[str, str] | None = None) -> str:
    """Return one line a rule, by group, for a terminal; ``origins`` names the packages of those that are not ours."""
    by_group = _by_group(rules)
    width = max((len(rule.id) for _group, members in by_group for rule in members), default=0)
    lines: list[str] = []
    for group, members in by_group:
        lines += [group, *(f"  {rule.id:<{width}}  {rule.title}{_from(rule, origins)}" for rule in members), ""]
    return "\n".join(lines)


def _from(rule: Rule, origins: Mapping[str, str] | None) -> str:
    package = (origins or {}).get(rule.id)
    return f" (from {package})" if package else ""


def rules_table(rules: Iterable[Rule]) -> str:
    """Return the Markdown table of the README."""
    rows = [
        f"| {group} | [`{rule.id}`](docs/rules/{rule.id}.md) | {rule.title} |"
        for group, members in _by_group(rules)
        for rule in members
    ]
    return "\n".join(("| group | rule | finds |", "|---|---|---|", *rows)) + "\n"


def rules_json(rules: Iterable[Rule], origins: Mapping[str, str] | None = None) -> str:
    """Return every rule with all its texts; ``package`` is where it comes from, null for our own."""
    keys = ("id", "group", "title", "what", "why", "remediation", "minutes", "severity", "example", "better")
    listed = [
        {key: getattr(rule, key) for key in keys} | {"package": (origins or {}).get(rule.id)}
        for _group, members in _by_group(rules)
        for rule in members
    ]
    return json.dumps(listed, indent=2) + "\n"


def formats_table(ecosystems: Iterable[Ecosystem]) -> str:
    """Return the Markdown table of the files that are read."""
    rows = [
        f"| {world.title} | {form.title} | {', '.join(f'`{example}`' for example in form.examples)} |"
        for world in ecosystems
        for form in world.formats
    ]
    return "\n".join(("| ecosystem | format | files |", "|---|---|---|", *rows)) + "\n"


def sources_table(sources: Iterable[Source]) -> str:
    """Return the Markdown table of what is asked."""
    rows = [
        f"| {source.title} | `{source.name}` | {source.limits} | {'yes' if source.seen_live else 'not yet'} |"
        for source in sources
    ]
    return "\n".join(("| source | name | limits | seen live |", "|---|---|---|---|", *rows)) + "\n"


def _by_group(rules: Iterable[Rule]) -> list[tuple[str, list[Rule]]]:
    stated = list(rules)
    groups = [
        (group, sorted((rule for rule in stated if rule.group == group), key=lambda rule: rule.id)) for group in GROUPS
    ]
    return [(group, members) for group, members in groups if members]
