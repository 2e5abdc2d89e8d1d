"""Work that goes on beside the reading: a process of git that takes long, waited for when its answer is wanted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Beside(Generic[Answer]):
    """Runs ``work`` in a thread of its own, from the moment on that this is made."""

    def __init__(self, work: Callable[[], Answer]) -> None:
        self._answers: list[Answer] = []
        self._failure: BaseException | None = None
        # A scan that ends early does not wait for what it no longer wants to know.
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    def __call__(self) -> Answer:
        """Wait for the work and return its answer, or raise what it raised."""
        self._thread.join()
        if self._failure:
            raise self._failure
        return self._answers[0]

    def _run(self, work: Callable[[], Answer]) -> None:
        try:
            self._answers.append(work())
        except BaseException as failure:  # noqa: BLE001 - raised where the answer is wanted
            self._failure = failure
