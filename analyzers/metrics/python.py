"""Python: cyclomatic complexity by radon's visitor, and the rest from the same one parse."""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, TypeAlias

from analyzers.errors import TooDeepError
from analyzers.metrics._python_branches import branches_of
from analyzers.metrics._python_source import FUNCTIONS, function_at, inner_blocks, parse, split_lines, undisturbed
from analyzers.metrics._radon import ComplexityVisitor, CountingVisitor, RadonClass
from analyzers.model.inventory import Function
from analyzers.model.language import Branch, Language, Measured

_DEEP = 20_000
"""Recursion limit of a second try. The visitor is pure Python, so its depth costs heap and no C stack."""
_NAME = "python"
_Scope: TypeAlias = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
_Position: TypeAlias = tuple[int, int]


def measure(path: str, content: bytes) -> Measured:
    """Measure one file. Raises TooLargeError, TooDeepError, InvalidSyntaxError (UnsupportedSyntaxError where newer)."""
    with undisturbed():
        tree = parse(content)
        walk = _Walk(_complexities(_visit(tree)))
        walk.scope(tree, "", in_function=False)
    totals = [0, *accumulate(_code_flags(content, walk.docstrings))]
    return Measured(
        code_lines=totals[-1],
        functions=tuple(_function(path, seen, totals) for seen in sorted(walk.functions, key=_order)),
        imports=tuple(sorted(walk.imports)),
    )


def branches(content: bytes, line: int, end_line: int) -> tuple[Branch, ...]:
    """Return the parts of the function at ``line``–``end_line``; empty where none stands there. Raises as `measure`."""
    with undisturbed():
        function = function_at(content, line, end_line)
        if function is None:
            return ()
        counts = _visit(ast.Module(body=function.body, type_ignores=[]), CountingVisitor).counts
        return tuple(branches_of(function, counts))


def complexity_at(content: bytes, line: int, end_line: int) -> int | None:
    """Return the complexity of the function at ``line``–``end_line``, None where none stands. Raises as `measure`."""
    with undisturbed():
        function = function_at(content, line, end_line)
        return int(_visit(ast.Module(body=function.body, type_ignores=[])).complexity) if function else None


def count(content: bytes) -> int:
    """Count lines that are neither blank nor comment only, for a file that cannot be parsed."""
    return sum(_code_flags(content, ()))


@dataclass(frozen=True, slots=True)
class _Seen:
    """A function met on the walk."""

    name: str
    node: ast.FunctionDef | ast.AsyncFunctionDef
    complexity: int
    nesting: int


def _order(seen: _Seen) -> tuple[int, int]:
    return seen.node.lineno, seen.node.col_offset


def _function(path: str, seen: _Seen, totals: Sequence[int]) -> Function:
    node = seen.node
    last = min(node.end_lineno or node.lineno, len(totals) - 1)
    return Function(
        path=path,
        name=seen.name,
        language=_NAME,
        line=node.lineno,
        end_line=last,
        complexity=seen.complexity,
        lines=totals[last] - totals[node.lineno - 1],
        nesting=seen.nesting,
        parameters=_parameters(node.args),
    )


def _parameters(arguments: ast.arguments) -> int:
    """Count what a caller may pass; the object itself (``self``, ``cls``) is not passed by hand."""
    positional = [*arguments.posonlyargs, *arguments.args]
    own = bool(positional) and positional[0].arg in {"self", "cls"}
    rest = (arguments.vararg is not None) + (arguments.kwarg is not None)
    return len(positional) - own + len(arguments.kwonlyargs) + rest


def _visit(tree: ast.AST, visitor: Any = ComplexityVisitor) -> Any:  # noqa: ANN401 - radon has no types
    try:
        return visitor.from_ast(tree)
    except RecursionError:
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, _DEEP))
        try:
            return visitor.from_ast(tree)
        except (RecursionError, MemoryError) as error:
            raise TooDeepError("nests deeper than any honest file") from error
        finally:
            sys.setrecursionlimit(limit)


def _complexities(visitor: Any) -> dict[_Position, int]:  # noqa: ANN401 - as above
    """Return radon's numbers by where each function stands."""
    found: dict[_Position, int] = {}
    waiting = [*visitor.functions, *visitor.classes]
    while waiting:
        block = waiting.pop()
        if isinstance(block, RadonClass):
            waiting += [*block.methods, *block.inner_classes]
        else:
            found[block.lineno, block.col_offset] = block.complexity
            waiting += block.closures
    return found


@dataclass
class _Walk:
    """Walks the statements of a tree; expressions are left to radon, which has to see them anyway."""

    complexities: dict[_Position, int]
    functions: list[_Seen] = field(default_factory=list)
    imports: set[str] = field(default_factory=set)
    docstrings: list[tuple[int, int]] = field(default_factory=list)

    def scope(self, node: _Scope, prefix: str, *, in_function: bool) -> int:
        """Walk a module, class or function; return how deep its own blocks nest."""
        first = node.body[0] if node.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            self.docstrings.append((first.lineno, first.end_lineno or first.lineno))
        return self._block(node.body, prefix, in_function=in_function)

    def _block(self, body: Sequence[ast.stmt], prefix: str, *, in_function: bool) -> int:
        deepest = 0
        for statement in body:
            if isinstance(statement, FUNCTIONS):
                self._function(statement, prefix)
            elif isinstance(statement, ast.ClassDef):
                if in_function:
                    # radon looks into a class only where it stands in a module or in another class.
                    self.complexities.update(_complexities(_visit(statement)))
                self.scope(statement, f"{prefix}{statement.name}.", in_function=False)
            elif isinstance(statement, ast.Import):
                self.imports.update(alias.name.partition(".")[0] for alias in statement.names)
            elif isinstance(statement, ast.ImportFrom):
                if statement.module and not statement.level:
                    self.imports.add(statement.module.partition(".")[0])
            else:
                deepest = max(deepest, self._compound(statement, prefix, in_function=in_function))
        return deepest

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, prefix: str) -> None:
        name = f"{prefix}{node.name}"
        nesting = self.scope(node, f"{name}.", in_function=True)
        self.functions.append(_Seen(name, node, self.complexities[node.lineno, node.col_offset], nesting))

    def _compound(self, statement: ast.stmt, prefix: str, *, in_function: bool) -> int:
        deepest = 0
        for inner in inner_blocks(statement):
            deepest = max(deepest, 1 + self._block(inner, prefix, in_function=in_function))
        return deepest


def _code_flags(content: bytes, docstrings: Sequence[tuple[int, int]]) -> list[int]:
    """Return 1 for each line of code, 0 for each that is blank, only a comment, or part of a docstring."""
    flags = [1 if text and not text.startswith(b"#") else 0 for text in map(bytes.strip, split_lines(content))]
    for first, last in docstrings:
        for number in range(first - 1, min(last, len(flags))):
            flags[number] = 0
    return flags


LANGUAGES = (
    Language(
        name=_NAME,
        title="Python",
        suffixes=(".py", ".pyw"),
        interpreters=("python", "pypy"),
        measure=measure,
        count=count,
        measures_functions=True,
        complexity_at=complexity_at,
        branches=branches,
        packages=("radon",),
    ),
)
