from __future__ import annotations

from bot.service.web import _links


def test_names_cannot_leave_their_part_of_an_address() -> None:
    assert _links.to_organisation("../a?b#c") == "/..%2Fa%3Fb%23c"
    assert _links.to_repository("acme/shop") == "/acme/shop"
    assert _links.to_repository("acme/a/b", "hotspots") == "/acme/a%2Fb/hotspots"
    assert _links.to_badge("acme/a b") == "/badge/acme/a%20b.svg"
    assert _links.to_rule("x/y") == "/-/rules/x%2Fy"


def test_a_query_leaves_out_what_is_empty() -> None:
    assert _links.with_query("/acme", {"q": "a&b", "grade": None, "page": 2, "sort": ""}) == "/acme?q=a%26b&page=2"
    assert _links.with_query("/acme", {}) == "/acme"
    assert _links.to_uses("acme", q="@scope/x") == "/acme/-/uses?q=%40scope%2Fx"
    assert _links.to_interface("organizations", "acme", "ends") == "/api/v1/organizations/acme/ends"


def test_a_line_of_a_file_is_found_on_github() -> None:
    there = _links.at_github("https://github.com", "acme/shop", "c" * 40, "a b/ü#.py", 7)
    assert there == f"https://github.com/acme/shop/blob/{'c' * 40}/a%20b/%C3%BC%23.py#L7"
    assert _links.at_github("https://github.com", "acme/shop", "", "a.py", 7) == ""
    assert _links.at_github("https://github.com", "acme/shop", "c", "half\udc80.py").endswith("/half%ED%B2%80.py")
