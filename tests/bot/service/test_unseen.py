from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import ctypes, os, sys
from bot.service.unseen import be_unseen
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
    # Who changes its user is not seen any more in any case.
    ctypes.CDLL(None).prctl(4, 1)
if sys.argv[1] == "unseen":
    be_unseen()
service = os.getpid()
if os.fork() == 0:
    try:
        open(f"/proc/{service}/environ", "rb").read()
    except PermissionError:
        os._exit(1)
    os._exit(0)
print(os.waitstatus_to_exitcode(os.wait()[1]), len(os.listdir("/proc/self/fd")) > 0)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no /proc")
@pytest.mark.parametrize(("how", "said"), [("seen", "0 True"), ("unseen", "1 True")])
def test_a_process_of_the_same_user_cannot_look_into_the_service(how: str, said: str) -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM, how], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == said
