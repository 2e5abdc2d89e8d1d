"""The reports that a command writes: which formats there are, and each into its file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from analyzers.model.discovery import modules
from bot import output
from bot.commands._progress import say
from bot.output import Target
from bot.report.renderer import Format, HotspotRenderer, Options, Renderer
from bot.scorecard import Report


def renderers() -> dict[str, Renderer]:
    """Return every format of a scan's report by its name."""
    found = (module.RENDERER for module in modules("bot.report", states="RENDERER"))
    return {renderer.name: renderer for renderer in found}


def hotspot_renderers() -> dict[str, HotspotRenderer]:
    """Return every format of the report of hotspots by its name."""
    found = (module.HOTSPOTS for module in modules("bot.report", states="HOTSPOTS"))
    return {renderer.name: renderer for renderer in found}


def planned(outputs: Sequence[str], formats: tuple[str, ...] = ()) -> tuple[Target, ...]:
    """Return what ``--format`` and ``--output`` ask for. Raises UsageError."""
    return plan(outputs, formats, renderers())


def plan(outputs: Sequence[str], formats: tuple[str, ...], known: Mapping[str, Format]) -> tuple[Target, ...]:
    """Return the same for other formats than those of a scan. Raises UsageError."""
    return output.plan(formats, tuple(outputs), {name: one.suffix for name, one in known.items()})


def write(report: Report, targets: Sequence[Target], drawing: Callable[[Target], Options]) -> None:
    """Write each report; ``drawing`` says how. Raises UsageError for a file that cannot be written."""
    known = renderers()
    write_all(targets, lambda target: known[target.format].render(report, drawing(target)))


def write_all(targets: Sequence[Target], drawn: Callable[[Target], str]) -> None:
    """Write what is ``drawn`` for each target. Raises UsageError for a file that cannot be written."""
    # Standard output first: where the files are is then the last thing on the screen.
    for target in sorted(targets, key=lambda target: target.path is not None):
        output.write(target, drawn(target))
        if target.path is not None:
            say(f"wrote {target.path}")


def listed(targets: Sequence[Target]) -> str:
    """Return the files, one a line: the output ``report`` of a workflow's step."""
    return "\n".join(str(target.path) for target in targets if target.path is not None)
