"""What the names of a program stand for, as far as its text says: every expression that was ever bound to one."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

_ADDING = frozenset({"append", "add", "insert", "extend", "update", "setdefault"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# Nodes visited beyond names in one program: enough for any honest one, and a hostile one gets no more.
_MAX_NODES = 200_000
_MAX_CONDITION = 200


@dataclass(slots=True)
class Bindings:
    """`values` holds whole values of a name, `parts` what is added to it, `entries` ``name["key"] = …``.

    All branches count: a requirement below an ``if`` is one as well, and `conditions` says of such a literal (by its
    ``id``) under which one it stands.
    """

    values: dict[str, list[ast.expr]] = field(default_factory=lambda: defaultdict(list))
    parts: dict[str, list[ast.expr]] = field(default_factory=lambda: defaultdict(list))
    entries: dict[str, list[tuple[ast.expr, ast.expr]]] = field(default_factory=lambda: defaultdict(list))
    bodies: dict[str, ast.AST] = field(default_factory=dict)
    conditions: dict[int, str] = field(default_factory=dict)
    budget: int = _MAX_NODES

    @classmethod
    def of(cls, tree: ast.AST) -> Bindings:
        """Collect the bindings of a program, those inside of functions included."""
        found = cls()
        for node in ast.walk(tree):
            found._collect(node)
        found._note_conditions(tree)
        return found

    def _note_conditions(self, tree: ast.AST) -> None:
        queue: list[tuple[ast.AST, str]] = [(tree, "")]
        while queue:
            node, condition = queue.pop()
            if isinstance(node, ast.Constant) and condition:
                self.conditions[id(node)] = condition
            elif isinstance(node, (ast.If, ast.IfExp)):
                queue.extend(_branches(node, condition))
            else:
                queue.extend((child, condition) for child in ast.iter_child_nodes(node))

    def _collect(self, node: ast.AST) -> None:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self._bind(target, node.value)
        elif isinstance(node, ast.AnnAssign) and node.value:
            self._bind(node.target, node.value)
        elif isinstance(node, ast.AugAssign):
            self._add(node.target, node.value)
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                if item.optional_vars:
                    self._bind(item.optional_vars, item.context_expr)
        elif isinstance(node, ast.Call):
            self._called(node)
        elif isinstance(node, _FUNCTIONS):
            self.bodies[node.name] = node

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.values[target.id].append(value)
        elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            self.entries[target.value.id].append((target.slice, value))

    def _add(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.parts[target.id].append(value)
        elif isinstance(target, ast.Subscript):
            self._bind(target, value)

    def _called(self, node: ast.Call) -> None:
        """Note ``name.append(x)`` and its like."""
        method = node.func
        if not isinstance(method, ast.Attribute) or method.attr not in _ADDING or not node.args:
            return
        if isinstance(method.value, ast.Name) and method.attr != "setdefault":
            one = node.args[-1]
            whole = method.attr in {"extend", "update"}
            added = one if whole else ast.copy_location(ast.List(elts=[one], ctx=ast.Load()), one)
            self.parts[method.value.id].append(added)
        elif isinstance(method.value, ast.Subscript) and method.attr in {"append", "extend"}:
            one = node.args[0]
            added = one if method.attr == "extend" else ast.copy_location(ast.List(elts=[one], ctx=ast.Load()), one)
            self._bind(method.value, added)

    def reached(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield every node below ``node``, following names to what they stand for and to the functions they call."""
        queue: list[ast.AST] = [node]
        names: set[str] = set()
        while queue and self.budget:
            here = queue.pop()
            self.budget -= 1
            yield here
            queue.extend(ast.iter_child_nodes(here))
            if isinstance(here, ast.Name) and here.id not in names:
                names.add(here.id)
                queue.extend(self.values.get(here.id, ()))
                queue.extend(self.parts.get(here.id, ()))
                if here.id in self.bodies:
                    queue.append(self.bodies[here.id])


def _branches(node: ast.If | ast.IfExp, outer: str) -> Iterator[tuple[ast.AST, str]]:
    """Yield what stands below a condition, with the condition's text; running the file itself is none."""
    said = ast.unparse(node.test)[:_MAX_CONDITION]
    is_main = said.startswith("__name__")
    body, other = (part if isinstance(part, list) else [part] for part in (node.body, node.orelse))
    yield node.test, outer
    yield from ((child, outer if is_main else said) for child in body)
    yield from ((child, f"not ({said})") for child in other)
