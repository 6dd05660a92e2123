#include "samplers/ais/annealed_importance.h"

#include <string>
#include <utility>

#include "base/error.h"
#include "base/require.h"
#include "samplers/ais/annealing_path.h"
#include "samplers/block_groups.h"

namespace ebm::samplers {

/// Chains that move along the path, in one of the two directions.
struct AnnealedImportance::Run {
  Run(std::int64_t n_chains, std::int64_t dim, std::vector<double> order, bool upwards,
      base::PhiloxKey noise)
      : chains(n_chains, dim),
        betas(std::move(order)),
        is_forward(upwards),
        key(noise),
        log_w(static_cast<std::size_t>(chains.n_blocks() * kLanes)),
        infos(log_w.size()) {}

  ChainStore chains;
  std::vector<double> betas;  ///< in the order in which the chains meet them
  bool is_forward;
  base::PhiloxKey key;
  std::vector<double> log_w;     ///< [n_blocks, kLanes]
  std::vector<ChainInfo> infos;  ///< [n_blocks, kLanes]

  LogZEstimate summarize(double log_z_base) {
    ChainInfo total;
    for (std::int64_t i = 0; i < chains.n_chains(); ++i) {
      total += infos[static_cast<std::size_t>(i)];
    }
    return log_z_estimate(std::move(log_w), chains.n_chains(), is_forward, log_z_base,
                          total.acceptance());
  }
};

namespace {

AnnealedImportanceOptions validated(const AnnealedImportanceOptions& options) {
  options.validate();
  return options;
}

const Energy& unconditional(const Energy& energy) {
  if (energy.context_dim() == 0) return energy;
  throw Error(ErrorCode::kUsage, "the energy takes a context of " +
                                     std::to_string(energy.context_dim()) +
                                     " values; log Z needs an unconditional energy");
}

}  // namespace

void AnnealedImportanceOptions::validate() const {
  base.validate();
  base::require_positive("temperature", temperature);
  base::require_at_least("n_temperatures", n_temperatures, 2);
  transitions.validate();
  base::require_at_least("n_threads", n_threads, 1);
}

AnnealedImportance::AnnealedImportance(std::shared_ptr<const Energy> energy,
                                       const AnnealedImportanceOptions& options)
    : energy_(std::move(energy)),
      options_(validated(options)),
      target_{.energy = unconditional(*energy_),
              .base = options.base,
              .temperature = options.temperature,
              .betas = make_betas(options.schedule, options.n_temperatures)} {}

bool AnnealedImportance::tune(const AnnealingObserver& observer) {
  if (!kernels_.empty()) return true;
  step_sizes_ =
      tune_transitions(target_, options_.transitions, options_.seed, options_.n_threads, observer);
  for (const float step : step_sizes_) {
    kernels_.push_back(make_transition(options_.transitions, target_.base, step));
  }
  return !kernels_.empty();
}

void AnnealedImportance::advance_group(Run& run, std::int64_t first_block,
                                       const ChainBlocks& blocks, Evaluator& evaluator,
                                       std::int64_t begin, std::int64_t end) const {
  auto& path = static_cast<PathEvaluator&>(evaluator);
  const auto n = static_cast<std::int64_t>(run.betas.size());
  const std::int64_t n_transitions = options_.transitions.n_transitions;
  const std::span<double> log_w =
      std::span(run.log_w).subspan(static_cast<std::size_t>(first_block * kLanes),
                                   static_cast<std::size_t>(blocks.n_blocks * kLanes));
  for (std::int64_t i = begin; i < end; ++i) {
    const double from = run.betas[static_cast<std::size_t>(i)];
    const double to = run.betas[static_cast<std::size_t>(i + 1)];
    // At β = 0 E_β does not determine the target: chains start evaluated at the next β.
    step_along(target_.base, {.cached = from > 0.0 ? from : to, .from = from, .to = to}, blocks,
               log_w);
    if (i + 2 == n) continue;  // moves at the end of the path change no weight
    path.set_beta(to);
    const std::int64_t k = run.is_forward ? i + 1 : n - 2 - i;
    const auto band = static_cast<std::size_t>(band_of(k, n, options_.transitions.n_bands));
    const ChainRng rng{run.key, static_cast<std::uint64_t>(i * n_transitions)};
    const StepInfo info = kernels_[band]->advance(blocks, path, rng, n_transitions);
    for (std::size_t lane = 0; lane < info.lanes.size(); ++lane) {
      run.infos[static_cast<std::size_t>(first_block * kLanes) + lane] += info.lanes[lane];
    }
  }
}

bool AnnealedImportance::anneal(Run& run, const AnnealingObserver& observer) const {
  const double start_beta = run.betas[0] > 0.0 ? run.betas[0] : run.betas[1];
  evaluate_path_start(target_, start_beta, run.chains, options_.n_threads);
  const AnnealingPath path(
      target_.energy,
      {.base = target_.base, .temperature = target_.temperature, .beta = start_beta});
  const auto n_moves = static_cast<std::int64_t>(run.betas.size()) - 1;
  return run_in_pieces(n_moves, observer, [&](std::int64_t begin, std::int64_t end) {
    for_each_group(path, run.chains, options_.n_threads,
                   [&](std::int64_t first, const ChainBlocks& blocks, Evaluator& evaluator) {
                     advance_group(run, first, blocks, evaluator, begin, end);
                   });
  });
}

std::optional<LogZEstimate> AnnealedImportance::forward(std::int64_t n_chains,
                                                        const AnnealingObserver& observer) {
  base::require_at_least("n_chains", n_chains, 1);
  if (!tune()) return std::nullopt;
  const base::RandomKey noise{.seed = options_.seed, .domain = base::Domain::kAnnealNoise};
  Run run(n_chains, target_.energy.dim(), target_.betas, true, noise.philox_key());
  std::vector<float> rows(static_cast<std::size_t>(n_chains * target_.energy.dim()));
  target_.base.draw({.seed = options_.seed, .domain = base::Domain::kAnnealInit}, 0,
                    target_.energy.dim(), rows);
  run.chains.load_rows(rows);
  if (!anneal(run, observer)) return std::nullopt;
  return run.summarize(log_z_base());
}

std::optional<LogZEstimate> AnnealedImportance::reverse(std::span<const float> rows,
                                                        const AnnealingObserver& observer) {
  const std::int64_t dim = target_.energy.dim();
  require_target_rows(rows, dim, target_.base.box);
  if (!tune()) return std::nullopt;
  const base::RandomKey noise{.seed = options_.seed, .domain = base::Domain::kAnnealReverseNoise};
  Run run(static_cast<std::int64_t>(rows.size()) / dim, dim,
          {target_.betas.rbegin(), target_.betas.rend()}, false, noise.philox_key());
  run.chains.load_rows(rows);
  if (!anneal(run, observer)) return std::nullopt;
  return run.summarize(log_z_base());
}

}  // namespace ebm::samplers
