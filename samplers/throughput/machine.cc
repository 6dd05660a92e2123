#include "samplers/throughput/machine.h"

#include <unistd.h>

#include <fstream>

#include "base/names/choice.h"
#include "base/system/cpu_limit.h"
#include "samplers/simd/bf16_peak.h"
#include "samplers/simd/bf16_unit.h"
#include "samplers/simd/fma_peak.h"
#include "samplers/simd/simd_target.h"
#include "samplers/throughput/bench_case.h"

namespace ebm::samplers {
namespace {

/// x86 has "model name" in /proc/cpuinfo, ARM "CPU part" or the board's "Model" at best.
std::string cpu_name() {
  std::ifstream cpuinfo("/proc/cpuinfo");
  for (std::string line; std::getline(cpuinfo, line);) {
    const auto colon = line.find(": ");
    if (colon == std::string::npos) continue;
    if (line.starts_with("model name") || line.starts_with("Model\t")) {
      return line.substr(colon + 2);
    }
  }
  return "unknown";
}

}  // namespace

std::int64_t memory_bytes() {
  const std::int64_t pages = ::sysconf(_SC_PHYS_PAGES), page = ::sysconf(_SC_PAGESIZE);
  return pages > 0 && page > 0 ? pages * page : 0;
}

double Machine::peak_gflops(const std::string& precision, int n_threads) const {
  return (precision == kBfloat16Name ? bf16_peak_gflops : fma_peak_gflops).at(n_threads);
}

Machine describe_machine(const std::vector<int>& n_threads, bool has_bf16) {
  Machine machine{.cpu = cpu_name(),
                  .n_cores = base::default_threads(),
                  .simd = simd_target(),
                  .memory_bytes = memory_bytes(),
                  .fma_peak_gflops = {}};
  if (has_bf16) machine.bf16_unit = base::name_of<Bf16Unit>("unit", kBf16Units, bf16_unit());
  for (const int n : n_threads) {
    if (!machine.fma_peak_gflops.contains(n)) {
      machine.fma_peak_gflops[n] = fma_peak_gflops(n);
      if (has_bf16) machine.bf16_peak_gflops[n] = bf16_peak_gflops(n);
    }
  }
  return machine;
}

}  // namespace ebm::samplers
