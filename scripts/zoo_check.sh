#!/usr/bin/env bash
# Trains every network of the zoo for a moment at W4A4, exports it, compares all rungs, and prints a table; fails if a value differs.
# Fashion-MNIST where a network is for 28x28 images, else seeded synthetic data of the network's input size.
# The training is too short to say anything about accuracy.
# Usage: scripts/zoo_check.sh [--core NAME] [FOLDER]. Needs the build of scripts/quickstart.sh, or INTACT=program.
set -euo pipefail
cd "$(dirname "$0")/.."
intact=${INTACT:-build/src/cli/intact}
core=(--core cortex-m4 --core-samples 1)
if [ "${1:-}" = --core ]; then
  core=(--core "$2" --core-samples 1)
  shift 2
fi
folder=${1:-runs/zoo}
export XDG_CACHE_HOME=$folder/cache
case $folder in /*) ;; *) XDG_CACHE_HOME=$PWD/$XDG_CACHE_HOME ;; esac
mkdir -p "$folder"
different=0

check() {  # network, outputs, the config's data: as a flow map, further lines of train:
  local name=$1 outputs=$2 data=$3 train=${4:-} run=$folder/$1
  if [ ! -f "$run/compare.json" ]; then
    rm -rf "$run"
    cat >"$folder/$name.yaml" <<YAML
name: $name
threads: 1
data: $data
model: {zoo: $name, classes: $outputs}
quantization:
  weights: {quantizer: lsq, bits: 4}
  activations: {quantizer: lsq, bits: 4}
train:
  batch_size: 32
  optimizer: {kind: sgd, lr: 0.05}
  $train
  phases:
    - {kind: float, epochs: 1, schedule: {kind: cosine, warmup: 0.2}}
    - {kind: calibrate, batches: 2}
    - {kind: frozen, epochs: 1, batches: 2, lr: 0.0005}
YAML
    "$intact" train "$folder/$name.yaml" --out "$run" >&2
    "$intact" compare "$run" "${core[@]}" >&2 || [ $? -eq 1 ]
  fi
  python3 - "$name" "$run/compare.json" <<'PY' || different=1
import json, sys
name, file = sys.argv[1:]
r = json.load(open(file))
rungs = {rung["name"]: rung for rung in r["rungs"]}
def score(rung):
    rung = rungs[rung]
    return f"{100 * rung['accuracy']:.1f} %" if "accuracy" in rung else f"{rung['mean_squared_error']:.4f}"
different = sum(pair["different"] for pair in r["pairs"])
values = max(pair["values"] for pair in r["pairs"])
print(f"| {name} | {rungs['quantized']['samples']} | {score('float')} | {score('quantized')} | {values:,} | {different} "
      f"| {r['flash_bytes']:,} | {r['arena_bytes']:,} | {r['macs']:,} |")
sys.exit(different != 0)
PY
}

synthetic() {  # what, folder below $folder, numbers: the folder's path
  local what=$1 path=$folder/data/$2
  shift 2
  [ -d "$path" ] || { scripts/synthetic_data.py "$what" "$path.part" "$@" && mv "$path.part" "$path"; } >&2
  echo "$path"
}

echo "| network | test samples | float | quantized | values compared | differing | flash bytes | arena bytes | MACs |"
echo "|---|---|---|---|---|---|---|---|---|"
fashion="{kind: idx, path: /usr/share/datasets/fashion-mnist, mean: 0.286, std: 0.353, limit_train: 320, limit_test: 20}"
for name in plain_cnn residual_cnn depthwise_cnn lenet5; do check $name 10 "$fashion"; done
cifar="{kind: npy, path: $(synthetic npy cifar 32 32 3 10 160 20), mean: 0.4, std: 0.25}"
for name in resnet8 resnet20 vgg_small; do check $name 10 "$cifar"; done
check ds_cnn 12 "{kind: npy, path: $(synthetic npy speech 49 10 1 12 240 24), mean: 0.4, std: 0.25}"
check mobilenet 2 "{kind: image_folder, path: $(synthetic images wakewords 60 80 2 64 10), height: 96, width: 96, mean: 0.4, std: 0.25}"
check autoencoder 640 "{kind: csv, path: $(synthetic csv sounds 640 320 20), mean: 0.5, std: 0.15}" "loss: reconstruction"
exit $different
