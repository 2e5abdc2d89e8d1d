"""Evidence about images: a Dockerfile as text, lifecycles of a few products, tags and digests as a registry says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from analyzers.config import Config, Docker
from analyzers.ecosystems.docker import compose, dockerfile
from analyzers.model.facts import Answer, Cycle, Facts, ImageManifest, ImageTags, Known, Lifecycle, Unknown
from analyzers.model.finding import Evidence, Finding
from analyzers.model.inventory import Inventory, Repository
from analyzers.model.question import Question
from analyzers.model.skipped import Skipped
from analyzers.syntax.text import SourceText

TODAY = date(2026, 11, 22)
TABLE_DATE = date(2026, 8, 22)
HUB = "docker.io/library/"
Check: TypeAlias = Callable[[Evidence], Iterator[Finding | Skipped]]

_Row: TypeAlias = tuple[str, str, str | None]
_CYCLES: Mapping[str, Sequence[_Row]] = {
    "nodejs": [
        ("26", "2026-05-05", "2029-04-30"),
        ("25", "2025-10-15", "2026-06-01"),
        ("24", "2025-05-06", "2028-04-30"),
        ("22", "2024-04-24", "2027-04-30"),
        ("20", "2023-04-18", "2026-04-30"),
        ("18", "2022-04-19", "2025-04-30"),
    ],
    "python": [
        ("3.14", "2025-10-07", "2030-10-31"),
        ("3.13", "2024-10-07", "2029-10-31"),
        ("3.12", "2023-10-02", "2028-10-31"),
        ("3.11", "2022-10-24", "2027-10-31"),
        ("3.8", "2019-10-14", "2024-10-07"),
        ("2.7", "2010-07-03", "2020-01-01"),
    ],
    "alpine-linux": [
        ("3.24", "2026-06-09", "2028-06-01"),
        ("3.23", "2025-12-04", "2027-11-01"),
        ("3.19", "2023-12-07", "2025-11-01"),
    ],
    "go": [("1.27", "2026-08-19", None), ("1.26", "2026-02-10", None), ("1.25", "2025-08-12", "2026-08-19")],
    "php": [("8.4", "2024-11-21", "2028-12-31"), ("8.2", "2022-12-08", "2026-12-31")],
    "prometheus": [("3.8", "2026-10-01", None), ("3.7", "2026-08-20", "2026-10-01")],
    "rust": [("1.98", "2026-08-20", None), ("1.97", "2026-07-09", "2026-08-20")],
}
_LONG_TERM = {"26", "24", "22", "20", "18", "26.04", "24.04", "20.04"}


def lifecycle(product: str, rows: Sequence[_Row]) -> Lifecycle:
    """Return a lifecycle from rows of name, release, end."""
    cycles = tuple(
        Cycle(name, date.fromisoformat(out), date.fromisoformat(end) if end else None, lts=name in _LONG_TERM)
        for name, out, end in rows
    )
    return Lifecycle(product, cycles, "a table", TABLE_DATE)


def _day(text: str) -> date:
    return date.fromisoformat(text)


DEBIAN = Lifecycle(
    "debian",
    (
        Cycle("13", _day("2025-08-09"), _day("2028-08-09"), _day("2030-06-30"), "trixie"),
        Cycle("12", _day("2023-06-10"), _day("2026-07-11"), _day("2028-06-30"), "bookworm"),
        Cycle("11", _day("2021-08-14"), _day("2024-08-14"), _day("2026-08-31"), "bullseye"),
        Cycle("10", _day("2019-07-06"), _day("2022-09-10"), _day("2024-06-30"), "buster"),
    ),
    "a table",
    TABLE_DATE,
)
UBUNTU = Lifecycle(
    "ubuntu",
    (
        Cycle("26.04", _day("2026-04-23"), _day("2031-04-30"), None, "resolute", lts=True),
        Cycle("25.10", _day("2025-10-09"), _day("2026-07-01"), None, "questing"),
        Cycle("24.04", _day("2024-04-25"), _day("2029-05-31"), None, "noble", lts=True),
        Cycle("20.04", _day("2020-04-23"), _day("2025-05-31"), _day("2030-04-02"), "focal", lts=True),
    ),
    "a table",
    TABLE_DATE,
)
LIFECYCLES: Mapping[str, Lifecycle] = {
    **{product: lifecycle(product, rows) for product, rows in _CYCLES.items()},
    "debian": DEBIAN,
    "ubuntu": UBUNTU,
}


def evidence(
    text: str,
    *,
    tags: Mapping[str, str] | None = None,
    manifests: Mapping[str, ImageManifest] | None = None,
    unknown: Mapping[Question, Unknown] | None = None,
    as_of: date = TODAY,
    looked_up: date = TODAY,
    bundled: bool = False,
    docker: Docker | None = None,
    form: str = "dockerfile",
) -> Evidence:
    """Return the evidence about one file. `tags` are parted by blanks; names are those of official images."""
    answers: dict[Question, Answer] = {
        Question("lifecycle", product): Known(value, bundled=bundled) for product, value in LIFECYCLES.items()
    }
    for name, offered in (tags or {}).items():
        full = name if "/" in name else HUB + name
        answers[Question("oci-tags", full)] = Known(ImageTags(full, tuple(offered.split())))
    for name, manifest in (manifests or {}).items():
        answers[Question("oci-manifest", HUB + name)] = Known(manifest)
    answers.update(unknown or {})
    read = compose.read if form == "compose" else dockerfile.read
    reading = read(SourceText(form, text))
    inventory = Inventory(
        repository=Repository("r"), dependencies=reading.dependencies, observations=reading.observations
    )
    config = Config(docker=docker or Docker())
    return Evidence(inventory=inventory, facts=Facts(looked_up, answers), config=config, as_of=as_of)


def findings(check: Check, known: Evidence) -> list[Finding]:
    """Return the findings alone."""
    return [found for found in check(known) if isinstance(found, Finding)]


def notes(check: Check, known: Evidence) -> list[Skipped]:
    """Return what could not be judged, alone."""
    return [found for found in check(known) if isinstance(found, Skipped)]
