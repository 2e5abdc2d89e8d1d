"""Keeps somebody else's plugin from ending the scan: what it raises is noted, and something harmless is given."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any, Final

from analyzers.model.ecosystem import Ecosystem, Format, no_pairing
from analyzers.model.failures import Failure, note
from analyzers.model.finding import GROUPS, Rule

_ID: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


def problem_of(module: ModuleType, states: str) -> str | None:
    """Return why a module cannot be a plugin; None where it can."""
    stated = getattr(module, states, None)
    if states == "ECOSYSTEM":
        return None if isinstance(stated, Ecosystem) else "states no ECOSYSTEM of the type Ecosystem"
    if not isinstance(stated, Rule):
        return "states no RULE of the type Rule"
    if not callable(getattr(module, "check", None)):
        return "has no function check"
    if not _ID.fullmatch(stated.id) or stated.group not in GROUPS:
        return f"its rule has the id '{stated.id}' and the group '{stated.group}', of which one is not allowed"
    return None


def guarded(module: ModuleType, name: str, package: str) -> ModuleType:
    """Return a module that states the same with its functions guarded. Rules are as they are: scan guards checks."""
    if not hasattr(module, "ECOSYSTEM"):
        return module

    def safe(function: Callable[..., Any], otherwise: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def call(*arguments: Any) -> Any:  # noqa: ANN401 - whatever the plugin takes and gives
            try:
                found = function(*arguments)
                # A generator fails where it is used up, so it is used up here.
                return tuple(found) if hasattr(found, "__next__") else found
            except Exception as error:  # noqa: BLE001 - somebody else's code, which must not end the scan
                note(Failure(name, package, f"failed at work ({type(error).__name__}: {error})"))
                return otherwise(*arguments)

        return call

    world: Ecosystem = module.ECOSYSTEM
    copy = ModuleType(module.__name__, module.__doc__)
    copy.ECOSYSTEM = replace(  # type: ignore[attr-defined]  # modules take any attribute
        world,
        formats=tuple(_form(form, safe) for form in world.formats),
        questions=safe(world.questions, lambda *_: ()),
        normalise=safe(world.normalise, str),
        pair=safe(world.pair, no_pairing),
        package=safe(world.package, lambda *_: None) if world.package else None,
    )
    return copy


def _form(form: Format, safe: Callable[[Callable[..., Any], Callable[..., Any]], Callable[..., Any]]) -> Format:
    def never(*_: object) -> bool:
        return False

    sniff = safe(form.sniff, never) if form.sniff else None
    return replace(form, matches=safe(form.matches, never), sniff=sniff)
