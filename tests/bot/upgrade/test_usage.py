"""Where what moves is used: importing code by its changes, else the places where it is written."""

from __future__ import annotations

from dataclasses import replace

from analyzers.model.inventory import Inventory, Repository
from analyzers.model.subject import SubjectKey
from bot.upgrade.usage import usage
from tests.support.dependencies import npm
from tests.support.upgrades import move, result


def test_code_that_imports_it_comes_hottest_first() -> None:
    found = usage(move(), result(()).inventory)
    assert [(one.path, one.changes) for one in found.files] == [
        ("shop/api.py", 31),
        ("shop/fetch.py", 11),
        ("tools/once.py", 0),
    ]
    assert found.imported


def test_the_list_is_bounded_and_the_rest_counted() -> None:
    inventory = replace(result(()).inventory, importers={("pypi", "requests"): tuple(f"{at}.py" for at in range(50))})
    found = usage(move(), inventory, most=3)
    assert [one.path for one in found.files] == ["0.py", "1.py", "10.py"]
    assert found.count == 50


def test_what_no_code_imports_is_used_where_it_is_written() -> None:
    rows = (npm("left-pad", "^1.0.0"), npm("left-pad", "^1.0.0"), npm("other", "^1"))
    inventory = Inventory(repository=Repository("x"), dependencies=rows)
    found = usage(move("left-pad", key=SubjectKey("npm", "left-pad")), inventory)
    assert [(one.path, one.line) for one in found.files] == [(rows[0].place.path, rows[0].place.line)]
    assert not found.imported
    assert usage(move("absent"), inventory).files == ()
