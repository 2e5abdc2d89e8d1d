"""Runs a lock tool on a copy of the few files that it needs, where it can do no harm.

The copy lies in a temporary folder, with a home of its own; the environment holds named variables only. Where
bubblewrap is there, the tool sees the file system read-only, without the user's home, temporary files and sockets.
Without it, tools run only where the user said so: a file of a scanned repository cannot say it.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePosixPath

from analyzers.syntax.credentials import masked
from bot.upgrade.locks import limited
from bot.upgrade.locks.model import Job, LockRefusedError, Run
from bot.upgrade.locks.settings import without_secrets

OPT_IN = "DEBTSCAN_LOCKS_WITHOUT_SANDBOX"
MOST_FILES = 5000
MOST_BYTES = 200 * 1024 * 1024
_MOST_FILE = 1024 * 1024 * 1024
_MOST_PROCESSES = 4096
_MOST_OUTPUT = 64 * 1024
_SHOWN = 600
_ERROR = re.compile(r"\b(?:[Ee]rror|ERROR)\b|\bERR[_!]")
# Of the user's environment: where programs and certificates lie, and the way out. Proxies may hold a password; the
# tool needs it to get out at all.
_KEPT = (
    *("PATH", "SYSTEMROOT", "COMSPEC", "PATHEXT"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT", "NODE_EXTRA_CA_CERTS"),
    *("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"),
)


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True, eq=False)
class Sandbox:
    """How tools are started. `bubblewrap` is its path, None without; then `opted_in` has to be True.

    `cache` is what tools keep from one call to the next. It belongs to one repository, and goes with this value.
    """

    environ: Mapping[str, str]
    home: Path
    bubblewrap: str | None
    opted_in: bool
    cache: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="debtscan-locks-")).resolve())

    def __post_init__(self) -> None:
        """Remove the cache when nobody can use it any more."""
        weakref.finalize(self, shutil.rmtree, self.cache, ignore_errors=True)

    @classmethod
    def of(cls, environ: Mapping[str, str], home: Path) -> Sandbox:
        """Look for bubblewrap on the user's PATH, and for the word of the user."""
        found = program("bwrap", environ) if sys.platform == "linux" else None
        usable = found if found and _starts(found) else None
        opted_in = environ.get(OPT_IN, "").lower() in {"1", "true", "yes"}
        return cls(environ=environ, home=home, bubblewrap=usable, opted_in=opted_in)

    def check(self) -> None:
        """Raise LockRefusedError unless tools may be started."""
        if self.bubblewrap is None and not self.opted_in:
            raise LockRefusedError(
                "lock tools run in bubblewrap, which is not here or cannot start; install it, "
                f"or set {OPT_IN}=1 to run them without"
            )

    def run(self, job: Job, executable: str, secrets: Mapping[str, str], result: str) -> bytes:
        """Return the bytes of the file ``result`` after all calls. `secrets` are files of the tool's home.

        Raises LockRefusedError.
        """
        self.check()
        with _place() as place:
            _copy(job.files, place / "copy")
            _copy(secrets_as_bytes(secrets), place / "home")
            for run in job.runs:
                amended = {result: run.amend(_read(place / "copy", result))} if run.amend else {}
                laid = {**run.files, **amended}
                _copy({path: content for path, content in laid.items() if content is not None}, place / "copy")
                for path in [path for path, content in laid.items() if content is None]:
                    (place / "copy" / path).unlink(missing_ok=True)
                self._call(job, run, executable, place, secrets)
            return job.finish(_read(place / "copy", result))

    def answer(self, executable: str, *arguments: str) -> str:
        """Return what a program says to ``--version`` and the like. Raises LockRefusedError."""
        self.check()
        with _place() as place:
            _copy({}, place / "copy")
            _copy({}, place / "home")
            job = Job(program=executable, files={}, folder="", runs=(), seconds=60)
            return self._call(job, Run(arguments=arguments), executable, place)

    def _call(self, job: Job, run: Run, executable: str, place: Path, secrets: Mapping[str, str] | None = None) -> str:
        folder = place / "copy" / job.folder
        command = [executable, *run.arguments]
        if self.bubblewrap:
            command = [self.bubblewrap, *self._walls(executable, place, folder), "--", *command]
        limits = (int(job.seconds), job.memory or 0, _MOST_FILE, _MOST_PROCESSES)
        starter = [sys.executable, "-I", str(Path(limited.__file__).resolve()), *map(str, limits)]
        # Windows has no such limits, and no way to put one program in the place of another.
        starter = [] if os.name == "nt" else starter
        code, output = _communicate([*starter, *command], self._variables(job, place), folder, job.seconds)
        if code:
            proxies = [self.environ.get(name, "") for name in _KEPT if name.lower().endswith("_proxy")]
            output = without_secrets(output, secrets or {}, proxies)
            raise LockRefusedError(f"{job.program} failed: {_told(output, place, self.cache)}")
        return output

    def _variables(self, job: Job, place: Path) -> dict[str, str]:
        home = place / "home"
        kept = {name: self.environ[name] for name in _KEPT if self.environ.get(name)}
        kept["PATH"] = os.pathsep.join(_folders(self.environ))
        return {
            **kept,
            "HOME": str(home),
            "USERPROFILE": str(home),
            "APPDATA": str(home / "config"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_CACHE_HOME": str(self.cache),
            "LOCALAPPDATA": str(self.cache),
            "npm_config_cache": str(self.cache / "npm"),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_STATE_HOME": str(home / "state"),
            "TMPDIR": str(place / "tmp"),
            "TEMP": str(place / "tmp"),
            "TMP": str(place / "tmp"),
            "LC_ALL": "C.UTF-8",
            "NO_COLOR": "1",
            "CI": "1",
            # Packages may lie in git repositories, which are asked over https and no other way.
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ALLOW_PROTOCOL": "https",
            **job.variables,
        }

    def _walls(self, executable: str, place: Path, folder: Path) -> Iterator[str]:
        yield from ("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc")
        # Whatever is the user's, and the sockets of what runs here.
        hidden = [path for path in (Path("/tmp"), Path("/run"), self.home) if path.is_dir()]  # noqa: S108 - hidden, not used
        for path in hidden:
            yield from ("--tmpfs", str(path.resolve()))
        for path in self._tools(executable):
            yield from ("--ro-bind", str(path), str(path))
        names = Path("/etc/resolv.conf").resolve()
        if names.is_relative_to("/run") and names.is_file():
            yield from ("--ro-bind", str(names), str(names))
        for path in (place, self.cache):
            yield from ("--bind", str(path), str(path))
        yield from ("--chdir", str(folder))
        yield from ("--unshare-pid", "--unshare-ipc", "--unshare-uts", "--die-with-parent", "--new-session")

    def _tools(self, executable: str) -> Iterator[Path]:
        """Yield the folders in the hidden ones that hold programs: those of PATH, and what this tool consists of."""
        hidden = (self.home.resolve(), Path("/tmp"), Path("/run"))  # noqa: S108 - hidden, not used
        for folder in dict.fromkeys((*map(Path, _folders(self.environ)), *_installed(Path(executable)))):
            inside = any(folder.is_relative_to(path) and folder != path for path in hidden)
            if inside and folder.is_dir():
                # What lies there only starts what lies beside it.
                yield folder.parent if folder.name == "shims" else folder


def program(name: str, environ: Mapping[str, str], *, keep_out: Path | None = None) -> str | None:
    """Return the path of a program, looked for in absolute folders of PATH only; never one below ``keep_out``."""
    for found in programs(name, environ, keep_out=keep_out):
        return found
    return None


def programs(name: str, environ: Mapping[str, str], *, keep_out: Path | None = None) -> Iterator[str]:
    """Yield every program of that name, in the order of PATH."""
    for folder in _folders(environ):
        found = shutil.which(name, path=folder)
        if found is None or not Path(found).is_absolute():
            continue
        # A tool that lies in the scanned repository is the repository's.
        if keep_out and any(path.is_relative_to(keep_out) for path in (Path(found), Path(found).resolve())):
            continue
        if os.name == "nt" and Path(found).parent == Path.cwd():
            continue
        yield found


def secrets_as_bytes(secrets: Mapping[str, str]) -> dict[str, bytes]:
    """Return the files of the tool's home."""
    return {path: text.encode() for path, text in secrets.items()}


def _folders(environ: Mapping[str, str]) -> list[str]:
    return [folder for folder in environ.get("PATH", "").split(os.pathsep) if Path(folder).is_absolute()]


def _installed(executable: Path) -> Iterator[Path]:
    """Yield where a tool's own files lie: around the program, and around the Python that its environment is made of."""
    for path in dict.fromkeys((executable, executable.resolve())):
        prefix = path.parent.parent if path.parent.name in {"bin", "shims", "Scripts"} else path.parent
        yield prefix
        if "node_modules" in path.parts:
            # A tool of npm has its parts beside it.
            yield Path(*path.parts[: path.parts.index("node_modules") + 1])
        settings = prefix / "pyvenv.cfg"
        if settings.is_file():
            for line in settings.read_text(encoding="utf-8", errors="replace").splitlines():
                key, _, value = line.partition("=")
                if key.strip() == "home":
                    yield Path(value.strip()).parent
        python = prefix / "bin" / "python"
        if python.exists():
            yield python.resolve().parent.parent


@lru_cache(maxsize=4)
def _starts(bubblewrap: str) -> bool:
    """Whether it works here: some systems forbid what it needs."""
    command = [bubblewrap, "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--unshare-pid", "true"]
    try:
        return subprocess.run(command, env={}, capture_output=True, check=False, timeout=20).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


@contextmanager
def _place() -> Iterator[Path]:
    """Make the folder of one run, and remove it whatever the tool left there."""
    with tempfile.TemporaryDirectory(prefix="debtscan-lock-", ignore_cleanup_errors=True) as name:
        place = Path(name).resolve()
        for part in ("copy", "home", "tmp"):
            (place / part).mkdir()
        yield place


def _copy(files: Mapping[str, bytes], target: Path) -> None:
    if len(files) > MOST_FILES or sum(map(len, files.values())) > MOST_BYTES:
        raise LockRefusedError(f"the tool would need {len(files):,} files, more than are copied for it")
    for path, content in files.items():
        parts = PurePosixPath(path)
        if parts.is_absolute() or ".." in parts.parts or ".git" in parts.parts:
            raise LockRefusedError(f"{path[:200]} is not a path inside of the repository")
        place = target / parts
        place.parent.mkdir(parents=True, exist_ok=True)
        # A run before may have left a link there.
        if place.is_symlink():
            place.unlink()
        place.write_bytes(content)


def _read(copy: Path, path: str) -> bytes:
    place = copy / path
    if any(part.is_symlink() for part in (place, *place.parents) if part.is_relative_to(copy)) or not place.is_file():
        raise LockRefusedError(f"the tool made no file {path}")
    if place.stat().st_size > MOST_BYTES:
        raise LockRefusedError(f"the new {path} is larger than {MOST_BYTES:,} bytes")
    return place.read_bytes()


def _communicate(command: Sequence[str], variables: Mapping[str, str], folder: Path, seconds: float) -> tuple[int, str]:
    """Return the exit code and the last output. The whole group of processes ends with the call."""
    try:
        process = subprocess.Popen(
            command,
            env=dict(variables),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise LockRefusedError(f"{Path(command[0]).name} cannot be started: {error}") from error
    last = bytearray()
    reader = threading.Thread(target=_drain, args=(process, last), daemon=True)
    reader.start()
    try:
        code = process.wait(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise LockRefusedError(f"it took longer than {seconds:.0f} seconds and was stopped") from error
    finally:
        _end(process)
        reader.join(timeout=5)
        if process.stdout and not reader.is_alive():
            process.stdout.close()
    return code, bytes(last).decode(errors="replace")


def _drain(process: subprocess.Popen[bytes], last: bytearray) -> None:
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    while block := process.stdout.read1(8192):  # type: ignore[attr-defined] # a buffered reader, which the stubs do not say
        last += block
        del last[:-_MOST_OUTPUT]


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and all that it started."""
    if os.name == "posix":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def _told(output: str, place: Path, cache: Path) -> str:
    """Return what the tool said last, in one line, without the places of the copy."""
    words = output.replace(f"{place}{os.sep}copy{os.sep}", "").replace(str(place), "…").replace(str(cache), "…")
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    # What stands behind `auth==` is a version, and no secret.
    text = masked(" ".join(_printable(lines)).replace("==", " == "))
    if len(text) <= _SHOWN:
        return text
    error = _ERROR.search(text)
    start = error.start() if error else len(text)
    # The error and what follows; without one, what was said last.
    return f"{text[start : start + _SHOWN]} …" if start + _SHOWN < len(text) else f"… {text[-_SHOWN:]}"


def _printable(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield "".join(sign if sign.isprintable() else " " for sign in line)
