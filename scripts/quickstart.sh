#!/usr/bin/env bash
# From a clean machine to samples: installs what is missing, builds the programs, trains a model on
# Fashion-MNIST for some minutes and draws 64 samples.
#
#   scripts/quickstart.sh [--minutes M] [--out FOLDER]
#
# M limits the training, by default to 8 minutes; two cores of today need 4 to 6. FOLDER is by
# default the first that does not exist of runs/quickstart, runs/quickstart-2, ...
# EBM_JOBS sets how many compilers run in parallel (default: one per core).
set -euo pipefail

usage() {
  sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
}
minutes=8
out=
while [ $# -gt 0 ]; do
  case "$1" in
    --minutes | --out)
      if [ $# -lt 2 ]; then
        echo "quickstart.sh: $1 needs a value" >&2
        exit 64
      fi
      if [ "$1" = --minutes ]; then minutes=$2; else out=$(realpath -m -- "$2"); fi
      shift 2
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      echo "quickstart.sh: unknown argument '$1'" >&2
      usage >&2
      exit 64
      ;;
  esac
done

cd "$(dirname "${BASH_SOURCE[0]}")/.."
jobs=${EBM_JOBS:-$(nproc)}
ebm=build/quickstart/app/ebm

echo "== 1 of 4: packages"
bash scripts/setup.sh

echo "== 2 of 4: building the programs with $jobs jobs"
cmake --preset release -B build/quickstart --log-level=NOTICE -DEBM_TESTS=OFF -DEBM_BENCHES=OFF
cmake --build build/quickstart --parallel "$jobs" --target ebm ebm-torch

if [ -z "$out" ]; then
  out=runs/quickstart
  for ((i = 2; ; ++i)); do
    [ -e "$out" ] || break
    out=runs/quickstart-$i
  done
fi
mkdir -p "$(dirname -- "$out")"

train=("$ebm" train quick --data fashion-mnist --out "$out")
echo "== 3 of 4: training for at most $minutes minutes"
status=0
"${train[@]}" --minutes "$minutes" || status=$?
if [ "$status" -eq 130 ] || [ "$status" -eq 143 ]; then
  echo "Stopped and saved. To continue: ${train[*]} --resume --minutes $minutes"
  exit "$status"
elif [ "$status" -ne 0 ]; then
  exit "$status"
fi

echo "== 4 of 4: sampling"
"$ebm" sample "$out" --n 64 --seed 1 --out "$out/samples.png"

cat <<END

Done.
  $out/samples.png   64 samples of the trained model
  $out               the run: metrics.csv, samples/, checkpoints/, model.safetensors

What to do next:
  a page about the run:  $ebm report $out
  measure its samples:   $ebm eval $out --data fashion-mnist
  more samples:          $ebm sample $out --n 256 --seed 2 --out $out/more.png
  train longer:          $ebm train --out $out --resume --iterations 24000
  all commands:          $ebm --help
END
