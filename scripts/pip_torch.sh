#!/usr/bin/env bash
# Builds ebm against the LibTorch within PyPI's torch, and runs the tests that need LibTorch.
#
#   scripts/pip_torch.sh [FOLDER] [ctest arguments]
#
# FOLDER is where torch is installed, a virtual environment that is kept; a temporary one unless
# given. EBM_TORCH_VERSION is 2.13.0 unless set. It has to be a build for CPUs: where pip finds one
# for CUDA, let PIP_INDEX_URL name an index of such builds. EBM_JOBS as in test.sh.
set -euo pipefail

case "${1:-}" in
  -h | --help)
    sed -n '2,8s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
esac
folder=
if [ $# -gt 0 ] && [[ $1 != -* ]]; then
  folder=$(realpath -m -- "$1")
  shift
fi
cd "$(dirname "${BASH_SOURCE[0]}")/.."
jobs=${EBM_JOBS:-$(nproc)}
version=${EBM_TORCH_VERSION:-2.13.0}
if [ -z "$folder" ]; then
  folder=$(mktemp -d)
  trap 'rm -rf -- "$folder"' EXIT
fi

bash scripts/setup.sh
if [ ! -x "$folder/bin/pip" ]; then python3 -m venv "$folder"; fi
"$folder/bin/pip" install --quiet "torch==$version" numpy
prefix=$("$folder/bin/python" -c '
import sys, torch
if torch.version.cuda:
    sys.exit(f"pip_torch.sh: torch {torch.__version__} is for CUDA; set PIP_INDEX_URL")
print(torch.utils.cmake_prefix_path)')

build=build/pip-torch
cmake --preset release -B "$build" -DCMAKE_PREFIX_PATH="$prefix" --log-level=NOTICE
cmake --build "$build" --parallel "$jobs"
status=0
OMP_WAIT_POLICY=passive ctest --test-dir "$build" --parallel "$jobs" --output-on-failure \
  --no-tests=error -R '^(torch_nets|gan|flow|app|python|consumer)\.' "$@" || status=$?
echo "pip_torch: $(git rev-parse --short HEAD) with torch $version from PyPI:" \
  "$([ "$status" -eq 0 ] && echo passed || echo "failed, exit $status")"
exit "$status"
