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
  std::string bf16_unit = {};             ///< what multiplies in bfloat16; empty if not asked for
  std::map<int, double> bf16_peak_gflops = {};  ///< of that unit
  std::string version = {};                     ///< of the program that measures, if it says one

  /// The peak of what multiplies in a precision.
  /// @param precision  kBfloat16Name, or any other name for float32
  double peak_gflops(const std::string& precision, int n_threads) const;
};

/// Of the machine; 0 if unknown.
std::int64_t memory_bytes();

/// Describes this machine and measures its FMA peak with these numbers of threads, some 50 ms each.
/// @param has_bf16  whether to do the same of the unit for bfloat16
Machine describe_machine(const std::vector<int>& n_threads, bool has_bf16 = false);

}  // namespace ebm::samplers
