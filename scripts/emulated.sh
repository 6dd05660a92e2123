#!/usr/bin/env bash
# Runs a program of this tree in an emulated machine whose processor has AMX and AVX-512 with
# bfloat16, for machines without: Bochs, as emulated_bochs.py edits it, and Debian's kernel.
#
#   scripts/emulated.sh FOLDER PROGRAM [ARGUMENT...]
#
#   scripts/emulated.sh /srv/emulated build/release/tests/nets/nets_unit_test \
#     --gtest_filter='Bf16NetTest.Cond*:Bf16NetTest.AChain*'
#   scripts/emulated.sh /srv/emulated env EBM_SIMD=AMX_BF16 build/release/app/ebm sample \
#     share/models/fashion-mnist.safetensors --precision bf16 --n 16 --steps 5 --out /tmp/a.npy
#
# Files that arguments name are taken along, programs with their libraries; what the program writes
# is lost, but for its output. FOLDER keeps the emulator and the kernel. The first time needs root,
# for apt-get, and 10 minutes of a core. The machine has one processor and 1 GB; it starts in a
# minute and then takes several hundred times as long as a real one: choose few, small tests. Times
# measured in it mean nothing. EBM_MIRROR is where Debian's packages come from.
set -euo pipefail

case "${1:-}" in
  -h | --help)
    sed -n '2,16s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
esac
if [ $# -lt 2 ]; then
  echo "emulated.sh: needs a folder and a program; see emulated.sh --help" >&2
  exit 64
fi
folder=$(realpath -m -- "$1")
shift
scripts=$(realpath -- "$(dirname "${BASH_SOURCE[0]}")")
mkdir -p "$folder"

# Bochs and the kernel are those of Debian 13, wherever this runs.
fill_folder() (
  if [ "$(id -u)" -ne 0 ]; then
    echo "emulated.sh: needs root the first time, for apt-get" >&2
    exit 1
  fi
  DEBIAN_FRONTEND=noninteractive apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends bochsbios \
    busybox-static cpio curl g++ isolinux make python3 syslinux-common vgabios xorriso
  build=$(mktemp -d)
  trap 'rm -rf -- "$build"' EXIT
  cd "$build"
  mirror=${EBM_MIRROR:-http://deb.debian.org/debian}
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" \
    >sources.list
  mkdir -p lists/partial cache/archives/partial
  options=(-qq -o Dir::Etc::SourceList="$build/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o Dir::State::Lists="$build/lists" -o Dir::Cache="$build/cache" -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update
  kernel=$(apt-cache "${options[@]}" depends linux-image-amd64 |
    sed -n 's/.*Depends: \(linux-image-[^ ]*\)/\1/p')
  apt-get "${options[@]}" download "${kernel%%$'\n'*}"
  dpkg -x linux-image-*.deb kernel
  cp kernel/boot/vmlinuz-* "$folder/vmlinuz"

  curl -sSf -o bochs.tar.xz "$mirror/pool/main/b/bochs/bochs_3.0+dfsg.orig.tar.xz"
  echo "78f6c73d4a6472d5130a87ab9dc306d02c7c71ed8e25b3a8ef642e2a7acd282b bochs.tar.xz" |
    sha256sum --check --quiet
  tar -xf bochs.tar.xz
  python3 "$scripts/emulated_bochs.py" bochs-3.0
  echo "emulated: building Bochs" >&2
  cd bochs-3.0
  ./configure --with-nogui --enable-x86-64 --enable-cpu-level=6 --enable-avx --enable-evex \
    --enable-amx --enable-all-optimizations --disable-docbook --disable-logging \
    --disable-large-ramfile >"$folder/build.log" 2>&1
  make >>"$folder/build.log" 2>&1
  cp bochs "$folder/bochs"
)
if [ ! -e "$folder/bochs" ]; then fill_folder; fi

# What a run needs lies in a folder of its own: runs may go side by side.
run=$(mktemp -d)
trap 'rm -rf -- "$run"' EXIT
guest=$run/guest
mkdir -p "$guest"/{bin,dev,proc,sys,tmp} "$guest$PWD" "$run/iso/isolinux"
cp /bin/busybox "$guest/bin/"
for each in "$@"; do
  if [ ! -f "$each" ]; then continue; fi
  each=$(realpath -- "$each")
  # Files without libraries are scripts, data, and programs that ldd calls statically linked.
  libraries=$(ldd "$each" 2>&1) || libraries=
  if grep 'not found' <<<"$libraries" >&2; then
    echo "emulated.sh: $each lacks these libraries" >&2
    exit 1
  fi
  for file in "$each" $(sed -n -E 's#^[^/]*(/[^ ]+) \(0x.*#\1#p' <<<"$libraries"); do
    mkdir -p "$guest$(dirname "$file")"
    cp -L "$file" "$guest$file"
  done
done
cat >"$guest/init" <<END
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin HOME=/tmp TERM=dumb
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
cd ${PWD@Q}
echo 'emulated: begin'
${@@Q}
echo "emulated: status \$?"
poweroff -f
END
chmod +x "$guest/init"
(cd "$guest" && find . | cpio -o -H newc --quiet -R 0:0 | gzip -1) >"$run/iso/initrd"
cp "$folder/vmlinuz" "$run/iso/vmlinuz"
cp /usr/lib/ISOLINUX/isolinux.bin /usr/lib/syslinux/modules/bios/ldlinux.c32 "$run/iso/isolinux"
# Bochs leaves system management mode only without PCID and five levels of pages.
cat >"$run/iso/isolinux/isolinux.cfg" <<END
default linux
label linux
  kernel /vmlinuz
  initrd /initrd
  append console=ttyS0,115200 quiet loglevel=1 mitigations=off nopcid no5lvl tsc=reliable panic=-1
END
xorriso -as mkisofs -quiet -o "$run/disk.iso" -b isolinux/isolinux.bin -c isolinux/boot.cat \
  -no-emul-boot -boot-load-size 4 -boot-info-table "$run/iso" 2>"$run/xorriso.log" || {
  cat "$run/xorriso.log" >&2
  exit 1
}

cat >"$run/bochsrc" <<END
config_interface: textconfig
display_library: nogui
cpu: model=sapphire_rapids, count=1, ips=50000000, reset_on_triple_fault=0, ignore_bad_msrs=1
memory: guest=1024, host=1024
romimage: file=/usr/share/bochs/BIOS-bochs-latest, options=fastboot
vgaromimage: file=/usr/share/vgabios/vgabios.bin
ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
ata0-master: type=cdrom, path=$run/disk.iso, status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev=$run/serial
clock: sync=none
log: $run/log
panic: action=fatal
END
touch "$run/serial"
"$folder/bochs" -q -f "$run/bochsrc" >"$run/bochs.out" 2>&1 </dev/null &
machine=$!
trap 'if [ -d /proc/$machine ]; then kill "$machine"; fi; rm -rf -- "$run"' EXIT
tail --pid="$machine" -n +1 -f "$run/serial" |
  sed -u -n 's/\r$//; /^emulated: begin/,/^emulated: status/{/^emulated: begin/!p}' |
  tee "$run/output"
status=$(sed -n '$s/^emulated: status //p' "$run/output")
if [ -z "$status" ]; then
  echo "emulated: the machine ended early:" >&2
  tail -n 5 "$run/bochs.out" "$run/log" "$run/serial" >&2
  exit 1
fi
exit "$status"
