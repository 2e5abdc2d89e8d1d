from __future__ import annotations

from pathlib import Path

import pytest

from analyzers.http.clients import Credential
from analyzers.http.credentials import Credentials, load_settings


@pytest.mark.parametrize(
    ("url", "header"),
    [
        ("https://a.example/x", "any port"),
        ("https://a.example:9000/x", "any port"),
        ("https://A.EXAMPLE/x", "any port"),
        ("https://b.example/", "port 443"),
        ("https://b.example:8443/", None),
        ("https://c.example/repo/x", "deep"),
        ("https://c.example/other", "shallow"),
        ("https://sub.a.example/", None),
        ("https://a.example.evil/", None),
        ("http://a.example/", None),
        ("http://plain.example:8080/", "plain"),
        ("http://plain.example/", None),
        ("http://localhost:5000/", "local"),
        ("https:///", None),
    ],
)
def test_a_credential_is_for_its_host_port_and_path(url: str, header: str | None) -> None:
    entries = [
        Credential("a.example", "any port", None),
        Credential("b.example", "port 443"),
        Credential("c.example", "shallow", None, "/"),
        Credential("c.example", "deep", None, "/repo/"),
        Credential("plain.example", "plain", 8080),
        Credential("localhost", "local", None),
    ]
    assert Credentials(entries, plain=["plain.example:8080"]).authorization(url) == header


def test_secrets_are_not_in_any_repr() -> None:
    entry = Credential("a.example", "Bearer s3cret")
    assert "s3cret" not in repr(entry)
    assert repr(Credentials([entry, entry])) == "<Credentials for 1 hosts>"


def test_settings_are_gathered_from_all_clients(tmp_path: Path) -> None:
    (tmp_path / ".npmrc").write_text("registry=http://npm.example:4873/\n//npm.example:4873/:_authToken=t\n")
    (tmp_path / ".netrc").write_text("machine corp.example login me password pw\n")
    environ = {"PIP_INDEX_URL": "https://u:s3cret@corp.example/simple", "GITHUB_TOKEN": "g"}
    settings = load_settings(environ, tmp_path)
    assert settings.addresses == {"npm": "http://npm.example:4873", "pypi": "https://corp.example/simple"}
    assert settings.credentials.authorization("http://npm.example:4873/lodash") == "Bearer t"
    assert settings.credentials.authorization("https://api.github.com/repos/a/b") == "Bearer g"
    # What stands in the address itself wins over netrc.
    assert settings.credentials.authorization("https://corp.example/simple/x/") == "Basic dTpzM2NyZXQ="
    assert "s3cret" not in repr(settings)


def test_uv_wins_over_pip(tmp_path: Path) -> None:
    environ = {"PIP_INDEX_URL": "https://pip.example/", "UV_DEFAULT_INDEX": "https://uv.example/"}
    assert load_settings(environ, tmp_path).addresses == {"pypi": "https://uv.example"}


def test_an_untouched_machine_has_no_settings(tmp_path: Path) -> None:
    settings = load_settings({}, tmp_path)
    assert (settings.addresses, settings.notes) == ({}, ())
    assert settings.credentials.authorization("https://pypi.org/simple/") is None
