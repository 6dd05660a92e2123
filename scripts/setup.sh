#!/usr/bin/env bash
# Installs the Debian packages that are missing, and nothing else. Takes a moment when none is.
#
#   scripts/setup.sh            what building, testing and running ebm needs
#   scripts/setup.sh --checks   also the formatter, the linter, the sanitizers' compiler, Doxygen,
#                               a browser
set -euo pipefail

packages=(
  g++ cmake ninja-build
  libtorch-dev                                         # GANs, flows, ebm eval
  libopenblas0-openmp                                  # the products of matrices in LibTorch
  libhwy-dev                                           # SIMD with run-time dispatch
  libeigen3-dev                                        # factors of matrices, Fourier transforms
  liblemon-dev                                         # exact optimal transport
  libcli11-dev libtomlplusplus-dev nlohmann-json3-dev  # command line, configuration, JSON
  zlib1g-dev libpng-dev libjpeg-dev libwebp-dev        # data sets and pictures
  libprotozero-dev                                     # TensorBoard's event files
  libboost-dev                                         # Runge-Kutta
  libcairo2-dev                                        # pictures of lines and text
  libnetcdf-dev                                        # traces for ArviZ
  libjs-dygraphs                                       # the charts of a run's page
  libgtest-dev libbenchmark-dev python3                # tests and benches
  dataset-fashion-mnist                                # the data of the quick start
)
check_packages=(git clang-format-14 clang-tidy-14 clang-14 libclang-rt-14-dev libomp-14-dev
  doxygen chromium)

for argument in "$@"; do
  case "$argument" in
    --checks) packages+=("${check_packages[@]}") ;;
    -h | --help)
      sed -n '2,5s/^# \{0,1\}//p' "$0"
      exit 0
      ;;
    *)
      echo "setup.sh: unknown argument '$argument': only --checks" >&2
      exit 64
      ;;
  esac
done

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  {
    echo "setup.sh installs on Debian and its derivatives only. Needed, by Debian's names:"
    echo "  ${packages[*]}"
    echo "With these installed by other means, build by hand: cmake --workflow --preset release"
  } >&2
  exit 1
fi

# One call for all; dpkg-query fails if it does not know one of them, which is an answer too.
installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "${packages[@]}" 2>/dev/null ||
  true)
missing=()
for package in "${packages[@]}"; do
  grep -qxF "$package installed" <<<"$installed" || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "set-up: all packages are installed"
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  # Without a terminal nobody can type a password.
  if command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
    as_root=(sudo)
  else
    {
      echo "setup.sh has to install packages, but is not root and cannot use sudo. Run as root:"
      echo "  apt-get update && apt-get install --no-install-recommends ${missing[*]}"
    } >&2
    exit 1
  fi
fi

echo "set-up: installing ${missing[*]}"
apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300
  -o Dpkg::Use-Pty=0)
"${apt[@]}" update
"${apt[@]}" install --yes --no-install-recommends "${missing[@]}" >/dev/null
echo "set-up: done"
