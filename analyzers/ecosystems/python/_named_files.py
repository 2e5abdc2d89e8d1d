"""The requirements files that an expression of a program opens, by the names that stand in it."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterable, Iterator

_NAME = re.compile(r"[\w./-]+\.(?:txt|in|pip)", re.IGNORECASE)
_WORD = re.compile(r"req|dep|constraint", re.IGNORECASE)
_MAX_LENGTH = 200
_MAX_DEPTH = 20


def named_files(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, ast.Constant]]:
    """Yield each path once, with the string that ends it. ``join(here, "a", "b.txt")`` and ``here / "a"`` are paths."""
    nodes = list(nodes)
    paths: dict[str, ast.Constant] = {}
    inside: set[int] = set()
    for node in nodes:
        parts = _path_parts(node)
        if len(parts) > 1 or (parts and not isinstance(node, ast.Constant)):
            path = posixpath.join(*(str(part.value) for part in parts)).removeprefix("./")
            if _is_file(path) and id(parts[-1]) not in inside:
                paths.setdefault(path, parts[-1])
                inside.update(id(part) for part in parts)
    for node in nodes:
        if isinstance(node, ast.Constant) and id(node) not in inside and isinstance(node.value, str):
            path = node.value.removeprefix("./")
            if _is_file(path):
                paths.setdefault(path, node)
    yield from paths.items()


def _is_file(path: str) -> bool:
    return len(path) <= _MAX_LENGTH and bool(_NAME.fullmatch(path)) and bool(_WORD.search(path))


def _path_parts(node: ast.AST) -> list[ast.Constant]:
    """Return the literal parts of a path that is put together, without what stands for the program's own folder."""
    if isinstance(node, ast.Call):
        # `join`, `Path`, or a function of the program's own that takes the parts.
        return _strings(node.args)
    rights: list[ast.expr] = []
    here = node
    while isinstance(here, ast.BinOp) and isinstance(here.op, ast.Div) and len(rights) < _MAX_DEPTH:
        rights.append(here.right)
        here = here.left
    return _strings(rights[::-1])


def _strings(nodes: list[ast.expr]) -> list[ast.Constant]:
    return [node for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
