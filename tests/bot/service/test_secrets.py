"""The App's secrets: read from files and variables, written so that nobody else reads them, replaced while running."""

from __future__ import annotations

import errno
import stat
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from analyzers.errors import ConfigError
from bot.github.auth import App, checked_app
from bot.service.secret_files import VARIABLES, SecretFiles
from bot.service.secrets import Keyring, Secrets, load, write
from bot.service.settings import File, Settings
from tests.support.github.tokens import key_pair
from tests.support.service.web import secrets_of_an_app

HIDDEN = ("client-secret-of-the-app", "webhook-secret-of-the-app", "PRIVATE KEY")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        file=File(url="https://debtscan.example.org", data=str(tmp_path)), secrets=tmp_path / "secrets", database=""
    )


def _variables(secrets: Secrets) -> dict[str, str]:
    return {
        "DEBTSCAN_APP_ID": secrets.app.id,
        "DEBTSCAN_CLIENT_ID": secrets.client_id,
        "DEBTSCAN_CLIENT_SECRET": secrets.client_secret,
        "DEBTSCAN_WEBHOOK_SECRET": "\n".join(secrets.webhook),
        # As many orchestrators hand on what has several lines.
        "DEBTSCAN_APP_PRIVATE_KEY": secrets.app.key.replace("\n", "\\n"),
    }


def _same(found: Secrets | None, wanted: Secrets) -> bool:
    key = wanted.app.key.strip()
    return found == replace(wanted, app=App(wanted.app.id, key))


def test_before_the_registration_there_are_none(settings: Settings) -> None:
    assert load(settings, {}) is None


def test_what_is_written_is_read_again_and_only_its_owner_reads_it(settings: Settings) -> None:
    write(settings, secrets_of_an_app())
    assert _same(load(settings, {}), secrets_of_an_app())
    assert stat.S_IMODE(settings.secrets.stat().st_mode) == 0o700
    modes = {place.name: stat.S_IMODE(place.stat().st_mode) for place in settings.secrets.iterdir()}
    assert modes == dict.fromkeys(
        ("app-id", "client-id", "client-secret", "webhook-secret", "private-key.pem"), 0o600
    ), "and nothing is left beside them"


def test_variables_are_enough_and_go_before_files(settings: Settings) -> None:
    own = secrets_of_an_app()
    assert _same(load(settings, _variables(own)), own)
    write(settings, own)
    found = load(settings, {"DEBTSCAN_CLIENT_ID": "Iv23liOTHER"})
    assert found
    assert found.client_id == "Iv23liOTHER"


def test_a_variable_may_name_the_file_that_an_orchestrator_mounts(settings: Settings, tmp_path: Path) -> None:
    key = tmp_path / "mounted.pem"
    key.write_text(key_pair()[0])
    variables = _variables(secrets_of_an_app()) | {"DEBTSCAN_APP_PRIVATE_KEY": ""}
    assert _same(load(settings, variables | {"DEBTSCAN_APP_PRIVATE_KEY_FILE": str(key)}), secrets_of_an_app())
    with pytest.raises(ConfigError, match=r"gone\.pem: there is no such file"):
        load(settings, variables | {"DEBTSCAN_APP_PRIVATE_KEY_FILE": str(tmp_path / "gone.pem")})


def test_some_of_them_alone_are_a_mistake_that_is_named(settings: Settings) -> None:
    write(settings, secrets_of_an_app())
    (settings.secrets / "client-secret").unlink()
    with pytest.raises(ConfigError) as error:
        load(settings, {})
    assert f"but not {settings.secrets / 'client-secret'}" in str(error.value)
    assert not any(secret in str(error.value) for secret in HIDDEN)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("private-key.pem", "-----BEGIN RSA PRIVATE KEY-----\nhunter2\n", "no RSA key"),
        ("app-id", "47 11; hunter2", "holds no app-id"),
        ("client-id", "hunter2\n" * 2, "holds no client-id"),
        ("client-secret", "hunter2" * 20_000, "larger than any secret"),
        ("webhook-secret", b"hunter2\xff", "is no text"),
        ("private-key.next.pem", "hunter2", "no RSA key"),
    ],
)
def test_what_is_no_secret_is_named_by_its_file_and_never_quoted(
    settings: Settings, name: str, text: str | bytes, told: str
) -> None:
    write(settings, secrets_of_an_app())
    (settings.secrets / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigError, match=told) as error:
        load(settings, {})
    assert str(settings.secrets / name) in str(error.value)
    assert "hunter2" not in str(error.value)


def test_no_repr_shows_a_secret(settings: Settings) -> None:
    secrets = replace(secrets_of_an_app(), next_app=secrets_of_an_app().app)
    shown = repr((secrets, SecretFiles(settings.secrets, _variables(secrets)), Keyring(settings, _variables(secrets))))
    assert not any(secret in shown for secret in HIDDEN)


def test_two_secrets_of_webhooks_and_two_keys_are_there_while_one_takes_over(settings: Settings) -> None:
    write(settings, secrets_of_an_app())
    (settings.secrets / "webhook-secret").write_text("old-secret\n\n  new-secret  \n")
    (settings.secrets / "private-key.next.pem").write_text(key_pair()[0])
    found = load(settings, {})
    assert found
    assert found.webhook == ("old-secret", "new-secret")
    assert len(found.apps) == 2


def test_a_running_process_takes_up_what_was_replaced_and_keeps_what_it_has_where_that_is_wrong(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    keyring = Keyring(settings, {})
    assert keyring.now() is None
    keyring.register(secrets_of_an_app())
    assert _same(keyring.now(), secrets_of_an_app())
    SecretFiles(settings.secrets, {}).write("webhook-secret", "another-webhook-secret")
    changed = keyring.now()
    assert changed
    assert changed.webhook == ("another-webhook-secret",)
    SecretFiles(settings.secrets, {}).write("private-key.pem", "not a key at all")
    assert keyring.now() == changed
    assert keyring.now() == changed
    assert len(caplog.records) == 1
    assert "private-key.pem" in caplog.text
    assert "not a key" not in caplog.text


def test_what_could_not_be_read_is_taken_up_when_it_can_be_though_its_file_is_the_same(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    write(settings, secrets_of_an_app())
    keyring = Keyring(settings, {})
    SecretFiles(settings.secrets, {}).write("webhook-secret", "another-webhook-secret")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", _refuse_to_open)
        assert [_same(keyring.now(), secrets_of_an_app()) for _ in range(3)] == [True] * 3
    assert len(caplog.records) == 1
    assert "Too many open files" in caplog.text
    found = keyring.now()
    assert found
    assert found.webhook == ("another-webhook-secret",)


def _refuse_to_open(*_arguments: object, **_named: object) -> None:
    raise OSError(errno.EMFILE, "Too many open files")


def test_a_wrong_key_is_looked_at_once(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes a tenth of a second, in which no webhook is answered."""
    write(settings, secrets_of_an_app())
    keyring = Keyring(settings, {})
    looked: list[str] = []

    def look(app: str, key: str) -> App:
        looked.append(key)
        return checked_app(app, key)

    monkeypatch.setattr("bot.service.secrets.checked_app", look)
    SecretFiles(settings.secrets, {}).write("private-key.next.pem", "not a key at all")
    for _ in range(3):
        keyring.now()
    assert len(looked) == 2


def test_the_secret_of_sessions_is_made_once_and_shared(settings: Settings) -> None:
    first, second = Keyring(settings, {}), Keyring(settings, {})
    assert first.seal("csrf", b"x") == second.seal("csrf", b"x")
    assert first.seal("csrf", b"x") != first.seal("state", b"x")
    assert stat.S_IMODE((settings.secrets / "session-secret").stat().st_mode) == 0o600
    assert [place.name for place in settings.secrets.iterdir()] == ["session-secret"]


def test_where_a_file_system_has_no_links_it_is_made_all_the_same(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_places: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr("os.link", refuse)
    first, second = Keyring(settings, {}), Keyring(settings, {})
    assert first.seal("csrf", b"x") == second.seal("csrf", b"x")
    assert [place.name for place in settings.secrets.iterdir()] == ["session-secret"]


def test_a_short_secret_of_sessions_is_refused(settings: Settings) -> None:
    with pytest.raises(ConfigError, match="DEBTSCAN_SESSION_SECRET: is shorter than 32"):
        Keyring(settings, {"DEBTSCAN_SESSION_SECRET": "short"})


def test_where_nothing_can_be_written_the_message_says_what_to_do(settings: Settings, tmp_path: Path) -> None:
    blocked = replace(settings, secrets=tmp_path / "file" / "secrets")
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match=r"secrets cannot be written there .*; make it a folder"):
        write(blocked, secrets_of_an_app())
    with pytest.raises(ConfigError, match="secrets cannot be written"):
        SecretFiles(blocked.secrets, {}).try_writing()


def test_files_that_others_can_read_are_named(settings: Settings) -> None:
    write(settings, secrets_of_an_app())
    files = SecretFiles(settings.secrets, {})
    assert list(files.readable_by_others()) == []
    files.place("client-secret").chmod(0o640)
    assert list(files.readable_by_others()) == [settings.secrets / "client-secret"]


@pytest.mark.parametrize("environ", [{}, {"DEBTSCAN_METRICS_TOKEN": "of-the-environment"}])
def test_the_token_of_the_metrics_is_optional(settings: Settings, environ: Mapping[str, str]) -> None:
    assert Keyring(settings, environ).metrics() == environ.get("DEBTSCAN_METRICS_TOKEN", "")


def test_each_file_has_a_variable_of_its_own() -> None:
    assert len(set(VARIABLES.values())) == len(VARIABLES)
