#!/usr/bin/env python3
"""Times whole processes of prlconv and its peers, which take turns, and writes the results to Benchmarks/runs/.

The commands of a comparison take turns (A B C, A B C, ...), each with a fresh output, so that drift in the machine's speed
affects all of them equally. The results are medians, and medians of the ratios within a turn. The first turn does not count.

    Benchmarks/bench.py --prlconv .build/release/prlconv [--only gzip] [--turns 7] [--size 3G] [--name laptop]
"""
import argparse
import csv
import datetime
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from scenarios import SHARING, make_disk, make_other_disks, mount_sharing, scenarios, shell, unmount

HERE = os.path.dirname(os.path.abspath(__file__))


def run_once(command, folder):
    """Runs a shell command; returns wall seconds, CPU seconds and peak memory in MiB of its largest process.

    The memory is never below about 20 MiB, which is what this script itself uses when it forks.
    """
    start = time.monotonic()
    process = subprocess.Popen(["sh", "-c", command], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    message = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    if status != 0:
        sys.exit(f"failed: {command}\n{message.decode()}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def clear_outputs(folder):
    for place in (folder, *(os.path.join(folder, name) for name in SHARING)):
        for name in os.listdir(place) if os.path.isdir(place) else []:
            if name.startswith("out"):
                os.unlink(os.path.join(place, name))


def compare(scenario, folder, turns):
    """The rows of one scenario: medians of each command, and ratios of the first to each."""
    results = [[] for _ in scenario.commands]
    for turn in range(turns + 1):
        # Each turn begins with another command, so that none always runs after the same one.
        for position in range(len(scenario.commands)):
            index = (turn + position) % len(scenario.commands)
            command = scenario.commands[index][1]
            clear_outputs(folder)
            # Unwritten data of earlier runs must not slow this one down.
            os.sync()
            if scenario.cold:
                subprocess.run(["sh", "-c", "echo 3 > /proc/sys/vm/drop_caches"], check=True)
            result = run_once(command, folder)
            if turn > 0:
                results[index].append(result)
    clear_outputs(folder)
    rows = []
    for index, (name, command) in enumerate(scenario.commands):
        walls = [wall for wall, _, _ in results[index]]
        ratios = [first[0] / other[0] for first, other in zip(results[0], results[index])]
        rows.append({
            "scenario": scenario.name, "command": name, "median": round(statistics.median(walls), 3),
            "min": round(min(walls), 3), "max": round(max(walls), 3),
            "cpu": round(statistics.median(cpu for _, cpu, _ in results[index]), 3),
            "peak_mib": round(max(peak for _, _, peak in results[index]), 1),
            "ratio": round(statistics.median(ratios), 3), "target": scenario.targets.get(name, ""), "line": command,
        })
    return rows


def version(command):
    try:
        lines = subprocess.run(command, capture_output=True, text=True, check=False)
        return (lines.stdout + lines.stderr).strip().splitlines()[0]
    except (OSError, IndexError):
        return "not installed"


def describe_machine(folder, prlconv):
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "unknown")
    memory = next(line.split()[1] for line in open("/proc/meminfo") if line.startswith("MemTotal"))
    system = subprocess.run(["stat", "-f", "-c", "%T", folder], capture_output=True, text=True, check=False).stdout.strip()
    return [
        f"* {cpu}, {os.cpu_count()} cores, {int(memory) >> 20} GiB, Linux {platform.release()}, file system {system}",
        f"* prlconv {version([prlconv, '--version'])}; {version(['qemu-img', '--version'])}; "
        f"{version(['pigz', '--version'])}; {version(['gzip', '--version'])}; "
        f"igzip: {version(['igzip', '--version'])}; rapidgzip: {version(['rapidgzip', '--version'])}",
    ]


def table(rows):
    lines = ["| scenario | command | median s | min–max s | peak MiB | prlconv / this | target |", "|---|---|--:|--:|--:|--:|--:|"]
    for row in rows:
        ratio = "" if row["ratio"] == 1 else row["ratio"]
        lines.append(f"| {row['scenario']} | {row['command']} | {row['median']} | {row['min']}–{row['max']} | "
                     f"{row['peak_mib']} | {ratio} | {row['target']} |")
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prlconv", required=True)
    parser.add_argument("--only", default="", help="run only scenarios whose name contains this")
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--size", default="3G", help="size of the disk")
    parser.add_argument("--libz", help="another libz, such as that of zlib-ng, to read gzip with as well")
    parser.add_argument("--name", default="run")
    options = parser.parse_args()
    prlconv = os.path.abspath(options.prlconv)
    folder = tempfile.mkdtemp(prefix="prlconv-bench-", dir=os.environ.get("TMPDIR", "/var/tmp"))
    rows, mounted = [], []
    try:
        print("\n".join(describe_machine(folder, prlconv)))
        make_disk(folder, options.size)
        if options.only != "sharing":
            make_other_disks(folder, prlconv, HERE)
        shell("cat disk* > /dev/null; sync", folder)
        mounted = mount_sharing(folder, options.size, options.only)
        print("\n".join(table([])))
        for scenario in scenarios(prlconv, options.only, options.size, mounted, options.libz):
            rows += compare(scenario, folder, options.turns)
            print("\n".join(table(rows[-len(scenario.commands):])[2:]), flush=True)
        machine = describe_machine(folder, prlconv)
    finally:
        unmount(folder, mounted)
        shutil.rmtree(folder)
    if not rows:
        sys.exit("no scenario of that name")
    target = os.path.join(HERE, "runs", f"{datetime.date.today()}-{options.name}")
    os.makedirs(target, exist_ok=True)
    with open(os.path.join(target, "results.csv"), "w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows({**row, "line": row["line"].replace(prlconv, "prlconv")} for row in rows)
    with open(os.path.join(target, "README.md"), "w") as file:
        file.write("\n".join([f"# {os.path.basename(target)}", "", *machine,
                              f"* disk: ext4, {options.size}; {options.turns} turns; "
                              "page cache warm unless the scenario says cold", "", *table(rows), ""]))


if __name__ == "__main__":
    main()
