"""Times look-ups against a stand-in on loopback that answers after a fixed delay.

The floor is what an ideal client needs: ⌈questions ÷ connections⌉ × delay. Usage: python -m benchmarks.look_ups
"""

from __future__ import annotations

import argparse
import asyncio
import math
import multiprocessing
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

import urllib3

from analyzers.http.cache import Cache
from analyzers.http.fetch import Fetcher
from analyzers.http.limits import HostLimit, LocalLimiter
from analyzers.look_up import look_up
from analyzers.model.ecosystem import Ecosystem
from analyzers.model.facts import Facts, Known
from analyzers.model.inventory import Inventory, Repository
from analyzers.model.question import Question

_TODAY = date(2026, 11, 22)
_VERSIONS = [f"1.{minor}.0" for minor in range(20)]
_FILES = ",".join(
    f'{{"filename":"p-{version}-py3-none-any.whl","url":"https://x/{version}","hashes":{{}},"yanked":false,'
    f'"requires-python":">=3.9","upload-time":"2024-01-02T03:04:05Z"}}'
    for version in _VERSIONS
)
_BODY = f'{{"meta":{{"api-version":"1.1"}},"name":"p","files":[{_FILES}],"versions":{_VERSIONS}}}'.replace(
    "'", '"'
).encode()
_ANSWER = (
    b'HTTP/1.1 200 OK\r\nContent-Type: application/vnd.pypi.simple.v1+json\r\nETag: "1"\r\n'
    b"Content-Length: %d\r\n\r\n%s" % (len(_BODY), _BODY)
)


class _Stub(asyncio.Protocol):
    """Answers every request after the delay; connections are kept alive."""

    delay = 0.04

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            _head, _end, self._received = self._received.partition(b"\r\n\r\n")
            asyncio.get_running_loop().call_later(self.delay, self._answer)

    def _answer(self) -> None:
        if isinstance(self._transport, asyncio.Transport) and not self._transport.is_closing():
            self._transport.write(_ANSWER)


def _serve(delay: float, ready: Connection) -> None:
    _Stub.delay = delay

    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(_Stub, "127.0.0.1", 0)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


def _world(count: int) -> Ecosystem:
    questions = [Question("pypi", f"package-{number}") for number in range(count)]

    def ask(_inventory: Inventory, _facts: Facts) -> Sequence[Question]:
        return questions

    return Ecosystem(name="bench", title="", formats=(), questions=ask, normalise=str)


def _run(world: Ecosystem, address: str, connections: int, cache: Path | None) -> float:
    """Return the seconds of one run. ``cache`` is a folder, kept between runs for a warm one."""
    started = time.perf_counter()
    with Fetcher(
        user_agent="debtscan-benchmark",
        allow_private=True,
        environ={},
        connections=connections,
        cache=Cache(cache) if cache else None,
        limiter=LocalLimiter(default=HostLimit(at_once=connections)),
    ) as fetcher:
        facts = look_up(
            Inventory(repository=Repository("bench")),
            fetcher=fetcher.send,
            looked_up=_TODAY,
            addresses={"pypi": address},
            ecosystems=[world],
            jobs=connections,
        )
    if not all(isinstance(answer, Known) for answer in facts.answers.values()):
        raise SystemExit("not every question was answered")
    return time.perf_counter() - started


def _bare(count: int, address: str, connections: int) -> float:
    """Return the seconds of the peer: urllib3 alone, one pool, threads, nothing read of the answers."""
    started = time.perf_counter()
    pool = urllib3.PoolManager(maxsize=connections)
    with ThreadPoolExecutor(connections) as threads:
        list(threads.map(lambda number: pool.request("GET", f"{address}/package-{number}/").data, range(count)))
    pool.clear()
    return time.perf_counter() - started


def _median(repeats: int, run: Callable[[], float]) -> float:
    return statistics.median(run() for _count in range(repeats))


def main() -> None:
    """Print a table of medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=400)
    parser.add_argument("--delay", type=float, default=0.04, help="seconds before each answer")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(options.delay, theirs), daemon=True)
    server.start()
    address = f"http://127.0.0.1:{ours.recv()}/simple"
    world = _world(options.questions)
    print(f"{options.questions} questions, {options.delay * 1000:.0f} ms, median of {options.repeats}")
    print(f"{'connections':>11} {'cache':>6} {'seconds':>8} {'floor':>6} {'ratio':>6}")
    for connections in (10, 16, 20):
        floor = math.ceil(options.questions / connections) * options.delay
        bare = _median(options.repeats, lambda count=connections: _bare(options.questions, address, count))  # type: ignore[misc] # as below
        print(f"{connections:>11} {'(bare)':>6} {bare:>8.3f} {floor:>6.2f} {bare / floor:>6.2f}")
        plain = _median(options.repeats, lambda count=connections: _run(world, address, count, None))  # type: ignore[misc] # bound now
        print(f"{connections:>11} {'none':>6} {plain:>8.3f} {floor:>6.2f} {plain / floor:>6.2f}")
        with tempfile.TemporaryDirectory() as folder:
            cold = _run(world, address, connections, Path(folder))
            warm = _run(world, address, connections, Path(folder))
        print(f"{connections:>11} {'cold':>6} {cold:>8.3f} {floor:>6.2f} {cold / floor:>6.2f}")
        print(f"{connections:>11} {'warm':>6} {warm:>8.3f} {floor:>6.2f} {warm / floor:>6.2f}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    server.terminate()


if __name__ == "__main__":
    main()
