"""What a lock tool sees behind walls: a list of what is there, and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from bot.upgrade.locks.programs import consists_of
from bot.upgrade.locks.walls import walls
from tests.support.lock_tools import ENVIRON, run, walled

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap is of Linux")

READ = """
import json, os
tell = {{}}
for path in {paths!r}:
    try:
        tell[path] = sorted(os.listdir(path)) if os.path.isdir(path) else open(path).read()
    except OSError as error:
        tell[path] = None
open("out", "w").write(json.dumps(tell))
"""


def test_files_outside_cannot_be_read(tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    for folder in (home / ".ssh", elsewhere):
        folder.mkdir(parents=True)
        (folder / "key").write_text("hunter2")
    secret = [str(home / ".ssh" / "key"), str(elsewhere / "key"), str(Path(__file__))]
    system = [
        "/var/lib/dpkg/status",
        "/etc/shadow",
        "/etc/hostname",
        "/etc/ssl/private",
        "/srv",
        "/var",
        "/sys",
        "/boot",
    ]
    there = [path for path in (*secret, *system) if Path(path).exists()]
    told = json.loads(run(walled(home), READ.format(paths=there)))
    assert len(told) > len(secret)
    assert dict.fromkeys(there) == told


def test_what_is_not_the_tools_is_not_in_its_world(tmp_path: Path) -> None:
    told = json.loads(run(walled(tmp_path), READ.format(paths=["/", *map("/".__add__, ("tmp", "run", "etc"))])))
    allowed = {Path(path).parts[1] for path in (*consists_of(sys.executable, ENVIRON, tmp_path), Path(__file__))}
    system = {"bin", "dev", "etc", "lib", "lib32", "lib64", "libx32", "proc", "run", "sbin", "tmp", "usr"}
    assert set(told["/"]) <= system | allowed
    # A folder for temporary files of one's own lies below the common one.
    above = Path(tempfile.gettempdir()).resolve().parts[2:]
    assert all(name.startswith(("debtscan-lock", *above)) or "tmp" in allowed for name in told[f"/{'tmp'}"])
    assert told["/run"] == []
    assert {"shadow", "ssh", "sudoers", "pip.conf", "npmrc"}.isdisjoint(told["/etc"])


def test_nothing_else_can_be_written_and_no_process_is_seen(tmp_path: Path) -> None:
    outside = Path(__file__).parent / "written-by-a-tool"
    script = f"""
import os
said = []
for path in ({str(outside)!r}, "/written", "/etc/written", "/usr/written", "/tmp/written", "/run/written"):
    try:
        open(path, "w")
        said.append(path)
    except OSError:
        pass
said += [pid for pid in os.listdir("/proc") if pid.isdigit() and int(pid) > 50]
said += [line for line in open("/proc/self/status") if line.startswith("CapEff") and line.split()[1].strip("0")]
open("out", "w").write(repr(said))
"""
    assert run(walled(tmp_path), script) == b"[]"
    assert not outside.exists()


def test_there_is_no_network_but_the_way_out(tmp_path: Path) -> None:
    script = """
import socket
said = []
for kind, address in (("tcp", ("127.0.0.1", {port})), ("udp", ("127.0.0.1", 53)), ("tcp", ("192.0.2.1", 80))):
    with socket.socket(type=socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM) as one:
        one.settimeout(5)
        try:
            one.connect(address)
            one.send(b"x")
            said.append(address)
        except OSError:
            pass
open("out", "w").write(repr(said) + repr(socket.if_nameindex()))
"""
    with socket.create_server(("127.0.0.1", 0)) as ours:
        told = run(walled(tmp_path), script.format(port=ours.getsockname()[1]))
    assert told in {b"[]" + repr([(1, "lo")]).encode(), b"[('127.0.0.1', 53)]" + repr([(1, "lo")]).encode()}


def test_the_users_certificates_can_be_read(tmp_path: Path) -> None:
    own = tmp_path / "own.pem"
    own.write_text("certificate")
    box = walled(tmp_path / "home", {**ENVIRON, "SSL_CERT_FILE": str(own), "SSL_CERT_DIR": "/nonexistent"})
    assert json.loads(run(box, READ.format(paths=[str(own)]))) == {str(own): "certificate"}


def test_a_folder_of_path_that_goes_away_meanwhile_is_left_out(tmp_path: Path) -> None:
    bubblewrap = walled(tmp_path).bubblewrap
    assert bubblewrap
    gone = tmp_path / "gone"
    (gone / "bin").mkdir(parents=True)
    (gone / "bin" / "node").write_text("")
    arguments = list(walls(sys.executable, {"PATH": str(gone / "bin")}, tmp_path, written=(), folder=Path("/")))
    assert str(gone) in arguments
    shutil.rmtree(gone)
    subprocess.run([bubblewrap, *arguments, "--", "true"], check=True, capture_output=True, timeout=60)


def test_a_cache_that_was_cleaned_away_is_an_empty_one(tmp_path: Path) -> None:
    box = walled(tmp_path)
    box.cache.path.rmdir()
    place = str(box.cache.path)
    script = f"import os\nopen({place!r} + '/kept', 'w').close()\nopen('out', 'w').write(str(os.listdir({place!r})))"
    assert run(box, script) == b"['kept']"
    assert not box.cache.path.exists()


@pytest.mark.parametrize(
    ("executable", "files", "links", "expected"),
    [
        ("opt/node/bin/npm", ["opt/node/lib/npm/cli.js"], {"opt/node/bin/npm": "../lib/npm/cli.js"}, {"opt/node"}),
        ("home/.local/bin/uv", ["home/.local/bin/uv"], {}, {"home/.local/bin", "home/.local/lib"}),
        ("home/bin/uv", ["home/bin/uv"], {}, {"home/bin", "home/lib"}),
        (
            "home/.local/bin/poetry",
            ["home/.local/share/pipx/venvs/poetry/bin/poetry"],
            {"home/.local/bin/poetry": "../share/pipx/venvs/poetry/bin/poetry"},
            {"home/.local/bin", "home/.local/lib", "home/.local/share/pipx/venvs/poetry"},
        ),
        ("home/.pyenv/shims/poetry", ["home/.pyenv/shims/poetry"], {}, {"home/.pyenv"}),
        ("home/x/node_modules/.bin/pnpm", ["home/x/node_modules/.bin/pnpm"], {}, {"home/x/node_modules"}),
        (
            "venv/bin/python",
            ["home/.pyenv/versions/3/bin/python3", "venv/pyvenv.cfg"],
            {"venv/bin/python": "../../middle/python", "middle/python": "../home/.pyenv/versions/3/bin/python3"},
            {"venv", "middle", "home/.pyenv/versions/3"},
        ),
    ],
)
def test_a_tools_own_folders(
    tmp_path: Path, executable: str, files: list[str], links: dict[str, str], expected: set[str]
) -> None:
    for path in files:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
    for path, target in links.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).symlink_to(target)
    found = set(consists_of(str(tmp_path / executable), {}, tmp_path / "home"))
    inside = {str(path.relative_to(tmp_path)) for path in found if path.name != "lib64"}
    least = {path for path in inside if not any(Path(path) != Path(o) and Path(path).is_relative_to(o) for o in inside)}
    assert least == expected


def test_an_interpreter_and_what_a_tool_starts(tmp_path: Path) -> None:
    script, bin_folder = tmp_path / "tools" / "bin" / "pip-compile", tmp_path / "node" / "bin"
    for path in (script, bin_folder / "node", tmp_path / "python" / "bin" / "python3.11"):
        path.parent.mkdir(parents=True)
        path.write_text(f"#!{tmp_path}/python/bin/python3.11\n")
    found = set(consists_of(str(script), {"PATH": f"{bin_folder}{os.pathsep}relative"}, tmp_path / "home"))
    assert {tmp_path / "tools", tmp_path / "python", tmp_path / "node"} == found


def test_a_store_is_seen_as_a_whole() -> None:
    found = set(consists_of("/nix/store/abc-uv/bin/uv", {}, Path("/home/somebody")))
    assert found == {Path("/nix/store")}
