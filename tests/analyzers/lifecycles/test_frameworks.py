from __future__ import annotations

import pytest

from analyzers.ecosystems.npm.ecosystem import ECOSYSTEM as NPM
from analyzers.ecosystems.python.ecosystem import ECOSYSTEM as PYTHON
from analyzers.lifecycles import table
from analyzers.lifecycles.frameworks import framework_products, frameworks, line_of, questions
from analyzers.model.facts import Lifecycle
from analyzers.model.inventory import Inventory, Repository
from tests.support.dependencies import npm, requirement


def test_every_framework_has_a_lifecycle_in_the_bundled_table() -> None:
    assert framework_products() <= set(table.products())


def test_names_are_written_as_they_are_compared() -> None:
    for world in (NPM, PYTHON):
        named = [name for ecosystem, name in frameworks() if ecosystem == world.name]
        assert named
        assert named == [world.normalise(name) for name in named]


@pytest.mark.parametrize(
    ("package", "version", "cycles"),
    [
        (("pypi", "django"), "4.2.11", ["4.2"]),
        (("pypi", "django"), "4.2", ["4.2"]),
        (("pypi", "django"), "4.2rc1", ["4.2"]),
        (("pypi", "django"), "4", []),
        (("pypi", "django"), "99.1", []),
        (("npm", "@angular/core"), "17.3.1", ["17"]),
        (("npm", "vue"), "2.6.14", ["2.7", "2.6", "2.5", "2.4", "2.3", "2.2", "2.1", "2.0"]),
        (("npm", "next"), "v14.0.0-canary.1", ["14"]),
        (("npm", "react-native"), "0.84.1", ["0.84"]),
        (("npm", "next"), "canary", []),
    ],
)
def test_a_version_names_its_line(package: tuple[str, str], version: str, cycles: list[str]) -> None:
    framework = frameworks()[package]
    lifecycle: Lifecycle = table.products()[framework.product]
    assert [cycle.name for cycle in line_of(framework, lifecycle, version)] == cycles


def test_what_is_asked() -> None:
    rows = (
        requirement("Django", "==4.1"),
        requirement("flask", "==1.0"),
        npm("vue", None, locked_version="2.6.0", direct=False),
        npm("next", "workspace:*", skip_reason="local-path"),
        npm("nuxt", "^2"),
        requirement("django", "4", ecosystem="other"),
    )
    inventory = Inventory(repository=Repository("demo"), dependencies=rows)
    assert [question.name for question in questions(inventory, (NPM, PYTHON))] == ["django", "nuxt"]
