from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from bot.service.web.static import files, static


def test_a_file_is_sent_under_the_name_of_its_content_and_kept_by_browsers(client: TestClient) -> None:
    plain = client.get(static("service.css"), headers={"accept-encoding": "identity"})
    small = client.get(static("service.css"), headers={"accept-encoding": "gzip"})
    assert plain.headers["content-type"] == "text/css; charset=utf-8"
    assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert small.headers["content-encoding"] == "gzip"
    assert plain.content == small.content == files()["service.css"].content


@pytest.mark.parametrize(
    "name", ["service.css", "0000000000000000-service.css", "-", "..%2f..%2fpyproject.toml", "x-y.css"]
)
def test_another_name_is_404(client: TestClient, name: str) -> None:
    assert client.get(f"/-/static/{name}").status_code == 404


def test_templates_are_no_files_to_send() -> None:
    assert {name.rpartition(".")[2] for name in files()} == {"css", "js", "svg"}
    with pytest.raises(KeyError):
        static("base.html.j2")
