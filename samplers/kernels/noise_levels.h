#pragma once

#include <cstdint>
#include <memory_resource>
#include <optional>
#include <span>
#include <vector>

#include "samplers/box.h"
#include "samplers/chain_block.h"
#include "samplers/energy.h"
#include "samplers/non_finite.h"

namespace ebm::samplers {

/// The levels of noise σ through which chains of an energy E(x, σ) go, from the highest to the
/// lowest.
struct NoiseLevels {
  float highest = 10.0f;
  float lowest = 0.01f;

  /// @throws Error(kUsage) unless 0 < lowest < highest, both finite.
  void validate() const;
};

/// n levels in equal ratios, the highest first. Source: Song & Ermon 2019.
/// @throws Error(kUsage) for n < 2, of which one end would be missing.
std::vector<float> geometric_levels(const NoiseLevels& levels, std::int64_t n);

/// n levels whose seventh roots are equally far apart, the highest first: more of them at low
/// levels. One level is the highest. Source: Karras, Aittala, Aila, Laine 2022, eq. 5, ρ = 7.
/// @param n  at least 1
std::vector<float> seventh_root_levels(const NoiseLevels& levels, std::int64_t n);

/// Chains whose noise level, the last number of their context, a kernel chooses. So it does the
/// time of a flow.
class ChainsAtLevel {
 public:
  /// Copies the context. @throws Error(kUsage) for chains without one.
  ChainsAtLevel(const ChainBlocks& chains, std::pmr::memory_resource* memory);
  /// The chains at σ; energies of another level are forgotten.
  const ChainBlocks& at(float sigma);
  /// Evaluates the chains at σ.
  void evaluate(Evaluator& evaluator, float sigma);
  /// The chain whose state, energy or gradient is not finite.
  std::optional<NonFinite> non_finite(std::uint64_t step) const;
  /// x <- clip(x − σ²·∇E(x, σ)), the mean of x without its noise. Source: Tweedie's formula, as in
  /// Efron 2011, eq. 2.8.
  /// @return the chain that is not finite
  std::optional<NonFinite> remove_noise(Evaluator& evaluator, float sigma,
                                        const std::optional<Box>& box, std::uint64_t step);

 private:
  std::pmr::vector<float> context_;
  ChainBlocks chains_;
};

}  // namespace ebm::samplers
