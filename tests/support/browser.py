"""A real browser, that asks nobody of its own accord."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
AXE = Path(__file__).parents[2] / ".venv" / "node" / "node_modules" / "axe-core" / "axe.min.js"
"""Finds what keeps people from using a page; ``make axe`` installs it."""
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

CONTRAST = """() => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const poor = new Set();
  for (const node of document.querySelectorAll("body *:not(script):not(style)")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    if (!own || !node.checkVisibility()) continue;
    const style = getComputedStyle(node);
    const ink = light(parse(node.namespaceURI.endsWith("svg") ? style.fill : style.color));
    const paper = light(behind(node));
    const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    if (ratio < 4.5) poor.add(`${node.tagName}.${node.getAttribute("class")} ${ratio.toFixed(2)}`);
  }
  return [...poor];
}"""
"""A script that returns every text that stands out too little from a plain background: WCAG AA, 4.5 to 1."""


_RUN_AXE = """() => axe.run(document, {resultTypes: ["violations"]}).then(({ violations }) => violations
  .filter(({ impact }) => impact === "serious" || impact === "critical")
  .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`))"""


def barriers(page: Page) -> list[str]:
    """Return what axe-core finds serious or critical. It is run from outside, so the page's policy stays as it is."""
    page.evaluate(f"() => {{ {AXE.read_text(encoding='utf-8')} }}")
    found: list[str] = page.evaluate(_RUN_AXE)
    return found


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
    browser: Browser,
    address: str,
    *,
    width: int = 1280,
    scheme: str = "light",
    scripts: bool = True,
    cookie: tuple[str, str] | None = None,
) -> Iterator[Seen]:
    """Open an address in a window of this width, with a cookie of this name and value."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        java_script_enabled=scripts,
    )
    if cookie:
        context.add_cookies([{"name": cookie[0], "value": cookie[1], "url": urljoin(address, "/")}])
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
