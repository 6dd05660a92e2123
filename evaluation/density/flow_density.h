#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "samplers/energy.h"
#include "samplers/kernels/noise_levels.h"

namespace ebm::evaluation {

struct FlowDensityOptions {
  samplers::NoiseLevels levels = {};
  std::int64_t n_steps = 48;  ///< of Runge and Kutta, four stages each
  std::int64_t n_probes = 1;  ///< of the divergence, where dim is above kExactDim
  std::uint64_t seed = 0;     ///< of the probes
  int n_threads = 1;

  /// Up to here the divergence is a sum over all unit vectors.
  static constexpr std::int64_t kExactDim = 64;

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// What the flow of n rows gives.
struct FlowDensities {
  std::vector<float> ends;        ///< x at the highest level [n, dim]
  std::vector<double> log_ratio;  ///< ln p_lowest(x) − ln p_highest(end), nats [n]
};

/// The densities of an energy E(x, σ) by its probability flow, from the lowest level to the
/// highest:
///   dx/du = σ²·∇ₓE(x, σ),  d ln p/du = −σ²·tr ∇²E(x, σ),  u = ln σ,
/// in equal steps of u by the method of Runge and Kutta of order four. That this is the density
/// needs slopes alone, not that E at different levels has one log Z. The trace is the sum of
/// v·(∇E(x + hv) − ∇E(x − hv))/(2h) over unit vectors v, or its mean over n_probes vectors of
/// signs drawn anew for each row and kept along its path (Hutchinson), h = 0.01·σ. Its error in
/// float32 is about 1e-4 of it. Bits do not depend on n_threads.
/// @param energy  with σ as its whole context
/// @param rows    x at the lowest level [n, dim]
/// @throws Error(kUsage) for an energy with another context; Error(kShape) for parts of rows;
///         Error(kDiverged) naming the row whose path is not finite.
/// Source: Song et al. 2021, "Score-based generative modeling through stochastic differential
/// equations", section 4.3 and appendix D; probes: Hutchinson 1990.
FlowDensities flow_densities(const samplers::Energy& energy, std::span<const float> rows,
                             const FlowDensityOptions& options);

}  // namespace ebm::evaluation
