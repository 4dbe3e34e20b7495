#!/usr/bin/env bash
# Quantizes a run's float network without training at 8, 4, 3 and 2 bits and prints docs/RESULTS.md's table. Usage: scripts/calibrate_results.sh RUN
# [FOLDER]; RUN: residual_w4a4 of scripts/results.sh, which also trains the rows with quantizers. A row whose result is there already is only
# printed. INTACT names the program (default: that of scripts/quickstart.sh).
set -euo pipefail
cd "$(dirname "$0")/.."
run=$1
folder=${2:-runs/calibrate}
intact=${INTACT:-build/src/cli/intact}
mkdir -p "$folder"

row() {  # name, options; one number for each width
  local name=$1 cells=""
  shift
  for bits in 8 4 3 2; do
    local out="$folder/${name// /_}_$bits"
    if [ ! -f "$out.json" ]; then
      "$intact" calibrate "$run" --out "$out" --set threads=1 --set quantization.weights.bits=$bits --set quantization.activations.bits=$bits \
        "$@" --json "$out.json" >&2
      "$intact" compare "$out" --limit 1000 >&2  # exact, or the script ends here
    fi
    cells+=" $(python3 -c "import json, sys; print(f'{100 * json.load(open(sys.argv[1]))[\"quantized_accuracy\"]:.2f}')" "$out.json") |"
  done
  echo "| $name |$cells"
}

nearest=(--set calibrate.bias_correction=false)
echo "| calibrated by | W8A8 | W4A4 | W3A3 | W2A2 |"
echo "|---|---|---|---|---|"
row "extremes" "${nearest[@]}" --set calibrate.weights=min_max --set calibrate.activations=min_max
row "least squares" "${nearest[@]}"
row "equalization" "${nearest[@]}" --set calibrate.equalize=true
row "bias correction"
row "adaround" --set calibrate.adaround.iterations=600
