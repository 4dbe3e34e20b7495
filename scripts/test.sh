#!/usr/bin/env bash
# Installs what is missing, builds, runs every test, and ends with "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh test || exit 1
export OMP_WAIT_POLICY=passive  # two tests at a time share the cores; threads that spin while they wait would stop the other

passed=0
failed=0
count() {  # name, command...: one check
  local name=$1 log
  shift
  log=$(mktemp)
  if "$@" >"$log" 2>&1; then
    passed=$((passed + 1))
    echo "ok      $name"
  else
    failed=$((failed + 1))
    echo "FAILED  $name"
    tail -n 60 "$log"
  fi
  rm -f "$log"
}
build() {  # folder, targets in quotes, options...
  local folder=$1 targets=$2
  shift 2
  # shellcheck disable=SC2086
  cmake -S . -B "$folder" -G Ninja -DINTACT_WERROR=ON "$@" >/dev/null && cmake --build "$folder" --target $targets
}
run_ctest() {  # folder, options of ctest...: adds its tests to the totals
  local folder=$1 junit=$1/ctest.xml
  shift
  rm -f "$junit"
  ctest --test-dir "$folder" --output-on-failure -j "$(nproc)" --output-junit "$PWD/$junit" "$@"
  local total bad skipped
  total=$(grep -o 'tests="[0-9]*"' "$junit" | head -1 | tr -dc 0-9)
  bad=$(grep -o 'failures="[0-9]*"' "$junit" | head -1 | tr -dc 0-9)
  skipped=$(grep -o 'skipped="[0-9]*"' "$junit" | head -1 | tr -dc 0-9)
  if [ "${skipped:-0}" -gt 0 ]; then  # set-up installs all that tests need, so a skip hides a missing package
    echo "FAILED  $folder: $skipped tests were skipped"
    bad=$((bad + skipped))
  fi
  if [ -z "$total" ] || [ "$total" -eq 0 ]; then
    echo "FAILED  $folder: no test ran"
    failed=$((failed + 1))
    return
  fi
  passed=$((passed + total - bad))
  failed=$((failed + bad))
}

echo "== release build, all tests"
count "build, warnings are errors" build build-test all -DCMAKE_BUILD_TYPE=Release
run_ctest build-test

echo "== address and undefined-behaviour sanitizers over everything without LibTorch"
count "build with sanitizers" build build-sanitize all -DCMAKE_BUILD_TYPE=RelWithDebInfo -DINTACT_WITH_TORCH=OFF -DINTACT_SANITIZE=ON \
  -DINTACT_FIRMWARE_FROM=build-test "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O1 -g1"  # half the time of -O2 -g
# Without what runs on emulated cores alone: no sanitizer sees that, and the release build has tested it.
run_ctest build-sanitize -E 'KernelsOnCore|instructions_test|runtime\.freestanding'

echo "== fuzzing"
count "build fuzzers" build build-fuzz "fuzz_blob fuzz_config fuzz_npy fuzz_idx fuzz_csv fuzz_image" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DINTACT_WITH_TORCH=OFF -DINTACT_FUZZ=ON \
  -DINTACT_SANITIZE=ON -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++
count "fuzz for 60 s" scripts/fuzz.sh build-fuzz 60

echo "== style"
count "README's example is the one that is tested" scripts/check_readme.sh
count "clang-format" scripts/check_format.sh
count "clang-tidy" scripts/check_tidy.sh build-test

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
