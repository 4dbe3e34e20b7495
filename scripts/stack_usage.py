#!/usr/bin/env python3
"""Worst-case stack of the runtime's entry points on each core.

Compiles src/runtime with -fstack-usage and -fcallgraph-info=su and takes the deepest path of the call graph from each entry
point. Calls through pointers are taken to reach every kernel: each function that the table of kernels or a kernel's descriptor names.
Fails where a frame is not bounded at compile time or the graph has a cycle (recursion). What the graph does not hold, libgcc's integer helpers and inner loops in assembly, is counted at OUTSIDE_BYTES each.

Usage: scripts/stack_usage.py [CORE ...]
"""
import pathlib
import re
import subprocess
import sys
import tempfile

CORES = {
    "cortex-m0": ["arm-none-eabi-gcc", "-mcpu=cortex-m0", "-mthumb"],
    "cortex-m3": ["arm-none-eabi-gcc", "-mcpu=cortex-m3", "-mthumb"],
    "cortex-m4": ["arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mthumb"],
    "cortex-m55": ["arm-none-eabi-gcc", "-mcpu=cortex-m55", "-mthumb", "-mfloat-abi=hard"],
    "rv32": ["riscv64-unknown-elf-gcc", "-march=rv32im_zicsr", "-mabi=ilp32"],
}
ENTRIES = ["intact_init", "intact_run", "intact_selftest", "intact_check_crc"]
INDIRECT = "__indirect_call"
OUTSIDE_BYTES = 160  # above what any of libgcc's integer routines or of the inner loops in assembly takes: 14 registers, 8 double ones, 36 bytes
RUNTIME = pathlib.Path(__file__).resolve().parent.parent / "src/runtime"


def compile_graph(command, folder):
    """Frame bytes by function, and the functions that each calls."""
    frames, calls = {}, {}
    for source in sorted([*RUNTIME.glob("*.c"), *RUNTIME.glob("*/*.c")]):
        output = folder / (source.stem + ".o")
        subprocess.run([*command, "-O3", "-std=c99", "-ffreestanding", "-fstack-usage", "-fcallgraph-info=su", "-c", source, "-o", output],
                       check=True)
        local = lambda name: f"{source.stem}:{name.split(':')[-1]}" if ":" in name else name
        text = output.with_suffix(".ci").read_text()
        for title, size, kind in re.findall(r'node: \{ title: "([^"]+)" label: "[^"]*\\n(\d+) bytes \((\w+)[^"]*"', text):
            if kind not in ("static",):
                sys.exit(f"{source.name}: the frame of {title} is {kind}, not static")
            frames[local(title)] = int(size)
        for caller, callee in re.findall(r'edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"', text):
            calls.setdefault(local(caller), set()).add(local(callee))
    return frames, calls


def indirect_targets(caller, frames):
    """What a call through a pointer in `caller` may reach: kernels' planning, operations, or the dot products of a kernel."""
    base = caller.split(":")[-1]
    if base == "intact_choose_conv":
        pattern = r"^intact_\w+_scratch$"
    elif base.startswith(("intact_run", "run_")) or base == "intact_check_linked":
        pattern = r"(^|:)run$|^intact_(add|avg_pool|max_pool)\w*$|^intact_\w+_run$"
    else:
        pattern = r"^intact_dot_"
    return [name for name in frames if re.search(pattern, name) and name not in ENTRIES]


def deepest(name, frames, calls, seen=()):
    """Bytes and functions of the deepest path from `name`."""
    if name in seen:
        sys.exit("recursion: " + " -> ".join([*seen, name]))
    if name not in frames:
        return OUTSIDE_BYTES, [name]
    callees = set(calls.get(name, ()))
    if INDIRECT in callees:
        callees = callees - {INDIRECT} | set(indirect_targets(name, frames))
    below = [deepest(callee, frames, calls, (*seen, name)) for callee in callees]
    size, path = max(below, default=(0, []), key=lambda found: found[0])
    return frames[name] + size, [name, *path]


def main():
    print("| core | " + " | ".join(f"`{e}`" for e in ENTRIES) + " |\n|---" * 1 + "|---" * len(ENTRIES) + "|")
    for core in sys.argv[1:] or CORES:
        with tempfile.TemporaryDirectory() as folder:
            frames, calls = compile_graph(CORES[core], pathlib.Path(folder))
        row = [deepest(entry, frames, calls) for entry in ENTRIES]
        print(f"| {core} | " + " | ".join(f"{size}" for size, _ in row) + " |")
        print(f"{core}: deepest in intact_run: " + " > ".join(row[1][1]), file=sys.stderr)


if __name__ == "__main__":
    main()
