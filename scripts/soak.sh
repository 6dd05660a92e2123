#!/bin/sh
# Disturbs training runs N times at random moments, resumes them and compares their bits with an
# undisturbed run: kills, signals, stops, and two processes on one run folder.
#   scripts/soak.sh N [PROGRAM] [OPTIONS]
# PROGRAM is build/release/app/ebm by default; OPTIONS are those of tests/app/train/soak_test.py.
set -eu
rounds=${1:?"usage: scripts/soak.sh N [PROGRAM] [OPTIONS]"}
shift
here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
program=$here/build/release/app/ebm
case ${1:---} in
  -*) ;;
  *) program=$1; shift ;;
esac
PYTHONPATH=$here/tests/app/support exec python3 -B "$here/tests/app/train/soak_test.py" \
  "$program" --rounds "$rounds" "$@"
