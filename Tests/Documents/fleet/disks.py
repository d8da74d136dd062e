"""The disks of the fleet, each with its bytes: plain ones, bundles, and damaged ones of both kinds."""
import os
import random
import struct
import subprocess

from bundle import write_bundle

CLUSTER = 64 << 10
NUMBERED = 50


def contents(seed):
    """A disk with clusters of data and of zeros."""
    generator = random.Random(seed)
    return b"".join(generator.randbytes(CLUSTER) if n % 3 else bytes(CLUSTER) for n in range(8))


def truncate(image):
    return image[:-1000]


def misdirect(image):
    return image[:64 + 4] + struct.pack("<I", 99) + image[64 + 8:]


def leave_open(image):
    return image[:44] + struct.pack("<I", 0x746F6E59) + image[48:]


def overwrite(image):
    return bytes(len(image))


# By number, each with the exit status of salvaging it.
DAMAGE = {7: (truncate, 2), 13: (misdirect, 2), 19: (leave_open, 0), 21: (overwrite, 1)}


class Disk:
    """A disk of the fleet: its path, its bytes, and, if it is damaged, the exit status of salvaging it."""

    def __init__(self, path, expected, salvage=None):
        self.path, self.expected, self.salvage = path, expected, salvage


class Maker:
    """Makes the disks in a folder."""

    def __init__(self, prlconv, folder):
        self.prlconv, self.folder, self.disks = prlconv, folder, []

    def make_all(self):
        """Makes the whole fleet, and returns its disks in the order of their list."""
        for number in range(1, NUMBERED + 1):
            name = f"disk{number:02} at Ann's" if number % 10 == 3 else f"disk{number:02}"
            damage, salvage = DAMAGE.get(number, (None, None))
            self.image(("more/" if number % 7 == 0 else "") + name + ".hds", damage, salvage)
        self.image("more/single.hdd")
        # Desktop gives the disk of every virtual machine the same name.
        for owner in ["Ann's Mac", "Ben", 'the "old" $HOME']:
            path = f"{owner}/Debian.pvm/harddisk.hdd"
            self.bundle(path, [[contents(path)]])
            self.write(f"{owner}/Debian.pvm/config.pvs", b"")
        older, current = contents("older"), contents("older")[:-CLUSTER] + contents("current")[-CLUSTER:]
        self.bundle("servers/snapshots.hdd", [[older, current]])
        self.bundle("servers/split.hdd", [[contents("first part")], [contents("second part")]])
        self.bundle("servers/its name has no ending", [[contents("odd")]])
        self.bundle("servers/lost descriptor.hdd", [[older, current]], salvage=1)
        os.remove(self.path("servers/lost descriptor.hdd/DiskDescriptor.xml"))
        return sorted(self.disks, key=lambda disk: disk.path)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, data):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "wb") as file:
            file.write(data)

    def image(self, path, damage=None, salvage=None):
        image = subprocess.run([self.prlconv, "raw2prl", "--cluster-size", "64K"], input=contents(path), check=True,
                               capture_output=True).stdout
        self.write(path, damage(image) if damage else image)
        self.disks.append(Disk(path, contents(path), salvage))

    def bundle(self, path, parts, salvage=None):
        write_bundle(self.prlconv, self.path(path), parts, CLUSTER)
        self.disks.append(Disk(path, b"".join(states[-1] for states in parts), salvage))
