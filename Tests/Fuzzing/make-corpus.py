#!/usr/bin/env python3
"""Makes the seeds that the fuzzers begin with: make-corpus.py FOLDER makes a folder for each target in FOLDER.

The bytes are Python's work, not that of the program that is fuzzed. The same seeds every time.
"""

import gzip
import hashlib
import pathlib
import struct
import sys
import zlib

LAYOUTS = {"extended": b"WithouFreSpacExt", "legacy": b"WithoutFreeSpace"}
CLOSED, OPEN = 0x312E3276, 0x746F6E59
EXTENSION_MAGIC, BITMAP_MAGIC = 0xAB234CEF23DCEA87, 0x20385FAE252CB34A

# The first byte of an input for FuzzImage (FuzzedImage.Options).
SEALS, TAIL, THREADS, PIPES, GZIP, ZEROS, PIECES = (1 << bit for bit in range(7))


def filling(cluster, size):
    """What cluster `cluster` of a disk holds: no two sectors are the same."""
    return b"".join(struct.pack("<HH", cluster + 1, sector) * 128 for sector in range(size // 512))


def bitmap(entries, sectors, granularity=1, tag=0):
    """A feature section with a dirty bitmap."""
    data = struct.pack("<Q16sII", sectors, bytes(range(tag, tag + 16)), granularity, len(entries))
    return section(BITMAP_MAGIC, data + struct.pack(f"<{len(entries)}Q", *entries))


def section(magic, data, flags=0):
    """A feature section."""
    return struct.pack("<QQII", magic, flags, len(data), 0) + data + bytes(-len(data) % 8)


def extension(sections, size):
    """The cluster of a format extension."""
    body = b"".join(sections).ljust(size - 24, b"\0")
    return struct.pack("<Q", EXTENSION_MAGIC) + hashlib.md5(body).digest() + body


def image(layout="extended", tracks=2, places=(0, 1, None, 2), sectors=None, **fields):
    """An image whose cluster i lies at place places[i] of the data area, or nowhere.

    `fields` replace those of the header, its BAT (`entries`) and what its clusters hold (`clusters`: place to bytes).
    """
    size = tracks * 512
    entries_count = fields.get("entry_count", len(places))
    head = (64 + 4 * len(places) + size - 1) // size
    unit = tracks if layout == "legacy" else 1
    entries = fields.get("entries", [0 if place is None else (head + place) * unit for place in places])
    clusters = {place: filling(index, size) for index, place in enumerate(places) if place is not None}
    clusters.update(fields.get("clusters", {}))
    data = bytearray((max(clusters, default=-1) + 1) * size)
    for place, contents in clusters.items():
        data[place * size : place * size + len(contents)] = contents
    extension_place = fields.get("extension_place")
    header = struct.pack(
        "<16sIIIIIQIIIQ",
        LAYOUTS[layout],
        2,
        16,
        0,
        tracks,
        entries_count,
        sectors if sectors is not None else len(places) * tracks,
        fields.get("in_use", CLOSED),
        fields.get("data_off", head * tracks),
        fields.get("flags", 0),
        fields.get("ext_off", 0 if extension_place is None else (head + extension_place) * tracks),
    )
    table = struct.pack(f"<{len(entries)}I", *entries)
    return (header + table).ljust(head * size, b"\0") + bytes(data)


def image_seeds():
    """Names and inputs for FuzzImage."""
    everything = THREADS | PIPES | GZIP
    for layout in LAYOUTS:
        for tracks in (1, 2, 3):
            def make(**fields):
                return image(layout, tracks, **fields)

            unit = tracks if layout == "legacy" else 1
            size = tracks * 512
            name = f"{layout}-{tracks}"
            sound = make()
            yield f"{name}-sound", everything, sound
            yield f"{name}-sound-pieces", PIPES | PIECES | ZEROS, sound
            yield f"{name}-empty", everything, make(places=(None,) * 5)
            yield f"{name}-no-entries", everything, make(places=())
            yield f"{name}-backwards", PIPES, make(places=(4, 3, None, 2, 1, 0))
            yield f"{name}-gap", PIPES, make(places=(0, 3))
            yield f"{name}-duplicate", PIPES, make(places=(0, 1, 1, 2))
            yield f"{name}-long", everything, make(places=tuple(range(40)))
            yield f"{name}-short-disk", PIPES, make(sectors=3 * tracks + 1)
            yield f"{name}-table-too-short", PIPES, make(sectors=9 * tracks)
            yield f"{name}-table-too-long", PIPES, make(sectors=tracks)
            yield f"{name}-huge-disk", PIPES, make(sectors=1 << 30)
            yield f"{name}-largest-disk", 0, make(sectors=(1 << 54) - 1)
            yield f"{name}-not-closed", PIPES, make(in_use=OPEN)
            yield f"{name}-conversion", 0, make(in_use=OPEN, flags=2)
            yield f"{name}-flagged-empty", PIPES, make(flags=1)
            yield f"{name}-stale", 0, make(in_use=0)
            yield f"{name}-no-data-offset", 0, make(data_off=0)
            yield f"{name}-many-entries", 0, make(entry_count=536870911)
            yield f"{name}-bad-entries", PIPES, make(places=(0,) * 6, entries=[0xFFFFFFFF, 1, 900, 0x7FFFFFFF, 0, 0])
            for cut in (0, 16, 63, 64, 66, 80, len(sound) - size, len(sound) - 1):
                yield f"{name}-cut-{cut}", PIPES, sound[:cut]
            if layout == "legacy":
                head = (64 + 16 + size - 1) // size * tracks
                yield f"{name}-overlap", PIPES, make(entries=[head, head + 1, 0, head + 3])
            sectors = 4 * tracks
            stored = ((64 + 16 + size - 1) // size + 3) * tracks
            bits = bytes(range(1, 256)).ljust(size, b"\xa5")[:size]
            extensions = {
                "none": [],
                "bitmap": [bitmap([stored], sectors)],
                "clean-dirty": [bitmap([0], sectors, tag=1), bitmap([1], sectors, tag=2), bitmap([], sectors, tag=3)],
                "unknown": [section(0x1234, b"unknown", 3), bitmap([stored], sectors, 8)],
                "same-id": [bitmap([stored], sectors), bitmap([1], sectors)],
                "wrong-size": [bitmap([stored], sectors + 1)],
                "granularity": [bitmap([stored], sectors, 3)],
                "table-size": [bitmap([stored] * 5, sectors)],
                "shared": [bitmap([stored - 1], sectors), bitmap([1], sectors, tag=1)],
                "short": [section(BITMAP_MAGIC, b"short")],
            }
            for word, sections in extensions.items():
                clusters = {3: bits, 4: extension(sections, size)}
                yield f"{name}-extension-{word}", 0, make(clusters=clusters, extension_place=4)
                yield f"{name}-extension-{word}-sealed", SEALS | PIPES, make(clusters=clusters, extension_place=4)
            clusters = {3: bits, 4: extension([b"\xff" * 60], size)}
            yield f"{name}-extension-no-end", SEALS, make(clusters=clusters, extension_place=4)
            yield f"{name}-extension-far", 0, make(ext_off=(1 << 64) - 1)
            yield f"{name}-extension-past-end", 0, make(ext_off=1 << 20)
            yield f"{name}-extension-in-head", 0, make(ext_off=1)
            # A disk whose bitmap has several clusters.
            several = 3 * 8 * size - 5
            clusters = {3: bits, 4: extension([bitmap([stored, 1, stored], several)], size)}
            yield f"{name}-bitmap-of-three", SEALS, make(clusters=clusters, extension_place=4, sectors=several)
        # One cluster of bits, in the tail, for all of a large bitmap: reading it once per chunk takes too long.
        if layout == "legacy":
            sectors = 870 * 1200 * 512 * 8
            file = image(layout, 1, places=(), sectors=sectors, ext_off=1)
            file = file[:28] + struct.pack("<I", 1200) + file[32:] + extension([bitmap([1300] * 870, sectors)], 8192)
            yield f"{layout}-one-chunk", SEALS | TAIL, file
        # Clusters so large that the tail has them, in parts or many at a time.
        for tracks in (64, 1024, 1200, 4186127):
            entry = tracks if layout == "legacy" else 1
            for places in ([entry], [entry, 2 * entry], [2 * entry, 0, entry], [entry, entry]):
                file = image(layout, tracks, places=(None,) * len(places), entries=places, data_off=tracks)
                for sectors in (tracks * len(places), tracks * len(places) - 7):
                    file = file[:36] + struct.pack("<Q", sectors) + file[44:100]
                    name = f"{layout}-{tracks}-tail-{'-'.join(map(str, places))}-{sectors}"
                    yield name, TAIL | PIPES | GZIP, file
                    yield f"{name}-threads", TAIL | PIPES | THREADS | ZEROS, file


def member(data, name=None, level=9):
    """A gzip member as Python writes it, with a name or without."""
    if name is None:
        return gzip.compress(data, level, mtime=0)
    return struct.pack("<4BI2B", 31, 139, 8, 8, 0, 2, 3) + name + b"\0" + raw_deflate(data) + trailer(data)


def raw_deflate(data, level=9, strategy=zlib.Z_DEFAULT_STRATEGY):
    """The blocks of a member."""
    deflater = zlib.compressobj(level, zlib.DEFLATED, -15, 8, strategy)
    return deflater.compress(data) + deflater.flush()


def trailer(data):
    """What ends a member."""
    return struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)


def gzip_seeds():
    """Names and inputs for FuzzGzip."""
    text = b"cluster after cluster, sector by sector, " * 20
    noise = hashlib.sha512(b"noise").digest() * 3 + bytes(range(256))
    plain, compares = 0, 2
    for word, data in {"nothing": b"", "text": text, "noise": noise, "zeros": bytes(100_000)}.items():
        for level in (0, 1, 9):
            yield f"{word}-{level}", compares, member(data, level=level)
        for strategy in (zlib.Z_FIXED, zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE):
            blocks = raw_deflate(data, strategy=strategy)
            yield f"{word}-strategy-{strategy}", plain, bytes([31, 139, 8, 0, 0, 0, 0, 0, 0, 3]) + blocks + trailer(data)
    # Zeros between data, as most programs write them, and in blocks that repeat.
    sparse = bytes(400_000) + text + bytes(900_000) + noise
    for level in (1, 6):
        yield f"sparse-{level}", plain, member(sparse, level=level)
    for flush in (zlib.Z_SYNC_FLUSH, zlib.Z_FULL_FLUSH):
        deflater = zlib.compressobj(6, zlib.DEFLATED, 31)
        blocks = [deflater.compress(bytes(100_000)) + deflater.flush(flush) for _ in range(8)]
        yield f"repeated-{flush}", plain, b"".join(blocks) + deflater.flush()
    for plan in (bytes([4 + 60, 6, *b"sparse"]), bytes([5 + 60, 7, *b"changed"]), bytes([5 + 60, 2, 90, 0x55])):
        yield f"plan-{plan[0]}-{plan[1]}", 1, plan
    one, other = member(text), member(noise)
    head = struct.pack("<4BI2B", 31, 139, 8, 0b11111, 0, 2, 3) + struct.pack("<H", 4) + b"abcd" + b"disk\0comment\0"
    head += struct.pack("<H", zlib.crc32(head) & 0xFFFF)
    yield "all-fields", compares, head + raw_deflate(text) + trailer(text)
    yield "name", compares, member(text, b"disk.img")
    yield "two-members", compares, one + other
    yield "many-members", 60 << 2, (one + member(b"")) * 5
    yield "padding", compares, one + bytes(700)
    yield "padding-between", compares, one + bytes(3) + other
    yield "trailing-bytes", compares, one + b"garbage"
    yield "half-a-magic", compares, one + b"\x1f"
    yield "wrong-crc", compares, one[:-8] + struct.pack("<II", 1, len(text))
    yield "wrong-length", compares, one[:-4] + struct.pack("<I", 1)
    yield "no-gzip", compares, text
    yield "image", compares, member(image())
    for cut in (0, 1, 5, 10, len(one) // 2, len(one) - 9, len(one) - 8, len(one) - 1):
        yield f"cut-{cut}", compares, one[:cut]

    def planned(*parts):
        return b"".join(bytes([kind, len(data)]) + data for kind, data in parts)

    # 256 times the data, as members and as padding.
    many_members, much_padding = 0x84, 0x80

    plan = 1 | compares
    yield "plan-member", plan, planned((0, b"data"))
    yield "plan-members", plan, planned((0, b"data"), (1 | 4 | 8, b"more"), (1 | 8 | 16, noise[:255]), (0, b""))
    yield "plan-padding", plan, planned((0, b"data"), (2, bytes(200)))
    yield "plan-member-after-padding", plan, planned((0, b"data"), (2, bytes(2)), (0, b"more"))
    yield "plan-long", plan, planned(*[(many_members, noise[:255])] * 5, (much_padding, bytes(255)), (2, bytes(3)))
    yield "plan-member-after-long-padding", plan, planned((0, b""), *[(much_padding, bytes(255))] * 5, (0, b"more"))
    yield "plan-other-bytes", plan, planned((0, b"data"), (3, b"\x1f\x8b\x08"))


def format_seeds():
    """Names and inputs for FuzzFormat: header, BAT and sections of each image, with its size for heads and cylinders."""
    for name, _, file in image_seeds():
        if len(file) < 64:
            continue
        tracks, entries = struct.unpack_from("<II", file, 28)
        (place,) = struct.unpack_from("<Q", file, 56)
        sections = file[place * 512 + 24 : (place + tracks) * 512].rstrip(b"\0") if place else b""
        head = file[:20] + struct.pack("<II", len(file) % 512, len(file) // 512) + file[28 : 64 + 4 * entries]
        yield name, None, head + sections


def descriptor_seeds():
    """Descriptors of chains, with one storage and with several, and some that are refused."""
    for snapshots in (1, 2, 5):
        for storages in (1, 3):
            ids = [f"{number:08x}-0000-0000-0000-000000000000" for number in range(1, snapshots)]
            ids.append("5fbaabe3-6958-40ff-92a7-860e329aab41")
            parents = ["0" * 8 + "-0000-0000-0000-" + "0" * 12] + ids
            images = "".join(f"<Image><GUID>{{{name}}}</GUID><Type>Compressed</Type><File>{name}.hds</File></Image>"
                             for name in ids)
            data = "".join(f"<Storage><Start>{n * 8}</Start><End>{n * 8 + 8}</End>{images}</Storage>"
                           for n in range(storages))
            shots = "".join(f"<Shot><GUID>{{{name}}}</GUID><ParentGUID>{{{parent}}}</ParentGUID></Shot>"
                            for name, parent in zip(ids, parents))
            text = (f"<Parallels_disk_image Version='1.0'><Disk_Parameters><Disk_size>{8 * storages}</Disk_size>"
                    f"</Disk_Parameters><StorageData>{data}</StorageData><Snapshots>{shots}</Snapshots>"
                    "</Parallels_disk_image>")
            yield f"{snapshots}-{storages}", None, text.encode()
            yield f"{snapshots}-{storages}-wide", None, text.encode("utf-16")
            yield f"{snapshots}-{storages}-doctype", None, ("<!DOCTYPE x [<!ENTITY y 'z'>]>" + text).encode()
            yield f"{snapshots}-{storages}-cut", None, text.encode()[:-40]


def main():
    folder = pathlib.Path(sys.argv[1])
    for target, seeds in (("image", image_seeds()), ("gzip", gzip_seeds()), ("format", format_seeds()),
                          ("descriptor", descriptor_seeds())):
        (folder / target).mkdir(parents=True, exist_ok=True)
        for name, options, data in seeds:
            (folder / target / name).write_bytes((b"" if options is None else bytes([options])) + data)


if __name__ == "__main__":
    main()
