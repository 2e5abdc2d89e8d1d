"""docs/templates.md cannot lie: what our own templates use stands on it, and examples of its types draw them all."""

from __future__ import annotations

import re

import pytest
from jinja2 import nodes

from bot.commands._template_kinds import TEMPLATES
from bot.example import Maker
from bot.markup import environment, render, templates_folder
from bot.template_pages import templates_page
from bot.template_words import given

PAGE = templates_page(TEMPLATES)
# Of Jinja and of Python's text.
BUILT_IN = {"loop", "index", "index0", "last", "format"}


def _tree(name: str) -> nodes.Template:
    return environment("markdown").parse((templates_folder() / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_name_that_a_template_uses_stands_on_the_page(name: str) -> None:
    tree = _tree(name)
    local = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "store"}
    names = {node.name for node in tree.find_all(nodes.Name)} - local
    members = {node.attr for node in tree.find_all(nodes.Getattr)}
    section = PAGE.partition(f"## {name}\n")[2].partition("\n## ")[0]
    assert names - BUILT_IN <= set(re.findall(r"^\| `(\w+)", section, re.MULTILINE))
    types = PAGE.partition("\n## Types\n")[2]
    assert members - BUILT_IN <= set(re.findall(r"^\| `(\w+)", types, re.MULTILINE))


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("name", TEMPLATES)
def test_an_example_made_from_the_types_draws_it(name: str, *, full: bool) -> None:
    drawn = render(name, given(Maker(full=full).make(TEMPLATES[name])))
    assert drawn.strip() or not full


def test_every_value_has_a_type_and_a_meaning() -> None:
    values = PAGE.partition("\n## Types\n")[0]
    rows = re.findall(r"^\| `.*$", values, re.MULTILINE)
    assert len(rows) > 100
    assert all(re.fullmatch(r"\| `[^|]+` \| [^|]+ \| [^|]+ \|", row) for row in rows)


def test_every_type_has_a_section_of_its_own() -> None:
    sections = re.findall(r"^### (\w+)$", PAGE, re.MULTILINE)
    assert len(sections) == len(set(sections))
    assert {name.lower() for name in sections} >= set(re.findall(r"\]\(#(\w+)\)", PAGE))
