#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ebm::samplers {

/// What figures of speed hold for.
struct Machine {
  std::string cpu;  ///< model name; "unknown" where the system does not tell
  int n_cores;      ///< that this process may use
  std::string simd;
  std::int64_t memory_bytes;              ///< 0 if unknown
  std::map<int, double> fma_peak_gflops;  ///< by number of threads
};

/// Of the machine; 0 if unknown.
std::int64_t memory_bytes();

/// Describes this machine and measures its FMA peak with these numbers of threads, some 50 ms each.
Machine describe_machine(const std::vector<int>& n_threads);

}  // namespace ebm::samplers
