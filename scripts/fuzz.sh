#!/usr/bin/env bash
# Runs every libFuzzer target of a build folder (-DINTACT_FUZZ=ON, clang), the given seconds in all, two at a time.
# Usage: scripts/fuzz.sh BUILD_FOLDER SECONDS. A crash leaves its input in BUILD_FOLDER and fails. What the folder corpus beside a target holds is where
# it starts.
set -euo pipefail
folder=${1:?build folder}
seconds=${2:?seconds}
targets=(runtime/fuzz_blob config/fuzz_config data/fuzz_npy data/fuzz_idx data/fuzz_csv data/fuzz_image)
each=$((seconds * 2 / ${#targets[@]}))
here=$(cd "$(dirname "$0")/.." && pwd)
export here
cd "$folder"
printf '%s\n' "${targets[@]}" | xargs -P 2 -I{} sh -c '
  name=$(basename {}); mkdir -p corpus/$name
  seeds=$here/tests/$(dirname {})/corpus; [ -d "$seeds" ] || seeds=
  tests/{} -max_total_time='"$each"' -max_len=16384 -rss_limit_mb=3000 -artifact_prefix=$name- corpus/$name $seeds >$name.log 2>&1 ||
    { tail -n 40 $name.log; exit 255; }
  tail -n 1 $name.log'
