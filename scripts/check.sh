#!/usr/bin/env bash
# The cheap checks: layout (clang-format), arrows between the modules (includes), and the linter
# (clang-tidy) on what the last commit and the work tree changed.
#
#   scripts/check.sh          at most EBM_TIDY_FILES files (12), modules before tests
#   scripts/check.sh --all    the linter on every file; takes long
#
# The linter leaves out what includes LibTorch: clang 14 rejects its 1.13 headers in C++20.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
jobs=${EBM_JOBS:-$(nproc)}
max_files=${EBM_TIDY_FILES:-12}
all=false
case "${1:-}" in
  "") ;;
  --all) all=true ;;
  *)
    sed -n '2,8s/^# \{0,1\}//p' "$0"
    exit 64
    ;;
esac

# The versions of Debian's bookworm decide; other versions lay out and find other things.
tool() {
  local name
  for name in "$1-14" "$1"; do
    if command -v "$name" >/dev/null && "$name" --version | grep -q 'version 14\.'; then
      echo "$name"
      return
    fi
  done
  echo "check.sh: $1 of version 14 is not installed: scripts/setup.sh --checks" >&2
  return 1
}
clang_format=$(tool clang-format)
clang_tidy=$(tool clang-tidy)
failures=0

sources() {
  git ls-files --cached --others --exclude-standard -- "$@" | while read -r file; do
    if [ -f "$file" ]; then echo "$file"; fi
  done
}

mapfile -t files < <(sources '*.h' '*.cc')
if [ ${#files[@]} -eq 0 ]; then
  echo "check.sh: git lists no source file" >&2
  exit 1
fi
if "$clang_format" --dry-run -Werror "${files[@]}"; then
  echo "clang-format: ${#files[@]} files"
else
  echo "clang-format: some files differ; to lay them out: $clang_format -i FILE..."
  failures=$((failures + 1))
fi

python3 tests/includes/check_includes.py . || failures=$((failures + 1))

changed=()
if $all; then
  mapfile -t changed < <(sources '*.cc')
elif git rev-parse --verify --quiet 'HEAD~1^{commit}' >/dev/null; then
  mapfile -t changed < <(git diff --name-only --diff-filter=d HEAD~1 -- '*.cc')
else
  echo "clang-tidy: skipped, as HEAD has no parent here: the first commit or a shallow clone"
fi

# The linter wants one command for each file, which a unity build has not.
database=build/tidy/compile_commands.json
if [ ${#changed[@]} -gt 0 ]; then
  cmake --preset release -B build/tidy -DCMAKE_UNITY_BUILD=OFF >/dev/null
fi

# Own modules first, then tests and benches.
torch='^((tests|bench)/)?(torch_nets|gan|flow)/'
torch+='|^(tests/)?app/((gan|flow)/|([a-z_]+/)?torch_)'
chosen=()
skipped=()
add_matching() {
  local file
  for file in "${changed[@]}"; do
    if ! "$1" "$file"; then continue; fi
    if is_torch "$file"; then
      skipped+=("$file (LibTorch)")
    elif ! grep -qF "\"$PWD/$file\"" "$database"; then
      skipped+=("$file (not in the build)")
    elif ! $all && [ ${#chosen[@]} -ge "$max_files" ]; then
      skipped+=("$file")
    else
      chosen+=("$file")
    fi
  done
}
is_torch() { [[ $1 =~ $torch ]]; }
is_test() { [[ $1 =~ ^(tests|bench)/ ]] && ! is_torch "$1"; }
is_module() { ! is_torch "$1" && ! is_test "$1"; }
if [ ${#changed[@]} -gt 0 ]; then
  add_matching is_module
  add_matching is_test
  add_matching is_torch
fi
if [ ${#chosen[@]} -gt 0 ]; then
  # The compiler's own options that clang does not know are no finding.
  # Nor can it read GCC's precompiled headers: every file includes what it needs itself.
  sed -Ei 's/ -include [^ "]*cmake_pch\.hxx//g' "$database"
  command=("$clang_tidy" -p build/tidy --quiet
    --extra-arg=-Wno-unknown-warning-option)
  if printf '%s\0' "${chosen[@]}" | xargs -0 -n 1 -P "$jobs" "${command[@]}" \
    2> >(grep -vE 'warnings? generated|^Suppressed' >&2); then
    echo "clang-tidy: ${#chosen[@]} files"
  else
    failures=$((failures + 1))
  fi
fi
if [ ${#skipped[@]} -gt 0 ]; then
  echo "clang-tidy: not checked:"
  printf '  %s\n' "${skipped[@]}"
fi

if [ "$failures" -gt 0 ]; then
  echo "check.sh: $failures of 3 checks failed" >&2
  exit 1
fi
echo "check.sh: all checks passed"
