#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "samplers/box.h"
#include "samplers/kernel.h"
#include "samplers/kernels/noise_levels.h"

namespace ebm::samplers {

struct LevelDescentOptions {
  NoiseLevels levels = {};
  std::int64_t n_steps = 100;             ///< as many levels
  std::optional<Box> box = std::nullopt;  ///< the last step clamps each coordinate to it

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// Base of kernels that take chains down the levels of noise of an energy E(x, σ), by a step from
/// each of seventh_root_levels() to the next. The last step removes the noise that is left, x <- x
/// − σ²·∇E(x, σ); steps after n_steps change nothing. Chains have to start as data with noise of
/// the highest level. σ is the last number of a chain's context, which the kernel chooses.
class LevelDescent : public Kernel {
 public:
  /// @throws Error(kUsage) if the options are invalid.
  explicit LevelDescent(const LevelDescentOptions& options);
  StepInfo advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                   std::int64_t n_steps) const override;
  std::string divergence_hint() const override;

 protected:
  /// Where a step begins and ends, and its random numbers.
  struct Descent {
    float from, to;  ///< levels σ
    ChainRng rng;    ///< first_step is the number of the step
  };

 private:
  /// Makes one step.
  /// @param levelled  of the chains
  /// @return the chain that is not finite
  virtual std::optional<NonFinite> descend(const ChainBlocks& chains, ChainsAtLevel& levelled,
                                           Evaluator& evaluator, const Descent& step) const = 0;

  LevelDescentOptions options_;
  std::vector<float> levels_;
};

}  // namespace ebm::samplers
