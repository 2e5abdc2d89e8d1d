"""Tests that mention a function: seen by what they import and by the words they hold."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

import pytest

from analyzers import mentions as mentions_module
from analyzers.errors import UnreadableError
from analyzers.mentions import Mentions, mentions
from analyzers.model.inventory import Function, SourceFile
from tests.support.formats import snapshot

LANGUAGES = {".py": "python", ".ts": "typescript", ".js": "javascript", ".vue": "vue", ".go": "go", ".java": "java"}


def found(files: Mapping[str, str], path: str, name: str) -> Mentions:
    """Return what is seen of the function ``name`` of the file ``path`` among ``files``."""
    sources = [
        SourceFile(path=file, language=LANGUAGES.get(PurePosixPath(file).suffix, "rust"), lines=1)
        for file in sorted({*files, path})
    ]
    language = next(source.language for source in sources if source.path == path)
    function = Function(path=path, name=name, language=language, line=1, end_line=9, complexity=9, lines=9)
    (seen,) = mentions(snapshot({file: text.encode() for file, text in files.items()}), [function], sources)
    return seen


@pytest.mark.parametrize(
    "text",
    [
        "from shop.cart import Cart, add\nadd()",
        "from shop.cart import (  # noqa\n    Cart,\n    add as put,\n)\nput()",
        "from shop.cart import Cart, \\\n    add\nadd()",
        "import os, shop.cart as c\nc.add(1)",
        "from shop import cart\ncart.add(1)",
        "def test():\n    from shop.cart import *\n    assert add(1)",
        "from src.shop.cart import add",
        "from shop import add",
    ],
)
def test_a_python_test_imports_the_module_and_mentions_the_function(text: str) -> None:
    files = {"src/shop/__init__.py": "", "src/shop/cart.py": "", "tests/test_cart.py": text}
    assert found(files, "src/shop/cart.py", "add") == Mentions(("tests/test_cart.py",))


@pytest.mark.parametrize(
    "text",
    [
        "from shop.cart import Cart\nadded = 1",
        "from shop.card import add",
        "from other.cart import add",
        "import shop\nadd()",
        "def add(): pass",
        "from cart import add",
        "",
    ],
)
def test_a_python_test_of_something_else_does_not_count(text: str) -> None:
    files = {"src/shop/__init__.py": "", "src/shop/cart.py": "", "tests/test_cart.py": text}
    assert found(files, "src/shop/cart.py", "add") == Mentions()


@pytest.mark.parametrize(
    ("path", "test", "text"),
    [
        ("shop/cart.py", "shop/tests/test_cart.py", "from ..cart import add"),
        ("shop/cart.py", "shop/tests/test_cart.py", "from .. import cart\ncart.add()"),
        ("shop/cart.py", "shop/test_cart.py", "from .cart import add"),
        ("shop/__init__.py", "shop/tests/test_shop.py", "from .. import add"),
        ("shop/__init__.py", "tests/test_shop.py", "import shop\nshop.add()"),
        ("tool/script.py", "tool/test_script.py", "import script\nscript.add()"),
        ("lib/shop/cart.py", "tests/test_cart.py", "from shop.cart import add"),
        ("add.py", "test_add.py", "import add"),
    ],
)
def test_relative_imports_roots_and_scripts_are_followed(path: str, test: str, text: str) -> None:
    assert found({path: "", test: text}, path, "add").paths == (test,)


def test_the_class_or_function_around_is_a_mention_too_and_special_methods_are_none() -> None:
    files = {"shop.py": "", "test_shop.py": "from shop import Cart\nclass T:\n def __init__(self): Cart()"}
    assert found(files, "shop.py", "Cart.add.inner").paths == ("test_shop.py",)
    assert found(files, "shop.py", "Cart.__init__").paths == ("test_shop.py",)
    assert found(files, "shop.py", "Basket.__init__").paths == ()


def test_tests_that_mention_it_most_come_first_and_test_data_is_none() -> None:
    files = {
        "shop.py": "",
        "tests/test_a.py": "from shop import add\nadd()",
        "tests/test_b.py": "from shop import add\nadd(add())",
        "tests/test_c.py": "from shop import Cart\nCart(Cart(Cart()))",
        "tests/data/test_d.py": "from shop import add",
        "other.py": "from shop import add",
    }
    assert found(files, "shop.py", "Cart.add").paths == ("tests/test_b.py", "tests/test_a.py", "tests/test_c.py")


def test_a_test_is_none_of_its_own_functions() -> None:
    assert found({"tests/test_a.py": "import test_a\ndef add(): pass"}, "tests/test_a.py", "add") == Mentions()


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("import { add } from '../src/cart'", True),
        ("import { add } from '../src/cart.js'", True),
        ('const { add } = require("../src/cart")', True),
        ("const { add } = await import( '../src/cart.ts' )", True),
        ("import { add } from '../src'", True),
        ("import { add } from '../src/index'", True),
        ("import { add } from './src/cart'", False),
        ("import { add } from 'cart'", False),
        ("import { remove } from '../src/cart'", False),
        ("import { add } from '../../../src/cart'", False),
    ],
)
def test_scripts_reach_by_relative_addresses(text: str, counts: bool) -> None:
    files = {"src/cart.ts": "", "tests/cart.spec.ts": text}
    assert found(files, "src/cart.ts", "add").paths == (("tests/cart.spec.ts",) if counts else ())


@pytest.mark.parametrize(
    ("test", "text", "counts"),
    [
        ("cart/cart_test.go", "x.Add()", True),
        ("cart/cart_test.go", "Added()", False),
        ("cart/other_test.go", "x.Add()", False),
        ("cart/other_test.go", "Cart{}", True),
        ("shop/cart_test.go", "Cart{}.Add()", False),
    ],
)
def test_go_tests_reach_their_folder_where_a_method_alone_says_too_little(test: str, text: str, counts: bool) -> None:
    files = {"cart/cart.go": "", test: text}
    assert found(files, "cart/cart.go", "Cart.Add").paths == ((test,) if counts else ())


def test_what_has_no_name_is_found_by_what_is_around_it() -> None:
    files = {"cart/cart.go": "", "cart/a_test.go": "anonymous()", "cart/b_test.go": "Fill()"}
    assert found(files, "cart/cart.go", "Fill.(anonymous)").paths == ("cart/b_test.go",)


@pytest.mark.parametrize(
    ("test", "text", "counts"),
    [
        ("src/test/java/a/b/CartTest.java", "new Cart().add()", True),
        ("src/test/java/a/b/CartTests.java", "shop.add()", True),
        ("src/test/java/a/b/OtherTest.java", "other.add()", False),
        ("src/test/java/a/CartTest.java", "import a.b.Cart;\nnew Cart()", True),
        ("src/test/java/a/CartTest.java", "import static a.b.Cart.add;\nCart.add()", True),
        ("src/test/java/a/CartTest.java", "import a.b.*;\nCart()", True),
        ("src/test/java/a/CartTest.java", "import a.c.Cart;\nCart()", False),
    ],
)
def test_java_tests_reach_their_package_and_what_they_import(test: str, text: str, counts: bool) -> None:
    path = "core/src/main/java/a/b/Cart.java"
    assert found({path: "", test: text}, path, "Cart.add").paths == ((test,) if counts else ())


def test_of_a_language_whose_imports_are_unknown_nothing_is_said() -> None:
    assert found({"a.rs": "", "tests/a.rs": "add()"}, "a.rs", "add") == Mentions(complete=False)


@pytest.mark.parametrize(("limit", "most"), [("_MOST_FILES", 1), ("_MOST_BYTES", 30), ("_MOST_FILE_BYTES", 10)])
def test_what_is_over_a_limit_leaves_the_search_incomplete(
    monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    files = {"shop.py": "", **{f"test_{name}.py": "from shop import add" for name in "ab"}}
    assert found(files, "shop.py", "add") == Mentions(("test_a.py", "test_b.py"))
    monkeypatch.setattr(mentions_module, limit, most)
    assert not found(files, "shop.py", "add").complete


def test_a_test_that_cannot_be_read_leaves_the_search_incomplete() -> None:
    shot = snapshot({"shop.py": b""})
    with pytest.raises(UnreadableError):
        shot.read("test_a.py")
    function = Function(path="shop.py", name="f", language="python", line=1, end_line=1, complexity=1, lines=1)
    sources = [SourceFile(path="test_a.py", language="python", lines=1)]
    assert mentions(shot, [function], sources) == (Mentions(complete=False),)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "from " + "." * 400_000),
        ("a.py", "from a import (\n" * 40_000),
        ("a.py", "import a\\\n" * 40_000),
        ("a.py", "from" + " " * 400_000),
        ("a.ts", "from" + " " * 400_000),
        ("a.ts", "require(" * 50_000),
        ("a.ts", "import('./" * 40_000),
        ("A.java", "import " * 60_000),
        ("A.java", "\n " * 200_000),
        ("A.java", "import a." + "." * 400_000),
    ],
)
def test_hostile_text_is_read_in_one_go(path: str, text: str) -> None:
    stem, _, suffix = path.partition(".")
    test = {"py": "test_a.py", "ts": "a.test.ts", "java": "ATest.java"}[suffix]
    files = {path: "", test: f"{text} add {stem}"}
    assert found(files, path, f"{stem}.add").complete
