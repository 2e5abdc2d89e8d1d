"""One client's settings at a time: what is taken from them, and what is only noted."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from analyzers.http import clients
from analyzers.http.clients import Credential, Found, basic
from analyzers.http.credentials import Credentials, load_settings


def found(home: Path, client: Callable[[Found], None], **environ: str) -> Found:
    gathered = Found(environ, home)
    client(gathered)
    return gathered


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


# pip and uv: the index


def test_pip_is_set_by_its_variable_before_its_files(tmp_path: Path) -> None:
    write(tmp_path / ".config/pip/pip.conf", "[global]\nindex-url = https://file.example/simple/\n")
    assert found(tmp_path, clients.pip).addresses == {"pypi": "https://file.example/simple"}
    both = found(tmp_path, clients.pip, PIP_INDEX_URL="https://env.example/simple")
    assert both.addresses == {"pypi": "https://env.example/simple"}


@pytest.mark.parametrize(
    "text",
    [
        "[global]\nindex-url=https://a.example/simple",
        "[global]\nindex_url: https://a.example/simple",
        "[install]\nindex-url=https://a.example/simple\n[global]\nindex-url=https://b.example/simple",
    ],
)
def test_pip_files_are_written_in_several_ways(tmp_path: Path, text: str) -> None:
    write(tmp_path / ".pip/pip.conf", text)
    assert found(tmp_path, clients.pip).addresses == {"pypi": "https://a.example/simple"}


def test_pip_may_be_told_to_read_another_file_or_none(tmp_path: Path) -> None:
    write(tmp_path / ".config/pip/pip.conf", "[global]\nindex-url = https://user.example/\n")
    write(tmp_path / "other.conf", "[global]\nindex-url = https://other.example/\n")
    other = found(tmp_path, clients.pip, PIP_CONFIG_FILE=str(tmp_path / "other.conf"))
    assert other.addresses == {"pypi": "https://other.example"}
    assert found(tmp_path, clients.pip, PIP_CONFIG_FILE="/dev/null").addresses == {}


def test_further_indexes_are_noted(tmp_path: Path) -> None:
    write(tmp_path / ".pip/pip.conf", "[global]\nextra-index-url = https://u:secret@x.example/\n")
    gathered = found(tmp_path, clients.pip, PIP_EXTRA_INDEX_URL="https://u:secret@y.example")
    assert len(gathered.notes) == 2
    assert "secret" not in str(gathered.notes)


@pytest.mark.parametrize(
    ("environ", "address"),
    [
        ({"UV_DEFAULT_INDEX": "https://a.example/simple"}, "https://a.example/simple"),
        ({"UV_DEFAULT_INDEX": "corp=https://a.example/simple"}, "https://a.example/simple"),
        ({"UV_INDEX_URL": "https://b.example/"}, "https://b.example"),
        ({"UV_INDEX_URL": "https://b.example/", "UV_DEFAULT_INDEX": "https://a.example"}, "https://a.example"),
    ],
)
def test_uv_is_set_by_variables(tmp_path: Path, environ: dict[str, str], address: str) -> None:
    assert found(tmp_path, clients.uv, **environ).addresses == {"pypi": address}


@pytest.mark.parametrize(
    "text",
    [
        'index-url = "https://a.example/simple"',
        '[[index]]\nurl = "https://extra.example"\n[[index]]\nurl = "https://a.example/simple"\ndefault = true',
    ],
)
def test_uv_is_set_by_its_file(tmp_path: Path, text: str) -> None:
    write(tmp_path / "xdg/uv/uv.toml", text)
    gathered = found(tmp_path, clients.uv, XDG_CONFIG_HOME=str(tmp_path / "xdg"))
    assert gathered.addresses == {"pypi": "https://a.example/simple"}


def test_a_password_in_an_address_moves_to_the_credentials(tmp_path: Path) -> None:
    gathered = found(tmp_path, clients.pip, PIP_INDEX_URL="https://me:p%40ss@corp.example:8443/simple?x=1#y")
    assert gathered.addresses == {"pypi": "https://corp.example:8443/simple"}
    assert gathered.credentials == [Credential("corp.example", basic("me", "p@ss"), 8443)]
    assert "p@ss" not in repr(gathered)
    assert base64.b64encode(b"me:p@ss").decode() not in repr(gathered)


@pytest.mark.parametrize("address", ["file:///srv/index", "/srv/index", "https://", "http://[::1", "https://h:port/"])
def test_what_is_no_web_address_is_noted(tmp_path: Path, address: str) -> None:
    gathered = found(tmp_path, clients.pip, PIP_INDEX_URL=address)
    assert gathered.addresses == {}
    assert "PIP_INDEX_URL" in gathered.notes[0]


# npm


def test_npm_has_a_registry_for_all_and_one_for_a_scope(tmp_path: Path) -> None:
    write(tmp_path / ".npmrc", "; mine\nregistry = https://npm.example/\n@corp:registry=https://corp.example/npm/\n")
    assert found(tmp_path, clients.npm).addresses == {
        "npm": "https://npm.example",
        "npm:@corp": "https://corp.example/npm",
    }
    assert found(tmp_path, clients.npm, npm_config_registry="https://e.example").addresses["npm"] == "https://e.example"


def test_npm_tokens_belong_to_a_host_and_path(tmp_path: Path) -> None:
    lines = [
        "//npm.example/:_authToken=plain",
        "//corp.example:8443/repo/:_authToken=${CORP_TOKEN}",
        f"//old.example/:_auth={base64.b64encode(b'me:pw').decode()}",
        "//user.example/:username=me",
        f"//user.example/:_password={base64.b64encode(b'pw').decode()}",
    ]
    write(tmp_path / ".npmrc", "\n".join(lines))
    assert found(tmp_path, clients.npm, CORP_TOKEN="t").credentials == [
        Credential("npm.example", "Bearer plain", 0, "/"),
        Credential("corp.example", "Bearer t", 8443, "/repo/"),
        Credential("old.example", basic("me", "pw"), 0, "/"),
        Credential("user.example", basic("me", "pw"), 0, "/"),
    ]


def test_a_variable_that_is_not_set_drops_its_line(tmp_path: Path) -> None:
    write(tmp_path / ".npmrc", "//npm.example/:_authToken=${MISSING}\nregistry=https://a.example\n")
    gathered = found(tmp_path, clients.npm)
    assert (gathered.credentials, gathered.addresses) == ([], {"npm": "https://a.example"})


def test_npm_credentials_without_a_registry_are_noted(tmp_path: Path) -> None:
    write(tmp_path / ".npmrc", "_authToken=s3cret\n")
    gathered = found(tmp_path, clients.npm)
    assert gathered.credentials == []
    assert "s3cret" not in gathered.notes[0]


def test_npm_may_be_told_to_read_another_file(tmp_path: Path) -> None:
    write(tmp_path / "other", "registry=https://o.example\n")
    assert found(tmp_path, clients.npm, NPM_CONFIG_USERCONFIG=str(tmp_path / "other")).addresses == {
        "npm": "https://o.example"
    }


# Docker, GitHub, netrc


def login(user: str, password: str) -> dict[str, str]:
    return {"auth": base64.b64encode(f"{user}:{password}".encode()).decode()}


def test_docker_logins_are_taken(tmp_path: Path) -> None:
    auths = {"ghcr.io": login("me", "t"), "http://localhost:5000": login("a", "b"), "quay.io": {}, "x.example": 7}
    write(tmp_path / ".docker/config.json", json.dumps({"auths": auths}))
    assert found(tmp_path, clients.docker).credentials == [
        Credential("ghcr.io", basic("me", "t")),
        Credential("localhost", basic("a", "b"), 5000),
    ]


def test_an_identity_token_of_docker_stands_in_for_the_login_beside_it(tmp_path: Path) -> None:
    auths = {"own.azurecr.io": {**login("0000", ""), "identitytoken": "t"}, "x.example": {"identitytoken": "a\nb"}}
    write(tmp_path / ".docker/config.json", json.dumps({"auths": auths}))
    (credential,) = found(tmp_path, clients.docker).credentials
    assert (credential.host, credential.header, credential.identity) == ("own.azurecr.io", "", "t")
    assert "identity" not in repr(credential)
    credentials = Credentials([credential])
    assert credentials.authorization("https://own.azurecr.io/v2/") is None
    assert credentials.identity("https://own.azurecr.io/oauth2/token") == "t"
    assert credentials.identity("https://other.example/oauth2/token") is None
    assert credentials.identity("http://own.azurecr.io/oauth2/token") is None


def test_a_registry_token_of_docker_is_noted_as_unused(tmp_path: Path) -> None:
    write(tmp_path / ".docker/config.json", json.dumps({"auths": {"x.example": {"registrytoken": "s3cret"}}}))
    gathered = found(tmp_path, clients.docker)
    assert gathered.credentials == []
    assert "registrytoken of 'x.example' is not used" in gathered.notes[0]
    assert "s3cret" not in gathered.notes[0]


def test_a_login_of_docker_hub_is_one_for_all_its_hosts(tmp_path: Path) -> None:
    write(tmp_path / "config.json", json.dumps({"auths": {"https://index.docker.io/v1/": login("me", "t")}}))
    gathered = found(tmp_path, clients.docker, DOCKER_CONFIG=str(tmp_path))
    assert {entry.host for entry in gathered.credentials} >= {"registry-1.docker.io", "auth.docker.io"}


@pytest.mark.parametrize("setting", [{"credsStore": "desktop"}, {"credHelpers": {"gcr.io": "gcloud"}}])
def test_credential_helpers_are_noted_and_not_run(tmp_path: Path, setting: dict[str, object]) -> None:
    write(tmp_path / ".docker/config.json", json.dumps(setting))
    assert "not run" in found(tmp_path, clients.docker).notes[0]


_SERVER = "https://github.example.com"
_PLACES = ("https://api.github.com/x", "https://github.com/x", f"{_SERVER}/api/v3/x", f"{_SERVER}/a/b.git")


def _login(token: str) -> str:
    return basic("x-access-token", token)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"GITHUB_TOKEN": "t"}, ("Bearer t", _login("t"), None, None)),
        ({"GITHUB_TOKEN": "t", "GITHUB_SERVER_URL": "https://github.com"}, ("Bearer t", _login("t"), None, None)),
        ({"GITHUB_TOKEN": "t", "GITHUB_SERVER_URL": _SERVER}, (None, None, "Bearer t", _login("t"))),
        ({"GH_TOKEN": "t", "DEBTSCAN_GITHUB_URL": f"{_SERVER}/api/v3"}, (None, None, "Bearer t", _login("t"))),
        (
            {"GH_TOKEN": "t", "GH_ENTERPRISE_TOKEN": "e", "DEBTSCAN_GITHUB_URL": _SERVER},
            ("Bearer t", _login("t"), "Bearer e", _login("e")),
        ),
        ({"GH_ENTERPRISE_TOKEN": "e", "DEBTSCAN_GITHUB_URL": _SERVER}, (None, None, "Bearer e", _login("e"))),
        ({"GH_ENTERPRISE_TOKEN": "e"}, (None, None, None, None)),
        ({"GITHUB_TOKEN": "t", "GITHUB_SERVER_URL": "https://[nothing"}, ("Bearer t", _login("t"), None, None)),
    ],
)
def test_a_servers_token_is_not_shown_to_github(
    environ: dict[str, str], expected: tuple[str | None, ...], tmp_path: Path
) -> None:
    credentials = load_settings(environ, tmp_path).credentials
    assert tuple(map(credentials.authorization, _PLACES)) == expected
    assert credentials.authorization("http://github.example.com/api/v3/x") is None


@pytest.mark.parametrize("name", ["GITHUB_TOKEN", "GH_TOKEN"])
def test_a_token_of_github_is_for_its_api_and_its_git_server(tmp_path: Path, name: str) -> None:
    assert found(tmp_path, clients.github, **{name: "t"}).credentials == [
        Credential("api.github.com", "Bearer t"),
        Credential("github.com", basic("x-access-token", "t")),
    ]


def test_netrc_names_its_hosts(tmp_path: Path) -> None:
    write(tmp_path / ".netrc", "machine a.example login me password pw\ndefault login any password s3cret\n")
    gathered = found(tmp_path, clients.netrc)
    assert gathered.credentials == [Credential("a.example", basic("me", "pw"), None)]
    assert "default" in gathered.notes[0]


# Damage


@pytest.mark.parametrize(
    ("client", "path"),
    [
        (clients.pip, ".pip/pip.conf"),
        (clients.uv, ".config/uv/uv.toml"),
        (clients.docker, ".docker/config.json"),
        (clients.netrc, ".netrc"),
    ],
)
@pytest.mark.parametrize("content", [b"s3cret = = [[ {", b"\xff\xfe\x00s3cret", b"[s3cret"])
def test_a_damaged_file_is_noted_without_its_text(
    tmp_path: Path, client: Callable[[Found], None], path: str, content: bytes
) -> None:
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_bytes(content)
    gathered = found(tmp_path, client)
    assert gathered.credentials == []
    assert len(gathered.notes) == 1
    assert "s3cret" not in gathered.notes[0]


@pytest.mark.parametrize(
    ("client", "path", "text"),
    [
        (clients.uv, ".config/uv/uv.toml", "index = 3\nindex-url = 4"),
        (clients.uv, ".config/uv/uv.toml", "[[index]]\ndefault = true"),
        (clients.docker, ".docker/config.json", '{"auths": [1]}'),
        (clients.docker, ".docker/config.json", '{"auths": {"a": {"auth": "!!"}, "b": {"auth": 1}}}'),
        (clients.npm, ".npmrc", "\n=\n//:\n//x\n//[:_authToken=1\n@:registry=\nregistry=\n"),
    ],
)
def test_odd_values_are_passed_over(tmp_path: Path, client: Callable[[Found], None], path: str, text: str) -> None:
    write(tmp_path / path, text)
    assert found(tmp_path, client).addresses == {}
