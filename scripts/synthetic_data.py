#!/usr/bin/env python3
"""Writes a small seeded data set that a network can learn.

synthetic_data.py npy FOLDER HEIGHT WIDTH CHANNELS CLASSES TRAIN TEST     NumPy arrays, for data.kind: npy
synthetic_data.py images FOLDER HEIGHT WIDTH CLASSES TRAIN TEST           PNG files by class, for data.kind: image_folder
synthetic_data.py csv FOLDER FEATURES TRAIN TEST                          features near a plane of 4 dimensions, for data.kind: csv

An image is noise with a brighter bar at a height that stands for its class.
"""
import os
import random
import struct
import sys
import zlib

NOISE = bytes(byte // 2 for byte in range(256))
BRIGHT = bytes(100 + byte // 2 for byte in range(256))


def image(rng, label, height, width, channels, classes):
    first, last = label * height // classes, max((label + 1) * height // classes, label * height // classes + 1)
    rows = (rng.randbytes(width * channels).translate(BRIGHT if first <= y < last else NOISE) for y in range(height))
    return list(rows)


def write_npy(file, shape, data):
    header = "{'descr': '|u1', 'fortran_order': False, 'shape': (%s), }" % "".join("%d, " % n for n in shape)
    header = header.ljust(117) + "\n"
    with open(file, "wb") as out:
        out.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data)


def write_png(file, rows, width):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, len(rows), 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows), 1)
    with open(file, "wb") as out:
        out.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b""))


def npy(folder, height, width, channels, classes, train, test):
    os.makedirs(folder, exist_ok=True)
    for seed, (split, count) in enumerate((("train", train), ("test", test))):
        rng = random.Random(seed)
        labels = [i % classes for i in range(count)]
        data = b"".join(row for label in labels for row in image(rng, label, height, width, channels, classes))
        write_npy(f"{folder}/{split}-images.npy", (count, height, width, channels), data)
        write_npy(f"{folder}/{split}-labels.npy", (count,), bytes(labels))


def images(folder, height, width, classes, train, test):
    for seed, (split, count) in enumerate((("train", train), ("test", test))):
        rng = random.Random(seed)
        for label in range(classes):
            os.makedirs(f"{folder}/{split}/class{label}", exist_ok=True)
        for i in range(count):
            label = i % classes
            write_png(f"{folder}/{split}/class{label}/{i:05}.png", image(rng, label, height, width, 3, classes), width)


def csv(folder, features, train, test):
    os.makedirs(folder, exist_ok=True)
    rng = random.Random(0)
    plane = [[rng.gauss(0, 1) for _ in range(4)] for _ in range(features)]
    for split, count in (("train", train), ("test", test)):
        with open(f"{folder}/{split}.csv", "w", encoding="ascii") as out:
            for _ in range(count):
                place = [rng.gauss(0, 1) for _ in range(4)]
                row = (sum(a * b for a, b in zip(axis, place)) + rng.gauss(0, 0.1) for axis in plane)
                out.write(",".join("%.4f" % x for x in row) + ",0\n")


def main():
    writers = {"npy": npy, "images": images, "csv": csv}
    try:
        writer, folder, numbers = writers[sys.argv[1]], sys.argv[2], [int(word) for word in sys.argv[3:]]
        writer(folder, *numbers)
    except (KeyError, IndexError, TypeError, ValueError):
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
