#include "samplers/ais/annealing_transitions.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.h"
#include "base/require.h"
#include "samplers/ais/annealing_path.h"
#include "samplers/kernels/hmc.h"
#include "samplers/kernels/mala.h"
#include "samplers/run_chains.h"

namespace ebm::samplers {
namespace {

constexpr double kGain = 0.5;
// Transitions that settle the first step from its guess, and those that every band gets at least.
constexpr std::int64_t kSettling = 40, kOfABand = 20;

/// Standard deviation of one coordinate of the base.
double width_of(const BaseDensity& base) {
  return base.box ? (static_cast<double>(base.box->high) - base.box->low) / std::sqrt(12.0)
                  : base.sd;
}

}  // namespace

void TransitionOptions::validate() const {
  base::require_at_least("n_leapfrog", n_leapfrog, 1);
  base::require_at_least("n_transitions", n_transitions, 1);
  base::require_at_least("n_bands", n_bands, 1);
  base::require_at_least("n_pilot_chains", n_pilot_chains, 1);
}

double target_acceptance(TransitionOptions::Sampler sampler) {
  return sampler == TransitionOptions::Sampler::kHmc ? 0.65 : 0.574;
}

std::unique_ptr<const Kernel> make_transition(const TransitionOptions& options,
                                              const BaseDensity& base, float step_size) {
  if (options.sampler == TransitionOptions::Sampler::kMala) {
    return std::make_unique<Mala>(
        MalaOptions{.step_size = 0.5f * step_size * step_size, .box = base.box});
  }
  return std::make_unique<Hmc>(HmcOptions{
      .step_size = step_size, .n_leapfrog = options.n_leapfrog, .jitter = 0.5, .box = base.box});
}

void evaluate_path_start(const AnnealingTarget& target, double beta, ChainStore& chains,
                         int n_threads) {
  const AnnealingPath path(target.energy,
                           {.base = target.base, .temperature = target.temperature, .beta = beta});
  evaluate_chains(path, chains, n_threads);
  if (const auto fault = find_non_finite(chains.blocks(0, chains.n_blocks()), 0)) {
    throw Error(ErrorCode::kDiverged, "chain " + std::to_string(fault->chain_id) +
                                          " cannot start: " + fault->what +
                                          "; use a base on which the target's energy is finite");
  }
}

std::vector<float> tune_transitions(const AnnealingTarget& target, const TransitionOptions& options,
                                    std::uint64_t seed, int n_threads,
                                    const AnnealingObserver& observer) {
  const std::int64_t dim = target.energy.dim();
  const auto n = static_cast<std::int64_t>(target.betas.size());
  ChainStore chains(options.n_pilot_chains, dim);
  std::vector<float> rows(static_cast<std::size_t>(options.n_pilot_chains * dim));
  target.base.draw({.seed = seed, .domain = base::Domain::kAnnealPilotInit}, 0, dim, rows);
  chains.load_rows(rows);
  evaluate_path_start(target, target.betas[1], chains, n_threads);

  const auto n_bands = static_cast<std::size_t>(options.n_bands);
  std::vector<double> sum(n_bands, 0.0), count(n_bands, 0.0);
  // The first guess follows the scaling of HMC in high dimension.
  double log_step = std::log(width_of(target.base)) - 0.25 * std::log(static_cast<double>(dim));
  // Where everything is accepted, as on a constant energy between walls, the step would grow
  // without bound.
  const double longest = std::log(width_of(target.base) * (target.base.box ? 3.0 : 1000.0));
  std::uint64_t step = 0;
  const std::int64_t of_each =
      std::max(options.n_transitions, (kOfABand * options.n_bands + n - 1) / n);
  for (std::int64_t k = 1; k + 1 < n; ++k) {
    if (observer && !observer(static_cast<double>(k) / static_cast<double>(n))) return {};
    const auto band = static_cast<std::size_t>(band_of(k, n, options.n_bands));
    const AnnealingPath path(target.energy, {.base = target.base,
                                             .temperature = target.temperature,
                                             .beta = target.betas[static_cast<std::size_t>(k)]});
    chains.forget_energy();
    for (std::int64_t i = k == 1 ? -kSettling : 0; i < of_each; ++i, ++step) {
      const auto kernel =
          make_transition(options, target.base, static_cast<float>(std::exp(log_step)));
      const RunInfo info =
          run_chains(path, *kernel, chains,
                     {.n_steps = 1,
                      .first_step = step,
                      .key = {.seed = seed, .domain = base::Domain::kAnnealPilotNoise},
                      .n_threads = n_threads});
      log_step += kGain * (info.total().acceptance() - target_acceptance(options.sampler));
      log_step = std::min(log_step, longest);
      if (i < 0) continue;
      sum[band] += log_step;
      count[band] += 1.0;
    }
  }
  std::vector<float> steps(n_bands);
  // Bands without a temperature of their own are never asked for; they repeat the last one.
  double last = log_step;
  for (std::size_t band = 0; band < n_bands; ++band) {
    if (count[band] > 0.0) last = sum[band] / count[band];
    steps[band] = static_cast<float>(std::exp(last));
  }
  return steps;
}

}  // namespace ebm::samplers
