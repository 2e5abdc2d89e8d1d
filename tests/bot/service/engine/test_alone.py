from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.service.engine.alone import NAME, Alone
from bot.service.engine.errors import EngineError, SecondProcessError


def test_the_second_is_told_who_the_first_is(tmp_path: Path) -> None:
    first = Alone(tmp_path)
    first.take()
    with pytest.raises(SecondProcessError, match=rf"another process \({os.getpid()}\) works on .*; stop it"):
        Alone(tmp_path).take()
    first.release()


def test_a_lock_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    with pytest.raises(EngineError, match=rf"{NAME}: cannot be opened \(Is a directory\); give it .* to the service's"):
        Alone(tmp_path).take()


def test_what_is_released_is_free(tmp_path: Path) -> None:
    first, second = Alone(tmp_path), Alone(tmp_path)
    first.take()
    first.release()
    first.release()
    second.take()
    second.release()


def test_what_a_dead_process_left_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("4194304 and more of an older one\n", encoding="utf-8")
    alone = Alone(tmp_path)
    alone.take()
    assert (tmp_path / NAME).read_text(encoding="utf-8") == f"{os.getpid()}\n"
    alone.release()
