#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "samplers/box.h"
#include "samplers/energy.h"
#include "samplers/kernel.h"

namespace ebm::samplers {

struct SampleOptions {
  std::int64_t n_chains = 64;   ///< samples, each the end of a chain of its own
  std::int64_t n_steps = 1000;  ///< of each chain
  std::uint64_t seed = 0;
  int n_threads = 1;                            ///< the samples do not depend on it
  std::optional<Box> start_box = std::nullopt;  ///< chains start uniformly on it; else at N(0, I)

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// Draws samples of exp(−E(x)/T)/Z: starts n_chains chains, makes n_steps steps of `kernel` with
/// each and returns where they end. `ebm sample` with the same seed gives the same bits. For what
/// a long run needs beyond that (draws on the way, going on, starts of one's own) see run_chains.
/// @return  rows [n_chains, dim]; of a kernel of ensembles, the first chain of each
/// @throws Error(kUsage) if the options are invalid or the box has no ends; what run_chains throws
std::vector<float> sample(const Energy& energy, const Kernel& kernel,
                          const SampleOptions& options = {});

}  // namespace ebm::samplers
