#!/usr/bin/env bash
# Code bytes of a firmware for each network of the zoo, exported as C source with the list of its kernels: all of .text but the blob, that is the
# runtime, constants, and a start-up of some 700 bytes. Beside it the same firmware with every kernel linked. Usage: scripts/code_size.sh [--core NAME]
# INTACT_BENCH_BUILD: build folder (build-bench); needs no LibTorch.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
build=${INTACT_BENCH_BUILD:-$root/build-bench}
core=cortex-m4
[ "${1:-}" = --core ] && core=$2

if [ ! -f "$build/CMakeCache.txt" ]; then
  cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DINTACT_WITH_TORCH=OFF >&2
fi
cmake --build "$build" --target export_zoo "firmware_intact-$core" >&2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$build/tests/benchmarks/export_zoo" "$core" "$work"

code_bytes() {  # folder, options...: bytes of .text without the model
  local folder=$1
  shift
  sh "$build/firmware/link-$core.sh" "$@" -I"$folder" "$root/tests/benchmarks/mcu/firmware_main.c" "$folder/model.c" -o "$folder/model.elf"
  local text model
  text=$(size -A "$folder/model.elf" | awk '$1 == ".text" { print $2 }')
  model=$(nm -S "$folder/model.elf" | awk '$4 == "model" { print $2 }')
  echo $((text - 0x$model))
}

echo "| network | weights | activations | blob | code | with every kernel |"
echo "|---|---|---|---|---|---|"
for folder in "$work"/*; do
  name=$(basename "$folder")
  bits=${name##*_w}
  echo "| ${name%_w*} | ${bits%a*} | ${bits#*a} | $(stat -c %s "$folder/model.blob") | $(code_bytes "$folder") | $(code_bytes "$folder" -DEVERY_KERNEL) |"
done
