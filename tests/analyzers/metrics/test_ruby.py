"""Ruby: every decision, names, nesting and parameters."""

from __future__ import annotations

import pytest

from tests.support.complexity import complexities, function, measure


@pytest.mark.parametrize(
    ("body", "complexity", "nesting"),
    [
        ("", 1, 0),
        ("if a\nelsif b\nelse\nend", 3, 1),
        ("unless a\nend", 2, 1),
        ("a if b\nc unless d", 3, 0),
        ("a while b", 2, 0),
        ("while a\nuntil b\nend\nend", 3, 2),
        ("for i in a do\nend", 2, 1),
        ("x = a && b || c and d or not e", 5, 0),
        ("a ||= b\nc &&= d", 3, 0),
        ("case a\nwhen 1, 2 then b\nwhen 3\nelse\nend", 3, 1),
        ("case a\nin Integer if b then c\nin _ then d\nend", 3, 1),
        ("begin\nrescue A => e\nrescue\nensure\nend", 3, 1),
        ("x = a rescue b", 2, 0),
        ("x = a ? b : c", 2, 0),
        ("a.each { |x| b if x }", 2, 1),
        ('x = "if #{a && b}" # || c', 2, 0),
    ],
)
def test_each_decision_adds_one(body: str, complexity: int, nesting: int) -> None:
    found = measure("ruby", f"def f\n{body}\nend\n").functions[0]
    assert (found.complexity, found.nesting) == (complexity, nesting)


def test_names_hold_modules_and_classes() -> None:
    source = """
    module Shop
      class Cart < Base
        def self.build; end
        def total = 1
        def empty?; end
        def []=(key, value); end
        class << self
          def shown; end
        end
      end
    end
    def plain; end
    """
    assert [name for name, _ in complexities("ruby", source)] == [
        "Shop.Cart.build",
        "Shop.Cart.total",
        "Shop.Cart.empty?",
        "Shop.Cart.[]=",
        "Shop.Cart.shown",
        "plain",
    ]


@pytest.mark.parametrize(("parameters", "count"), [("", 0), ("(a, b = 1, *c, d:, e: 2, **f, &g)", 7), (" a, b", 2)])
def test_parameters_are_counted_one_by_one(parameters: str, count: int) -> None:
    assert function("ruby", f"def f{parameters}\nend\n").parameters == count
