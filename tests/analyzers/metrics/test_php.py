"""PHP: every decision, names, nesting and parameters."""

from __future__ import annotations

import pytest

from tests.support.complexity import complexities, function, measure


@pytest.mark.parametrize(
    ("body", "complexity", "nesting"),
    [
        ("", 1, 0),
        ("if ($a) { } elseif ($b) { } else if ($c) { } else { }", 4, 1),
        ("if ($a): elseif ($b): else: endif;", 3, 1),
        ("for (;;) { foreach ($a as $b) { } }", 3, 2),
        ("while ($a) { } do { } while ($b);", 3, 1),
        ("$x = $a && $b || $c and $d or $e xor $f;", 6, 0),
        ("$x = $a ?? $b; $c ??= $d;", 3, 0),
        ("$x = $a ?: $b ? 1 : 2;", 3, 0),
        ("switch ($a) { case 1: case 2: break; default: }", 3, 1),
        ("$x = match (true) { 1, 2 => 3, $a => 4, default => 5 };", 3, 1),
        ("try { } catch (A | B $e) { } catch (C) { } finally { }", 3, 1),
        ("$f = fn ($x) => $x && $y;", 2, 0),
        ("$f = function ($x) { if ($x) { } };", 1, 0),
    ],
)
def test_each_decision_adds_one(body: str, complexity: int, nesting: int) -> None:
    found = measure("php", f"<?php\nfunction f() {{ {body} }}").functions[0]
    assert (found.complexity, found.nesting) == (complexity, nesting)


def test_names_hold_the_class() -> None:
    source = """<?php
    namespace Shop;
    class Cart {
        public function total(): ?int { $inner = function () { }; run(function () { }); }
        abstract function missing();
    }
    trait Priced { function price() { } }
    function plain() { }
    """
    assert [name for name, _ in complexities("php", source)] == [
        "Cart.total",
        "Cart.total.$inner",
        "Cart.total.(anonymous)",
        "Priced.price",
        "plain",
    ]


@pytest.mark.parametrize(("parameters", "count"), [("", 0), ("int $a, ?B $b = null, ...$c", 3), ("&$a", 1)])
def test_parameters_are_counted_one_by_one(parameters: str, count: int) -> None:
    assert function("php", f"<?php\nfunction f({parameters}) {{ }}").parameters == count
