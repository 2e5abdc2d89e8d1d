"""Where what moves is used: importing code by its changes, else the places where it is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from analyzers.config import Config
from analyzers.model.inventory import Inventory, Repository
from analyzers.model.subject import SubjectKey
from analyzers.read import read
from analyzers.repository.snapshot import open_snapshot
from analyzers.settings import Settings
from bot.upgrade.usage import usage, usages_of
from tests.support.dependencies import npm
from tests.support.upgrades import AS_OF, move, result


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


def test_scripts_that_import_a_package_of_npm_are_found(tmp_path: Path) -> None:
    files = {
        "a.ts": "import x from '@vue/compiler-sfc/dist/x'\nimport 'left-pad'\n",
        "b.js": 'const y = require("left-pad")\nexport { z } from "@vue/compiler-sfc";\n',
        "c.vue": "<script>const y = await import('left-pad/lib')</script>\n",
        "d.js": "// left-pad, './left-pad' and \"other\"\nimport z from './left-pad'\n",
        "e.py": "import 'left-pad'\n",
        "node_modules/x/i.js": "require('left-pad')\n",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    snapshot = open_snapshot(tmp_path, Config())
    inventory = read(snapshot, Settings(Config()), as_of=AS_OF)
    moves = [move(name, key=SubjectKey("npm", name)) for name in ("left-pad", "@vue/compiler-sfc")]
    found = usages_of(moves, inventory, snapshot)
    assert {mark: [one.path for one in told.files] for mark, told in found.items()} == {
        "npm:left-pad": ["a.ts", "b.js", "c.vue"],
        "npm:@vue/compiler-sfc": ["a.ts", "b.js"],
    }


def test_what_no_code_imports_is_used_where_it_is_written() -> None:
    rows = (npm("left-pad", "^1.0.0"), npm("left-pad", "^1.0.0"), npm("other", "^1"))
    inventory = Inventory(repository=Repository("x"), dependencies=rows)
    found = usage(move("left-pad", key=SubjectKey("npm", "left-pad")), inventory)
    assert [(one.path, one.line) for one in found.files] == [(rows[0].place.path, rows[0].place.line)]
    assert not found.imported
    assert usage(move("absent"), inventory).files == ()
