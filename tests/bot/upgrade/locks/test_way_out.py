"""The way out of a lock tool: whom it may ask, however it asks, and with the user's own proxy."""

from __future__ import annotations

import http.client
import json
import os
import select
import socket
import ssl
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme

from analyzers.http.credentials import Settings, load_settings
from bot.upgrade.locks import way_out
from bot.upgrade.locks.hosts import PRIVATE
from bot.upgrade.locks.reach import Reach
from bot.upgrade.locks.way_out import WayOut
from tests.support import loopback
from tests.support.http_proxy import proxy
from tests.support.http_server import Reply, Script, serve
from tests.support.lock_tools import ENVIRON, run, unwalled, walled
from tests.support.lockers import as_snapshot, locker, move, written
from tests.support.packages import npm_registry, python_index
from tests.support.repository import RepositoryBuilder

EVIL = "evil.example"


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let a public name lead to this machine, and return the names that are looked up."""
    asked: list[str] = []

    def getaddrinfo(host: Any, *rest: Any, **named: Any) -> Any:  # noqa: ANN401 - as socket's own
        asked.append(host)
        return loopback.getaddrinfo("127.0.0.1" if host == EVIL else host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@contextmanager
def serving(reach: Reach) -> Iterator[tuple[WayOut, int]]:
    """Run a way out on a free port."""
    found = WayOut(reach)
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    found.serve(listener)
    try:
        yield found, port
    finally:
        found.end()


def get(port: int, address: str, context: ssl.SSLContext | None = None) -> tuple[int, bytes]:
    """Ask for an address through a proxy."""
    proxies = urllib.request.ProxyHandler(dict.fromkeys(("http", "https"), f"http://127.0.0.1:{port}"))
    opener = urllib.request.build_opener(proxies, urllib.request.HTTPSHandler(context=context))
    try:
        with opener.open(address, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def said(port: int, request: bytes) -> bytes:
    """Return all that is answered to these bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        client.sendall(request)
        return b"".join(iter(lambda: client.recv(65536), b""))


def is_served(port: int) -> bool:
    """Return whether anybody answers."""
    try:
        return bool(said(port, b"nonsense\r\n\r\n"))
    except OSError:
        return False


def test_a_public_name_that_leads_to_a_private_address_is_refused(names: list[str]) -> None:
    with serve() as script, serving(Reach(environ={})) as (found, port):
        script.on("/a", Reply(body=b"secret"))
        own = script.url.rpartition(":")[2]
        status, body = get(port, f"http://{EVIL}:{own}/a")
        assert (status, b"secret" in body) == (403, False)
        for host in (f"{EVIL}:{own}", f"127.0.0.1:{own}", f"[::1]:{own}", f"[::ffff:10.0.0.1]:{own}", "10.0.0.1:22"):
            answer = said(port, f"CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            assert answer.startswith(b"HTTP/1.1 403 ")
            assert b"is a private or link-local address" in answer
    assert script.seen == []
    assert names.count(EVIL) == 2  # once each time it was asked for
    assert found.refused == [EVIL, "127.0.0.1", "::1", "::ffff:10.0.0.1", "10.0.0.1"]
    assert found.told().startswith(f"the repository or a package leads to {EVIL}, 127.0.0.1, ")
    assert PRIVATE in found.told()


@pytest.mark.usefixtures("names")
def test_a_redirect_to_a_private_address_is_refused() -> None:
    with serve() as script, serving(Reach(environ={}, own=frozenset({"localhost"}))) as (found, port):
        script.on("/a", Reply(body=b"secret"))
        own = script.url.rpartition(":")[2]
        address = script.on("/moved", Reply(status=302, headers={"Location": f"http://{EVIL}:{own}/a"}))
        assert get(port, address)[0] == 403
    assert [request.path for request in script.seen] == ["/moved"]
    assert found.refused == [EVIL]


@pytest.mark.parametrize("anywhere", [False, True])
def test_addresses_of_metadata_services_are_never_asked(*, anywhere: bool) -> None:
    with serving(Reach(environ={}, own=frozenset({"169.254.169.254"}), anywhere=anywhere)) as (found, port):
        assert get(port, "http://169.254.169.254/latest/meta-data")[0] == 403
    assert found.refused == ["169.254.169.254"]


def test_where_there_is_a_list_nobody_beside_it_is_asked() -> None:
    with serve() as script, proxy() as users:
        script.on("/a", Reply(body=b"through"))
        own = script.url.rpartition(":")[2]
        listed = frozenset({"localhost"})
        reach = Reach(environ={}, own=listed, anywhere=True, allows=listed.__contains__)
        with serving(reach) as (found, port):
            assert get(port, f"http://localhost:{own}/a") == (200, b"through")
            assert get(port, f"http://127.0.0.1:{own}/a")[0] == 403
        assert found.refused == ["127.0.0.1"]
        assert "leads to 127.0.0.1, which is not among the hosts asked here" in found.told()
        through = Reach(environ={"http_proxy": users.url}, allows=listed.__contains__)
        with serving(through) as (_found, port):
            assert get(port, "http://index.example/")[0] == 403
        assert users.asked == []


def test_what_the_users_own_settings_name_may_be_private(tmp_path: Path, names: list[str]) -> None:
    (tmp_path / ".netrc").write_text(f"machine {EVIL} login a password b\n")
    (tmp_path / ".netrc").chmod(0o600)
    settings = load_settings({}, tmp_path)
    reaches = [
        Reach(environ={}, own=frozenset({EVIL})),
        Reach(environ={}, credentials=settings.credentials),
        Reach(environ={}, anywhere=True),
    ]
    with serve() as script:
        script.on("/a", Reply(body=b"ours"))
        for reach in reaches:
            with serving(reach) as (found, port):
                assert get(port, f"http://{EVIL}:{script.url.rpartition(':')[2]}/a") == (200, b"ours")
            assert found.refused == []
            assert found.told() == ""
    assert names.count(EVIL) == len(reaches)


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secure(authority: trustme.CA) -> Iterator[Script]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost", EVIL, "127.0.0.1").configure_cert(context)
    with serve(context) as script:
        yield script


def test_tunnels_carry_tls(authority: trustme.CA, secure: Script) -> None:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    content = os.urandom(3_000_000)
    address = secure.on("/a", Reply(body=content))
    with serving(Reach(environ={}, anywhere=True)) as (_, port):
        assert get(port, address, context) == (200, content)


def test_git_goes_out_over_https(authority: trustme.CA, secure: Script, tmp_path: Path) -> None:
    """A repository as plain files, which git reads as well."""
    bare, pem = tmp_path / "red.git", tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(pem))
    built = RepositoryBuilder(tmp_path / "red").write("a", "b").commit()
    built.git("clone", "--quiet", "--bare", ".", str(bare))
    built.git("-C", str(bare), "update-server-info")
    for path in bare.rglob("*"):
        if path.is_file():
            secure.on(f"/red.git/{path.relative_to(bare)}", Reply(body=path.read_bytes()))
    refs = (bare / "info" / "refs").read_bytes()
    secure.on("/red.git/info/refs?service=git-upload-pack", Reply(body=refs, headers={"Content-Type": "text/plain"}))
    script = f"""
import subprocess
done = subprocess.run(["git", "ls-remote", "{secure.url}/red.git"], stdout=open("out", "w"))
raise SystemExit(done.returncode)
"""
    environ = {**ENVIRON, "GIT_SSL_CAINFO": str(pem)}
    for box in (unwalled(tmp_path, environ), walled(tmp_path, environ)):
        told = run(box, script, reach=Reach(environ={}, own=frozenset({"localhost"})))
        assert told.decode().split()[0] == built.git("rev-parse", "HEAD").strip()


def test_it_goes_on_through_the_users_proxy() -> None:
    with serve() as script, proxy() as users:
        script.on("/a", Reply(body=b"through"))
        port = script.url.rpartition(":")[2]
        login = users.url.replace("http://", "http://carol:sw0rd%20fish@")
        environ = {"http_proxy": login, "https_proxy": login, "no_proxy": "localhost"}
        with serving(Reach(environ=environ, anywhere=True)) as (_, ours):
            assert get(ours, f"http://index.example:{port}/a?b") == (200, b"through")
            assert get(ours, f"http://index.example:{port}/a") == (200, b"through")
            answer = said(ours, f"CONNECT index.example:{port} HTTP/1.1\r\n\r\nGET /a HTTP/1.0\r\n\r\n".encode())
            assert answer.startswith(b"HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 ")
            assert answer.endswith(b"through")
            assert users.asked == [
                f"GET http://index.example:{port}/a?b",
                f"GET http://index.example:{port}/a",
                f"CONNECT index.example:{port}",
            ]
            assert set(users.logins) == {"Basic Y2Fyb2w6c3cwcmQgZmlzaA=="}
            assert get(ours, f"http://localhost:{port}/a") == (200, b"through")
            assert len(users.asked) == 3


def test_a_client_that_has_said_all_is_answered_through_a_proxy_over_tls(authority: trustme.CA, tmp_path: Path) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))

    def answer(listener: socket.socket) -> None:
        with context.wrap_socket(listener.accept()[0], server_side=True) as users:
            users.recv(1000)
            users.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            heard = users.recv(1000)
            # Time for the end of what the client says to arrive.
            time.sleep(0.3)
            users.sendall(b"heard " + heard)

    with socket.create_server(("localhost", 0)) as listener:
        threading.Thread(target=answer, args=(listener,), daemon=True).start()
        environ = {
            "https_proxy": f"https://localhost:{listener.getsockname()[1]}",
            "SSL_CERT_FILE": str(tmp_path / "authority.pem"),
        }
        with (
            serving(Reach(environ=environ)) as (_, ours),
            socket.create_connection(("127.0.0.1", ours), timeout=20) as client,
        ):
            client.sendall(b"CONNECT index.example:443 HTTP/1.1\r\n\r\nhello")
            client.shutdown(socket.SHUT_WR)
            assert b"".join(iter(lambda: client.recv(1000), b"")).endswith(b"established\r\n\r\nheard hello")


def test_what_is_private_by_its_name_is_not_asked_of_the_users_proxy() -> None:
    with proxy() as users:
        environ = {"http_proxy": users.url, "https_proxy": users.url}
        with serving(Reach(environ=environ)) as (found, port):
            assert get(port, "http://10.0.0.1/")[0] == 403
            assert said(port, b"CONNECT index.internal:443 HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 403 ")
            assert said(port, b"CONNECT 127.1:443 HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 403 ")
            assert get(port, "http://intranet/")[0] == 403
        assert users.asked == []
    assert found.refused == ["10.0.0.1", "index.internal", "127.1", "intranet"]


def test_the_users_proxy_gets_no_address_in_which_it_could_read_another_host() -> None:
    with serve() as script, proxy() as users:
        script.on("/a", Reply(body=b"through"))
        port = script.url.rpartition(":")[2]
        with serving(Reach(environ={"http_proxy": users.url, "https_proxy": users.url})) as (found, ours):
            for target in (
                "http://10.0.0.1\\.evil.example/",
                "http://10.0.0.1\t.evil.example/",
                "http://10.0.0.1\n.evil/",
            ):
                assert said(ours, f"GET {target} HTTP/1.1\r\n\r\n".encode()).startswith(b"HTTP/1.1 400 ")
            address = f"http://10.0.0.1\\@index.example:{port}/a?b#c"
            assert said(ours, f"GET {address} HTTP/1.1\r\n\r\n".encode()).endswith(b"through")
        assert users.asked == [f"GET http://index.example:{port}/a?b"]
    assert found.refused == []


def test_a_proxy_that_declines_is_said() -> None:
    with serve() as script:
        with serving(Reach(environ={"https_proxy": script.url})) as (found, port):
            answer = said(port, b"CONNECT index.example:443 HTTP/1.1\r\n\r\n")
        assert answer.startswith(
            b"HTTP/1.1 502 bad gateway: your proxy does not connect to index.example: HTTP/1.1 501 "
        )
    with serving(Reach(environ={"https_proxy": "socks5://localhost:1"})) as (found, port):
        assert b"proxies of kind 'socks5' are not supported" in said(port, b"CONNECT a.example:443 HTTP/1.1\r\n\r\n")
    assert found.refused == []


@pytest.mark.parametrize(
    ("request_text", "status"),
    [
        ("nonsense\r\n\r\n", 400),
        ("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        ("GET ftp://localhost/a HTTP/1.1\r\n\r\n", 400),
        ("GET http:///a HTTP/1.1\r\n\r\n", 400),
        ("GET http://localhost:{port}/a\nX:y HTTP/1.1\r\n\r\n", 400),
        ("G\nET http://localhost:{port}/a HTTP/1.1\r\n\r\n", 400),
        ("GET http://localhost:{port}/a HTTP/1.1\nX: y\r\n\r\n", 400),
        ("CONNECT localhost%2f:1 HTTP/1.1\r\n\r\n", 400),
        ("CONNECT localhost:99999 HTTP/1.1\r\n\r\n", 400),
        ("CONNECT localhost:1 HTTP/1.1\r\n\r\n", 502),
        ("GET http://unknown.example/ HTTP/1.1\r\n\r\n", 502),
        ("GET http://localhost:{port}/a HTTP/1.1\r\nX: a\nGET http://10.0.0.1/ HTTP/1.1\r\n\r\n", 400),
        ("GET http://localhost:{port}/a HTTP/1.1\r\n folded\r\n\r\n", 400),
        ("POST http://localhost:{port}/a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        ("POST http://localhost:{port}/a HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 411),
        ("POST http://localhost:{port}/a HTTP/1.1\r\nContent-Length: +1\r\n\r\na", 400),
        ("GET http://localhost:{port}/a HTTP/1.1\r\n" + "X: " + "a" * 70_000 + "\r\n\r\n", 400),
    ],
)
def test_what_is_no_proper_request_is_refused(request_text: str, status: int) -> None:
    with serve() as script, serving(Reach(environ={}, anywhere=True)) as (found, port):
        answer = said(port, request_text.format(port=script.url.rpartition(":")[2]).encode())
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert script.seen == []
    assert found.refused == []


def test_a_plain_connection_carries_one_request() -> None:
    with serve() as script, serving(Reach(environ={}, anywhere=True)) as (_, port):
        script.on("/a", Reply(body=b"first"))
        head = f"POST {script.url}/a HTTP/1.1\r\nHost: other.example\r\nProxy-Authorization: Basic x\r\n"
        second = f"GET {script.url}/b HTTP/1.1\r\n\r\n"
        answer = said(port, f"{head}Content-Length: 4\r\nX-Kept: 1\r\n\r\nbody{second}".encode())
    assert answer.endswith(b"\r\nConnection: close\r\n\r\nfirst")
    (seen,) = script.seen
    assert (seen.path, seen.body, seen.headers["x-kept"]) == ("/a", b"body", "1")
    assert seen.headers["host"] == script.url.removeprefix("http://")
    assert seen.headers["connection"] == "close"
    assert "proxy-authorization" not in seen.headers


def test_answers_say_that_their_connection_ends() -> None:
    kept = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nKeep-Alive: timeout=5\r\nConnection: keep-alive\r\n\r\nok"
    with serve() as script, serving(Reach(environ={}, anywhere=True)) as (_, port):
        script.on("/kept", Reply(raw=kept, raw_drip=0.001))
        script.on("/odd", Reply(raw=b"no answer"))
        answer = said(port, f"GET {script.url}/kept HTTP/1.1\r\n\r\n".encode())
        assert answer == b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
        assert said(port, f"GET {script.url}/odd HTTP/1.1\r\n\r\n".encode()) == b"no answer"


def test_bytes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(way_out, "_MOST_BYTES", 1_000_000)
    with serve() as script, serving(Reach(environ={}, anywhere=True)) as (_, port):
        address = script.on("/a", Reply(body=b"x" * 5_000_000))
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            get(port, address)


def test_connections_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(way_out, "_MOST_CONNECTIONS", 1)
    with serve() as script, serving(Reach(environ={}, anywhere=True)) as (_, port):
        script.on("/a", Reply(body=b"it"))
        first = socket.create_connection(("127.0.0.1", port), timeout=20)
        with first, socket.create_connection(("127.0.0.1", port), timeout=20) as second:
            second.sendall(f"GET {script.url}/a HTTP/1.1\r\n\r\n".encode())
            assert not select.select([second], [], [], 0.3)[0]
            first.close()
            assert second.recv(100).startswith(b"HTTP/1.1 200")


def test_the_end_of_a_call_cuts_what_is_under_way() -> None:
    with serve() as script, serving(Reach(environ={}, anywhere=True)) as (found, port):
        script.on("/a", Reply(body=b"x" * 1000, drip=0.05))
        with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
            client.sendall(f"GET {script.url}/a HTTP/1.1\r\n\r\n".encode())
            assert client.recv(100)
            begun = time.monotonic()
            found.end()
            while client.recv(65536):
                pass
            assert time.monotonic() - begun < 5
        assert not is_served(port)


@contextmanager
def npm_world(tool: str) -> Iterator[tuple[Settings, dict[str, str], str]]:
    """Yield settings whose own registry hands out a package that lies elsewhere."""
    locks = {
        "npm": ("package-lock.json", '{"name": "app", "lockfileVersion": 3, "packages": {}}'),
        "pnpm": ("pnpm-lock.yaml", "lockfileVersion: '9.0'\n"),
        "yarn": ("yarn.lock", "# yarn lockfile v1\n\n\n"),
    }
    lock, blank = locks[tool]
    with npm_registry() as registry:
        registry.add("red", "1.0.0")
        port = registry.url.rstrip("/").rpartition(":")[2]
        manifest = {"name": "app", "dependencies": {"red": f"http://{EVIL}:{port}/red/-/red-1.0.0.tgz"}}
        settings = Settings({"npm": registry.url}, load_settings({}, Path("/nonexistent")).credentials, ())
        yield settings, {"package.json": json.dumps(manifest), lock: blank}, lock
        assert not registry.script.asked("/red/-/red-1.0.0.tgz")


@contextmanager
def python_world(tool: str) -> Iterator[tuple[Settings, dict[str, str], str]]:
    """Yield a project that requires a wheel at an address, and settings with an index of the user's own."""
    with python_index(html=True) as index:
        index.add("red", "1.0")
        address = f"http://{EVIL}:{index.url.split(':')[2].split('/')[0]}/files/red-1.0-py3-none-any.whl"
        settings = Settings({"pypi": index.url}, load_settings({}, Path("/nonexistent")).credentials, ())
        head = '[project]\nname = "app"\nversion = "1.0"\nrequires-python = ">=3.11,<4"\n'
        head += f'dependencies = ["red @ {address}"]\n'
        if tool == "pip-compile":
            command = "# This file is autogenerated by pip-compile with Python 3.11\n# by the following command:\n#\n"
            lock = f"{command}#    pip-compile requirements.in\n#\n"
            # What is asked without TLS, pip passes over.
            wanted = f"--extra-index-url https://{EVIL}:1/simple\nred==9\n"
            yield settings, {"requirements.in": wanted, "requirements.txt": lock}, "requirements.txt"
        elif tool == "uv":
            yield settings, {"pyproject.toml": head, "uv.lock": 'version = 1\nrequires-python = ">=3.11"\n'}, "uv.lock"
        else:
            lock = "# This file is automatically @generated by Poetry 2.0.0 and should not be changed by hand.\n"
            lock += 'package = []\n[metadata]\nlock-version = "2.1"\npython-versions = "*"\ncontent-hash = "0"\n'
            yield settings, {"pyproject.toml": head, "poetry.lock": lock}, "poetry.lock"
        assert not index.script.asked("/files/red-1.0-py3-none-any.whl")


World = Callable[[str], Any]


@pytest.mark.skipif(sys.platform == "win32", reason="lock tools are run in tests where their processes have limits")
@pytest.mark.parametrize(
    ("tool", "world", "ecosystem"),
    [
        ("npm", npm_world, "npm"),
        ("pnpm", npm_world, "npm"),
        ("yarn", npm_world, "npm"),
        ("uv", python_world, "pypi"),
        ("poetry", python_world, "pypi"),
        ("pip-compile", python_world, "pypi"),
    ],
)
@pytest.mark.usefixtures("names")
def test_each_tool_goes_this_way_and_its_failure_names_the_host(tool: str, world: World, ecosystem: str) -> None:
    files: Mapping[str, str]
    with world(tool) as (settings, files, lock):
        tools = locker(tool, settings=settings, variables={PRIVATE: ""})
        made = written(files, tools, move(as_snapshot(files), "none", "1", locks=[lock], ecosystem=ecosystem))
    (problem,) = made.problems
    assert f"leads to {EVIL}, a private or link-local address" in problem.detail
    assert made.files == {}


@pytest.mark.parametrize("tool", ["uv", "poetry", "pnpm", "yarn"])
@pytest.mark.usefixtures("names")
def test_what_lies_in_git_is_fetched_this_way_as_well(tool: str) -> None:
    address = f"git+https://{EVIL}:1/red.git"
    worlds = {"uv": python_world, "poetry": python_world, "pnpm": npm_world, "yarn": npm_world}
    with worlds[tool](tool) as (settings, files, lock):
        manifest = files.get("package.json") and json.dumps({"name": "app", "dependencies": {"red": address}})
        project = files.get("pyproject.toml", "").partition("dependencies")[0] + f'dependencies = ["red @ {address}"]\n'
        wanted = {**files, **({"package.json": manifest} if manifest else {"pyproject.toml": project})}
        tools = locker(tool, settings=settings, variables={PRIVATE: ""})
        ecosystem = "npm" if manifest else "pypi"
        made = written(wanted, tools, move(as_snapshot(wanted), "none", "1", locks=[lock], ecosystem=ecosystem))
    assert f"leads to {EVIL}, a private or link-local address" in made.problems[0].detail
