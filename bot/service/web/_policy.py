"""What holds for a path before its route is looked for: how often it may be asked, and what proves a POST's origin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from bot.service.web._buckets import Allowance

Proof = Literal["token", "code", "signature"]
"""What shows that a POST is meant: the viewer's own token, the setup code, or GitHub's signature."""

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""
PAGES: Final = Allowance("pages", burst=120, rate=20)
SIGNING_IN: Final = Allowance("sign-in", burst=30, rate=1)
PROBES: Final = Allowance("probes", burst=60, rate=5)
SETTING_UP: Final = Allowance("setup", burst=10, rate=0.1)


@dataclass(frozen=True, slots=True)
class Policy:
    """`allowance` is None where something else bounds it; `sending` is that of requests that may change something.

    `has_viewer` says whether it matters who asks, and `takes_old` that it may be asked also after what GitHub showed to
    somebody counts no more.
    """

    allowance: Allowance | None = PAGES
    proof: Proof = "token"
    has_viewer: bool = True
    sending: Allowance | None = None
    takes_old: bool = False

    def allowance_of(self, method: str) -> Allowance | None:
        """Return how often this may be asked by a method."""
        return self.allowance if method in SAFE else self.sending or self.allowance


_USUAL: Final = Policy()
_STATIC: Final = "/-/static/"
_FILES: Final = Policy(has_viewer=False)
# Probes come every second, and one of them asks the database. GitHub sends webhooks of all organisations from a few
# addresses; who forges one gets no further than its signature.
_OWN: Final = {
    "/healthz": Policy(None, has_viewer=False),
    "/readyz": Policy(PROBES, has_viewer=False),
    "/metrics": Policy(None, has_viewer=False),
    "/webhooks/github": Policy(None, "signature", has_viewer=False),
    "/setup": Policy(proof="code", sending=SETTING_UP),
    "/-/sign-in": Policy(SIGNING_IN),
    "/-/signed-in": Policy(SIGNING_IN),
    "/-/sign-out": Policy(takes_old=True),
}


def policy_of(path: str) -> Policy:
    """Return what holds for a path."""
    # The pattern of a route takes a line end at the end of a path for none.
    path = path.rstrip("\n")
    if path.startswith(_STATIC):
        return _FILES
    return _OWN.get(path, _USUAL)
