from __future__ import annotations

from pathlib import Path

import pytest

from bot.service.child.process import environment


@pytest.mark.parametrize(
    ("proxy", "goes"),
    [
        ("http://proxy.example:3128", True),
        ("proxy.example:3128", True),
        ("http://user:hunter2@proxy.example:3128", False),
        ("user:hunter2@proxy.example:3128", False),
        ("http://token@proxy.example", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_a_proxy_goes_along_where_its_address_holds_no_secret(proxy: str, *, goes: bool) -> None:
    found = environment({"https_proxy": proxy, "NO_PROXY": "localhost"}, Path("/scratch"))
    assert ("https_proxy" in found) is goes
    assert ("NO_PROXY" in found) is goes


def test_nothing_else_of_the_services_environment_goes_along() -> None:
    environ = {
        "PATH": "/usr/bin",
        "SSL_CERT_FILE": "/ca.pem",
        "DEBTSCAN_DATABASE": "x",
        "GITHUB_TOKEN": "x",
        "PYTHONPATH": "/elsewhere",
        "LD_PRELOAD": "/evil.so",
        "HOME": "/home/ada",
        "NETRC": "/home/ada/.netrc",
    }
    found = environment(environ, Path("/scratch"))
    allowed = {"PATH", "SSL_CERT_FILE", "HOME", "TMPDIR", "LC_ALL", "PYTHONPATH", "PYTHONUSERBASE", "MALLOC_ARENA_MAX"}
    assert found.keys() <= allowed
    assert (found["PATH"], found["HOME"], found["TMPDIR"]) == ("/usr/bin", "/scratch", "/scratch")
    assert found["PYTHONPATH"] != "/elsewhere"
