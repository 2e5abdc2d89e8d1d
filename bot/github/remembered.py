"""What GitHub answered, with its validator: asked again, an unchanged answer (304) costs nothing of the limit."""

from __future__ import annotations

import hashlib
import threading
import time
import zlib
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress

from analyzers.http.cache import Cache
from analyzers.http.stored import Stored
from bot.github.transport import Answer

_KEPT = ("etag", "link", "content-type", "x-oauth-scopes")
_OK = 200
_GZIP = 31
_LARGEST = 4 * 1024 * 1024


class Remembered:
    """Answers of this run, the least recently used forgotten first; on disk as well where there is a cache."""

    def __init__(self, disk: Cache | None = None, *, most_characters: int = 64 * 1024 * 1024) -> None:
        self._disk = disk
        self._most = most_characters
        self._held = 0
        self._answers: OrderedDict[bytes, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: bytes) -> Answer | None:
        """Return the answer that was kept under ``key``, however old."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        return self._read(key)

    def keep(self, key: bytes, answer: Answer) -> None:
        """Keep an answer that can be asked for conditionally."""
        control = answer.headers.get("cache-control", "")
        if answer.status != _OK or "etag" not in answer.headers or "no-store" in control or len(answer.body) > _LARGEST:
            return
        kept = Answer(
            answer.status, {name: answer.headers[name] for name in _KEPT if name in answer.headers}, answer.body
        )
        with self._lock:
            replaced = self._answers.pop(key, None)
            self._answers[key] = kept
            self._held += len(kept.body) - (len(replaced.body) if replaced else 0)
            while self._held > self._most:
                _key, forgotten = self._answers.popitem(last=False)
                self._held -= len(forgotten.body)
        if self._disk is not None:
            plain = kept.body.encode()
            packed = zlib.compress(plain, 1, _GZIP)
            self._disk.store(key, Stored(kept.status, kept.headers, packed, len(plain), time.time()))

    def confirm(self, key: bytes) -> None:
        """Note that GitHub says that the answer still holds."""
        if self._disk is not None:
            self._disk.confirm(key)

    def _read(self, key: bytes) -> Answer | None:
        stored = self._disk.find(key) if self._disk is not None else None
        if stored is None or "etag" not in stored.headers or stored.size > _LARGEST * 4:
            return None
        with suppress(zlib.error, UnicodeDecodeError):
            return Answer(stored.status, stored.headers, zlib.decompress(stored.packed, _GZIP).decode())
        return None


def key_of(url: str, headers: Mapping[str, str]) -> bytes:
    """Return the name of an answer. The token is part of it, digested: what one may see, another may not."""
    parts = (url, headers.get("Accept", ""), headers.get("Authorization", ""))
    return b"github:" + hashlib.sha256("\0".join(parts).encode()).digest()
