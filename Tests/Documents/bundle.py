"""Makes bundles as Parallels Desktop leaves them, for the scripts here that convert them."""
import os
import subprocess

STATES = ["98146cec-5d2b-4b8f-8f0e-0d4e4c1f6a11", "5fbaabe3-6958-40ff-92a7-860e329aab41"]
NO_PARENT = "00000000-0000-0000-0000-000000000000"


def write_bundle(prlconv, folder, parts, cluster=1 << 20):
    """Writes a bundle. `parts` has the bytes of each part of the disk, in each state from the oldest to the current one."""
    os.makedirs(folder)
    name = os.path.basename(folder)
    storages, start = "", 0
    for number, states in enumerate(parts):
        images = ""
        for index, state in enumerate(states):
            file = f"{name}.{number}.{{{STATES[index]}}}.hds"
            layer = changes(states[index - 1], state, cluster) if index else state
            subprocess.run([prlconv, "raw2prl", "-q", "--layout", "legacy", "--cluster-size", str(cluster), "-",
                            os.path.join(folder, file)], input=layer, check=True)
            images += f"<Image><GUID>{{{STATES[index]}}}</GUID><Type>Compressed</Type><File>{file}</File></Image>"
        end = start + len(states[0]) // 512
        storages += (f"<Storage><Start>{start}</Start><End>{end}</End><Blocksize>{cluster // 512}</Blocksize>"
                     f"{images}</Storage>")
        start = end
    shots = "".join(f"<Shot><GUID>{{{state}}}</GUID><ParentGUID>{{{parent}}}</ParentGUID></Shot>"
                    for state, parent in zip(STATES[:len(parts[0])], [NO_PARENT, *STATES]))
    with open(os.path.join(folder, name), "wb"):
        pass
    with open(os.path.join(folder, "DiskDescriptor.xml"), "w", encoding="utf-8") as file:
        file.write(f"""<?xml version='1.0' encoding='UTF-8'?>
<Parallels_disk_image Version="1.0"><Disk_Parameters><Disk_size>{start}</Disk_size><Padding>0</Padding>
</Disk_Parameters><StorageData>{storages}</StorageData><Snapshots>{shots}</Snapshots></Parallels_disk_image>
""")


def changes(before, after, cluster):
    """What an overlay stores: the clusters that differ from its parent's."""
    return b"".join(after[start:start + cluster] if after[start:start + cluster] != before[start:start + cluster]
                    else bytes(cluster) for start in range(0, len(after), cluster))
