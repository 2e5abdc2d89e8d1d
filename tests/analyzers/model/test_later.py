"""Modules that are loaded when they are needed: nobody can tell, whoever calls first."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import analyzers.ecosystems
from analyzers.model.later import Later, later, later_scheme

FOLDER = Path(analyzers.ecosystems.__file__).parent
STATED = sorted(path for path in FOLDER.glob("*/ecosystem.py") if "later(" in path.read_text())


def imports(tree: ast.AST) -> Iterator[str]:
    """Yield the names that type checkers are told of: ``if TYPE_CHECKING: from package import a, b``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            yield from (name.name for each in node.body if isinstance(each, ast.ImportFrom) for name in each.names)


def calls(tree: ast.AST) -> Iterator[tuple[str, ...]]:
    """Yield the names of modules in each ``later(__package__, "a", "b")``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "later":
            yield tuple(str(name.value) for name in node.args[1:] if isinstance(name, ast.Constant))


@pytest.mark.parametrize("path", STATED, ids=lambda path: path.parent.name)
def test_what_runs_is_what_type_checkers_see(path: Path) -> None:
    package = f"analyzers.ecosystems.{path.parent.name}"
    tree = ast.parse(path.read_text())
    (named,) = calls(tree)
    seen = [name for name in imports(tree) if (path.parent / f"{name}.py").exists()]
    assert sorted(named) == sorted(seen)
    used = {
        (node.value.id, node.attr)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in named
    }
    assert {module for module, _ in used} == set(named)
    for module, attribute in used:
        # A constant would come out as a function.
        assert callable(getattr(importlib.import_module(f"{package}.{module}"), attribute))


@pytest.fixture
def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Make a package with a module that takes a while to load and counts how often it is."""
    (tmp_path / "slow_package").mkdir()
    (tmp_path / "slow_package" / "__init__.py").write_text("loaded = []\n")
    (tmp_path / "slow_package" / "slow.py").write_text(
        "import time\nimport slow_package\nslow_package.loaded.append(1)\ntime.sleep(0.05)\n"
        "def double(number):\n    return number * 2\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    yield "slow_package"
    for name in ("slow_package", "slow_package.slow"):
        sys.modules.pop(name, None)


def test_threads_that_call_at_once_load_it_once(slow: str) -> None:
    (module,) = later(slow, "slow")
    double, found, together = module.double, [], threading.Barrier(8)

    def call(number: int) -> None:
        together.wait()
        found.append(double(number))

    threads = [threading.Thread(target=call, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [0, 2, 4, 6, 8, 10, 12, 14]
    package: ModuleType = importlib.import_module(slow)
    assert package.loaded == [1]


def test_errors_are_those_of_the_module(slow: str) -> None:
    (module,) = later(slow, "slow")
    with pytest.raises(TypeError, match=r"unsupported operand|can't multiply"):
        module.double(object())
    with pytest.raises(AttributeError, match=r"module 'slow_package\.slow' has no attribute 'triple'"):
        module.triple(1)
    with pytest.raises(ModuleNotFoundError, match=r"slow_package\.gone"):
        Later("slow_package.gone").anything()


def test_a_scheme_is_loaded_by_its_first_question() -> None:
    program = (
        "import sys\nfrom analyzers.model.later import later_scheme\n"
        "scheme = later_scheme('pep440', 'analyzers.versions.pep440')\n"
        "before = 'analyzers.versions.pep440' in sys.modules\n"
        "print(scheme.name, before, scheme.satisfies('1.2', '>=1'), 'analyzers.versions.pep440' in sys.modules)\n"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout.split() == ["pep440", "False", "True", "True"]


def test_a_late_scheme_answers_as_the_real_one() -> None:
    from analyzers.versions.npm import SCHEME

    late = later_scheme("npm", "analyzers.versions.npm")
    for old, new in (("1.2.3", "1.3.0"), ("1.0.0", "2.0.0"), ("x", "1")):
        assert late.step(old, new) == SCHEME.step(old, new)
        assert late.satisfies(old, f"^{new}") == SCHEME.satisfies(old, f"^{new}")
        assert late.rewrite(f"^{old}", new) == SCHEME.rewrite(f"^{old}", new)
    assert late.family("1.0") == SCHEME.family("1.0")
