#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nets/compiled/compiled_net.h"

namespace ebm::nets {

/// Time of one operation of a plan, including its activation. Those that depend on a condition
/// alone are made once in a walk, but here in every evaluation.
struct LayerTime {
  std::string name;  ///< as "conv 3x3 stride 2, 16x14x14 -> 32x7x7, silu"
  /// Of the products forwards or backwards for 16 chains, those with padding included; else 0.
  double flops;
  double forward_seconds, backward_seconds;  ///< for 16 chains, medians
};

/// Evaluates one block of 16 chains, N(0, 1), repeatedly on this thread and reads a clock between
/// the operations, which costs about 50 ns per operation.
/// @param repetitions  evaluations, at least 1
std::vector<LayerTime> layer_times(const CompiledNet& net, std::int64_t repetitions);

}  // namespace ebm::nets
