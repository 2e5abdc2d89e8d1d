"""What to split first in real files, and what is said where that cannot be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from textwrap import dedent

import pytest

from analyzers.config import Config
from analyzers.metrics import parts as parts_module
from analyzers.metrics.measure import languages, measure_tree
from analyzers.metrics.processes import Child
from analyzers.model.inventory import Function
from analyzers.model.language import Branch
from analyzers.model.target import Target
from analyzers.targets import targets
from tests.support.formats import snapshot

LONG = dedent("""\
    class Shop:
        def ship(self, order):
            if order.paid:
                for item in order.items:
                    if item.stock and item.size:
                        item.send()
                    elif item.late:
                        item.ask()
                    else:
                        item.drop()
            try:
                self.mail(order)
            except OSError:
                order.retry()
            while order.open:
                order.wait(1 if order.new else 2)
                order.look()
                if order.lost:
                    break
                if order.old:
                    return
    """)


def found(files: Mapping[str, str], *names: str) -> tuple[Target, ...]:
    """Return the targets of the functions of these names, in this order."""
    shot = snapshot({path: text.encode() for path, text in files.items()})
    measured = measure_tree(shot, Config(), jobs=1)
    named = {function.name: function for function in measured.functions}
    return targets(shot, [named[name] for name in names], measured.sources)


def test_a_target_names_the_function_and_the_blocks_to_take_out() -> None:
    (target,) = found({"shop.py": LONG}, "Shop.ship")
    assert replace(target, branches=()) == Target(path="shop.py", name="Shop.ship", line=2, end_line=21, complexity=11)
    assert target.branches == (
        Branch(line=3, end_line=10, kind="if", complexity=5, nesting=0),
        Branch(line=15, end_line=21, kind="while", complexity=4, nesting=0),
    )


def test_the_first_tests_that_mention_it_are_named_and_all_are_counted() -> None:
    files = {f"test_{number}.py": "from shop import Shop\n" + "Shop()\n" * number for number in range(7)}
    (target,) = found({"shop.py": LONG, **files}, "Shop.ship")
    assert (target.tests, target.tests_seen) == (tuple(f"test_{number}.py" for number in (6, 5, 4, 3, 2)), 7)


def test_targets_come_in_the_order_of_the_functions() -> None:
    files = {"a.py": "def f(): pass\ndef g(): pass\n"}
    assert [target.name for target in found(files, "g", "f")] == ["g", "f"]
    assert found(files) == ()


def test_a_function_of_small_branches_says_so() -> None:
    (target,) = found({"a.py": "def f(a):\n    return 1 if a else 2\n"}, "f")
    assert (target.branches, target.reason) == ((), "its branches are small and lie apart")


def test_a_long_chain_of_small_arms_is_a_case_for_a_table() -> None:
    chain = "def f(a):\n    with a:\n        if a == 0:\n            return 0\n" + "".join(
        f"        elif a == {number}:\n            return {number}\n" for number in range(1, 30)
    )
    (target,) = found({"a.py": chain}, "f")
    assert target.branches == ()
    assert target.reason == "its branches are small arms of one if, lines 3–62: try a table"


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"def f(:\n", "cannot parse"), (b"x = 1\n" * 200_000, "bytes"), (None, "not in this snapshot")],
)
def test_a_file_that_cannot_be_read_any_more_gives_a_reason(content: bytes | None, reason: str) -> None:
    shot = snapshot({} if content is None else {"a.py": content})
    gone = Function(path="a.py", name="f", language="python", line=1, end_line=2, complexity=9, lines=2)
    (target,) = targets(shot, [gone], ())
    assert target.branches == ()
    assert reason in target.reason


GO = (
    "package a\n\nfunc f(a int) int {\n"
    + "".join(
        f"\tfor a > {number} {{\n\t\tif a == 1 && b == 2 {{\n\t\t\ta--\n\t\t}}\n\t}}\n\ta++\n" for number in range(3)
    )
    + "}\n"
)


def test_what_has_to_be_parsed_in_a_process_of_its_own_is_told_apart_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert languages()["go"].needs_process
    files = {"a.go": GO, "a.py": LONG}
    monkeypatch.delattr(parts_module, "tell")
    for target in found(files, "f", "Shop.ship"):
        assert target.branches
        assert target.reason == ""


def test_what_ends_that_process_is_said_of_its_file_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Child.ask

    def ask(self: Child[object], tasks: Sequence[object]) -> list[object] | None:
        if any("bad" in str(task) for task in tasks):
            (self._process or self._start()).kill()
        return real(self, tasks)

    files = {"a.go": GO, "b.go": GO.replace("f(", "g(") + "// bad\n", "c.go": GO.replace("f(", "h(")}
    shot = snapshot({path: text.encode() for path, text in files.items()})
    measured = measure_tree(shot, Config(), jobs=1)
    monkeypatch.setattr(Child, "ask", ask)
    first, bad, last = targets(shot, measured.functions, ())
    assert all((first.branches, last.branches))
    assert (bad.branches, bad.reason) == ((), "telling its parts apart ended the process or took too long")


def test_a_language_that_tells_no_parts_is_named() -> None:
    silent = next(language for language in languages().values() if language.branches is None)
    function = Function(path="a", name="f", language=silent.name, line=1, end_line=2, complexity=9, lines=2)
    (target,) = targets(snapshot({"a": b""}), [function], ())
    assert target.reason == f"parts of functions are not told apart in {silent.title}"
