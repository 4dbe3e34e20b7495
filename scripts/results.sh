#!/usr/bin/env bash
# Trains and compares every row of docs/RESULTS.md (about one and a half hours on one core) and prints its table. Usage: scripts/results.sh [FOLDER]
# A row whose compare.json is there already is only printed. Needs the build of scripts/quickstart.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-runs/results}
intact=build/src/cli/intact
# Other networks than the configs' own have no layers "stem" and "*_shortcut": the overrides for these go elsewhere.
plain=(--set model.zoo=plain_cnn --set quantization.overrides.0.layers=conv1 --set quantization.overrides.2.layers=pool)
lenet=(--set model.zoo=lenet5 --set quantization.overrides.0.layers=conv1 --set quantization.overrides.2.layers=linear2
  --set quantization.overrides.3.layers=linear2)
longer=(--set train.phases.2.epochs=14)

row() {  # name, config, further options of train
  local name=$1 config=$2
  shift 2
  if [ ! -f "$folder/$name/compare.json" ]; then
    "$intact" train "configs/$config.yaml" --out "$folder/$name" --resume --set threads=1 "$@" >&2
    "$intact" compare "$folder/$name" --core cortex-m4 >&2
  fi
  python3 - "$name" "$folder/$name/compare.json" <<'PY'
import json, sys
name, file = sys.argv[1:]
r = json.load(open(file))
accuracy = {rung["name"]: 100 * rung["accuracy"] for rung in r["rungs"]}
different = sum(pair["different"] for pair in r["pairs"])
values = max(pair["values"] for pair in r["pairs"])
print(f"| {name} | {accuracy['float']:.2f} | {accuracy['quantized']:.2f} | {accuracy['quantized'] - accuracy['float']:+.2f} | {values:,} | {different} "
      f"| {r['flash_bytes']:,} | {r['arena_bytes']:,} | {r['macs']:,} | {r['instructions']:,} |")
PY
}

echo "| row | float % | quantized % | difference | values compared | differing | flash bytes | arena bytes | MACs | M4 instructions |"
echo "|---|---|---|---|---|---|---|---|---|---|"
row plain_w8a8 fashion_mnist_w8a8 --set model.zoo=plain_cnn
row plain_w4a4 fashion_mnist_w4a4 "${plain[@]}" "${longer[@]}"
row plain_w2a2 fashion_mnist_w2a2 "${plain[@]}"
row plain_w1a1 fashion_mnist_w1a1
row lenet5_w8a8 fashion_mnist_w8a8 --set model.zoo=lenet5
for bits in w4a4 w2a2; do row "lenet5_$bits" "fashion_mnist_$bits" "${lenet[@]}"; done
row residual_w8a8 fashion_mnist_w8a8
row residual_w4a4 fashion_mnist_w4a4 "${longer[@]}"
row residual_w2a2 fashion_mnist_w2a2
row residual_w1a1 fashion_mnist_residual_w1a1
row mixed fashion_mnist_mixed
