#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "samplers/ais/annealing_run.h"
#include "samplers/ais/annealing_transitions.h"
#include "samplers/ais/beta_schedule.h"

namespace ebm::samplers {

struct AnnealedImportanceOptions {
  BaseDensity base = {};
  float temperature = 1.0f;            ///< T: log Z is that of exp(−E/T)
  std::int64_t n_temperatures = 1000;  ///< K values of β, 0 and 1 included
  BetaShape schedule = BetaShape::kSigmoidal;
  TransitionOptions transitions = {};
  std::uint64_t seed = 0;
  int n_threads = 1;

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// Annealed importance sampling along E_β = (1 − β)·E_base + β·E/T with transitions that leave
/// exp(−E_β) invariant and are reversible (HMC, MALA). The step sizes are tuned by a pilot at the
/// first run and then frozen. Bits depend on the seed only, not on n_threads.
///
///   forward  x_0 ~ base; ln w = −Σ_k (β_{k+1} − β_k)·(E/T − E_base)(x_k), x_k moved at β_k;
///            log Z = log Z_base + ln mean w. E[w] = Z/Z_base exactly, so that log Z is
///            underestimated on average (Jensen), and by more than b nats with a chance of at most
///            exp(−b) overestimated (Markov): a stochastic lower bound.
///   reverse  from draws of the target through the same β downwards: log Z = log Z_base −
///            ln mean w. A stochastic upper bound if the draws are exact, otherwise an
///            approximation: draws of one mode only can put it below the truth.
///
/// Source: Neal 2001, "Annealed importance sampling"; Grosse, Ghahramani, Adams 2015, "Sandwiching
/// the marginal likelihood using bidirectional Monte Carlo".
class AnnealedImportance {
 public:
  /// @throws Error(kUsage) if the options are invalid or the energy is conditional.
  AnnealedImportance(std::shared_ptr<const Energy> energy,
                     const AnnealedImportanceOptions& options);

  /// Tunes the step sizes; forward and reverse do so unless it was done. @return false if stopped
  /// @throws Error(kDiverged) if a draw of the base has no finite energy.
  bool tune(const AnnealingObserver& observer = nullptr);

  /// @return nothing if the observer stopped it
  /// @throws Error(kUsage) if n_chains < 1, Error(kDiverged) if a draw of the base has no finite
  ///         energy.
  std::optional<LogZEstimate> forward(std::int64_t n_chains,
                                      const AnnealingObserver& observer = nullptr);

  /// @param rows  [n, dim], draws of exp(−E/T)
  /// @return nothing if the observer stopped it
  /// @throws Error(kShape) if they are no rows of dim, Error(kBadData) if one is not finite or
  ///         outside the box, Error(kDiverged) if one has no finite energy.
  std::optional<LogZEstimate> reverse(std::span<const float> rows,
                                      const AnnealingObserver& observer = nullptr);

  double log_z_base() const { return target_.base.log_z(target_.energy.dim()); }
  /// Leapfrog steps of the bands of β, from base to target; empty before tune.
  const std::vector<float>& step_sizes() const { return step_sizes_; }

 private:
  struct Run;
  bool anneal(Run& run, const AnnealingObserver& observer) const;
  void advance_group(Run& run, std::int64_t first_block, const ChainBlocks& blocks,
                     Evaluator& evaluator, std::int64_t begin, std::int64_t end) const;

  std::shared_ptr<const Energy> energy_;
  AnnealedImportanceOptions options_;
  AnnealingTarget target_;
  std::vector<float> step_sizes_;
  std::vector<std::unique_ptr<const Kernel>> kernels_;  ///< one per band
};

}  // namespace ebm::samplers
