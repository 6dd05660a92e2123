#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/philox.h"
#include "samplers/chain_block.h"
#include "samplers/energy.h"

namespace ebm::samplers {

/// Where a kernel's random numbers stand: word w of step s of a chain is word
/// s·words_per_step + w of the stream of its id.
struct ChainRng {
  base::PhiloxKey key;
  std::uint64_t first_step = 0;  ///< number of the first step that is made now
};

/// A chain that left the finite numbers.
struct NonFinite {
  std::uint64_t step;      ///< number of the step at which it was found
  std::uint64_t chain_id;  ///< the lowest id, if several left at that step
  std::string what;        ///< e.g. "energy_grad[3] is -inf"
};

/// What happened while chains advanced.
struct StepInfo {
  std::int64_t n_steps = 0;             ///< steps made by every chain
  std::optional<NonFinite> non_finite;  ///< set: the chains stopped before n_steps
};

/// A transition kernel. Const and stateless: all state is in the blocks and in the counter.
class Kernel {
 public:
  virtual ~Kernel() = default;
  /// Makes n_steps steps with each chain, in place. Stops at the first step after which a chain is
  /// not finite; never masks it.
  virtual StepInfo advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                           std::int64_t n_steps) const = 0;
  /// What to tell a person whose chain left the finite numbers.
  virtual std::string divergence_hint() const = 0;
};

}  // namespace ebm::samplers
