"""Which hosts a repository may send a lock tool to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from analyzers.http.credentials import load_settings
from bot.upgrade.locks import hosts
from bot.upgrade.locks.model import Job, LockRefusedError


def _job(files: Mapping[str, str], *registries: str) -> Job:
    contents = {path: text.encode() for path, text in files.items()}
    return Job(program="uv", files=contents, folder="", runs=(), registries=registries)


PRIVATE = [
    "http://127.0.0.1:8080/simple",
    "https://[::1]/simple",
    "http://169.254.169.254/latest/meta-data",
    "http://[::ffff:10.0.0.1]/",
    "HTTP://LOCALHOST./",
    "https://u:p@192.168.0.1/",
    "https://index.internal/simple",
    "https:/10.0.0.1/simple",
    "http://[10.0.0.1/",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_repository_cannot_aim_a_tool_at_private_hosts(tmp_path: Path, address: str) -> None:
    settings = load_settings({}, tmp_path)
    for job in (
        _job({}, address),
        _job({"requirements.in": f"-i {address}\nred\n"}),
        _job({"pyproject.toml": f'[[tool.uv.index]]\nurl = "{address}"\n'}),
        _job({"package.json": f'{{"dependencies": {{"red": "{address}"}}}}'}),
        _job({"package-lock.json": f'{{"packages": {{"a": {{"resolved": "{address}"}}}}}}'}),
    ):
        with pytest.raises(LockRefusedError, match="a private address"):
            hosts.check(job, settings)


@pytest.mark.parametrize(
    "files",
    [
        {"requirements.in": "-i https://pypi.org/simple\nred\n"},
        {"package.json": '{"homepage": "http://localhost:3000", "dependencies": {"red": "^1.0.0"}}'},
    ],
)
def test_public_hosts_and_pages_of_a_project_are_no_hindrance(tmp_path: Path, files: Mapping[str, str]) -> None:
    hosts.check(_job(files), load_settings({}, tmp_path))


def test_what_the_users_own_settings_name_is_theirs(tmp_path: Path) -> None:
    job = _job({"requirements.in": "-i http://10.0.0.1:8080/simple\n"})
    hosts.check(job, load_settings({"UV_DEFAULT_INDEX": "http://10.0.0.1:8080/simple"}, tmp_path))
    (tmp_path / ".netrc").write_text("machine index.internal login a password b\n")
    (tmp_path / ".netrc").chmod(0o600)
    hosts.check(_job({}, "https://index.internal/simple"), load_settings({}, tmp_path))
