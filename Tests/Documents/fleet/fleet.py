"""A fleet in a folder of its own, and what all engines that convert it have in common."""
import contextlib
import os
import shutil
import tempfile
import time

from fleet.disks import Maker
from fleet.session import session
from markdown import fail, sections

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../..")
SECTIONS = sections(os.path.join(ROOT, "Documentation/Fleet.md"))
HALF = 25

# Logs which disk it is asked to convert. While a folder "stall" exists, the disks with a number above HALF never end.
WATCHED = r"""#!/bin/bash
input=${@: -2:1} output=${@: -1}
echo "${input#disks/}" >> "$BASE/started"
if [ -e "$BASE/stall" ] && [[ $input =~ /disk([0-9]+) ]] && [ "$((10#${BASH_REMATCH[1]}))" -gt "$HALF" ]; then
  touch "$BASE/stall/${BASH_REMATCH[1]}"
  exec "$PRLCONV" prl2raw -q - "$output" < <(
    head -c 150000 "$input"; while [ -e "$BASE/stall" ]; do sleep 0.1; done; tail -c +150001 "$input")
fi
exec "$PRLCONV" "$@"
"""


def check(condition, what):
    if not condition:
        fail(what)


def block(heading, language="sh", index=0):
    return [text for name, text in SECTIONS[heading] if name == language][index]


def until(condition, what, seconds=120):
    """Waits for a condition, and returns its value."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        check(time.monotonic() < deadline, f"waited in vain: {what}")
        time.sleep(0.05)
    return value


@contextlib.contextmanager
def new_fleet(prlconv):
    with tempfile.TemporaryDirectory() as base:
        yield Fleet(base, prlconv)


class Fleet:
    """A folder with disks, and a shell that runs in it."""

    def __init__(self, base, prlconv):
        self.base, self.prlconv = base, prlconv
        os.makedirs(self.path("bin"))
        with open(self.path("bin/prlconv"), "w", encoding="ascii") as file:
            file.write(WATCHED)
        os.chmod(self.path("bin/prlconv"), 0o755)
        self.environment = os.environ | {
            "PATH": self.path("bin") + ":" + os.environ["PATH"], "BASE": base, "HALF": str(HALF), "PRLCONV": prlconv,
            "LC_ALL": "C", "TMPDIR": base, "HOME": base}

    def path(self, name):
        return os.path.join(self.base, name)

    def bytes(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def lines(self, name):
        return self.bytes(name).decode().splitlines()

    def start(self, script):
        return session(["bash", "-c", script], cwd=self.base, env=self.environment)

    def run(self, script):
        with self.start(script) as process:
            out, err = process.communicate(timeout=200)
            return process.returncode, out, err

    def must_run(self, script):
        status, out, err = self.run(script)
        check(status == 0, f"status {status} of:\n{script}{err}")
        return out

    def prepare(self):
        """Makes the disks, their list and the script that converts one."""
        self.disks = {disk.path: disk for disk in Maker(self.prlconv, self.path("disks")).make_all()}
        self.damaged = {path for path, disk in self.disks.items() if disk.salvage is not None}
        self.must_run(block("The list"))
        check(self.lines("disks.txt") == list(self.disks), f"disks.txt is not the list of all disks: {self.lines('disks.txt')}")
        self.must_run(block("One disk"))

    def stall(self):
        os.mkdir(self.path("stall"))

    def stalled(self):
        return len(os.listdir(self.path("stall")))

    def release(self):
        shutil.rmtree(self.path("stall"))

    def started(self, since=0):
        return self.lines("started")[since:]

    def whole(self, folder="raw"):
        """The finished disks, each checked, with the inode number and time of its file."""
        found = {}
        for path, disk in self.disks.items():
            output = f"{folder}/{path}.img"
            if os.path.exists(self.path(output)):
                check(self.bytes(output) == disk.expected, f"{output} exists, but its contents are wrong")
                status = os.stat(self.path(output))
                found[path] = (status.st_ino, status.st_mtime_ns)
        outputs = sum(name.endswith(".img") for _, _, names in os.walk(self.path(folder)) for name in names)
        check(outputs == len(found), f"{outputs} outputs for {len(found)} disks")
        return found

    def check_all_converted(self, done, since):
        """Checks a run after one that had converted the disks in `done`; `since` counts what had been started by then."""
        found = self.whole()
        check({path: place for path, place in found.items() if path in done} == done, "a finished disk was rewritten")
        check(set(found) == set(self.disks) - self.damaged, f"not converted: {set(self.disks) - self.damaged - set(found)}")
        again = self.started(since)
        check(not set(again) & set(done), f"converted twice: {set(again) & set(done)}")
        check(len(again) == len(set(again)), "a disk was started twice in one run")

    def check_failed(self, expected):
        """Checks the list of what failed, and that it shows the reason for each damaged disk that was tried."""
        _, out, err = self.run(block("What failed"))
        check(set(self.lines("failed.txt")) == expected, f"failed.txt: {self.lines('failed.txt')}")
        shown = dict(part.split(" <==\n", 1) for part in out.split("==> ")[1:])
        for path in self.damaged & set(self.started()):
            check("prlconv: error: " in shown.get(f"raw/{path}.log", ""), f"{path}: no reason is shown: {out}{err}")

    def check_no_temporaries(self):
        found = [name for _, _, names in os.walk(self.path("raw")) for name in names if name.startswith(".prlconv-")]
        check(not found, f"temporary files are left: {found}")

    def check_clean_up(self):
        """Checks that the documented command removes what a killed run leaves on NFS, and nothing else."""
        before = self.whole()
        with open(self.path("raw/more/.prlconv-1"), "wb"):
            pass
        self.must_run(block("What failed", index=1))
        self.check_no_temporaries()
        check(self.whole() == before, "cleaning up removed more")

    def check_salvage(self):
        self.run(block("What can be salvaged"))
        for path in self.damaged:
            salvage = self.disks[path].salvage
            made = os.path.exists(self.path(f"salvaged/{path}.img"))
            check(made == (salvage != 1), f"{path}: the output {'exists' if made else 'is missing'}")
            log = self.bytes(f"salvaged/{path}.log").decode()
            check(("prlconv: lost: " in log) == (salvage == 2) and (log == "") == (salvage == 0), f"{path}: its log: {log}")
            if salvage == 0:
                check(self.bytes(f"salvaged/{path}.img") == self.disks[path].expected, f"{path} lost something")
