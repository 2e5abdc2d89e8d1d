"""Logins at a real registry on loopback: none, a name and a password, a token service beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

from analyzers.http.credentials import load_settings
from analyzers.http.fetch import Fetcher
from analyzers.model.facts import Answer, ImageManifest, ImageTags, Known, Unknown
from analyzers.model.question import Question
from analyzers.registries.oci import look_up_manifest, look_up_tags
from tests.support.exchanges import drive
from tests.support.oci import HTPASSWD, Registry, needs_registry, running_registry
from tests.support.registry_tokens import IDENTITY, LOGIN, Tokens, token_service

pytestmark = needs_registry
BASE = "docker.io/library/debian:12"
PASSWORD = {"auth": LOGIN.removeprefix("Basic ")}
STALE = {"auth": "dXNlcjpvbGQ="}


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    folder = tmp_path_factory.mktemp("locked")
    (folder / "htpasswd").write_text(HTPASSWD)
    auth = f"auth: {{htpasswd: {{realm: test, path: '{folder / 'htpasswd'}'}}}}\n"
    with running_registry(folder, auth=auth, authorization=LOGIN) as registry:
        registry.push("own/app", "1.0", "1.1", annotations={"org.opencontainers.image.base.name": BASE})
        yield registry


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tokens]:
    with token_service(tmp_path_factory.mktemp("tokens")) as running:
        yield running


@pytest.fixture(scope="module")
def guarded(tokens: Tokens, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    folder = tmp_path_factory.mktemp("guarded")
    with running_registry(folder, auth=tokens.settings) as registry:
        for name in ("public/app", "own/app"):
            pushing = Registry(registry.host, f"Bearer {tokens.token(name, 'pull', 'push')}")
            pushing.push(name, "1.0", "1.1", platforms=("linux/amd64", "linux/arm64"))
        yield registry


def _tags(registry: Registry, name: str, folder: Path, logins: Mapping[str, object]) -> Answer:
    """Ask as a user whose Docker has these logins."""
    (folder / "config.json").write_text(json.dumps({"auths": dict(logins)}))
    settings = load_settings({"DOCKER_CONFIG": str(folder)}, folder)
    question = Question("oci-tags", f"{registry.host}/{name}")
    with Fetcher(user_agent="t", allow_private=True, environ={}, credentials=settings.credentials) as fetcher:
        return drive(look_up_tags(question, {}), fetcher)


def _listed(registry: Registry, name: str) -> Known:
    return Known(ImageTags(f"{registry.host}/{name}", ("1.0", "1.1")))


def test_a_name_and_a_password_open_a_locked_registry(locked: Registry, tmp_path: Path) -> None:
    assert _tags(locked, "own/app", tmp_path, {locked.host: PASSWORD}) == _listed(locked, "own/app")


@pytest.mark.parametrize("login", [None, STALE], ids=["none", "old"])
def test_without_the_right_login_a_locked_registry_refuses(
    locked: Registry, tmp_path: Path, login: Mapping[str, str] | None
) -> None:
    answer = _tags(locked, "own/app", tmp_path, {locked.host: login} if login else {})
    assert isinstance(answer, Unknown)
    assert answer.reason == "refused"
    assert "no credential helper is run" in answer.detail


def test_a_real_registry_tells_what_an_image_was_built_on(locked: Registry, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"auths": {locked.host: PASSWORD}}))
    settings = load_settings({"DOCKER_CONFIG": str(tmp_path)}, tmp_path)
    question = Question("oci-manifest", f"{locked.host}/own/app:1.0")
    with Fetcher(user_agent="t", allow_private=True, environ={}, credentials=settings.credentials) as fetcher:
        answer = drive(look_up_manifest(question, {}), fetcher)
    assert isinstance(answer, Known)
    assert isinstance(answer.value, ImageManifest)
    assert (answer.value.base_name, answer.value.created) == (BASE, date(2026, 1, 1))


def test_the_public_gets_a_token_for_what_is_public(guarded: Registry, tokens: Tokens, tmp_path: Path) -> None:
    assert _tags(guarded, "public/app", tmp_path, {}) == _listed(guarded, "public/app")
    assert tokens.asked[-1] == ("repository:public/app:pull", "")


def test_the_public_gets_nothing_else(guarded: Registry, tmp_path: Path) -> None:
    answer = _tags(guarded, "own/app", tmp_path, {})
    assert isinstance(answer, Unknown)
    assert answer.reason == "refused"


LOGINS = pytest.mark.parametrize(
    ("login", "sent"),
    [(PASSWORD, LOGIN), ({"auth": "MDAwOg==", "identitytoken": IDENTITY}, IDENTITY)],
    ids=["password", "identity"],
)


@LOGINS
def test_a_login_is_exchanged_for_a_token(
    guarded: Registry, tokens: Tokens, tmp_path: Path, login: Mapping[str, str], sent: str
) -> None:
    tokens.registry = guarded.host
    door = Registry(tokens.url.removeprefix("http://"))
    assert _tags(door, "own/app", tmp_path, {door.host: login}) == _listed(door, "own/app")
    assert tokens.asked[-1] == ("repository:own/app:pull", sent)


@LOGINS
def test_a_login_goes_to_no_token_service_at_another_port(
    guarded: Registry, tokens: Tokens, tmp_path: Path, login: Mapping[str, str], sent: str
) -> None:
    realm = tokens.url.removeprefix("http://")
    answer = _tags(guarded, "own/app", tmp_path, {guarded.host: login, realm: login})
    assert isinstance(answer, Unknown)
    assert tokens.asked[-1] == ("repository:own/app:pull", "")
    assert sent not in str(answer)


def test_with_an_old_login_the_public_part_is_still_read(guarded: Registry, tokens: Tokens, tmp_path: Path) -> None:
    tokens.registry = guarded.host
    door = Registry(tokens.url.removeprefix("http://"))
    assert _tags(door, "public/app", tmp_path, {door.host: STALE}) == _listed(door, "public/app")
