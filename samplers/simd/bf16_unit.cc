#include "samplers/simd/bf16_unit.h"

#include <hwy/highway.h>

#include <algorithm>
#include <atomic>

#include "samplers/simd/simd_target.h"

#if HWY_ARCH_X86
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace ebm::samplers {
namespace {

#if HWY_ARCH_X86
/// Registers that the kernel saves: XCR0. Only where CPUID has OSXSAVE.
unsigned long long saved_registers() {
  unsigned low = 0, high = 0;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (static_cast<unsigned long long>(high) << 32) | low;
}

bool has_avx512_bf16() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  // The kernel's part is in the features that the compiler's run-time library tests.
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") ||
      !__builtin_cpu_supports("avx512vl") || !__builtin_cpu_supports("avx512dq")) {
    return false;
  }
  return __get_cpuid_count(7, 1, &a, &b, &c, &d) != 0 && (a & (1U << 5)) != 0;
}

/// Linux gives a process the state of tiles, 8 KB, only when it asks.
bool may_use_tiles() {
#if defined(__linux__) && defined(SYS_arch_prctl)
  constexpr long kRequestPermission = 0x1023, kTileData = 18;  // ARCH_REQ_XCOMP_PERM
  return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
#else
  return false;
#endif
}

bool has_amx_bf16() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  constexpr unsigned kOsXsave = 1U << 27, kBf16 = 1U << 22, kTiles = 1U << 24;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & kOsXsave) == 0) return false;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0 || (d & kBf16) == 0 || (d & kTiles) == 0) {
    return false;
  }
  constexpr unsigned long long kTileState = 3ULL << 17;
  return (saved_registers() & kTileState) == kTileState && may_use_tiles();
}
#endif

std::vector<Bf16Unit> find_units() {
  std::vector<Bf16Unit> units;
#if HWY_ARCH_X86
  if (has_avx512_bf16()) {
    if (has_amx_bf16()) units.push_back(Bf16Unit::kAmxBf16);
    units.push_back(Bf16Unit::kAvx512Bf16);
  }
#endif
  units.push_back(Bf16Unit::kF32);
  return units;
}

/// Of Bf16Unit, or −1.
std::atomic<int> forced_unit = -1;

}  // namespace

std::vector<Bf16Unit> runnable_bf16_units() {
  static const std::vector<Bf16Unit> units = find_units();
  return units;
}

Bf16Unit bf16_unit() {
  const int forced = forced_unit.load();
  if (forced >= 0) return static_cast<Bf16Unit>(forced);
#if HWY_ARCH_X86
  // Bits of better targets are lower.
  if (runnable_targets().front() <= HWY_AVX3) return runnable_bf16_units().front();
#endif
  return Bf16Unit::kF32;
}

void force_bf16_unit(std::optional<Bf16Unit> unit) {
  forced_unit = unit ? static_cast<int>(*unit) : -1;
}

}  // namespace ebm::samplers
