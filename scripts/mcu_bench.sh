#!/usr/bin/env bash
# Instructions of every layer of docs/KERNELS.md and of the zoo's networks on emulated cores, with the kernels that the exporter chooses, each run
# checked against the oracle. Usage: scripts/mcu_bench.sh [--core NAME]... [--json FILE] [--layer NAME]... [further options of mcu_bench: --help]
# Without --core: all cores, some ten minutes on 2 CPU cores. Rows that need more instructions, or more modelled cycles, than W8A8 are listed last.
# scripts/mcu_bench.sh --record: counts the rows of the regression test again and writes its table, tests/benchmarks/mcu/instructions.json.
# INTACT_BENCH_BUILD: build folder (build-bench); needs no LibTorch.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
build=${INTACT_BENCH_BUILD:-$root/build-bench}

if [ ! -f "$build/CMakeCache.txt" ]; then
  cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DINTACT_WITH_TORCH=OFF >&2
fi
cmake --build "$build" --target mcu_bench >&2
if [ "${1:-}" = --record ]; then
  exec "$build/tests/benchmarks/mcu_bench" --jobs "$(nproc)" --record "$root/tests/benchmarks/mcu/instructions.json"
fi
exec "$build/tests/benchmarks/mcu_bench" --mixed --networks --cycles --jobs "$(nproc)" "$@"
