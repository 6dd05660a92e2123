#!/usr/bin/env bash
# Builds ebm and runs every test on Debian 13 (trixie): the committed tree, by scripts/test.sh in a
# folder that debootstrap fills with that system.
#
#   scripts/debian13.sh [FOLDER] [ctest arguments]     e.g. scripts/debian13.sh /srv/trixie -L unit
#
# FOLDER is kept, and taken as it is the next time; without one, a temporary folder is filled and
# removed. Needs root. EBM_JOBS sets how many compilers and tests run side by side, EBM_MIRROR where
# Debian's packages come from.
set -euo pipefail

case "${1:-}" in
  -h | --help)
    sed -n '2,9s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
esac
if [ "$(id -u)" -ne 0 ]; then
  echo "debian13.sh: needs root, for debootstrap and chroot" >&2
  exit 1
fi
# In mounts of its own, which end with it, however it ends.
if [ "${EBM_DEBIAN13_INSIDE:-}" != 1 ]; then
  exec env EBM_DEBIAN13_INSIDE=1 unshare --mount --propagation private bash "$0" "$@"
fi

root=
if [ $# -gt 0 ] && [[ $1 != -* ]]; then
  root=$(realpath -m -- "$1")
  shift
fi
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mounted=()
temporary=
clean_up() {
  local i
  for ((i = ${#mounted[@]} - 1; i >= 0; --i)); do umount -- "${mounted[i]}" || true; done
  if [ -n "$temporary" ]; then rm -rf --one-file-system -- "$temporary"; fi
}
trap clean_up EXIT
if [ -z "$root" ]; then
  temporary=$(mktemp -d)
  root=$temporary
fi

if ! command -v debootstrap >/dev/null; then
  DEBIAN_FRONTEND=noninteractive apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends debootstrap
fi
# debootstrap's last file; a folder that it did not finish is filled anew.
if [ ! -e "$root/.debian13" ]; then
  echo "debian13: filling $root"
  debootstrap --variant=minbase trixie "$root" "${EBM_MIRROR:-http://deb.debian.org/debian}" \
    >"$root.log" 2>&1 || {
    tail "$root.log" >&2
    exit 1
  }
  rm "$root.log"
  touch "$root/.debian13"
fi

# What tests ask of a system: processes, terminals, shared memory.
mount_in() {
  mkdir -p "$root/$3"
  mount -t "$1" -o "$2" ebm "$root/$3"
  mounted+=("$root/$3")
}
mount_in proc defaults proc
mount_in devpts newinstance,ptmxmode=0666,mode=620 dev/pts
mount_in tmpfs defaults dev/shm
ln -sf pts/ptmx "$root/dev/ptmx"
ln -sfn /proc/self/fd "$root/dev/fd"
cp /etc/resolv.conf "$root/etc/resolv.conf"

tree=$root/root/ebm
rm -rf -- "$tree"
mkdir -p "$tree"
git archive HEAD | tar -x -C "$tree"

status=0
chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
  TERM=dumb EBM_JOBS="${EBM_JOBS:-$(nproc)}" bash /root/ebm/scripts/test.sh "$@" || status=$?
version_of() {
  chroot "$root" dpkg-query -W -f='${Version}' "$1" 2>/dev/null || echo missing
}
echo "debian13: $(git rev-parse --short HEAD) on Debian $(cat "$root/etc/debian_version") with" \
  "g++ $(version_of g++), LibTorch $(version_of libtorch-dev), Highway $(version_of libhwy-dev):" \
  "$([ "$status" -eq 0 ] && echo passed || echo "failed, exit $status")"
exit "$status"
