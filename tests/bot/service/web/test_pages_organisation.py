from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from bot.service.database.tables import ENDS, INSTALLATIONS, REPOSITORIES
from bot.service.web.model import Web
from bot.store import _tables as history
from tests.support.service import data
from tests.support.service.counted import queries
from tests.support.service.web import Clock, client_of, make_web, sign_in


class _Rows(HTMLParser):
    """Collects the addresses of a table's first column."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = False
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "table":
            self.inside = "repos" in (known.get("class") or "").split()
        elif self.inside and tag == "a" and known.get("class") != "sort":
            self.found.append(str(known["href"]).rpartition("/")[2])

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self.inside = False


def rows(page: str) -> list[str]:
    """Return the names in the list of repositories."""
    parser = _Rows()
    parser.feed(page)
    return parser.found


def test_it_shows_how_the_organisation_stands(ada: TestClient) -> None:
    page = ada.get("/acme").text
    assert "200 repositories that you can see, 181 of them judged" in page
    assert "is the median" in page
    for title in ("Standing", "What changed in a week", "Ends of support", "Repositories", "What is not current"):
        assert f">{title}</h2>" in page
    assert "The median went from" in page
    assert "fell." in page
    assert "the repository is larger than 4,096 MiB" in page
    assert "not scanned yet" in page
    assert "it is archived, so it can only be read" in page


def test_it_asks_the_database_at_most_five_times(ada: TestClient, sample: Web) -> None:
    with queries(sample.services.engine) as asked:
        assert ada.get("/acme?q=shop&page=2").status_code == 200
    assert len(asked) <= 5


def test_nothing_of_what_one_may_not_see_takes_part(bob: TestClient) -> None:
    page = bob.get("/acme").text
    assert "3 repositories that you can see" in page
    names = set(re.findall(r"(?:shop|billing|search|web-frontend|mobile-apps)-\d{3}", page))
    assert names == {"billing-001", "mobile-apps-004", "shop-005"}


@pytest.mark.parametrize(
    "path", ["/nobody", "/acme%00", "/acme%2F..", "/..%2F..%2Fetc", "/%F0%9F%92%A9", "/" + "x" * 3000]
)
def test_what_is_unknown_is_not_there(ada: TestClient, path: str) -> None:
    assert ada.get(path).status_code == 404


def test_unknown_and_invisible_are_alike(sample: Web) -> None:
    with client_of(sample) as client:
        sign_in(sample, client, {5}, login="eve", id=3)
        pages = [client.get(path) for path in ("/acme", "/nobody")]
    assert [page.status_code for page in pages] == [404, 404]
    one, other = (re.sub(r"<code>\w+</code>|value=.[\w=-]+.", "", page.text) for page in pages)
    assert one == other


def test_somebody_who_did_not_sign_in_is_sent_to_sign_in_whatever_there_is(sample: Web) -> None:
    with client_of(sample) as client:
        known, unknown = client.get("/acme"), client.get("/nobody")
    assert (known.status_code, unknown.status_code) == (303, 303)
    assert known.headers["location"] == "/-/sign-in?next=%2Facme"


def test_the_list_is_filtered_and_sorted_by_the_address(ada: TestClient) -> None:
    assert rows(ada.get("/acme?q=BILLING+02").text) == ["billing-026", "billing-021"]
    assert rows(ada.get("/acme?q=billing-02&sort=name").text) == ["billing-021", "billing-026"]
    assert rows(ada.get("/acme?q=billing-02&sort=name&order=falling").text) == ["billing-026", "billing-021"]
    assert len(rows(ada.get("/acme?state=failed").text)) == 9
    assert rows(ada.get("/acme?grade=E&state=failed").text)
    page = ada.get("/acme?phase=invited&grade=A").text
    assert all(name.startswith("web-frontend") for name in rows(page))
    assert "<option selected>A</option>" in page
    assert "<option selected>invited</option>" in page


def test_ends_that_the_page_does_not_take_in_are_said(
    sample: Web, ada: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "than this page takes in" not in ada.get("/acme").text
    with sample.services.engine.connect() as connection:
        days = list(connection.scalars(sa.select(ENDS.c.ends_on).order_by(ENDS.c.ends_on)))
    monkeypatch.setattr("bot.service.reading.ends.MOST_ROWS", 3)
    page = ada.get("/acme").text
    assert f"those after {days[2]} are left out" in page


def test_it_comes_a_page_at_a_time(ada: TestClient) -> None:
    pages = [rows(ada.get(f"/acme?sort=name&page={number}").text) for number in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [50] * 4
    assert len({name for page in pages for name in page}) == 200
    assert rows(ada.get("/acme?sort=name&page=99").text) == pages[-1]
    first = ada.get("/acme?q=a&sort=name").text
    assert 'rel="next" href="/Acme?q=a&amp;sort=name&amp;page=2#repositories"' in first


def test_what_is_asked_for_stays_text(ada: TestClient) -> None:
    page = ada.get("/acme", params={"q": '"><script>alert(1)</script>', "grade": "<b>", "page": "x"}).text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "No repository is like that." in page


def test_hostile_names_and_errors_stay_text(tmp_path_factory: pytest.TempPathFactory) -> None:
    web = make_web(tmp_path_factory.mktemp("hostile"), Clock(data.NOW))
    attack = "<img src=x onerror=alert(1)>\u202e'\""
    with web.services.engine.begin() as connection:
        connection.execute(
            sa.insert(INSTALLATIONS).values(
                id=1,
                account="evil",
                account_id=2,
                account_kind="User",
                installed_at=data.NOW,
                configuration_error=attack,
                suspended_at=data.NOW,
            )
        )
        connection.execute(
            sa.insert(REPOSITORIES).values(
                id=7, installation_id=1, name=f"evil/{attack}", key="x", private=True, error=attack, error_at=data.NOW
            )
        )
        connection.execute(
            sa.insert(REPOSITORIES).values(
                id=8, installation_id=1, name="evil/.github", key="evil/.github", private=True
            )
        )
        history.METADATA.create_all(connection)
    with client_of(web) as client:
        sign_in(web, client, {7})
        assert (
            "is not obeyed: what is wrong is told to those who see its repository .github" in client.get("/evil").text
        )
        sign_in(web, client, {7, 8})
        page = client.get("/evil").text
    web.services.engine.dispose()
    assert "<img" not in page
    assert "\u202e" not in page
    assert "The installation is suspended since 2026-11-26 09:00 UTC" in page
    assert "configuration is not obeyed: &lt;img" in page
    assert "None was judged yet." in page
