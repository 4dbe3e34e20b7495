#!/usr/bin/env bash
# CIFAR-10 rows of docs/RESULTS.md: ResNet-8 at a peer's budget, three seeds, 30 epochs in float and from there 10 at W4A4 and 12 at W2A2, which the
# float network teaches as it is.
# Usage: scripts/cifar_results.sh IMAGES [FOLDER]; IMAGES: CIFAR-10 as image files, train/CLASS/IMAGE and test/CLASS/IMAGE. About two hours on two
# cores, two seeds at a time with one thread each; goes on where it was interrupted. Prints the table. INTACT names the program (default: that of scripts/quickstart.sh).
set -euo pipefail
images=$(realpath "${1:?folder of images}")
cd "$(dirname "$0")/.."
export images folder=${2:-runs/cifar}
export intact=${INTACT:-build/src/cli/intact}
mkdir -p "$folder"

run() {  # name, seed, options: trains what is not trained yet
  local name=$1 seed=$2
  shift 2
  "$intact" train configs/cifar10_resnet20_w4a4.yaml --out "$folder/$name" --resume --set model.zoo=resnet8 --set data.kind=image_folder \
    --set "data.path=$images" --set data.height=32 --set data.width=32 --set threads=1 --set "seed=$seed" --set train.float_reference=false "$@"
}
quantized() {  # bits, seed, epochs of qat, learning rates: from the seed's float network, and compared over all test images
  local bits=$1 seed=$2 epochs=$3 lr=$4 frozen_lr=$5 name=w$1a$1_$2
  run "$name" "$seed" --set "train.init=$folder/float_$seed" --set "quantization.weights.bits=$bits" --set "quantization.activations.bits=$bits" \
    --set train.distill.weight=0.5 \
    --set "train.phases=[{kind: calibrate, batches: 20}, {kind: qat, epochs: $epochs, lr: $lr}, {kind: frozen, epochs: 1, batches: 100, lr: $frozen_lr}]"
  [ -f "$folder/$name/compare.json" ] || "$intact" compare "$folder/$name"
}
seed() {
  run "float_$1" "$1" --set "train.phases=[{kind: float, epochs: 30, schedule: {kind: cosine, warmup: 0.2}}, {kind: calibrate, batches: 20}]"
  quantized 4 "$1" 9 0.02 0.00002
  quantized 2 "$1" 11 0.04 0.00004
}
export -f run quantized seed
printf '%s\n' 1 2 3 | xargs -P 2 -I{} bash -euc 'seed {}' >&2

python3 - "$folder" <<'PY'
import json, pathlib, sys
folder = pathlib.Path(sys.argv[1])

def lines(name):
    return [json.loads(line) for line in (folder / name / "metrics.jsonl").read_text().splitlines()]

def percent(cells):
    return " | ".join(f"{100 * c:.2f}" for c in cells)

print("| bits | seed 1 | seed 2 | seed 3 | mean | differing |")
print("|---|---|---|---|---|---|")
for name in ("float", "w4a4", "w2a2"):
    cells, differing = [], ""
    for seed in (1, 2, 3):
        run = f"{name}_{seed}"
        if name == "float":
            cells.append([l for l in lines(run) if l["event"] == "epoch"][-1]["test_accuracy"])
            continue
        compared = json.load(open(folder / run / "compare.json"))
        cells.append(next(r["accuracy"] for r in compared["rungs"] if r["name"] == "quantized"))
        differing = (differing or 0) + sum(pair["different"] for pair in compared["pairs"])
    print(f"| {name} | {percent(cells + [sum(cells) / 3])} | {differing} |")

print("\n| bits | seed | before re-estimation | after it | after the exact epoch |")
print("|---|---|---|---|---|")
for name in ("w4a4", "w2a2"):
    for seed in (1, 2, 3):
        moments = [l["test_accuracy"] for l in lines(f"{name}_{seed}") if l["event"] == "frozen"]
        print(f"| {name} | {seed} | {percent(moments)} |")
PY
