from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from analyzers.errors import UsageError
from bot.github.address import PUBLIC, Address, read_address
from bot.github.auth import App, Token, read_credentials

SERVER = Address("https://github.example.com", "https://github.example.com/api/v3")


@pytest.fixture(scope="module")
def pem() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    ).decode()


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, PUBLIC),
        ({"GITHUB_SERVER_URL": "https://github.com"}, PUBLIC),
        ({"DEBTSCAN_GITHUB_URL": "https://api.github.com/"}, PUBLIC),
        ({"DEBTSCAN_GITHUB_URL": "https://github.example.com"}, SERVER),
        ({"DEBTSCAN_GITHUB_URL": "https://github.example.com/"}, SERVER),
        ({"DEBTSCAN_GITHUB_URL": "https://github.example.com/api/v3"}, SERVER),
        ({"GITHUB_SERVER_URL": "https://github.example.com"}, SERVER),
        ({"DEBTSCAN_GITHUB_URL": "https://github.example.com", "GITHUB_SERVER_URL": "https://github.com"}, SERVER),
        ({"DEBTSCAN_GITHUB_URL": "https://acme.ghe.com"}, Address("https://acme.ghe.com", "https://api.acme.ghe.com")),
        (
            {"DEBTSCAN_GITHUB_URL": "http://localhost:8080"},
            Address("http://localhost:8080", "http://localhost:8080/api/v3"),
        ),
        (
            {"DEBTSCAN_GITHUB_URL": "https://example.com:8443/github"},
            Address("https://example.com:8443/github", "https://example.com:8443/github/api/v3"),
        ),
    ],
)
def test_the_address_is_the_users_word(environ: dict[str, str], expected: Address) -> None:
    assert read_address(environ) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("http://github.example.com", "https://"),
        ("ftp://github.example.com", "https://"),
        ("github.example.com", "like https://github.example.com"),
        ("https://", "like https://github.example.com"),
        ("https://user:secret@github.example.com", "leave it out"),
        ("https://github.example.com?x=1", "like https://github.example.com"),
        ("https://github.example.com:port", "like https://github.example.com"),
        ("https://github.example.com/\nx", "like https://github.example.com"),
    ],
)
def test_an_address_that_no_token_may_go_to_is_refused(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as raised:
        read_address({"DEBTSCAN_GITHUB_URL": text})
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("environ", "address", "expected"),
    [
        ({"GITHUB_TOKEN": "ghp_a"}, PUBLIC, Token("ghp_a", "GITHUB_TOKEN")),
        ({"GITHUB_TOKEN": "ghp_a", "GH_TOKEN": "ghp_b"}, PUBLIC, Token("ghp_b", "GH_TOKEN")),
        ({"GITHUB_TOKEN": " ghp_a\n"}, PUBLIC, Token("ghp_a", "GITHUB_TOKEN")),
        ({"GITHUB_TOKEN": "ghp_a", "GH_ENTERPRISE_TOKEN": "ghp_c"}, PUBLIC, Token("ghp_a", "GITHUB_TOKEN")),
        ({"GITHUB_TOKEN": "ghp_a", "GH_ENTERPRISE_TOKEN": "ghp_c"}, SERVER, Token("ghp_c", "GH_ENTERPRISE_TOKEN")),
    ],
)
def test_the_token_comes_from_the_environment(environ: dict[str, str], address: Address, expected: Token) -> None:
    assert read_credentials(environ, address) == expected


def test_an_app_wins_over_a_token(pem: str, tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_text(pem)
    environ = {"DEBTSCAN_APP_ID": "7", "GITHUB_TOKEN": "ghp_a"}
    expected = App("7", pem.strip())
    assert read_credentials({**environ, "DEBTSCAN_APP_PRIVATE_KEY": pem}, PUBLIC) == expected
    assert read_credentials({**environ, "DEBTSCAN_APP_PRIVATE_KEY": pem.replace("\n", "\\n")}, PUBLIC) == expected
    assert read_credentials({**environ, "DEBTSCAN_APP_PRIVATE_KEY_FILE": str(file)}, PUBLIC) == expected


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({}, "set GITHUB_TOKEN"),
        ({"GITHUB_TOKEN": "gh p"}, "GITHUB_TOKEN holds no token"),
        ({"GITHUB_TOKEN": "ghp_a\nX-Evil: 1"}, "GITHUB_TOKEN holds no token"),
        ({"DEBTSCAN_APP_ID": "7"}, "DEBTSCAN_APP_PRIVATE_KEY_FILE"),
        ({"DEBTSCAN_APP_PRIVATE_KEY": "x"}, "set DEBTSCAN_APP_ID"),
        ({"DEBTSCAN_APP_ID": "7", "DEBTSCAN_APP_PRIVATE_KEY": "hidden words"}, "download a new one"),
        ({"DEBTSCAN_APP_ID": "7", "DEBTSCAN_APP_PRIVATE_KEY_FILE": "/nowhere/key.pem"}, "cannot be read: No such file"),
    ],
)
def test_what_is_missing_or_broken_is_said_without_the_secret(environ: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said) as raised:
        read_credentials(environ, PUBLIC)
    assert "hidden words" not in str(raised.value)
    assert "Evil" not in str(raised.value)


def test_no_repr_shows_a_secret(pem: str) -> None:
    assert "ghp_secret" not in repr(Token("ghp_secret"))
    assert "PRIVATE KEY" not in repr(App("7", pem))


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("ghp_x", "classic"),
        ("github_pat_x", "fine-grained"),
        ("gho_x", "oauth"),
        ("ghs_x", "installation"),
        ("0123456789abcdef0123456789abcdef01234567", "unknown"),
    ],
)
def test_a_token_tells_its_kind(value: str, kind: str) -> None:
    assert Token(value).kind == kind
