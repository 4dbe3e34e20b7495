#!/usr/bin/env bash
# Installs what is missing, builds, trains configs/fashion_mnist_w4a4.yaml on the full data, exports, and compares all rungs on the full
# test data; leaves everything in runs/quickstart. An interrupted run goes on where it stood, a complete one is done anew.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh quickstart
cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DINTACT_TESTS=OFF >/dev/null
cmake --build build

run=runs/quickstart
intact=build/src/cli/intact
if [ -f $run/compare.json ]; then
  rm -r $run
fi
resume=()
[ -d $run ] && resume=(--resume)
$intact train configs/fashion_mnist_w4a4.yaml --out $run "${resume[@]}"
$intact export $run --target cortex-m4
$intact compare $run --core cortex-m4 --core-samples 200
