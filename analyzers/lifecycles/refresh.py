"""Remakes ``lifecycles.json`` from endoflife.date; ``python -m analyzers.refresh`` calls it.

Writes beside the table and renames, and refuses an answer that would lose a product or most of its cycles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec

from analyzers.errors import DebtscanError, FetchError
from analyzers.lifecycles import table
from analyzers.lifecycles.frameworks import framework_products
from analyzers.model.exchange import Request, Response, refusal
from analyzers.model.facts import Cycle, Lifecycle
from analyzers.registries import lifecycle
from analyzers.typed import from_json

_LICENCE = "MIT, Copyright 2020 endoflife.date contributors"


class RefreshRefusedError(DebtscanError):
    """The answer would make the table worse; the table stays as it is."""


def refresh(
    send: Callable[[Request], Response], path: Path = table.LIFECYCLES, *, address: str = lifecycle.ADDRESS
) -> int:
    """Remake the table at ``path`` with the products that it has and those that images name; return their number.

    Raises FetchError, and RefreshRefusedError for an answer that loses what the table has.
    """
    response = send(lifecycle.full_request(address))
    unknown = refusal(response, lifecycle.ORIGIN)
    if unknown:
        raise FetchError(unknown.reason, unknown.detail)
    try:
        answered = {product.product: product for product in lifecycle.read_full(response.body)}
    except ValueError as error:
        raise FetchError("malformed-answer", f"{lifecycle.ORIGIN}: {error}") from error
    before = from_json(path.read_bytes(), table.LifecycleTable)
    wanted = sorted({*before.products, *table.image_products(), *framework_products()})
    _refuse_losses(before, answered, wanted)
    _replace(path, _render([answered[name] for name in wanted]))
    return len(wanted)


def _refuse_losses(before: table.LifecycleTable, answered: Mapping[str, Lifecycle], wanted: Iterable[str]) -> None:
    """Compare with the table. Sources drop an old cycle now and then, never half of them."""
    missing = [name for name in wanted if name not in answered]
    if missing:
        raise RefreshRefusedError(f"the answer lacks {', '.join(missing)}; the table stays as it is")
    shrunk = [name for name, cycles in before.products.items() if len(answered[name].cycles) * 2 < len(cycles)]
    if shrunk:
        raise RefreshRefusedError(f"the answer lacks most cycles of {', '.join(shrunk)}; the table stays as it is")
    day = next(iter(answered.values())).table_date
    if day < before.date:
        raise RefreshRefusedError(f"the answer is of {day}, older than the table ({before.date})")


def _render(products: Iterable[Lifecycle]) -> str:
    """Return the table's text: one line a cycle, so that a change reads well in a diff."""
    listed = list(products)
    stamp = {"_source": lifecycle.ORIGIN, "_licence": _LICENCE, "_date": listed[0].table_date.isoformat()}
    head = "".join(f"  {_json(name)}: {_json(value)},\n" for name, value in stamp.items())
    body = ",\n".join(_product(product) for product in listed)
    return f'{{\n{head}  "products": {{\n{body}\n  }}\n}}\n'


def _product(product: Lifecycle) -> str:
    rows = ",\n".join(f"      {_json(_row(cycle))}" for cycle in product.cycles)
    return f"    {_json(product.product)}: [\n{rows}\n    ]"


def _row(cycle: Cycle) -> dict[str, object]:
    """Return what is known of a cycle; `released` and `end` always stand there."""
    fields: dict[str, object] = msgspec.to_builtins(cycle)
    return {
        name: value
        for name, value in fields.items()
        if name in {"name", "released", "end"} or value not in (None, False)
    }


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _replace(path: Path, text: str) -> None:
    beside = path.with_suffix(".new")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)
