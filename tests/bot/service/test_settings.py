"""The service's own configuration file: what it takes, and what it says of mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzers.errors import ConfigError, UsageError
from bot.service.settings import DATABASE, SECRETS, VARIABLE, Settings, load_settings

WRONG_URLS = (
    "https://[::1",
    "https://[1.2.3]",
    "https://exa℀mple.org",
    "https://exämple.org",
    "https://a.example:abc",
    "https://a.example:99999",
    "https://a.example:0",
    "https://a.example:",
    "https:// a.example",
    "https://a.example\\n",
    "https://a.example?",
    "https://a.example#",
)
WRONG_HOSTS = ("https://a.example", "*.corp", "a.example:8443", "a.example/x", "a.example.", "", ".", "a b")
SMALLEST = 'url = "https://debtscan.example.org"\ndata = "/var/lib/debtscan"\n'


def _settings(tmp_path: Path, text: str, **environ: str) -> Settings:
    file = tmp_path / "service.toml"
    file.write_text(text)
    return load_settings(file, environ)


def test_an_address_and_a_folder_are_enough(tmp_path: Path) -> None:
    settings = _settings(tmp_path, SMALLEST)
    assert settings.is_embedded
    assert settings.database_url == "sqlite:////var/lib/debtscan/debtscan.sqlite3"
    assert settings.secrets == Path("/var/lib/debtscan/secrets")
    assert settings.bind == ("127.0.0.1", 8080)
    assert settings.address.is_public


def test_the_environment_names_the_file_and_what_may_hold_a_password(tmp_path: Path) -> None:
    file = tmp_path / "elsewhere.toml"
    file.write_text(SMALLEST)
    environ = {VARIABLE: str(file), DATABASE: "postgres://me:hidden@db/x", SECRETS: "/run/secrets/debtscan"}
    settings = load_settings(None, environ)
    assert not settings.is_embedded
    assert settings.database_url == "postgresql+psycopg://me:hidden@db/x"
    assert settings.secrets == Path("/run/secrets/debtscan")
    assert "hidden" not in repr(settings)


def test_a_server_of_ones_own_has_its_interface_below_its_name(tmp_path: Path) -> None:
    settings = _settings(tmp_path, SMALLEST + 'github = "https://github.example.org"\n')
    assert settings.address.api == "https://github.example.org/api/v3"


def test_an_address_of_the_newer_protocol_may_be_listened_at(tmp_path: Path) -> None:
    assert _settings(tmp_path, SMALLEST + 'listen = "[::1]:9000"\n').bind == ("::1", 9000)


def test_operators_have_an_address_of_their_own_where_it_is_named(tmp_path: Path) -> None:
    assert _settings(tmp_path, SMALLEST).operations is None
    assert _settings(tmp_path, SMALLEST + 'operations = "127.0.0.1:9464"\n').operations == ("127.0.0.1", 9464)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "missing required field `url`"),
        (SMALLEST + "urls = 1\n", "unknown field `urls`; did you mean 'url'?"),
        (SMALLEST + "[sweep]\nday = 3\n", "did you mean 'days'?"),
        (SMALLEST + "zzz = 1\n", "known are url, data, listen"),
        (SMALLEST + "[limits]\nscan-minutes = 0\n", "`$.limits.scan-minutes`"),
        (SMALLEST + 'jobs = "two"\n', "`$.jobs`"),
        (SMALLEST + 'listen = "8080"\n', "write it like 127.0.0.1:8080"),
        (SMALLEST + 'operations = ":9464"\n', "operations is ':9464'; write it like 127.0.0.1:8080"),
        (SMALLEST + 'listen = "localhost:http"\n', "write it like 127.0.0.1:8080"),
        ('url = "debtscan.example.org"\ndata = "x"\n', "write it like https://debtscan.example.org"),
        ('url = "https://debtscan.example.org/"\ndata = "x"\n', "leave it out"),
        ("url = \n", "line 1"),
        *((f'url = "{url}"\ndata = "x"\n', "write it like https://debtscan.example.org") for url in WRONG_URLS),
        ('url = "https://@a.example"\ndata = "x"\n', "leave out all after it, and any user before it"),
        ('url = "https://a.example"\ndata = ""\n', "write data like /var/lib/debtscan"),
        ('url = "https://a.example"\ndata = "a\\u0000b"\n', "write data like /var/lib/debtscan"),
        *((SMALLEST + f'hosts = ["{host}"]\n', f"hosts: {host!r} is no host's name") for host in WRONG_HOSTS),
        (SMALLEST + 'listen = "foo bar:80"\n', "write it like 127.0.0.1:8080"),
    ],
)
def test_a_mistake_is_named_with_its_file(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        _settings(tmp_path, text)
    assert str(tmp_path / "service.toml") in str(caught.value)
    assert told in str(caught.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "https://[::1]:8443", "https://my_host", "https://a.example"])
def test_an_address_may_be_a_name_or_numbers_with_a_port(tmp_path: Path, url: str) -> None:
    assert _settings(tmp_path, f'url = "{url}"\ndata = "x"\n').file.url == url


def test_hosts_may_be_names_numbers_and_domains(tmp_path: Path) -> None:
    hosts = ("localhost", "PyPI.example.org", ".corp", ".example.org", "10.1.2.3", "fd00::1", "my_host")
    assert _settings(tmp_path, SMALLEST + f"hosts = {list(hosts)}\n").file.hosts == hosts


def test_a_token_is_sent_over_https_alone(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="https"):
        _settings(tmp_path, SMALLEST + 'github = "http://github.example.org"\n')


def test_without_a_file_the_message_says_which_keys_to_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match="keys url and data"):
        load_settings(None, {})


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nothing\.toml"):
        load_settings(tmp_path / "nothing.toml", {})
    with pytest.raises(ConfigError, match="null byte"):
        load_settings(None, {VARIABLE: "a\0b"})
