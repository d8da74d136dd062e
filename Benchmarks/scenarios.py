"""The comparisons: disks, commands, and how fast prlconv should be."""
import os
import shutil
import subprocess
from dataclasses import dataclass, field


@dataclass
class Scenario:
    name: str
    commands: list  # (name, shell command); the first is prlconv's
    targets: dict = field(default_factory=dict)  # name of a command: the largest share of its time that prlconv may take
    cold: bool = False  # drop the page cache before each run


def shell(command, folder):
    subprocess.run(["sh", "-ec", command], cwd=folder, check=True)


def make_disk(folder, size):
    """disk.img: ext4, one third data from this machine's own files; and its image."""
    megabytes = int(size[:-1]) * (1024 if size[-1] == "G" else 1)
    budget = megabytes // 3
    os.mkdir(os.path.join(folder, "tree"))
    for source in ("/usr/bin", "/usr/share", "/usr/lib", "/opt", "/home", "/root"):
        copied = int(subprocess.run(["du", "-sm", "tree"], cwd=folder, capture_output=True, text=True, check=True)
                     .stdout.split()[0])
        if copied >= budget:
            break
        copy_tree(source, os.path.join(folder, "tree"), (budget - copied) << 20)
    shell(f"truncate -s {size} disk.img; mke2fs -q -t ext4 -d tree disk.img; rm -rf tree", folder)
    shell("qemu-img convert -f raw -O parallels disk.img disk.hds", folder)


def make_other_disks(folder, prlconv, here):
    """dense.img: all data; empty.img: no data; their images; and the disk and zeros in other forms."""
    shell("dd if=/dev/urandom of=dense.img bs=1M count=1024 status=none; truncate -s 3G empty.img", folder)
    for disk in ("dense", "empty"):
        shell(f"qemu-img convert -f raw -O parallels {disk}.img {disk}.hds", folder)
    for cluster in ("64K", "16M"):
        shell(f"qemu-img convert -f raw -O parallels -o cluster_size={cluster} disk.img disk-{cluster}.hds", folder)
    make_out_of_order(folder)
    shell(f"pigz -6 -c disk.img > disk.raw.gz; gzip -6 -c disk.img > disk.gzip.gz; {prlconv} prl2raw -z disk.hds disk.own.gz",
          folder)
    shell("head -c 2G /dev/zero | gzip -6 > zeros-gzip.gz; truncate -s 200G zeros.img", folder)
    shell(f"{prlconv} raw2prl zeros.img zeros.hds; {prlconv} prl2raw -z zeros.hds zeros-own.gz; rm zeros.img zeros.hds", folder)
    shell(f"cc -O2 -pthread -o copyloop {here}/probes/copyloop.c", folder)


# File systems that can share blocks, by name: how to make one.
SHARING = {"xfs": "mkfs.xfs -q", "btrfs": "mkfs.btrfs -q"}


def mount_sharing(folder, size, only):
    """Mounts the file systems that can share blocks, each with a copy of disk.img and disk.hds, as far as this is possible."""
    if os.geteuid() != 0 or (only and only not in "sharing blocks"):
        return []
    mounted = []
    for name, make in SHARING.items():
        if shutil.which(make.split()[0]):
            # Room for the disk, its image and one output, even where all of it is data.
            shell(f"truncate -s {4 * int(size[:-1])}{size[-1]} {name}.fs; {make} {name}.fs; mkdir {name}; mount -o loop {name}.fs {name}", folder)
            mounted.append(name)
            shell(f"cp --sparse=always disk.img disk.hds {name}; sync", folder)
    return mounted


def unmount(folder, mounted):
    for name in mounted:
        shell(f"umount {name}", folder)


def copy_tree(source, target, budget):
    """Copies regular files below `source` until the next one would exceed `budget` bytes."""
    for folder, _, names in os.walk(source):
        for name in sorted(names):
            path = os.path.join(folder, name)
            if os.path.islink(path) or not os.path.isfile(path):
                continue
            budget -= os.path.getsize(path)
            if budget < 0:
                return
            place = os.path.join(target, os.path.relpath(folder, "/"))
            os.makedirs(place, exist_ok=True)
            shutil.copy(path, place)


def make_out_of_order(folder):
    """shuffled.hds: 1 GiB of clusters that are not in disk order in the file."""
    writes = " ".join(f"-c 'write -q -P {1 + n * 7 % 251} {n * 389 % 1024}M 1M'" for n in range(1024))
    shell(f"qemu-img create -q -f parallels shuffled.hds 1G; qemu-io -f parallels {writes} shuffled.hds >/dev/null", folder)


def installed(name, command):
    """A peer, if it is installed."""
    return [(name, command)] if shutil.which(name.split()[0]) else []


def sharing_scenarios(prlconv, qemu_in, qemu_out, size, mounted):
    """Outputs that share the blocks of their inputs, and the same with copies."""
    found = []
    # The time to share grows with the number of runs, not with their bytes.
    is_large = size[-1] == "G" and int(size[:-1]) >= 16
    targets = {"xfs": 0.0167, "btrfs": 0.005} if is_large else {"xfs": 0.067, "btrfs": 0.02}
    for name in mounted:
        for command, line, peer in (("raw2prl", "disk.img out.hds", qemu_in), ("prl2raw", "disk.hds out.img", qemu_out)):
            for mode, words, target in (("always", "sharing blocks", targets[name]), ("never", "not sharing blocks", 0.75)):
                found.append(Scenario(
                    f"{command}, {name}, {words}",
                    [("prlconv", f"cd {name} && {prlconv} {command} --reflink {mode} {line}"),
                     ("qemu-img", f"cd {name} && {peer} {line}")], {"qemu-img": target}))
    return found


def gunzip_scenarios(prlconv, qemu_in, libz):
    """Compressed disks that become images, compared with decompression alone."""
    found = []
    for name, file, target in (("gzip -6", "gzip", 0.6), ("pigz -6", "raw", 0.6), ("prlconv -6", "own", 0.35)):
        convert = f"{prlconv} raw2prl disk.{file}.gz out.hds"
        commands = [("prlconv", convert)]
        if libz:
            commands.append(("prlconv, other libz", f"LD_PRELOAD={libz} {convert}"))
        for line in ("igzip -dc", "pigz -dc", "gzip -dc", "rapidgzip -dc"):
            commands += installed(line, f"{line} disk.{file}.gz > out.img")
        if file == "raw":
            commands.append(("pigz -dc, then qemu-img", f"pigz -dc disk.raw.gz > out.img && {qemu_in} out.img out.hds"))
        found.append(Scenario(f"gunzip into an image, {name}", commands, {"igzip -dc": target}))
    for name, file in (("2 GiB of zeros by gzip -6", "zeros-gzip"), ("200 GiB of zeros by prlconv -6", "zeros-own")):
        found.append(Scenario(f"gunzip into an image, {name}", [("prlconv", f"{prlconv} raw2prl {file}.gz out.hds")]))
    return found


def scenarios(prlconv, only, size, mounted, libz):
    qemu_in, qemu_out = "qemu-img convert -f raw -O parallels", "qemu-img convert -f parallels -O raw"
    found = [
        Scenario("raw2prl, file to file",
                 [("prlconv", f"{prlconv} raw2prl disk.img out.hds"), ("qemu-img", f"{qemu_in} disk.img out.hds"),
                  ("bare C loop, 2 threads", "./copyloop disk.img out.hds"),
                  ("cp --sparse=always", "cp --sparse=always disk.img out.img")],
                 {"qemu-img": 0.67, "bare C loop, 2 threads": 1.10}),
        Scenario("prl2raw, file to file",
                 [("prlconv", f"{prlconv} prl2raw disk.hds out.img"), ("qemu-img", f"{qemu_out} disk.hds out.img"),
                  ("cp --sparse=always", "cp --sparse=always disk.img out.img")],
                 {"qemu-img": 0.67}),
        Scenario("raw2prl, 1 thread",
                 [("prlconv -T 1", f"{prlconv} raw2prl -T 1 disk.img out.hds"),
                  ("qemu-img -m 1", f"{qemu_in} -m 1 disk.img out.hds")], {"qemu-img -m 1": 1.0}),
        Scenario("prl2raw to a pipe",
                 [("prlconv", f"{prlconv} prl2raw disk.hds | cat > /dev/null"), ("cat", "cat disk.img | cat > /dev/null")],
                 {"cat": 0.18}),
        Scenario("raw2prl from a pipe",
                 [("prlconv", f"cat disk.img | {prlconv} raw2prl - out.hds"), ("cat", "cat disk.img | cat > out.img")],
                 {"cat": 0.8}),
        Scenario("raw2prl to a pipe",
                 [("prlconv", f"{prlconv} raw2prl disk.img | cat > /dev/null"), ("cat", "cat disk.hds | cat > /dev/null")],
                 {"cat": 0.35}),
        Scenario("prl2raw from a pipe",
                 [("prlconv", f"cat disk.hds | {prlconv} prl2raw - out.img"), ("cat", "cat disk.hds | cat > out.img")]),
        Scenario("prl2prl, file to file",
                 [("prlconv", f"{prlconv} prl2prl disk.hds out.hds"), ("cp", "cp disk.hds out.hds")], {"cp": 1.1}),
        Scenario("prl2raw, out of order",
                 [("prlconv", f"{prlconv} prl2raw shuffled.hds out.img"), ("qemu-img", f"{qemu_out} shuffled.hds out.img")]),
        Scenario("raw2prl, all data",
                 [("prlconv", f"{prlconv} raw2prl dense.img out.hds"), ("qemu-img", f"{qemu_in} dense.img out.hds")]),
        Scenario("prl2raw, all data",
                 [("prlconv", f"{prlconv} prl2raw dense.hds out.img"), ("qemu-img", f"{qemu_out} dense.hds out.img")]),
        Scenario("raw2prl, no data",
                 [("prlconv", f"{prlconv} raw2prl empty.img out.hds"), ("qemu-img", f"{qemu_in} empty.img out.hds")]),
    ]
    for cluster in ("64K", "16M"):
        found.append(Scenario(
            f"raw2prl, clusters of {cluster}",
            [("prlconv", f"{prlconv} raw2prl --cluster-size {cluster} disk.img out.hds"),
             ("qemu-img", f"{qemu_in} -o cluster_size={cluster} disk.img out.hds")]))
        found.append(Scenario(
            f"prl2raw, clusters of {cluster}",
            [("prlconv", f"{prlconv} prl2raw disk-{cluster}.hds out.img"),
             ("qemu-img", f"{qemu_out} disk-{cluster}.hds out.img")]))
    for level, target in ((6, 0.75), (1, 0.6)):
        commands = [(f"prlconv -{level}", f"{prlconv} prl2raw -z -{level} disk.hds out.raw.gz"),
                    (f"pigz -{level}", f"pigz -{level} -c disk.img > out.raw.gz")]
        commands.append((f"gzip -{level}", f"gzip -{level} -c disk.img > out.raw.gz"))
        if level == 1:
            commands += installed("igzip -1", "igzip -1 -T 2 -c disk.img > out.raw.gz")
        found.append(Scenario(f"gzip -{level}", commands, {f"pigz -{level}": target}))
    for disk, words in (("dense", "all data"), ("empty", "no data")):
        found.append(Scenario(
            f"gzip -1, {words}", [("prlconv -1", f"{prlconv} prl2raw -z -1 {disk}.hds out.raw.gz"),
                                  ("pigz -1", f"pigz -1 -c {disk}.img > out.raw.gz")]))
    found += gunzip_scenarios(prlconv, qemu_in, libz)
    found += sharing_scenarios(prlconv, qemu_in, qemu_out, size, mounted)
    if os.geteuid() == 0:
        # Read the programs themselves first, so that only the disk is measured.
        warm = f"cat {prlconv} $(command -v qemu-img) > /dev/null; "
        found.append(Scenario(
            "raw2prl, page cache cold",
            [("prlconv", f"{warm}{prlconv} raw2prl disk.img out.hds"), ("qemu-img", f"{warm}{qemu_in} disk.img out.hds")],
            {"qemu-img": 0.85}, cold=True))
    return [scenario for scenario in found if only in scenario.name]
