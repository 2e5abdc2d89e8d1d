"""The refresh against a stand-in on loopback, with answers in the shape of endoflife.date's API, version 1."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest

from analyzers.errors import FetchError
from analyzers.lifecycles import table
from analyzers.lifecycles.refresh import RefreshRefusedError, refresh
from analyzers.model.facts import Cycle, Lifecycle
from tests.support.fetching import fetcher_with
from tests.support.http_server import Reply, Script, serve


@pytest.fixture
def server() -> Iterator[Script]:
    with serve() as script:
        yield script


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return Path(shutil.copy(table.LIFECYCLES, tmp_path / "lifecycles.json"))


def release(cycle: Cycle) -> dict[str, object]:
    return {
        "name": cycle.name,
        "codename": cycle.codename.title() if cycle.codename else None,
        "label": cycle.name,
        "releaseDate": cycle.released.isoformat() if cycle.released else None,
        "isLts": cycle.lts,
        "ltsFrom": cycle.lts_from.isoformat() if cycle.lts_from else None,
        "isEol": cycle.ended,
        "eolFrom": cycle.end.isoformat() if cycle.end else None,
        "eoesFrom": cycle.extended.isoformat() if cycle.extended else None,
        "latest": {"name": cycle.latest, "date": None, "link": None} if cycle.latest else None,
        "custom": None,
    }


def answer(products: dict[str, Lifecycle], day: str = "2026-11-20") -> bytes:
    result = [
        {"name": name, "label": name, "releases": [release(cycle) for cycle in product.cycles]}
        for name, product in products.items()
    ]
    return msgspec.json.encode(
        {"schema_version": "1.2.0", "generated_at": f"{day}T01:02:03+00:00", "total": len(result), "result": result}
    )


def run(server: Script, path: Path, *replies: Reply) -> int:
    server.on("/v1/products/full/", *replies)
    with fetcher_with() as fetcher:
        return refresh(fetcher.send, path, address=f"{server.url}/v1")


def lifecycles() -> dict[str, Lifecycle]:
    return dict(table.products())


def test_the_table_is_remade_with_what_it_knew_and_what_is_new(server: Script, path: Path) -> None:
    products = lifecycles()
    new = Cycle("99", date(2026, 11, 1), date(2029, 11, 1), codename="ninetynine", latest="99.0", lts=True)
    products["nodejs"] = Lifecycle("nodejs", (new, *products["nodejs"].cycles), "", date(2026, 11, 20))
    products["unrelated"] = Lifecycle("unrelated", (), "", date(2026, 11, 20))
    assert run(server, path, Reply(body=answer(products))) == len(table.products())
    remade = msgspec.json.decode(path.read_bytes(), type=table.LifecycleTable)
    assert (remade.source, remade.date) == ("endoflife.date", date(2026, 11, 20))
    assert remade.licence.startswith("MIT")
    assert "unrelated" not in remade.products
    assert remade.products["nodejs"] == products["nodejs"].cycles
    assert remade.products["debian"] == table.products()["debian"].cycles
    assert [file.name for file in path.parent.iterdir()] == ["lifecycles.json"]


def test_the_same_answer_gives_the_same_bytes(server: Script, path: Path) -> None:
    run(server, path, Reply(body=answer(lifecycles())))
    once = path.read_bytes()
    run(server, path, Reply(body=answer(lifecycles())))
    assert path.read_bytes() == once
    row = '{"name":"18","released":"2022-04-19","end":"2025-04-30","latest":"18.20.8","lts":true,'
    assert f'      {row}"lts_from":"2022-10-25"}},\n'.encode() in once


@pytest.mark.parametrize("lost", ["nodejs", "debian"])
def test_an_answer_that_loses_a_product_is_refused(server: Script, path: Path, lost: str) -> None:
    products = lifecycles()
    del products[lost]
    before = path.read_bytes()
    with pytest.raises(RefreshRefusedError, match=lost):
        run(server, path, Reply(body=answer(products)))
    assert path.read_bytes() == before


def test_an_answer_that_loses_most_cycles_is_refused(server: Script, path: Path) -> None:
    products = lifecycles()
    products["python"] = Lifecycle("python", products["python"].cycles[:2], "", date(2026, 11, 20))
    with pytest.raises(RefreshRefusedError, match="most cycles of python"):
        run(server, path, Reply(body=answer(products)))


def test_an_answer_older_than_the_table_is_refused(server: Script, path: Path) -> None:
    with pytest.raises(RefreshRefusedError, match="older"):
        run(server, path, Reply(body=answer(lifecycles(), "2026-08-21")))


@pytest.mark.parametrize(
    "reply", [Reply(status=404), Reply(body=b"<html>"), Reply(body=b'{"result": []}'), Reply(status=501)]
)
def test_no_answer_leaves_the_table_as_it_is(server: Script, path: Path, reply: Reply) -> None:
    before = path.read_bytes()
    with pytest.raises(FetchError):
        run(server, path, reply)
    assert path.read_bytes() == before
