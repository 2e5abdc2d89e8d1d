"""Which edition of debtscan's own code worked something out: what another one kept is not taken over."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path


@cache
def digest_of(*names: str) -> bytes:
    """Return a digest of modules beside this one, so that nobody has to remember a number when one of them changes.

    Empty where the code lies in no folder that can be looked into.
    """
    found = sha256()
    try:
        for name in names:
            found.update(Path(__file__).with_name(f"{name}.py").read_bytes())
    except OSError:
        return b""
    return found.digest()
