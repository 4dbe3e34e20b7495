#!/usr/bin/env bash
# Training speed: float LibTorch and Intact's quantized training, interleaved in one run, ResNet-8 at CIFAR size, all cores; prints
# images a second, their ratios, and where the quantized step's time goes. Usage: scripts/train_bench.sh [--json FILE] [--repetitions N]. Keep the machine otherwise idle.
set -euo pipefail
cd "$(dirname "$0")/.."
json= repetitions=5
while [ $# -gt 0 ]; do
  case $1 in
    --json) json=${2:?--json needs a file}; shift 2 ;;
    --repetitions) repetitions=${2:?--repetitions needs a number}; shift 2 ;;
    *) echo "usage: $0 [--json FILE] [--repetitions N]" >&2; exit 2 ;;
  esac
done

scripts/setup.sh test
cmake -S . -B build-bench -G Ninja -DCMAKE_BUILD_TYPE=Release -DINTACT_BENCHMARKS=ON >/dev/null
cmake --build build-bench --target train_benchmark step_breakdown
raw=$(mktemp) parts=$(mktemp)
trap 'rm -f "$raw" "$parts"' EXIT
build-bench/tests/benchmarks/train_benchmark --benchmark_repetitions="$repetitions" --benchmark_enable_random_interleaving=true \
  --benchmark_report_aggregates_only=true --benchmark_out="$raw" --benchmark_out_format=json >&2
build-bench/tests/benchmarks/step_breakdown 32 >"$parts"
python3 - "$raw" "$parts" "$json" <<'PY'
import json, sys
raw, parts, out = sys.argv[1:]
runs = json.load(open(raw))["benchmarks"]
speed = {r["run_name"].removeprefix("BM_").removesuffix("/real_time"): r["items_per_second"] for r in runs if r["aggregate_name"] == "median"}
ratios = {"ratio_b32": ("IntactQuantized/32", "LibTorchFloat/32"), "ratio_b128": ("IntactQuantized/128", "LibTorchFloat/128"),
          "ratio_fp32": ("IntactQuantizedFloatConvolutions/32", "LibTorchFloat/32"),
          "ratio_fused_float": ("IntactQuantized/32", "IntactFloat/32")}
result = {"images_per_second": speed, **{name: speed[a] / speed[b] for name, (a, b) in ratios.items()}}
result["step"] = json.load(open(parts))
for name in sorted(speed):
    print(f"{name:42} {speed[name]:8.0f} images/s")
for name in ratios:
    print(f"{name:42} {result[name]:8.2f}")
print(f"quantized step, batch 32: {result['step']['step_ms']:.2f} ms, of which")
for name, ms in sorted(result["step"]["parts_ms"].items(), key=lambda part: -part[1]):
    print(f"  {name:40} {ms:8.2f} ms")
if out:
    with open(out, "w") as file:
        json.dump(result, file, indent=2)
PY
