"""An installation's own templates in the place of debtscan's, drawn within bounds.

Jinja's sandbox does not bound what a template costs: one expression can ask for a billion characters, and two loops
for hours. So each is compiled and drawn in a process of its own, a copy of this one, which the system stops: after
`SECONDS` of its processor or `WAIT` of the clock, with `MEMORY` more bytes than it began with (on Linux), and without a
file that it could open. What it may print is bounded as well. Nothing in a template can make a text count as finished,
for all that it prints is escaped as in debtscan's own; nor can it write a hidden comment, which is what debtscan marks
its own with.
"""

from __future__ import annotations

import functools
import json
import os
import resource
import select
import signal
import time
import warnings
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

# Without a file that it could open, the process of a template can import nothing: this is all that it needs.
import jinja2.debug
import jinja2.meta
from jinja2 import nodes

from analyzers.errors import UsageError
from bot.markup import narrow_environment

SECONDS: Final = 10
WAIT: Final = 60
MEMORY: Final = 512 * 1024 * 1024
MOST: Final = 2_000_000
"""The characters of a text."""
OURS: Final = "debtscan/"
"""What stands before the name of a template of debtscan's own that is replaced."""
_HIDDEN: Final = "<!--"
_COSTLY: Final = f"takes more than {SECONDS} s or {MEMORY >> 20} MiB to draw"
# Between the polite end, which can name a line, and the other.
_GRACE: Final = 2
_LONGEST: Final = 2_000
_PIECE: Final = 1 << 16


class _TooSlowError(Exception):
    """Raised within the process of a template when its time is over."""


class TemplateError(UsageError):
    """A template of the installation is wrong; the message starts with ``name:line:`` where that is known."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """Templates by name: `ours`, and `theirs`, which win."""

    ours: Mapping[str, str]
    theirs: Mapping[str, str]

    def draw(self, template: str, values: Mapping[str, object], *, check: bool = False) -> str:
        """Draw a template. With ``check``, a name that ``values`` lacks is an error wherever it stands.

        Raises TemplateError.
        """
        answer = _answer(lambda: self._drawn(template, values, check=check))
        if answer is None:
            raise TemplateError(f"{template}: {_COSTLY}")
        if "error" in answer:
            raise TemplateError(f"{answer['error']}")
        return answer["text"]

    def _drawn(self, template: str, values: Mapping[str, object], *, check: bool) -> dict[str, str]:
        hidden: set[str] = set()
        environment = narrow_environment(self._source, hidden)
        try:
            if check:
                self._check(environment, template, values)
            text = _bounded(environment.get_template(template).generate(values))
        except jinja2.TemplateNotFound as error:
            return {"error": f"{self._place(error, template)}there is no template {error.name!r}"}
        except (MemoryError, _TooSlowError) as error:
            return {"error": f"{self._place(error, template)}{_COSTLY}"}
        except (jinja2.TemplateError, ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as error:
            told = f"{self._place(error, template)}{_told(error)}"
            there = f". The values there are: {', '.join(sorted(values))}" if "is undefined" in told else ""
            return {"error": f"{told}{there}"}
        return {"error": self._forged(template)} if _is_forged(text, hidden) else {"text": text}

    def _source(self, name: str) -> tuple[str, str, None] | None:
        text = self.ours.get(name.removeprefix(OURS)) if name.startswith(OURS) else None
        text = self.theirs.get(name, self.ours.get(name)) if text is None else text
        return None if text is None else (text, name, None)

    def _check(self, environment: jinja2.Environment, template: str, values: Mapping[str, object]) -> None:
        """Look for unknown names where an example does not lead as well."""
        text = self.theirs.get(template, self.ours[template])
        tree = environment.parse(text, template, template)
        unknown = jinja2.meta.find_undeclared_variables(tree) - values.keys() - environment.globals.keys()
        for name in tree.find_all(nodes.Name):
            if name.name in unknown:
                raise jinja2.TemplateSyntaxError(f"{name.name!r} is undefined", name.lineno, template, template)

    def _place(self, error: BaseException, template: str) -> str:
        """Return ``name:line: `` of where it went wrong."""
        name, line = getattr(error, "filename", None) or template, getattr(error, "lineno", 0)
        trace = error.__traceback__
        while trace is not None:
            if self._source(trace.tb_frame.f_code.co_filename):
                name, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
            trace = trace.tb_next
        return f"{name}:{line}: " if line else f"{name}: "

    def _forged(self, template: str) -> str:
        lines = self.theirs.get(template, "").split("\n")
        line = next((f":{number}" for number, text in enumerate(lines, 1) if _HIDDEN in text), "")
        return f"{template}{line}: hidden comments are debtscan's own marks; write {{# … #}} for a comment of yours"


def _told(error: Exception) -> str:
    # Of a syntax error the whole text would repeat the place.
    return (getattr(error, "message", "") or str(error))[:_LONGEST] or type(error).__name__


def _is_forged(text: str, hidden: Iterable[str]) -> bool:
    """Whether a text holds a comment beside those of finished values."""
    for mark in hidden:
        text = text.replace(mark, "\0")
    return _HIDDEN in text


def _bounded(pieces: Iterable[str]) -> str:
    found: list[str] = []
    length = 0
    for piece in pieces:
        length += len(piece)
        if length > MOST:
            raise ValueError(f"draws more than {MOST:,} characters")
        found.append(piece)
    return "".join(found)


def _answer(work: Callable[[], dict[str, str]]) -> dict[str, str] | None:
    """Return what ``work`` returns in a process of its own; None where that did not live to tell."""
    _warm()
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # The copy has this thread alone. It takes no lock that another could hold: its environment is its own.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        _work(work, writing)
    os.close(writing)
    try:
        answer: dict[str, str] | None = json.loads(_read(reading))
    except ValueError:
        return None
    else:
        return answer
    finally:
        os.close(reading)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


@functools.cache
def _warm() -> None:
    """Have everything imported that a template may need: its own process can open no file."""
    narrow_environment(lambda _name: None, set()).from_string("{{ 'a' | upper }}").render()


def _work(work: Callable[[], dict[str, str]], writing: int) -> NoReturn:
    """Answer and end: nothing of what the first process wants done at its end is done here."""
    try:
        _limit()
        left = json.dumps(_done(work)).encode()
        while left:
            left = left[os.write(writing, left) :]
    finally:
        os._exit(0)


def _done(work: Callable[[], dict[str, str]]) -> dict[str, str] | None:
    try:
        return work()
    except (MemoryError, _TooSlowError):
        return None
    except Exception as error:  # noqa: BLE001 - what a template provokes in a value's own code is the template's fault
        return {"error": f"{type(error).__name__}: {error}"}


def _limit() -> None:
    signal.signal(signal.SIGXCPU, _end)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + _GRACE))
    size = _size()
    if size:
        resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, size + MEMORY))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _end(_signal: int, _frame: object) -> NoReturn:
    raise _TooSlowError


def _size() -> int:
    """Return the bytes of address space that this process has; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _read(reading: int) -> bytes:
    end, found = time.monotonic() + WAIT, bytearray()
    while (left := end - time.monotonic()) > 0 and select.select([reading], [], [], left)[0]:
        piece = os.read(reading, _PIECE)
        if not piece:
            return bytes(found)
        found += piece
    return b""
