#include "samplers/throughput/machine.h"

#include <unistd.h>

#include <fstream>

#include "base/system/cpu_limit.h"
#include "samplers/simd/fma_peak.h"
#include "samplers/simd/simd_target.h"

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

Machine describe_machine(const std::vector<int>& n_threads) {
  Machine machine{.cpu = cpu_name(),
                  .n_cores = base::default_threads(),
                  .simd = simd_target(),
                  .memory_bytes = memory_bytes(),
                  .fma_peak_gflops = {}};
  for (const int n : n_threads) {
    if (!machine.fma_peak_gflops.contains(n)) {
      machine.fma_peak_gflops[n] = fma_peak_gflops(n);
    }
  }
  return machine;
}

}  // namespace ebm::samplers
