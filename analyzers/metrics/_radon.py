"""radon's complexity visitor, without the detours that cannot change its numbers.

The visitor decides what counts; it also walks every name, constant and load mark of a tree, which never count and
are most of it. A private copy of radon's module is taught to pass these by, so that nobody else's radon changes.
The numbers are the same for every function of the standard library (tests and benchmarks compare them).
"""

from __future__ import annotations

import ast
import importlib.util
from types import ModuleType
from typing import Any


def _private_copy(name: str) -> ModuleType:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        raise ImportError(f"{name} is not installed")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _pass_by(_visitor: ast.NodeVisitor, _node: ast.AST) -> None:
    """Leave out a node below which nothing counts."""


def _visit_value(visitor: ast.NodeVisitor, node: ast.Attribute | ast.Expr | ast.keyword) -> None:
    visitor.visit(node.value)


def _visit_call(visitor: ast.NodeVisitor, node: ast.Call) -> None:
    visitor.visit(node.func)
    for argument in node.args:
        visitor.visit(argument)
    for keyword in node.keywords:
        visitor.visit(keyword.value)


_visitors = _private_copy("radon.visitors")
ComplexityVisitor: Any = _visitors.ComplexityVisitor
RadonClass: Any = _visitors.Class
for _leaf in ("Name", "Constant", "Load", "Store", "Import", "ImportFrom", "Pass", "Global", "Nonlocal"):
    setattr(ComplexityVisitor, f"visit_{_leaf}", _pass_by)
ComplexityVisitor.visit_Attribute = ComplexityVisitor.visit_Expr = _visit_value
ComplexityVisitor.visit_Call = _visit_call


class CountingVisitor(ComplexityVisitor):  # type: ignore[misc]  # radon has no types
    """The same visitor, which remembers how much each node below adds, itself included; nodes that add nothing not."""

    def __init__(self, **options: bool) -> None:
        """Start with nothing counted."""
        super().__init__(**options)
        self.counts: dict[ast.AST, int] = {}

    def visit(self, node: ast.AST) -> None:
        """Visit a node and note what it added."""
        before = self.complexity
        super().visit(node)
        if self.complexity > before:
            self.counts[node] = self.complexity - before
