#!/usr/bin/env bash
# Fuzzes the readers of files and texts: builds a libFuzzer program for each target of tests/fuzz
# with clang and its sanitizers, runs each for some seconds, and prints a line for each: executions,
# seconds, findings. Exits with 1 if there is a finding.
#
#   scripts/fuzz.sh SECONDS [TARGET...]      all targets unless some are named
#
# Inputs that reach new code are kept in build/fuzz/corpus/TARGET/, findings in
# build/fuzz/findings/TARGET/: run build/fuzz/tests/fuzz/fuzz_TARGET FILE to see one again. Once
# mended, its file belongs into tests/fuzz/corpus/TARGET/, which every run of the tests reads.
# EBM_JOBS sets how many compilers run side by side (all cores unless set).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
jobs=${EBM_JOBS:-$(nproc)}
if ! [[ ${1:-} =~ ^[1-9][0-9]*$ ]]; then
  sed -n '2,12s/^# \{0,1\}//p' "$0"
  exit 64
fi
seconds=$1
shift
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  for folder in tests/fuzz/corpus/*/; do targets+=("$(basename "$folder")"); done
fi
for target in "${targets[@]}"; do
  if ! [ -d "tests/fuzz/corpus/$target" ]; then
    echo "fuzz.sh: no target '$target': one of $(ls tests/fuzz/corpus | xargs)" >&2
    exit 64
  fi
done

[ -f build/fuzz/CMakeCache.txt ] || cmake --preset fuzz --log-level=NOTICE
cmake --build --preset fuzz --parallel "$jobs" --target "${targets[@]/#/fuzz_}"

export ASAN_OPTIONS="quarantine_size_mb=16:allocator_may_return_null=1:detect_leaks=0"
export UBSAN_OPTIONS="halt_on_error=1:print_stacktrace=1"
n_all=0
status=0
for target in "${targets[@]}"; do
  corpus=build/fuzz/corpus/$target
  findings=build/fuzz/findings/$target
  log=build/fuzz/$target.log
  mkdir -p "$corpus" "$findings"
  # By default half of the time goes into choosing which input to change.
  options=(-entropic=0 -max_total_time="$seconds" -timeout=60 -rss_limit_mb=2048 -max_len=65536
    -artifact_prefix="$findings/" -print_final_stats=1)
  dictionary=tests/fuzz/dictionaries/$target.txt
  if [ -f "$dictionary" ]; then options+=(-dict="$dictionary"); fi
  start=$SECONDS
  result=0
  build/fuzz/tests/fuzz/fuzz_"$target" "${options[@]}" "$corpus" "tests/fuzz/corpus/$target" \
    >"$log" 2>&1 || result=$?
  # Of a run that ended by a finding, the last count that was printed.
  n=$(sed -nE 's/^stat::number_of_executed_units: *([0-9]+)$/\1/p; s/^#([0-9]+)\t.*/\1/p' "$log" |
    tail -n 1)
  n_findings=$(find "$findings" -type f | wc -l)
  echo "$target: ${n:-0} executions, $((SECONDS - start)) s, $n_findings findings"
  if [ "$result" -ne 0 ]; then
    grep -m 1 -E '^FAULT|ERROR: |runtime error' "$log" || tail -n 1 "$log"
    status=1
  fi
  n_all=$((n_all + ${n:-0}))
done
echo "$n_all executions in all"
exit "$status"
