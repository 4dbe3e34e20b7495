#!/usr/bin/env python3
"""Reads, checks and runs a blob; written from docs/FORMAT.md and docs/ARITHMETIC.md alone.

usage: independent_reader.py BLOB... [--input RAW_UINT8_FILE]

Without --input it runs every golden vector and prints "N vectors, M nodes: equal".
With --input it runs the given bytes (height, width, channel) and prints logits and class.

Exit status: 0 equal; 1 a golden vector differs; 2 the blob or the input is refused; 77 numpy is missing.
In comments F means docs/FORMAT.md, A means docs/ARITHMETIC.md, and the number is the section.
"""

import argparse
import struct
import sys
import zlib
from typing import NamedTuple

try:
    import numpy as np
except ImportError:
    print("numpy is missing", file=sys.stderr)
    sys.exit(77)

UNSIGNED, SIGNED, BIPOLAR, INT32 = range(4)  # F4, kinds
CONVOLUTION, ADD, AVERAGE_POOLING, MAX_POOLING = range(1, 5)  # F5, operations
TENSORS, NODES, PARAMS, NAMES, GOLDEN, META, KERNELS, STREAMS = range(1, 9)  # F3, section types
RECORD_BYTES = {TENSORS: 48, NODES: 128}
WORK_LIMIT = 10**11  # F10: the caller's limit


class Refused(Exception):
    """The blob breaks a rule that a loader must check."""


class Different(Exception):
    """A golden vector gives other integers."""


def demand(condition, message):
    if not condition:
        raise Refused(message)


# ---------------------------------------------------------------- F2 header, F3 section table


class Header(NamedTuple):
    magic: bytes
    major: int
    minor: int
    length: int
    crc: int
    features: int
    arena: int
    sections: int
    reserved: int
    state_hash: bytes
    input: int
    output: int
    reserved2: int
    macs: int


class Section(NamedTuple):
    type: int
    flags: int
    offset: int
    length: int
    records: int


def read_header(data):
    demand(len(data) >= 64, "shorter than a header")
    header = Header(*struct.unpack_from("<4sHHIIIIII16sHHIQ", data))
    demand(header.magic == b"INTB", "wrong magic")
    demand(header.major == 1, f"major version {header.major}")
    demand(64 <= header.length <= len(data), f"length {header.length} of {len(data)} bytes")
    demand(header.features & ~1 == 0, f"unknown required features {header.features:#x}")
    demand(header.reserved == 0 and header.reserved2 == 0, "reserved field of the header")
    demand(header.arena % 16 == 0, "arena size")
    demand(3 <= header.sections <= 64, f"{header.sections} sections")
    demand(64 + 16 * header.sections <= header.length, "section table behind the end")
    demand(zlib.crc32(data[16 : header.length]) == header.crc, "CRC-32 of the blob")
    return header


def read_table(blob, header):
    """F3; returns the known sections by type."""
    table_end = 64 + 16 * header.sections
    every = [Section(*struct.unpack_from("<HHIII", blob, 64 + 16 * i)) for i in range(header.sections)]
    known = {}
    for s in every:
        demand(s.flags & ~1 == 0, f"reserved flags of section type {s.type}")
        demand(s.offset % 16 == 0 and table_end <= s.offset <= len(blob), f"offset of section type {s.type}")
        demand(s.length <= len(blob) - s.offset, f"length of section type {s.type}")
        if not TENSORS <= s.type <= STREAMS:
            demand(s.flags & 1 == 0, f"unknown required section type {s.type}")
            continue
        demand(s.type not in known, f"section type {s.type} twice")
        demand(s.records == 0 or s.type not in (PARAMS, META), f"records of section type {s.type}")
        known[s.type] = s
    for required in (TENSORS, NODES, PARAMS):
        demand(required in known, f"section type {required} is missing")
    check_gaps(blob, every, table_end)
    check_record_counts(known)
    return known


def check_gaps(blob, every, table_end):
    """F3: no overlap; what lies between sections is padding, hence zero (F1)."""
    end = table_end
    for s in sorted(every, key=lambda s: (s.offset, s.length)):
        demand(s.offset >= end, f"section type {s.type} overlaps another")
        demand(not any(blob[end : s.offset]), f"padding before section type {s.type}")
        end = s.offset + s.length
    demand(not any(blob[end:]), "padding at the end")


def check_record_counts(known):
    tensors, nodes = known[TENSORS], known[NODES]
    for s in (tensors, nodes):
        demand(s.length == s.records * RECORD_BYTES[s.type], f"length of section type {s.type}")
    demand(1 <= nodes.records <= 65534 and tensors.records == nodes.records + 1, "number of tensors or nodes")


# ---------------------------------------------------------------- F4 tensors


class Tensor(NamedTuple):
    height: int
    width: int
    channels: int
    kind: int
    storage: int
    bits: int
    reserved: int
    qmin: int
    qmax: int
    zero: int
    offset: int
    bytes: int
    held: int  # rows in memory, 0: all
    scale: float

    @property
    def shape(self):
        return self.height, self.width, self.channels

    @property
    def rows(self):
        return self.held or self.height

    @property
    def elements(self):
        return self.height * self.width * self.channels

    @property
    def pixel_bytes(self):
        if self.storage == 1:
            return 4 * -(-self.channels // 32)
        return -(-self.channels * self.storage // 8)

    @property
    def grid(self):
        return self.kind, self.bits, self.storage, self.qmin, self.qmax, self.zero

    def holds(self, code):
        """A1: whether it is a code of the grid."""
        return code in (-1, 1) if self.kind == BIPOLAR else self.qmin <= code <= self.qmax


def storage_of(bits):
    """F4: the smallest of 1, 2, 4, 8 that is not below the bits."""
    return next(storage for storage in (1, 2, 4, 8) if storage >= bits)


def grid_is_valid(t):
    """F4, A1."""
    if t.kind == INT32:
        return (t.bits, t.storage, t.qmin, t.qmax, t.zero) == (32, 32, -(2**31), 2**31 - 1, 0)
    if not 1 <= t.bits <= 8 or t.storage != storage_of(t.bits) or t.qmin >= t.qmax:
        return False
    if t.kind == UNSIGNED:
        return 0 <= t.qmin <= t.zero <= t.qmax <= 2**t.bits - 1
    if t.kind == SIGNED:
        half = 2 ** (t.bits - 1)
        return t.bits >= 2 and t.zero == 0 and -half <= t.qmin <= 0 <= t.qmax <= half - 1
    return t.kind == BIPOLAR and (t.bits, t.qmin, t.qmax, t.zero) == (1, -1, 1, 0)


def check_tensor(t, arena):
    demand(t.reserved == 0, "reserved field")
    demand(t.held == 0 or t.held < t.height, f"{t.held} rows of {t.height}")
    demand(all(1 <= extent <= 65535 for extent in t.shape), f"shape {t.shape}")
    demand(grid_is_valid(t), f"grid {t.grid}")
    demand(t.bytes == t.rows * t.width * t.pixel_bytes < 2**31, f"{t.bytes} bytes")
    demand(t.offset % 16 == 0 and t.offset <= arena and t.bytes <= arena - t.offset, "place in the arena")


def read_tensors(blob, section, arena):
    tensors = []
    for index in range(section.records):
        t = Tensor(*struct.unpack_from("<IIIBBBBiiiIIId", blob, section.offset + 48 * index))
        try:
            check_tensor(t, arena)
        except Refused as e:
            raise Refused(f"tensor {index}: {e}")
        tensors.append(t)
    demand(tensors[0].grid[:5] == (UNSIGNED, 8, 8, 0, 255), "the input is not unsigned with 8 bits")
    return tensors


# ---------------------------------------------------------------- F5 nodes


class Node(NamedTuple):
    op: int
    flags: int
    inputs: list
    output: int
    unused: list
    kernel: tuple
    stride: tuple
    dilation: tuple
    pad_before: tuple
    pad_after: tuple
    groups: int
    weight_kind: int
    weight_storage: int
    layout: int
    k: int
    r: int
    reserved: bytes
    pad_code: int
    m_res: int
    weight_offset: int
    weight_bytes: int
    multipliers: int
    biases: int
    scratch: int
    scratch_bytes: int
    bound: int
    weight_bits: int
    macs: int
    reserved2: bytes

    @property
    def residual(self):
        return self.flags & 1 == 1

    @property
    def geometry(self):
        return self.kernel + self.stride + self.dilation + self.pad_before + self.pad_after + (self.groups,)

    @property
    def weight_fields(self):
        return (self.weight_kind, self.weight_storage, self.layout, self.weight_offset, self.weight_bytes,
                self.weight_bits, self.macs)


def decode_node(blob, at):
    op, flags, count, output = struct.unpack_from("<4H", blob, at)
    inputs = struct.unpack_from("<8H", blob, at + 8)
    g = struct.unpack_from("<10H", blob, at + 24)
    groups, kind, storage, layout, k, r, reserved = struct.unpack_from("<I5B3s", blob, at + 44)
    rest = struct.unpack_from("<iiIIIIIIIIQ24s", blob, at + 56)
    demand(count <= 8, f"{count} inputs")
    return Node(op, flags, list(inputs[:count]), output, list(inputs[count:]), g[0:2], g[2:4], g[4:6], g[6:8], g[8:10],
                groups, kind, storage, layout, k, r, reserved, *rest)


class Model(NamedTuple):
    blob: bytes
    header: Header
    sections: dict
    tensors: list
    nodes: list


def windows_along(extent, node, axis):
    """A2: output height (axis 0) or width (axis 1)."""
    padded = extent + node.pad_before[axis] + node.pad_after[axis]
    return (padded - node.dilation[axis] * (node.kernel[axis] - 1) - 1) // node.stride[axis] + 1


def check_windows(node, x, y):
    demand(min(node.kernel + node.stride + node.dilation) >= 1, "kernel, stride or dilation")
    expected = windows_along(x.height, node, 0), windows_along(x.width, node, 1)
    demand((y.height, y.width) == expected, f"output {y.height}x{y.width}, not {expected}")


def check_array(model, offset, count, what):
    """F1, F5: i32[count] within PARAMS."""
    length = model.sections[PARAMS].length
    demand(offset % 16 == 0 and offset <= length and 4 * count <= length - offset, what)


def row_bytes(node, i_g):
    """F6."""
    taps = node.kernel[0] * node.kernel[1]
    if node.layout == 1:
        return taps * 4 * -(-i_g // 32)
    return -(-taps * i_g * node.weight_storage // 8)


def check_weights(model, node, i_g, o):
    demand((node.weight_kind, node.weight_storage) in ((1, 2), (1, 4), (1, 8), (2, 1)), "kind or storage of the weights")
    bits = node.weight_bits
    demand(1 <= bits <= 8 and storage_of(bits) == node.weight_storage, f"{bits} bits of the weights")
    demand(node.layout == 0 or (node.layout == 1 and node.weight_kind == 2), "layout of the weights")
    length = model.sections[PARAMS].length
    demand(node.weight_bytes == o * row_bytes(node, i_g), "length of the weights")
    demand(node.weight_offset % 16 == 0 and node.weight_offset <= length
           and node.weight_bytes <= length - node.weight_offset, "place of the weights")


def check_convolution(model, node, x, y):
    check_windows(node, x, y)
    demand(node.flags & ~1 == 0, "reserved flags")
    demand(len(node.inputs) == 1 + node.residual, "number of inputs")
    demand(node.groups >= 1 and x.channels % node.groups == 0 and y.channels % node.groups == 0, "groups")
    i_g = x.channels // node.groups
    check_weights(model, node, i_g, y.channels)
    demand(x.holds(node.pad_code), f"pad_code {node.pad_code}")
    check_array(model, node.biases, y.channels, "biases")
    if y.kind == INT32:
        demand(not node.residual and node.output == len(model.nodes), "an int32 tensor that is not the output")
        demand((node.k, node.r, node.multipliers) == (0, 0, 0), "k, r or multipliers of an int32 output")
    else:
        demand(node.k <= 30 and 1 <= node.r <= 16, "k or r")
        check_array(model, node.multipliers, y.channels, "multipliers")
    if node.residual:
        demand(model.tensors[node.inputs[1]].shape == y.shape, "shape of the residual")
    demand(node.residual or node.m_res == 0, "m_res without a residual")
    window = node.kernel[0] * node.kernel[1] * i_g
    demand(node.macs == y.elements * window, "MACs")
    demand(node.scratch_bytes >= -(-2 * window // 16) * 16, "scratch too small")
    return node.macs


def check_add(model, node, y):
    demand(node.flags == 0 and 1 <= len(node.inputs) <= 8, "flags or number of inputs")
    demand(not any(node.geometry) and not any(node.weight_fields), "a field that an add does not have")
    demand((node.k, node.pad_code, node.m_res) == (0, 0, 0) and 1 <= node.r <= 15, "k, r, pad_code or m_res")
    demand(all(model.tensors[i].shape == y.shape for i in node.inputs), "shapes")
    check_array(model, node.multipliers, len(node.inputs), "multipliers")
    check_array(model, node.biases, 1, "bias")
    m = integers(model, node.multipliers, len(node.inputs))
    demand(m.min() >= -(2**15) and m.max() < 2**15, "a multiplier beyond 16 bits")
    return len(node.inputs) * y.elements


def check_pooling(model, node, x, y):
    check_windows(node, x, y)
    demand(node.flags == 0 and len(node.inputs) == 1, "flags or number of inputs")
    demand(node.dilation == (1, 1) and node.groups == 0, "dilation or groups")
    demand(not any(node.weight_fields) and node.m_res == 0, "a field that a pooling does not have")
    for axis in (0, 1):
        demand(max(node.pad_before[axis], node.pad_after[axis]) < node.kernel[axis], "padding not below the kernel")
    demand(x.channels == y.channels, "channels")
    if node.op == MAX_POOLING:
        demand(x.grid == y.grid, "grids")
        demand((node.k, node.r, node.pad_code, node.multipliers, node.biases) == (0,) * 5, "a field that must be 0")
    else:
        demand(node.k <= 30 and 1 <= node.r <= 16 and node.pad_code == x.zero, "k, r or pad_code")
        check_array(model, node.multipliers, 1, "multiplier")
        check_array(model, node.biases, 1, "bias")
    return node.kernel[0] * node.kernel[1] * y.elements


def overlap(a, a_bytes, b, b_bytes):
    return a < b + b_bytes and b < a + a_bytes


def check_arena(model, node, y):
    """F5, scratch and overlap."""
    demand(node.scratch % 16 == 0 and node.scratch <= model.header.arena
           and node.scratch_bytes <= model.header.arena - node.scratch, "place of the scratch")
    demand(node.op == CONVOLUTION or (node.scratch, node.scratch_bytes) == (0, 0), "scratch")
    for position, index in enumerate(node.inputs):
        t = model.tensors[index]
        demand(not overlap(node.scratch, node.scratch_bytes, t.offset, t.bytes), "scratch overlaps an input")
        operand = node.op == ADD or (node.op == CONVOLUTION and position == 1)
        in_place = operand and t.offset == y.offset and y.pixel_bytes <= t.pixel_bytes and y.storage <= t.storage
        demand(in_place or not overlap(t.offset, t.bytes, y.offset, y.bytes), "the output overlaps an input")
    demand(not overlap(node.scratch, node.scratch_bytes, y.offset, y.bytes), "scratch overlaps the output")


def check_node(model, index, node):
    """Returns the node's work (F10)."""
    demand(CONVOLUTION <= node.op <= MAX_POOLING, f"operation {node.op}")
    demand(not any(node.reserved) and not any(node.reserved2) and not any(node.unused), "reserved or unused field")
    demand(node.output == index + 1 and all(i <= index for i in node.inputs), "tensor index")
    demand(node.inputs, "no inputs")
    y, x = model.tensors[index + 1], model.tensors[node.inputs[0]]
    demand(all(model.tensors[i].kind != INT32 for i in node.inputs), "an int32 input")
    demand(y.kind != INT32 or node.op == CONVOLUTION, "an int32 output")
    check_arena(model, node, y)
    if node.op == CONVOLUTION:
        return check_convolution(model, node, x, y)
    if node.op == ADD:
        return check_add(model, node, y)
    return check_pooling(model, node, x, y)


def check_weight_padding(model):
    """F6, F7: padding bits are zero, and to check that takes linear time."""
    checked = 0
    for index, node in enumerate(model.nodes):
        if node.op != CONVOLUTION:
            continue
        units, unit_bytes, used_bits = padded_units(model, node)
        if used_bits == 8 * unit_bytes:
            continue
        checked += units
        demand(checked <= model.header.length, "more padded rows than bytes (PARAMS)")
        raw = weight_array(model, node).reshape(units, unit_bytes)
        bits = np.unpackbits(raw[:, used_bits // 8 :], axis=1, bitorder="little")
        demand(not bits[:, used_bits % 8 :].any(), f"node {index}: padding bits of the weights")


def padded_units(model, node):
    """F6: how many rows (layout 0) or taps (layout 1), their bytes, and the bits used of each."""
    o, taps = model.tensors[node.output].channels, node.kernel[0] * node.kernel[1]
    i_g = model.tensors[node.inputs[0]].channels // node.groups
    if node.layout == 1:
        return o * taps, 4 * -(-i_g // 32), i_g
    return o, row_bytes(node, i_g), taps * i_g * node.weight_storage


# ---------------------------------------------------------------- the whole blob


def load(data):
    header = read_header(data)
    blob = data[: header.length]
    sections = read_table(blob, header)
    tensors = read_tensors(blob, sections[TENSORS], header.arena)
    start, count = sections[NODES].offset, sections[NODES].records
    demand(header.input == 0 and header.output == count, "input or output tensor")
    nodes = [decode_node(blob, start + 128 * i) for i in range(count)]
    model = Model(blob, header, sections, tensors, nodes)
    work = check_all_nodes(model)
    check_weight_padding(model)
    if NAMES in sections:
        read_names(model)
    if GOLDEN in sections:
        check_golden_length(model)
    if KERNELS in sections:
        check_kernels(model)
    work += check_streams(model)
    demand(work <= WORK_LIMIT, f"work {work} beyond the limit")
    return model


def check_all_nodes(model):
    """Returns the work of all nodes (F10)."""
    work = 0
    for index, node in enumerate(model.nodes):
        try:
            work += check_node(model, index, node)
        except Refused as e:
            raise Refused(f"node {index}: {e}")
    demand(sum(node.macs for node in model.nodes) == model.header.macs, "sum of MACs")
    return work


def read_names(model):
    """F8."""
    section = model.sections[NAMES]
    demand(section.records == len(model.tensors), "number of names")
    at, end, names = section.offset, section.offset + section.length, []
    for _ in model.tensors:
        demand(end - at >= 2, "names end early")
        (length,) = struct.unpack_from("<H", model.blob, at)
        demand(length <= end - at - 2, "names end early")
        raw, at = model.blob[at + 2 : at + 2 + length], at + 2 + length
        demand(0 not in raw, "a zero in a name")
        try:
            names.append(raw.decode("utf-8"))
        except UnicodeDecodeError:
            raise Refused("a name is not UTF-8")
    demand(at == end, "bytes behind the last name")
    return names


def up4(n):
    return -(-n // 4) * 4


def vector_bytes(model):
    """F9."""
    return up4(model.tensors[0].bytes) + 4 * len(model.nodes) + up4(model.tensors[-1].bytes)


def check_golden_length(model):
    section = model.sections[GOLDEN]
    demand(section.records >= 4, "fewer than 4 golden vectors")
    demand(section.length == section.records * vector_bytes(model), "length of the golden vectors")
    for v in range(section.records):
        golden_vector(model, v)


def golden_vector(model, v):
    """F9: input bytes, one checksum a node, output bytes."""
    at = model.sections[GOLDEN].offset + v * vector_bytes(model)
    given, at = padded_bytes(model, at, model.tensors[0].bytes)
    sums, at = np.frombuffer(model.blob, "<u4", len(model.nodes), at), at + 4 * len(model.nodes)
    wanted, at = padded_bytes(model, at, model.tensors[-1].bytes)
    return given, sums, wanted


def padded_bytes(model, at, count):
    end = at + up4(count)
    demand(not any(model.blob[at + count : end]), "padding of a golden vector")
    return model.blob[at : at + count], end


def check_kernels(model):
    """F11: advice that changes no result; nothing but its form matters here."""
    section = model.sections[KERNELS]
    demand(section.records == len(model.nodes) and section.length == 8 * section.records, "length of the kernels")
    for index in range(section.records):
        _kernel, _parameter, reserved = struct.unpack_from("<HHI", model.blob, section.offset + 8 * index)
        demand(reserved == 0, f"node {index}: reserved field of its kernel")


# ---------------------------------------------------------------- F12 streams


def read_streams(model):
    """First node, last node, rows of a band, by the first node."""
    demand((STREAMS in model.sections) == (model.header.features & 1 == 1), "streams or their feature alone")
    if STREAMS not in model.sections:
        return {}
    section = model.sections[STREAMS]
    demand(section.records >= 1 and section.length == 8 * section.records, "length of the streams")
    streams, before = {}, -1
    for index in range(section.records):
        first, last, rows, reserved = struct.unpack_from("<4H", model.blob, section.offset + 8 * index)
        demand(reserved == 0, f"stream {index}: reserved field")
        demand(before < first < last < len(model.nodes) and last - first < 16, f"stream {index}: nodes")
        height = model.tensors[last + 1].height
        demand(1 <= rows <= height and -(-height // rows) <= 256, f"stream {index}: rows of a band")
        streams[first], before = (first, last, rows), last
    return streams


def rows_read(model, node, position, begin, end):
    """Rows of an input that rows begin .. end - 1 of the output read."""
    if node.op == ADD or position > 0:
        return begin, end
    height = model.tensors[node.inputs[0]].height
    s, d, k, p = node.stride[0], node.dilation[0], node.kernel[0], node.pad_before[0]
    low = min(height, max(0, begin * s - p))
    high = min(height, max(0, (end - 1) * s + (k - 1) * d + 1 - p)) if end else 0
    return low, height if end == model.tensors[node.output].height else high


def check_stream(model, first, last, rows):
    """Returns the bytes of kept rows that move to the start of their memory (F10)."""
    inner = range(first + 1, last + 1)  # outputs of all nodes but the last
    read = {t for n in range(first, last + 1) for t in model.nodes[n].inputs}
    demand(all(t in read for t in inner), f"stream {first}: an output that is not read in it")
    end, moved = dict.fromkeys(range(first, last + 1), 0), 0
    kept = dict(end)
    height = model.tensors[last + 1].height
    while end[last] < height:
        begin, kept_before = dict(end), kept
        end = dict.fromkeys(end, 0)
        kept = dict(begin)
        end[last] = min(height, begin[last] + rows)
        for n in range(last, first - 1, -1):
            node = model.nodes[n]
            for position, t in enumerate(node.inputs):
                if t - 1 < first:
                    continue
                low, high = rows_read(model, node, position, begin[n], end[n])
                kept[t - 1], end[t - 1] = min(kept[t - 1], low), max(end[t - 1], high)
        for n in range(first, last + 1):
            check_band(model, first, n, begin, end, kept)
            y = model.tensors[n + 1]
            if y.held and kept[n] > kept_before[n]:
                moved += (begin[n] - kept[n]) * y.width * y.pixel_bytes
    return moved


def check_band(model, first, n, begin, end, kept):
    def start(tensor, row):
        t = model.tensors[tensor]
        held_from = kept[tensor - 1] if tensor - 1 >= first and t.held else 0
        demand((row - held_from) * t.width * t.pixel_bytes % 4 == 0, f"node {n}: rows that start between words")

    y = model.tensors[n + 1]
    demand(end[n] - (kept[n] if y.held else 0) <= y.rows, f"node {n}: more rows than memory")
    if begin[n] == end[n]:
        return
    start(n + 1, begin[n])
    for position, t in enumerate(model.nodes[n].inputs):
        low, high = rows_read(model, model.nodes[n], position, begin[n], end[n])
        demand(low < high, f"node {n}: reads padding alone")
        start(t, low)


def check_streams(model):
    """Returns the bytes that they move."""
    moved = 0
    stream_of = {n: first for first, last, _ in read_streams(model).values() for n in range(first, last + 1)}
    for first, last, rows in read_streams(model).values():
        demand(model.tensors[last + 1].held == 0, f"stream {first}: its result is not whole")
        moved += check_stream(model, first, last, rows)
    demand(model.tensors[0].held == 0, "the input is not whole")
    for n, node in enumerate(model.nodes):
        demand(model.tensors[n + 1].held == 0 or n in stream_of, f"tensor {n + 1}: rows outside streams")
        for t in node.inputs:
            if model.tensors[t].held:
                demand(n in stream_of and stream_of[n] == stream_of.get(t - 1), f"node {n}: reads rows of a stream")
    return moved


# ---------------------------------------------------------------- codes and bits (F4, F6)


def unpack(raw, rows, count, storage, kind):
    """Raw bytes of equal rows to int64 codes, shape (rows, count)."""
    raw = np.frombuffer(raw, np.uint8)
    if storage == 32:
        return raw.view("<i4").astype(np.int64).reshape(rows, count)
    bits = np.unpackbits(raw.reshape(rows, -1), axis=1, bitorder="little")[:, : count * storage]
    codes = bits.reshape(rows, count, storage).astype(np.int64) @ (1 << np.arange(storage, dtype=np.int64))
    if kind == BIPOLAR:
        return 2 * codes - 1
    if kind == SIGNED:
        return codes - ((codes >> (storage - 1)) << storage)
    return codes


def pack(codes, t):
    """The inverse, for a tensor: int64 codes to bytes."""
    if t.kind == INT32:
        return codes.astype("<i4").tobytes()
    stored = (codes > 0) if t.kind == BIPOLAR else codes & (2**t.storage - 1)
    stored = stored.astype(np.int64).reshape(t.height * t.width, t.channels, 1)
    bits = (stored >> np.arange(t.storage)) & 1
    row = np.zeros((t.height * t.width, 8 * t.pixel_bytes), np.uint8)
    row[:, : t.channels * t.storage] = bits.reshape(len(row), -1)
    return np.packbits(row, axis=1, bitorder="little").tobytes()


def integers(model, offset, count):
    return np.frombuffer(model.blob, "<i4", count, model.sections[PARAMS].offset + offset).astype(np.int64)


def weight_array(model, node):
    return np.frombuffer(model.blob, np.uint8, node.weight_bytes, model.sections[PARAMS].offset + node.weight_offset)


def weights_of(model, node):
    """F6: w[group][tap][i within the group][o within the group]."""
    o, taps = model.tensors[node.output].channels, node.kernel[0] * node.kernel[1]
    i_g = model.tensors[node.inputs[0]].channels // node.groups
    raw, kind = weight_array(model, node), BIPOLAR if node.weight_kind == 2 else SIGNED
    if node.layout == 1:
        w = unpack(raw, o * taps, i_g, 1, kind)
    else:
        w = unpack(raw, o, taps * i_g, node.weight_storage, kind)
    return w.reshape(node.groups, o // node.groups, taps, i_g).transpose(0, 2, 3, 1)


# ---------------------------------------------------------------- arithmetic


def wrap(x):
    """Modulo 2^32, as a signed number."""
    return ((x + 2**31) & (2**32 - 1)) - 2**31


def window_taps(image, node, y, outside):
    """A2: for each (ky, kx), the image's values under it for every output position."""
    for ky in range(node.kernel[0]):
        rows = np.arange(y.height) * node.stride[0] + ky * node.dilation[0] - node.pad_before[0]
        for kx in range(node.kernel[1]):
            columns = np.arange(y.width) * node.stride[1] + kx * node.dilation[1] - node.pad_before[1]
            yield gather(image, rows, columns, outside)


def gather(image, rows, columns, outside):
    height, width = image.shape[:2]
    inside = ((rows >= 0) & (rows < height))[:, None] & ((columns >= 0) & (columns < width))[None, :]
    values = image[np.clip(rows, 0, height - 1)[:, None], np.clip(columns, 0, width - 1)[None, :]]
    return np.where(inside[:, :, None], values, outside)


def to_grid(t, r, y):
    """A3, A5: the last line of requantize and add."""
    if y.kind == BIPOLAR:
        return np.where(t >= 0, 1, -1)
    return np.clip(t >> r, y.qmin, y.qmax)


def requantize(acc, node, y, m, b, extra):
    """A3."""
    t = wrap(((wrap(acc << node.k) * m) >> 32) + b + extra)
    return to_grid(t, node.r, y)


def convolution(model, node, codes):
    """A2, then A3 or A4."""
    x, y = model.tensors[node.inputs[0]], model.tensors[node.output]
    w, acc = weights_of(model, node), 0
    for tap, v in enumerate(window_taps(codes[0] - x.zero, node, y, node.pad_code - x.zero)):
        grouped = v.reshape(-1, node.groups, x.channels // node.groups).transpose(1, 0, 2)
        acc = acc + grouped @ w[:, tap]
    acc = wrap(acc.transpose(1, 0, 2).reshape(y.shape))
    b = integers(model, node.biases, y.channels)
    if y.kind == INT32:
        return wrap(acc + b)
    extra = 0
    if node.residual:
        extra = (codes[1] - model.tensors[node.inputs[1]].zero) * node.m_res
    return requantize(acc, node, y, integers(model, node.multipliers, y.channels), b, extra)


def add(model, node, codes):
    """A5."""
    m = integers(model, node.multipliers, len(node.inputs))
    t = integers(model, node.biases, 1)[0]
    for index, q, m_i in zip(node.inputs, codes, m):
        t = t + (q - model.tensors[index].zero) * m_i
    return to_grid(wrap(t), node.r, model.tensors[node.output])


def average_pooling(model, node, codes):
    """A6."""
    x, y = model.tensors[node.inputs[0]], model.tensors[node.output]
    acc = wrap(sum(window_taps(codes[0] - x.zero, node, y, 0)))
    return requantize(acc, node, y, integers(model, node.multipliers, 1), integers(model, node.biases, 1), 0)


def max_pooling(model, node, codes):
    """A7: what lies outside the image never wins."""
    y, best = model.tensors[node.output], -(2**40)
    for q in window_taps(codes[0], node, y, -(2**40)):
        best = np.maximum(best, q)
    return best


OPERATIONS = {CONVOLUTION: convolution, ADD: add, AVERAGE_POOLING: average_pooling, MAX_POOLING: max_pooling}


# ---------------------------------------------------------------- running


def load_codes(arena, t):
    raw = arena[t.offset : t.offset + t.bytes].tobytes()
    return unpack(raw, t.height * t.width, t.channels, t.storage, t.kind).reshape(t.shape)


def store(arena, offset, raw):
    arena[offset : offset + len(raw)] = np.frombuffer(raw, np.uint8)


def run(model, given):
    """Runs in a real arena, so that a tensor overwritten too early shows (F5); yields each node's codes. A stream
    runs beside it, with whole tensors, which F12 says changes nothing."""
    arena = np.full(model.header.arena, 0xA5, np.uint8)
    store(arena, model.tensors[0].offset, given)
    streams, behind = read_streams(model), 0
    for index, node in enumerate(model.nodes):
        if index in streams:
            yield from run_stream(model, arena, *streams[index][:2])
            behind = streams[index][1] + 1
        if index < behind:
            continue
        arena[node.scratch : node.scratch + node.scratch_bytes] = 0x5A
        codes = OPERATIONS[node.op](model, node, [load_codes(arena, model.tensors[i]) for i in node.inputs])
        y = model.tensors[node.output]
        store(arena, y.offset, pack(codes, y))
        yield codes


def run_stream(model, arena, first, last):
    codes = {}
    for node in model.nodes[first : last + 1]:
        for t in node.inputs:
            if t <= first and t not in codes:
                codes[t] = load_codes(arena, model.tensors[t])
    for node in model.nodes[first : last + 1]:
        codes[node.output] = OPERATIONS[node.op](model, node, [codes[t] for t in node.inputs])
        yield codes[node.output]
    for node in model.nodes[first : last + 1]:
        y = model.tensors[node.output]
        arena[node.scratch : node.scratch + node.scratch_bytes] = 0x5A
        arena[y.offset : y.offset + y.bytes] = 0x5A
    for node in model.nodes[first : last + 1]:
        y = model.tensors[node.output]
        if not y.held:
            store(arena, y.offset, pack(codes[node.output], y))


def check_vector(model, v, names):
    given, sums, wanted = golden_vector(model, v)
    for index, codes in enumerate(run(model, given)):
        if zlib.crc32(codes.astype("<i4").tobytes()) != sums[index]:
            raise Different(f"vector {v}, node {index} ({names[index + 1]}): checksum differs")
    if pack(codes, model.tensors[-1]) != wanted:
        raise Different(f"vector {v}, node {index} ({names[index + 1]}): output bytes differ")


def run_golden(model):
    demand(GOLDEN in model.sections, "no golden vectors in the blob")
    names = read_names(model) if NAMES in model.sections else ["unnamed"] * len(model.tensors)
    vectors = model.sections[GOLDEN].records
    for v in range(vectors):
        check_vector(model, v, names)
    print(f"{vectors} vectors, {len(model.nodes)} nodes: equal")


def run_input(model, path):
    with open(path, "rb") as f:
        given = f.read()
    t = model.tensors[0]
    demand(len(given) == t.bytes, f"the input has {len(given)} bytes, not {t.bytes} {t.shape}")
    *_, codes = run(model, given)
    logits = codes.reshape(-1)
    print("logits:", *logits.tolist())
    print("class:", int(np.argmax(logits)))  # A4: argmax takes the lowest index among equals


def main():
    parser = argparse.ArgumentParser(description="Check and run blobs, from the documents alone.")
    parser.add_argument("blobs", nargs="+")
    parser.add_argument("--input", help="raw uint8 file: height, width, channel")
    options = parser.parse_args()
    try:
        for blob in options.blobs:
            with open(blob, "rb") as f:
                model = load(f.read())
            run_input(model, options.input) if options.input else run_golden(model)
    except (Refused, OSError) as e:
        print(f"refused: {e}", file=sys.stderr)
        return 2
    except Different as e:
        print(e, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
