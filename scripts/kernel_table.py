#!/usr/bin/env python3
"""Prints the rows of `scripts/mcu_bench.sh --json FILE` as docs/KERNELS.md shows them. Usage: scripts/kernel_table.py FILE... [--into docs/KERNELS.md]"""
import json
import sys

BITS = [(8, 8), (4, 4), (2, 2), (1, 1)]


def table(rows):
    cell, order = {}, []
    for r in rows:
        if (r["core"], r["layer"]) not in order:
            order.append((r["core"], r["layer"]))
        cell[r["core"], r["layer"], r["weight_bits"], r["activation_bits"]] = r
    lines = ["| core | layer | W8A8 | W4A4 | W2A2 | W1A1 | modelled cycles W8A8 / W4A4 / W2A2 / W1A1 | kernels |", "|---|---|---|---|---|---|---|---|"]
    for core, layer in order:
        found = [cell.get((core, layer, w, a)) for w, a in BITS]
        values = [f"{r['mac_per_insn']:.3f}{' (slower)' if r['slower_than_w8a8'] else ''}" if r else "" for r in found]
        cycles = [f"{r['modelled_cycles']:,}" for r in found if r and r["modelled_cycles"] is not None]
        kernels = []
        for r in found:
            if r and r["kernel"] not in kernels:
                kernels.append(r["kernel"])
        lines.append(f"| {core} | {layer} | {' | '.join(values)} | {' / '.join(cycles)} | {', '.join(kernels)} |")
    return "\n".join(lines) + "\n"


def main(arguments):
    into = None
    if "--into" in arguments:
        at = arguments.index("--into")
        into = arguments[at + 1]
        del arguments[at:at + 2]
    if not arguments:
        sys.exit(__doc__)
    rows = []
    for name in arguments:
        with open(name, encoding="utf-8") as file:
            rows += json.load(file)
    text = table(rows)
    if into is None:
        print(text, end="")
        return
    with open(into, encoding="utf-8") as file:
        document = file.read()
    begin, end = document.index("<!-- table -->\n") + len("<!-- table -->\n"), document.index("<!-- end -->")
    with open(into, "w", encoding="utf-8") as file:
        file.write(document[:begin] + text + document[end:])


main(sys.argv[1:])
