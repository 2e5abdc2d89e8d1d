"""A whole scan that asks PyPI and npm alone, as a process: the peer of Renovate's lookup under the same restriction.

``python -m benchmarks.packages_scan PATH CACHE OUTPUT [metrics]`` writes the report to OUTPUT. Without the last word,
code and history are left unread, as Renovate leaves them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from analyzers.errors import FetchError
from analyzers.http.cache import Cache
from analyzers.http.credentials import load_settings
from analyzers.http.fetch import Fetcher
from analyzers.look_up import look_up
from analyzers.model.ecosystem import Ecosystem
from analyzers.model.exchange import Request, Response, host_of
from analyzers.model.facts import Facts
from analyzers.model.inventory import Inventory
from analyzers.model.question import Question
from analyzers.read import ecosystems, read
from analyzers.scan import scan
from bot.assemble import build
from bot.report import json
from bot.report.renderer import Options
from bot.rounds.repository import open_repository

SOURCES = frozenset({"pypi", "npm"})
# Advisories, lifecycles and code hosts are asked by no ecosystem, so they are refused by host.
HOSTS = frozenset({"pypi.org", "files.pythonhosted.org", "registry.npmjs.org"})


def restricted(world: Ecosystem) -> Ecosystem:
    """Return an ecosystem that asks the two registries alone."""

    def questions(inventory: Inventory, facts: Facts) -> Iterator[Question]:
        return (question for question in world.questions(inventory, facts) if question.source in SOURCES)

    return replace(world, questions=questions)


def only_packages(send: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Return a fetcher that sends to the two registries alone."""

    def limited(request: Request) -> Response:
        if host_of(request.url) not in HOSTS:
            raise FetchError("refused", f"{host_of(request.url)} is not asked here")
        return send(request)

    return limited


def main(path: str, cache: str, output: str, *wanted: str) -> None:
    """Scan and write."""
    now = datetime.now(UTC)
    opened = open_repository(Path(path), config=None, commit=None)
    worlds = [restricted(world) for world in ecosystems()]
    settings, kept = load_settings(os.environ, Path.home()), Cache(Path(cache))
    with Fetcher(
        user_agent="debtscan-benchmark", cache=kept, credentials=settings.credentials, allow_private=True
    ) as fetcher:
        limited = only_packages(fetcher.send)
        result = scan(
            lambda: read(opened.snapshot, opened.settings, as_of=now.date(), metrics="metrics" in wanted),
            lambda found: look_up(found, fetcher=limited, looked_up=now.date(), ecosystems=worlds),
            opened.settings.config,
            as_of=now.date(),
        )
    report = build(result, scanned_at=now)
    Path(output).write_text(json.render(report, Options()), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
