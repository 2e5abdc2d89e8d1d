"""The setup and the sign-in in a real browser: policies hold, forms reach GitHub, and keys reach everything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bot.service import sign_ins
from bot.service.web.model import Web
from tests.support.browser import AXE, CHROMIUM, CONTRAST, Seen, barriers, opened_page, running_browser
from tests.support.github import GitHubStandIn
from tests.support.service.serving import serving
from tests.support.service.web import SETUP_CODE, Clock, make_web, secrets_of

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed at /usr/bin/chromium")

NOWHERE = "/no/such/page"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as started:
        yield started


@pytest.fixture
def new(github: GitHubStandIn, tmp_path: Path, clock: Clock) -> Iterator[Web]:
    """Serve what nobody registered yet."""
    github.world.account("acme", "Organization")
    with serving(lambda url: make_web(tmp_path / "new", clock, url=url, github=github.url, is_registered=False)) as web:
        yield web


@pytest.fixture
def web(github: GitHubStandIn, tmp_path: Path, clock: Clock) -> Iterator[Web]:
    """Serve what is registered."""
    app = github.app("debtscan", on=["acme"])

    def make(url: str) -> Web:
        app.callbacks = (f"{url}/-/signed-in",)
        return make_web(tmp_path / "service", clock, url=url, github=github.url, secrets=secrets_of(app))

    with serving(make) as made:
        yield made


def _fill(page: Page, **changed: str) -> None:
    usual = {"Setup code": SETUP_CODE, "Organisation": "acme", "Name of the App": "debtscan acme"}
    for label, value in {**usual, **changed}.items():
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Next").click()


def _account(seen: Seen) -> Locator:
    return seen.page.get_by_role("navigation", name="Account")


def _complaints(seen: Seen) -> list[str]:
    """Return what the browser complained about, but for pages that are meant to be missing."""
    return [one for one in seen.complaints if "404 (Not Found)" not in one]


def test_the_app_is_registered_by_two_buttons(browser: Browser, new: Web, github: GitHubStandIn) -> None:
    with opened_page(browser, f"{new.url}/setup") as seen:
        _fill(seen.page)
        expect(seen.page.get_by_role("term")).to_have_count(9)
        seen.page.get_by_role("button", name="Make it on GitHub").click()
        expect(seen.page).to_have_url(re.compile(f"^{re.escape(github.url)}/organizations/acme/settings/apps/new"))
        seen.page.get_by_role("button").click()
        expect(seen.page).to_have_url(f"{new.url}/-/setup-done")
        expect(seen.page.get_by_role("heading", level=1)).to_have_text("The App is registered")
        expect(seen.page.get_by_role("link", name="Install debtscan-acme")).to_have_attribute(
            "href", re.compile(r"/installations/new$")
        )
        assert _complaints(seen) == []
    assert new.keyring.now()


def test_a_mistake_is_said_beside_its_field_and_read_out(browser: Browser, new: Web) -> None:
    with opened_page(browser, f"{new.url}/setup") as seen:
        _fill(seen.page, **{"Setup code": "wrong"})
        field = seen.page.get_by_label("Setup code")
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_value("")
        expect(seen.page.get_by_role("alert")).to_contain_text("not the code")
        expect(seen.page.get_by_label("Organisation")).to_have_value("acme")


def test_a_visit_goes_through_github_and_back_to_where_it_wanted(
    browser: Browser, web: Web, github: GitHubStandIn
) -> None:
    with opened_page(browser, f"{web.url}{NOWHERE}?a=%26&b=é") as seen:
        _account(seen).get_by_role("link", name="Sign in").click()
        expect(seen.page).to_have_url(re.compile(f"^{re.escape(github.url)}/login/oauth/authorize"))
        seen.page.get_by_role("button").click()
        expect(seen.page).to_have_url(f"{web.url}{NOWHERE}?a=%26&b=%C3%A9")
        expect(_account(seen)).to_contain_text("ada")
        assert seen.page.evaluate("document.cookie") == "", "no script can read it"
        seen.page.get_by_role("button", name="Sign out").click()
        expect(_account(seen).get_by_role("link", name="Sign in")).to_be_visible()
        assert _complaints(seen) == []


def test_after_ten_minutes_a_visit_comes_back_by_itself(browser: Browser, web: Web, clock: Clock) -> None:
    with opened_page(browser, f"{web.url}/-/sign-in?next={NOWHERE}") as seen:
        seen.page.get_by_role("button").click()
        expect(seen.page).to_have_url(f"{web.url}{NOWHERE}")
        clock.go(minutes=11)
        seen.page.goto(f"{web.url}{NOWHERE}?again")
        # GitHub itself asks nobody who agreed before; the stand-in does.
        seen.page.get_by_role("button").click()
        expect(seen.page).to_have_url(f"{web.url}{NOWHERE}?again")
        expect(_account(seen)).to_contain_text("ada")


def test_a_page_of_another_site_cannot_send_our_forms(browser: Browser, web: Web, tmp_path: Path) -> None:
    """The browser's own rules (SameSite) and ours, together."""
    value = sign_ins.open_for(web.services, 1, "ada", [])
    evil = (
        f'<form method="post" action="{web.url}/-/sign-out"><input name="csrf" value="x"><button>Win!</button></form>'
    )
    (tmp_path / "evil.html").write_text(evil)
    with opened_page(browser, f"{web.url}{NOWHERE}") as seen:
        seen.page.context.add_cookies([{"name": "debtscan", "value": value, "url": web.url, "sameSite": "Lax"}])
        seen.page.goto((tmp_path / "evil.html").as_uri())
        seen.page.get_by_role("button").click()
        expect(seen.page.get_by_role("heading", level=1)).to_have_text("Forbidden")
    assert sign_ins.find(web.services, value)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_every_page_fits_stands_out_and_asks_nobody_else(browser: Browser, new: Web, width: int, scheme: str) -> None:
    with opened_page(browser, f"{new.url}/setup", width=width, scheme=scheme) as seen:
        _check(seen, new, width)
        _fill(seen.page, **{"Name of the App": "<b>" * 30})
        _check(seen, new, width)
        _fill(seen.page, Organisation="a" * 100)
        expect(seen.page.get_by_role("button", name="Make it on GitHub")).to_be_visible()
        _check(seen, new, width)
        seen.page.goto(f"{new.url}{NOWHERE}")
        _check(seen, new, width)


def _check(seen: Seen, web: Web, width: int) -> None:
    assert [url for url in seen.requests if not url.startswith(f"{web.url}/")] == []
    assert [one for one in _complaints(seen) if "422" not in one] == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.page.evaluate(CONTRAST) == []
    assert seen.page.locator("main h1").count() == 1


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed; 'make axe' does it")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_keeps_anybody_from_using_it(browser: Browser, new: Web, scheme: str) -> None:
    with opened_page(browser, f"{new.url}/setup", scheme=scheme) as seen:
        assert barriers(seen.page) == []
        _fill(seen.page, **{"Setup code": "wrong"})
        expect(seen.page.get_by_role("alert")).to_be_visible()
        assert barriers(seen.page) == []
        _fill(seen.page)
        seen.page.get_by_role("button", name="Make it on GitHub").wait_for()
        assert barriers(seen.page) == []
        seen.page.get_by_role("button", name="Make it on GitHub").click()
        seen.page.get_by_role("button").click()
        expect(seen.page).to_have_url(f"{new.url}/-/setup-done")
        assert barriers(seen.page) == []
        seen.page.goto(f"{new.url}{NOWHERE}")
        assert barriers(seen.page) == []


def test_the_first_key_reaches_the_content(browser: Browser, new: Web) -> None:
    with opened_page(browser, f"{new.url}/setup") as seen:
        seen.page.keyboard.press("Tab")
        expect(seen.page.get_by_role("link", name="Skip to the content")).to_be_focused()
        seen.page.keyboard.press("Enter")
        expect(seen.page.locator("#main")).to_be_focused()
        for label in ("Setup code", "Organisation", "Name of the App"):
            while not seen.page.evaluate("document.activeElement.matches('input')"):
                seen.page.keyboard.press("Tab")
            expect(seen.page.get_by_label(label)).to_be_focused()
            seen.page.keyboard.press("Tab")
        expect(seen.page.get_by_role("button", name="Next")).to_be_focused()
