#!/usr/bin/env bash
# Builds everything and runs every test; the last line is "N passed, N failed"
# (", N skipped" if tests skipped themselves).
#
#   scripts/test.sh [ctest arguments]     e.g. scripts/test.sh -L unit
#
# EBM_JOBS sets how many compilers and tests run side by side (all cores unless set).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
jobs=${EBM_JOBS:-$(nproc)}

bash scripts/setup.sh
cmake --preset release --log-level=NOTICE
cmake --build --preset release --parallel "$jobs"

log=build/release/test.log
status=0
ctest --preset release --parallel "$jobs" "$@" 2>&1 | tee "$log" || status=$?

# "97% tests passed, 2 tests failed out of 61"; a test that could not be run counts as failed.
pattern='s/^[0-9]+% tests passed, ([0-9]+) tests? failed out of ([0-9]+).*/\1 \2/p'
summary=$(sed -n -E "$pattern" "$log")
read -r failed total <<<"${summary:-0 0}"
skipped=$(grep -c '(Skipped)$' "$log" || true)
if [ "$((total - skipped))" -le 0 ]; then
  echo "test.sh: no test ran" >&2
  status=1
elif [ "$failed" -gt 0 ] && [ "$status" -eq 0 ]; then
  status=1
fi
line="$((total - failed - skipped)) passed, $failed failed"
if [ "$skipped" -gt 0 ]; then line+=", $skipped skipped"; fi
echo "$line"
exit "$status"
