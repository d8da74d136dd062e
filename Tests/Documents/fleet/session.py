"""Programs that a test starts in a session of their own, so that it can end all their processes."""
import contextlib
import os
import signal
import subprocess
import time


@contextlib.contextmanager
def session(command, **options):
    """Starts a program. At the end, kills what is left of it and of all that it started."""
    with subprocess.Popen(command, start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, **options) as process:
        try:
            yield process
        finally:
            kill(process)


def members(leader):
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[3]) == leader and fields[0] not in "ZX":
            yield int(entry)


def kill(process):
    """Does what a power cut does: everything stops at once, and nothing is cleaned up."""
    while found := list(members(process.pid)):
        for member in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(member, signal.SIGKILL)
        time.sleep(0.01)
