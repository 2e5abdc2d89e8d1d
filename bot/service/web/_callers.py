"""Who asks through a program: a person whose token stands in the request's head, as GitHub says whose it is."""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import structlog
from starlette.exceptions import HTTPException

from bot.github import oauth
from bot.github.errors import ForbiddenError, HostError
from bot.github.oauth import UserToken
from bot.service.web._buckets import Allowance, ClientBuckets

SECONDS: Final = 300.0
"""So long what GitHub said of a token holds. It is what somebody may lose access and still read."""
_REFUSED_SECONDS: Final = 60.0
_MOST: Final = 1000
_TOKEN: Final = re.compile(r"[A-Za-z0-9_]{20,255}", re.ASCII)
_LOG: Final = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Caller:
    """What a token may see: ids of repositories. None is known of a token that GitHub refuses."""

    login: str
    repositories: frozenset[int] = field(repr=False)


ASKING: Final = Allowance("tokens", burst=20, rate=0.2)
"""So often a client may have a token asked about that is not known: who guesses does not use up GitHub's patience."""


@dataclass(slots=True)
class Callers:
    """What GitHub said of the tokens of the last minutes, by their digests: the tokens themselves are kept nowhere."""

    clock: Callable[[], float] = time.monotonic
    _known: OrderedDict[bytes, tuple[float, Caller | None]] = field(default_factory=OrderedDict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _buckets: ClientBuckets = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Count by the same clock."""
        self._buckets = ClientBuckets(self.clock)

    def remembered(self, token: str) -> tuple[bool, Caller | None]:
        """Return whether a token is known, and whose it is; None is known of one that GitHub refused."""
        now = self.clock()
        with self._lock:
            until, caller = self._known.get(_digest(token), (now, None))
        return until > now, caller

    def wait(self, client: str) -> int:
        """Take one question to GitHub for a client; return 0, or the seconds until it may ask one."""
        return self._buckets.wait(ASKING, client)

    def remember(self, token: str, caller: Caller | None) -> None:
        """Keep whose a token is for a while."""
        now = self.clock()
        with self._lock:
            self._known[_digest(token)] = (now + (SECONDS if caller else _REFUSED_SECONDS), caller)
            self._known.move_to_end(_digest(token))
            while len(self._known) > _MOST:
                self._known.popitem(last=False)


def bearer(authorization: str) -> str:
    """Return the token of an ``Authorization`` head; "" where it holds none that GitHub could have given."""
    scheme, _blank, token = authorization.partition(" ")
    return token if scheme.lower() in {"bearer", "token"} and _TOKEN.fullmatch(token) else ""


def ask(token: UserToken, installations: frozenset[int]) -> Caller | None:
    """Return whose a token is and what it sees; None where GitHub refuses it. Raises HTTPException."""
    try:
        return Caller(oauth.person(token).login, oauth.visible_repositories(token, installations))
    except ForbiddenError:
        return None
    except HostError as error:
        _LOG.warning("a token could not be asked about", reason=str(error))
        raise HTTPException(503, "GitHub does not answer as it should. Try again in a minute.") from error


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
