"""A child that has gone over to its repository: it does what the name of its task says. Run as a module."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from analyzers.errors import DebtscanError
from bot.service.child.asking import Service
from bot.service.child.messages import Ask, Call, Done, Failed, Failure, PastFacts, Task
from bot.service.child.wire import Channel

_SLEEP = "import time; time.sleep(600)"


def _junk(channel: Channel) -> None:
    channel.socket.sendall((5).to_bytes(8, "big") + b"\xc1junk")


def _huge(channel: Channel) -> None:
    channel.socket.sendall((1 << 50).to_bytes(8, "big") + b"x")


def _endless(channel: Channel) -> None:
    channel.socket.sendall((200 * 1024 * 1024).to_bytes(8, "big"))
    while True:
        channel.socket.sendall(b"x" * 1024)
        time.sleep(0.05)


def _hang(channel: Channel) -> None:
    del channel
    # A child of a child, in a group of its own.
    inner = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_SLEEP!r}], start_new_session=True)"
    subprocess.Popen([sys.executable, "-c", inner], start_new_session=True)
    time.sleep(600)


def _report_and_hang(channel: Channel) -> None:
    """Say in its own folder that it is at work, then hang."""
    Path("ready").touch()
    _hang(channel)


def _look(channel: Channel, task: Task) -> None:
    """Tell whether the file `folder` can be read, and the port `head` of this machine be reached."""
    read, reached = Path(task.folder).exists(), True
    try:
        socket.create_connection(("127.0.0.1", int(task.head)), timeout=5).close()
    except OSError:
        reached = False
    channel.send(Done(msgspec.Raw(msgspec.msgpack.encode((read, reached)))))


def _pry(channel: Channel, task: Task) -> None:
    """Tell of each thing that the service has (its process `head`, its port `base`) whether it can be had."""
    data, service = Path(task.folder), Path("/proc", task.head)
    tries: Mapping[str, Callable[[], object]] = {
        "secret": (data / "secret").read_text,
        "link": (data / "link").read_text,
        "names": lambda: list(data.iterdir()),
        "environment": (service / "environ").read_bytes,
        "memory": lambda: (service / "mem").open("rb"),
        "signal": lambda: os.kill(int(task.head), 0),
        "network": lambda: socket.create_connection(("127.0.0.1", int(task.base)), timeout=5).close(),
        "writing": lambda: (data / "mirror" / "config").write_text("[core]"),
        "reading": (data / "mirror" / "HEAD").read_text,
        "keeping": lambda: Path(task.kept, "measured").write_text("1"),
        "scratch": lambda: Path("found").write_text("1"),
    }
    channel.send(Done(msgspec.Raw(msgspec.msgpack.encode([name for name, one in tries.items() if _works(one)]))))


def _works(tried: Callable[[], object]) -> bool:
    try:
        tried()
    except OSError:
        return False
    return True


def _talk(channel: Channel) -> None:
    del channel
    while True:
        os.write(2, b"secret https://user:hunter2@example.org/ " * 1000)
        os.write(1, b"and more\n")


def _break_off(channel: Channel) -> None:
    """Say more than is kept, half a secret first and last of what is."""
    del channel
    half, rest = b"secret https://user:hunter2", b"@example.org/ "
    os.write(2, b"x " * 4000 + half + rest + b"y " * 9976 + half)
    time.sleep(600)


def _die(channel: Channel) -> None:
    del channel
    os.write(2, b"Traceback: no way https://user:hunter2@example.org/\n")
    os.kill(os.getpid(), signal.SIGSEGV)


def _leave(channel: Channel) -> None:
    del channel
    sys.exit(3)


def _spin(channel: Channel) -> None:
    del channel
    while True:
        pass


def _environment(channel: Channel) -> None:
    there = sorted(path.name for path in Path(f"/proc/{os.getpid()}/fd").iterdir())
    channel.send(Done(msgspec.Raw(msgspec.msgpack.encode((dict(os.environ), str(Path.cwd()), there)))))


def _asking(message: object) -> Callable[[Channel], None]:
    def ask(channel: Channel) -> None:
        channel.send(message)
        time.sleep(600)

    return ask


def _bring(name: str) -> object:
    return {"type": "bring", "parts": [{"names": [name]}]}


def _hand_back(channel: Channel) -> None:
    """Call a method, and end with the error that comes of it."""
    service = Service(channel)
    try:
        service.call("login")
    except DebtscanError as error:
        service.failed(service.failure_met(error) or Failure(kind="internal", message="another one"))


def _many(channel: Channel) -> None:
    """Send a result of so many small things that they would take gigabytes."""
    many = b"\xdd" + (100_000_000).to_bytes(4, "big") + b"\xa0" * 100_000_000
    result = msgspec.Raw(b"\x81\xa5notes" + many)
    channel.send(Done(result))


_RAW = msgspec.Raw(msgspec.msgpack.encode({}))
_LATE = Failure(kind="RateLimitedError", message="come back in a thousand years", number=0)

WORK: Mapping[str, Callable[[Channel], None]] = {
    "junk": _junk,
    "huge": _huge,
    "endless": _endless,
    "hang": _hang,
    "report and hang": _report_and_hang,
    "talk": _talk,
    "break off": _break_off,
    "die": _die,
    "leave": _leave,
    "spin": _spin,
    "environment": _environment,
    "foreign method": _asking(Call("close", _RAW)),
    "private method": _asking(Call("__init__", _RAW)),
    "attribute": _asking(Call("url", _RAW)),
    "wrong arguments": _asking(Call("comment", msgspec.Raw(msgspec.msgpack.encode({"number": "x", "body": 7})))),
    "more arguments": _asking(Call("login", msgspec.Raw(msgspec.msgpack.encode({"url": "https://elsewhere"})))),
    "a method and its error": _hand_back,
    "a method": _asking(Call("login", _RAW)),
    "an address to bring": _asking(_bring("https://example.org/other.git")),
    "an option to bring": _asking(_bring("--upload-pack=touch /tmp/x")),
    "a ref to bring": _asking(_bring("refs/heads/main")),
    "foreign past": _asking(PastFacts("0" * 16)),
    "too many questions": _asking(Ask((("pypi", "x", ""),) * 20_001)),  # type: ignore[arg-type] # as they are sent
    "wrong result": lambda channel: channel.send(Done(msgspec.Raw(msgspec.msgpack.encode({"document": 7})))),
    "many small things": _many,
    "a zero byte in an error": lambda channel: channel.send(Failed(Failure(kind="ConfigError", message="a\0b"))),
    "foreign error": lambda channel: channel.send(Failed(_LATE)),
    "unknown error": lambda channel: channel.send(Failed(Failure(kind="SystemExit", message="x"))),
}

if __name__ == "__main__":
    channel = Channel(socket.socket(fileno=int(sys.argv[1])))
    task = channel.receive(Task)
    if task.name in {"look", "pry"}:
        (_look if task.name == "look" else _pry)(channel, task)
    else:
        WORK[task.name](channel)
