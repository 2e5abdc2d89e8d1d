from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

import pytest

from bot.example import Maker

T = TypeVar("T")


def _one() -> str:
    return "1"


@dataclass(frozen=True)
class Leaf(Generic[T]):
    rows: Sequence[T]
    kind: Literal["a", "b"] = "b"


@dataclass(frozen=True)
class Node:
    leaf: Leaf[int]
    names: Mapping[str, tuple[int, ...]]
    inner: Node | None
    pair: tuple[int, str]
    done: bool
    say: Callable[[], str] = _one


def test_a_full_example_has_something_everywhere_and_ends_within_its_own_kind() -> None:
    made = Maker(full=True).make(Node)
    assert made == Node(Leaf((3,), "a"), {"example": (3,)}, None, (3, "example"), done=True)


def test_a_bare_one_has_nothing_where_the_type_allows_that() -> None:
    assert Maker(full=False).make(Node) == Node(Leaf((), "a"), {}, None, (0, ""), done=False)


def test_a_type_that_nobody_can_make_is_an_error() -> None:
    with pytest.raises(TypeError, match="no example of"):
        Maker(full=True).make(Callable[[], str])
