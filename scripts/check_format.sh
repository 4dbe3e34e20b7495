#!/usr/bin/env bash
# Fails if clang-format would change a tracked source file.
set -euo pipefail
cd "$(dirname "$0")/.."
git ls-files 'src/*.h' 'src/*.cpp' 'src/*.c' 'exporters/*.h' 'exporters/*.cpp' 'tests/*.h' 'tests/*.cpp' 'tests/*.c' |
  xargs clang-format --dry-run -Werror
