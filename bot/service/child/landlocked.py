"""Starts a program that opens nothing but what is named, by Linux's Landlock. Run by its path.

Arguments: ``offline`` or ``online``; then any number of pairs: ``list`` (names in a folder alone), ``read`` or
``write``, and an absolute path; then ``--`` and the command with an absolute program. What is named and not there is
left out. What started it can neither be looked into, nor be sent signals, by whatever it starts.
"""

import contextlib
import ctypes
import os
import struct
import sys

# As <linux/landlock.h> has them; the numbers of the calls are the same on all processors.
_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION = 1
_PATH_BENEATH = 1
_NO_NEW_PRIVILEGES = 38
_CAPABILITIES = 0x20080522
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_TRUNCATE = 1 << 14
_FIRST_RIGHTS = (1 << 13) - 1
_ALL_RIGHTS = _FIRST_RIGHTS | 1 << 13 | _TRUNCATE
_TO_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
_OF_DEVICES = 1 << 6 | 1 << 11
_TCP = 1 << 0 | 1 << 1
_ABSTRACT_SOCKETS, _SIGNALS = 1 << 0, 1 << 1
_GRANTS = {"list": _READ_DIR, "read": _EXECUTE | _READ_FILE | _READ_DIR, "write": _ALL_RIGHTS & ~_OF_DEVICES}
# What a version of the kernel's knows beside what the ones before it know.
_KNOWS_REFERRING, _KNOWS_TRUNCATION, _KNOWS_TCP, _KNOWS_SCOPES = 2, 3, 4, 6


def version() -> int:
    """Return the version of Landlock here, below 1 where there is none."""
    if sys.platform != "linux":
        return 0
    return int(ctypes.CDLL(None).syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION)))


def confine(grants: list[tuple[str, str]], *, online: bool) -> None:
    """Confine this process, and all that it starts, to what is granted: how, and a path. Raises OSError."""
    known = version()
    files = _FIRST_RIGHTS | (1 << 13 if known >= _KNOWS_REFERRING else 0)
    files |= _TRUNCATE if known >= _KNOWS_TRUNCATION else 0
    net = _TCP if known >= _KNOWS_TCP and not online else 0
    scopes = _ABSTRACT_SOCKETS | _SIGNALS if known >= _KNOWS_SCOPES else 0
    wanted = struct.pack("=QQQ", files, net, scopes)
    rules = _called(_CREATE, wanted, ctypes.c_size_t(len(wanted)), ctypes.c_uint32(0))
    for how, path in grants:
        # A folder of PATH may be gone by now, and what this user may not open is not opened later either.
        with contextlib.suppress(FileNotFoundError, NotADirectoryError, PermissionError):
            _grant(rules, _GRANTS[how] & files, path)
    ctypes.CDLL(None).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    _drop_capabilities()
    _called(_RESTRICT, ctypes.c_int(rules), ctypes.c_uint32(0))
    os.close(rules)


def _drop_capabilities() -> None:
    """Be no more than any other user: who runs as root could look into other processes all the same."""
    head, none = struct.pack("=Ii", _CAPABILITIES, 0), bytes(24)
    if ctypes.CDLL(None, use_errno=True).capset(head, none):
        raise OSError(ctypes.get_errno(), "capabilities cannot be dropped")


def _grant(rules: int, rights: int, path: str) -> None:
    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        # Rights to what lies in folders are none to a file.
        rule = struct.pack("=Qi", rights if os.path.isdir(path) else rights & _TO_FILES, opened)  # noqa: PTH112 - nothing is imported
        _called(_ADD, ctypes.c_int(rules), ctypes.c_int(_PATH_BENEATH), rule, ctypes.c_uint32(0))
    finally:
        os.close(opened)


def _called(number: int, *arguments: object) -> int:
    found = int(ctypes.CDLL(None, use_errno=True).syscall(number, *arguments))
    if found < 0:
        raise OSError(ctypes.get_errno(), f"Landlock: {os.strerror(ctypes.get_errno())}")
    return found


if __name__ == "__main__":
    end = sys.argv.index("--")
    named = sys.argv[2:end]
    confine(list(zip(named[::2], named[1::2], strict=True)), online=sys.argv[1] == "online")
    os.execv(sys.argv[end + 1], sys.argv[end + 1 :])  # noqa: S606 - it takes the place of this process
