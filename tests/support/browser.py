"""A real browser, that asks nobody of its own accord."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass
class Seen:
    """A page that is open, what it asked for and what it complained about."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Run Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_FLAGS))
        yield started
        started.close()


@contextmanager
def opened_page(
    browser: Browser, address: str, *, width: int = 1280, scheme: str = "light", scripts: bool = True
) -> Iterator[Seen]:
    """Open an address in a window of this width."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        java_script_enabled=scripts,
    )
    page = context.new_page()
    seen = Seen(page)

    def complain(message: ConsoleMessage) -> None:
        seen.complaints.append(message.text)

    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("console", complain)
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.goto(address)
    yield seen
    context.close()
