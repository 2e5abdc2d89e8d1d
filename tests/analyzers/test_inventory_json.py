from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest

from analyzers.config import Config
from analyzers.inventory_json import InventoryFormatError, inventory_from_json, inventory_to_json
from analyzers.model.inventory import Inventory, Repository, SourceFile
from analyzers.model.skipped import Skipped
from analyzers.model.subject import SubjectKey
from analyzers.read import read, read_on
from analyzers.repository.snapshot import open_snapshot
from analyzers.settings import Settings
from tests.support.reports import sample_report
from tests.support.repository import RepositoryBuilder

CODE = "import requests\n\n\ndef sell(what):\n" + "".join(
    f"    if what == {at}:\n        return {at}\n" for at in range(14)
)


def _history(folder: Path) -> RepositoryBuilder:
    built = RepositoryBuilder(folder)
    built.write("requirements.txt", "requests==2.19.0  # debtscan: ignore[outdated-dependency] later\n")
    built.write("Dockerfile", "FROM python:3.8-slim-buster\n").write("CODEOWNERS", "*.py @acme/shop\n")
    built.write("shop.py", CODE).commit("Begin", date="2026-01-05")
    for month in range(2, 10):
        built.write("shop.py", CODE.replace("14", str(month)) + f"# {month}\n")
        built.commit(
            f"fix: change {month}", date=f"2026-{month:02}-05", author=f"A{month % 3} <a{month % 3}@example.org>"
        )
    return built


def test_what_was_read_of_a_repository_comes_back_as_it_was(tmp_path: Path) -> None:
    _history(tmp_path)
    snapshot = open_snapshot(tmp_path, Config(), commit="HEAD")
    inventory = read(snapshot, Settings(Config()), as_of=date(2026, 10, 1), jobs=1)
    parts = (inventory.history, inventory.imports, inventory.importers, inventory.ignores, inventory.owners)
    assert all(parts)
    content = inventory_to_json(inventory)
    assert inventory_from_json(content) == inventory
    assert inventory_to_json(inventory_from_json(content)) == content


def test_what_comes_back_is_read_on_another_day_as_if_it_were_read_then(tmp_path: Path) -> None:
    _history(tmp_path)
    snapshot, settings, day = open_snapshot(tmp_path, Config(), commit="HEAD"), Settings(Config()), date(2027, 5, 1)
    stored = inventory_to_json(read(snapshot, settings, as_of=date(2026, 10, 1), jobs=1))
    assert read_on(snapshot, settings, inventory_from_json(stored), as_of=day) == read(snapshot, settings, as_of=day)


def test_an_inventory_with_everything_in_it_comes_back() -> None:
    inventory = sample_report().inventory
    skipped = Skipped(what="dependency", reason="held-back", subject=SubjectKey("pypi", "demo"))
    whole = dataclasses.replace(inventory, skipped=(*inventory.skipped, skipped))
    assert inventory_from_json(inventory_to_json(whole)) == whole


def test_the_order_of_what_is_mapped_changes_no_byte() -> None:
    counts = {("pypi", "a"): 1, ("npm", "b"): 2}
    paths = {("pypi", "a"): ("x.py",), ("npm", "b"): ("y.js", "z.js")}
    one = Inventory(repository=Repository("demo"), imports=counts, importers=paths)
    other = Inventory(
        repository=Repository("demo"),
        imports=dict(reversed(counts.items())),
        importers=dict(reversed(paths.items())),
    )
    assert inventory_to_json(one) == inventory_to_json(other)


def test_a_name_that_is_no_utf_8_comes_back_as_it_was() -> None:
    odd = b"caf\xe9\xff.py".decode(errors="surrogateescape")
    inventory = Inventory(
        repository=Repository("demo", "0" * 40, "ma\udcffin"),
        sources=(SourceFile(path=odd, language="python", lines=3),),
        importers={("pypi", "a"): (odd, "grün.py")},
    )
    content = inventory_to_json(inventory)
    assert content.isascii()
    assert inventory_from_json(content) == inventory


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[" * 5000,
        b"\xff",
        b'{"version": 1}',
        inventory_to_json(Inventory(repository=Repository("demo")))[:-5],
        inventory_to_json(Inventory(repository=Repository("demo"))).replace(b'"demo"', b"7"),
    ],
)
def test_what_is_damaged_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(InventoryFormatError, match="the stored inventory is damaged"):
        inventory_from_json(content)


def test_another_version_is_refused() -> None:
    content = inventory_to_json(Inventory(repository=Repository("demo")))
    with pytest.raises(InventoryFormatError, match="of version 2, this debtscan reads 1"):
        inventory_from_json(content.replace(b'"version":1', b'"version":2'))
