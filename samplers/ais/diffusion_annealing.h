#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/random.h"
#include "samplers/ais/annealed_importance.h"
#include "samplers/kernels/noise_levels.h"

namespace ebm::samplers {

struct DiffusionAnnealingOptions {
  float base_sd = 10.0f;         ///< of the base, N(0, base_sd²·I)
  NoiseLevels levels = {};       ///< log Z is that at the lowest
  std::int64_t n_levels = 1000;  ///< K, in equal ratios
  std::uint64_t seed = 0;
  int n_threads = 1;

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// Annealed importance sampling of ln ∫exp(−E(x, σ_K)) dx down the levels σ_1 > ... > σ_K of an
/// energy of noisy data. Its transitions are the steps of a diffusion: noise of variance Δ = σ_k² −
/// σ_{k+1}² leads up a level, and its reverse, as far as E knows it, down:
///   up    r(x | x') = N(x; x', Δ·I)
///   down  q(x' | x) = N(x'; x − Δ·∇E(x, σ_k), (σ_{k+1}/σ_k)²·Δ·I)
///   ln w = E_base(x_1) − E(x_1, σ_1) + Σ_k E(x_k, σ_k) − E(x_{k+1}, σ_{k+1}) + ln r − ln q
///
/// Forward, x_1 is drawn from the base and goes down: log Z = log Z_base + ln mean w. E[w] is
/// Z/Z_base exactly, whatever E is: a stochastic lower bound, as of AnnealedImportance. In reverse,
/// draws of the target go up: log Z = log Z_base − ln mean 1/w, a stochastic upper bound if the
/// draws are exact.
///
/// Where E is the energy of data with noise, the steps add to the variance of ln w by what q
/// misses, in the directions in which the data are wider than σ_k, and that falls as 1/K; paths of
/// states that stay where they are would vary by the square of all coordinates' shrinkage. There is
/// nothing to tune, and a level costs one evaluation. Bits depend on the seed only, not on
/// n_threads.
///
/// Source: Neal 2001; the transitions are those of Sohl-Dickstein, Weiss, Maheswaranathan, Ganguli
/// 2015, "Deep unsupervised learning using nonequilibrium thermodynamics", with σ as in Song et al.
/// 2021 (ancestral sampling, appendix F).
class DiffusionAnnealing {
 public:
  /// @param energy  with σ as its context
  /// @throws Error(kUsage) for another context, or options that are invalid.
  DiffusionAnnealing(std::shared_ptr<const Energy> energy,
                     const DiffusionAnnealingOptions& options);

  /// @return nothing if the observer stopped it; acceptance is NaN, as nothing is rejected
  /// @throws Error(kUsage) if n_chains < 1; Error(kDiverged) naming the first chain and the level
  ///         at which it is not finite.
  std::optional<LogZEstimate> forward(std::int64_t n_chains,
                                      const AnnealingObserver& observer = nullptr);

  /// @param rows  [n, dim], draws of exp(−E(x, σ_K))
  /// @throws as forward(); Error(kShape) if they are no rows of dim, Error(kBadData) if one is not
  ///         finite.
  std::optional<LogZEstimate> reverse(std::span<const float> rows,
                                      const AnnealingObserver& observer = nullptr);

  double log_z_base() const { return base_.log_z(energy_->dim()); }

 private:
  /// Chains on their way, down or up.
  struct Run;
  bool anneal(Run& run, const AnnealingObserver& observer) const;
  void advance_group(Run& run, std::int64_t first_block, const ChainBlocks& blocks,
                     Evaluator& evaluator, std::int64_t begin, std::int64_t end) const;

  std::shared_ptr<const Energy> energy_;
  DiffusionAnnealingOptions options_;
  BaseDensity base_;
  std::vector<float> levels_;  ///< [K], the highest first
};

}  // namespace ebm::samplers
