#!/usr/bin/env bash
# Installs the Debian or Ubuntu packages that are missing. Usage: scripts/setup.sh [quickstart|test]
# quickstart: what building, training and the Cortex-M4 need. test: that and what the tests need.
set -euo pipefail

build=(ca-certificates g++ cmake ninja-build git libtorch-dev libeigen3-dev libyaml-cpp-dev libspdlog-dev libcli11-dev
       nlohmann-json3-dev libdnnl-dev zlib1g-dev libxxhash-dev libjpeg-dev libpng-dev
       dataset-fashion-mnist gcc-arm-none-eabi qemu-system-arm)
tests=(libgtest-dev libgmock-dev libbenchmark-dev gcc-riscv64-unknown-elf qemu-system-misc clang clang-format clang-tidy
       python3 python3-numpy)

case "${1:-quickstart}" in
  quickstart) wanted=("${build[@]}") ;;
  test) wanted=("${build[@]}" "${tests[@]}") ;;
  *) echo "usage: $0 [quickstart|test]" >&2; exit 2 ;;
esac

missing=()
for package in "${wanted[@]}"; do
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

run=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "missing: ${missing[*]}; install them as root, or install sudo" >&2; exit 1; }
  run=(sudo)
fi
echo "installing ${#missing[@]} packages: ${missing[*]}"
"${run[@]}" apt-get update -qq
"${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
