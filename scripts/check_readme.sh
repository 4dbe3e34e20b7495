#!/usr/bin/env bash
# Fails unless the README's C example is tests/firmware/example/main.c, which the tests build and run.
set -euo pipefail
cd "$(dirname "$0")/.."
diff <(sed -n '/^```c$/,/^```$/p' README.md | sed '1d;$d') tests/firmware/example/main.c
