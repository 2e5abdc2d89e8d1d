"""Java: every decision, names, nesting, parameters, and lizard's numbers."""

from __future__ import annotations

import pytest

from tests.support.complexity import branches, complexities, function, lizards, measure, ours


def test_every_number_of_the_fixture_equals_lizards() -> None:
    assert ours("java", "Shapes.java") == lizards("Shapes.java")


@pytest.mark.parametrize(
    ("body", "complexity", "nesting"),
    [
        ("", 1, 0),
        ("if (a) { } else { }", 2, 1),
        ("if (a) x(); else if (b) y(); else if (c) { if (d) z(); }", 5, 2),
        ("if (a) { } else { if (b) { } }", 3, 2),
        ("for (int i = 0; i < 3; i++) for (int j : k) { }", 3, 2),
        ("while (a) { do { } while (b); }", 3, 2),
        ("x = a && b || c & d;", 3, 0),
        ("x = a ? b : c ? d : e;", 3, 0),
        ("switch (a) { case 1: case 2: x(); break; default: y(); }", 3, 1),
        ("x = switch (a) { case 1, 2 -> 3; case Foo(var q) when q > 1 -> 4; case null, default -> 5; };", 4, 1),
        ("try (A a = b()) { } catch (B | C e) { if (x) { } } finally { }", 3, 2),
        ("synchronized (this) { if (a) { } }", 2, 2),
        ("run(x -> { if (a) { } return x > 1 ? 2 : 3; });", 3, 1),
        ("List<? super T> x = (List<? extends T>) y;", 1, 0),
        ('String x = "if (a && b)"; /* || ? */ assert a;', 1, 0),
    ],
)
def test_each_decision_adds_one(body: str, complexity: int, nesting: int) -> None:
    found = function("java", f"class A {{ void f() {{ {body} }} }}")
    assert (found.complexity, found.nesting) == (complexity, nesting)


def test_names_hold_classes_and_methods_around() -> None:
    source = """
    class A {
        A() {}
        void m() {
            new Thread(new Runnable() { public void run() {} });
            new Comparator<String>() { public int compare(String a, String b) { return 0; } };
            class Local { void n() {} }
        }
        static class Inner { void m() {} }
        static { if (a) {} }
        Runnable r = () -> { if (a) {} };
    }
    enum E { ONE { void f() {} }, TWO; void g() {} }
    record R(int a, String b) { R { if (a > 0) {} } }
    interface I { void a(); default void b() {} }
    abstract class C { abstract void x(); native void y(); }
    """
    assert complexities("java", source) == [
        ("A.A", 1),
        ("A.m", 1),
        ("A.m.Runnable.run", 1),
        ("A.m.Comparator.compare", 1),
        ("A.m.Local.n", 1),
        ("A.Inner.m", 1),
        ("E.ONE.f", 1),
        ("E.g", 1),
        ("R.R", 2),
        ("I.b", 1),
    ]


@pytest.mark.parametrize(
    ("method", "count"),
    [("void f()", 0), ("void f(int a, final String... b)", 2), ("void f(A this, int a)", 1), ("<T> A(T a)", 1)],
)
def test_parameters_are_what_a_caller_passes(method: str, count: int) -> None:
    assert function("java", f"class A {{ {method} {{ }} }}").parameters == count


def test_a_compact_constructor_has_the_parameters_of_its_record() -> None:
    assert function("java", "record R(int a, String b) { R { } }").parameters == 2


def test_a_method_begins_at_its_name_and_not_at_an_annotation() -> None:
    source = 'class A {\n  @Test\n  @Tag("x")\n  public\n  void f() {\n    // c\n    g();\n  }\n}\n'
    found = function("java", source)
    assert (found.line, found.end_line, found.lines) == (5, 8, 3)


def test_branches_are_statements_and_their_arms() -> None:
    source = """\
    class A { void f() {
        switch (a) {
            case 1:
            case 2:
                if (b && c && d) { }
                break;
            default:
        }
        if (a) {
            x();
        } else if (b || c) {
            y();
        } else {
            try { z(); } catch (E e) { } finally { w = a ? b : c; }
        }
    } }
    """
    assert branches("java", source) == [
        (2, 8, "switch", 5, 0),
        (3, 3, "case", 1, 1),
        (4, 6, "case", 4, 1),
        (5, 5, "if", 3, 2),
        (5, 5, "&&", 2, 3),
        (9, 15, "if", 5, 0),
        (9, 11, "if", 1, 1),
        (11, 13, "else if", 2, 1),
        (11, 11, "||", 1, 2),
        (13, 15, "else", 2, 1),
        (14, 14, "try", 2, 2),
        (14, 14, "catch", 1, 3),
        (14, 14, "finally", 1, 3),
        (14, 14, "?:", 1, 4),
    ]


def test_a_template_is_measured_and_said_to_be_read_in_part() -> None:
    measured = measure("java", "package ${package};\nclass A { void f() { if (a) { } } }\n")
    assert [found.complexity for found in measured.functions] == [2]
    assert measured.doubt is not None
    assert measured.doubt.line == 1
