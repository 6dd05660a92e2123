#include "evaluation/walk.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <span>
#include <string>

#include "base/error.h"
#include "base/require.h"
#include "data/formats/npy_writer.h"
#include "evaluation/draw_trace.h"
#include "samplers/adaptation/adaptation.h"
#include "samplers/kernels/gradient_flow.h"
#include "samplers/kernels/target_temperature.h"

namespace ebm::evaluation {
namespace {

using Clock = std::chrono::steady_clock;

/// Days of the fastest sampler; far below what a counter holds.
constexpr std::int64_t kMaxSteps = 1'000'000'000'000'000;

void require_steps(const std::string& name, std::int64_t steps, std::int64_t least) {
  base::require_at_least(name, steps, least);
  if (steps <= kMaxSteps) return;
  throw Error(ErrorCode::kUsage, name + " = " + std::to_string(steps) + ": must be at most " +
                                     std::to_string(kMaxSteps));
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Every chain of an ensemble of replicas starts at the same state.
std::vector<float> repeat_rows(const std::vector<float>& rows, std::int64_t dim,
                               std::int64_t times) {
  std::vector<float> all;
  all.reserve(rows.size() * static_cast<std::size_t>(times));
  for (auto row = rows.begin(); row != rows.end(); row += dim) {
    for (std::int64_t i = 0; i < times; ++i) all.insert(all.end(), row, row + dim);
  }
  return all;
}

/// Items 0, stride, 2·stride, ... of `width` values each.
std::vector<float> every(std::int64_t stride, const std::vector<float>& items, std::int64_t width) {
  if (stride == 1) return items;
  std::vector<float> chosen;
  for (std::size_t at = 0; at < items.size(); at += static_cast<std::size_t>(stride * width)) {
    const auto first = items.begin() + static_cast<std::ptrdiff_t>(at);
    chosen.insert(chosen.end(), first, first + width);
  }
  return chosen;
}

/// Only trajectories have a total energy.
bool has_momentum(samplers::SamplerKind sampler) {
  return sampler == samplers::SamplerKind::kHmc || sampler == samplers::SamplerKind::kNuts;
}

samplers::Parameters parameters_of(const WalkOptions& options, const samplers::Energy& energy) {
  return options.parameters.variables.empty() ? samplers::parameters_of(energy)
                                              : options.parameters;
}

/// Those of the chains; the lowest level of noise where a sampler chooses levels.
std::vector<float> contexts_of(const samplers::Energy& energy, const WalkOptions& options,
                               const samplers::SamplerSettings& settings) {
  const bool are_chosen = options.context.empty() && energy.context_dim() == 1 &&
                          samplers::has_levels(settings.sampler);
  if (!are_chosen) return options.context;
  return std::vector<float>(static_cast<std::size_t>(options.n), settings.levels.lowest);
}

/// Runs chains in pieces of about a fifth of a second, between which it reports progress and may be
/// stopped by what the report throws.
class Walker {
 public:
  Walker(const samplers::Energy& energy, const std::vector<float>& starts,
         const WalkOptions& options, samplers::SamplerSettings& settings)
      : energy_(energy),
        options_(options),
        settings_(settings),
        n_replicas_(settings.sampler == samplers::SamplerKind::kParallelTempering
                        ? static_cast<std::int64_t>(settings.ladder.size())
                        : 1),
        chains_(options.n * n_replicas_, energy.dim(), energy.context_dim()),
        done_(options.first_step) {
    chains_.load_rows(repeat_rows(starts, energy.dim(), n_replicas_));
    if (energy.context_dim() > 0) {
      chains_.load_context(
          repeat_rows(contexts_of(energy, options, settings), energy.context_dim(), n_replicas_));
    }
    if (!options.trace.empty()) {
      trace_ =
          open_draw_trace(options.trace, {.n_draws = options.steps / options.thinning,
                                          .n_chains = options.n,
                                          .dim = energy.dim(),
                                          .parameters = parameters_of(options, energy),
                                          .temperature = samplers::target_temperature(settings),
                                          .sampler = samplers::sampler_name(settings.sampler),
                                          .has_momentum = has_momentum(settings.sampler)});
    }
    if (!options.energy_trace.empty()) {
      energy_trace_.emplace(options.energy_trace,
                            std::vector<std::int64_t>{options.steps / options.thinning, options.n});
    }
  }

  Walk run() {
    Walk walk;
    if (options_.adapt) {
      walk.adapted_acceptance = adapt();
    } else {
      advance(options_.burn_in, nullptr);
    }
    kernel_ = samplers::make_kernel(settings_);
    const Clock::time_point start = Clock::now();
    advance(options_.steps, &walk);
    walk.seconds = seconds_since(start);
    finish(walk);
    return walk;
  }

 private:
  base::RandomKey key() const { return {options_.seed, base::Domain::kSampleNoise}; }

  double adapt() {
    const Clock::time_point start = Clock::now();
    const auto target = options_.target_acceptance ? options_.target_acceptance
                                                   : samplers::target_acceptance(settings_.sampler);
    const samplers::Adapted adapted = samplers::adapt(
        energy_,
        [&](float step_size, const std::vector<float>& inverse_mass) {
          samplers::SamplerSettings now = settings_;
          now.step_size = step_size;
          now.inverse_mass = inverse_mass;
          return samplers::make_kernel(now);
        },
        chains_,
        {.n_steps = options_.burn_in,
         .target_acceptance = target.value_or(0.5),
         .step_size = settings_.step_size,
         .key = key(),
         .n_threads = options_.n_threads,
         .on_step = [&](std::int64_t done) { report("adapt", done, options_.burn_in, start); }});
    settings_.step_size = adapted.step_size;
    settings_.inverse_mass = adapted.inverse_mass;
    done_ += options_.burn_in;
    return adapted.acceptance;
  }

  /// @param walk  takes the draws and counts, null during burn-in
  void advance(std::int64_t n_steps, Walk* walk) {
    if (!kernel_) kernel_ = samplers::make_kernel(settings_);
    const Clock::time_point start = Clock::now();
    const bool traced = walk != nullptr && (trace_ || energy_trace_ || options_.keep_draws);
    std::int64_t piece = 1;
    for (std::int64_t step = 0, now = 0; step < n_steps; step += now) {
      now = std::min(piece, n_steps - step);
      std::int64_t thinning = now + 1;  // no draw
      if (traced) thinning = fit_to_draws(step, now);
      make_piece(now, thinning, walk);
      // Soon stopped, and long enough to keep chains in the cache.
      const double per_step = seconds_since(start) / static_cast<double>(step + now);
      piece = static_cast<std::int64_t>(std::clamp(0.2 / per_step, 1.0, 1e6));
      report(walk == nullptr ? "burn-in" : "", step + now, n_steps, start);
    }
  }

  /// Cuts a piece that starts at `step`, so that it ends with a draw or has none.
  /// @param n_steps  of the piece, made smaller
  /// @return the steps between draws of the piece
  std::int64_t fit_to_draws(std::int64_t step, std::int64_t& n_steps) const {
    const std::int64_t since = step % options_.thinning;
    if (since != 0 || n_steps < options_.thinning) {
      const std::int64_t missing = options_.thinning - since;
      n_steps = std::min(n_steps, missing);
      return missing;
    }
    // Below 64 MB; draw by draw where each has counts.
    const std::int64_t most =
        has_statistics() ? 1 : (std::int64_t{1} << 24) / (chains_.n_chains() * chains_.dim());
    const std::int64_t n_draws =
        std::min(n_steps / options_.thinning, std::max<std::int64_t>(1, most));
    n_steps = n_draws * options_.thinning;
    return options_.thinning;
  }

  /// @param walk  takes the draws and counts, null during burn-in
  void make_piece(std::int64_t n_steps, std::int64_t thinning, Walk* walk) {
    const std::int64_t n_draws = n_steps / thinning;
    const auto n = static_cast<std::size_t>(n_draws * chains_.n_chains());
    std::vector<float> x(n * static_cast<std::size_t>(chains_.dim()));
    const bool has_all = options_.keep_draws || has_statistics();
    std::vector<float> energy(has_all || energy_trace_ ? n : 0);
    std::vector<float> hamiltonian(has_all ? n : 0);
    const samplers::RunInfo info = samplers::run_chains(
        energy_, *kernel_, chains_,
        {.n_steps = n_steps,
         .first_step = static_cast<std::uint64_t>(done_),
         .key = key(),
         .n_threads = options_.n_threads,
         .trace = {.thinning = thinning, .x = x, .energy = energy, .hamiltonian = hamiltonian}});
    done_ += n_steps;
    if (walk == nullptr) return;
    walk->info.chains.resize(info.chains.size());
    for (std::size_t i = 0; i < info.chains.size(); ++i) {
      walk->info.chains[i] += info.chains[i];
    }
    if (has_statistics()) {
      since_draw_.resize(info.chains.size());
      for (std::size_t i = 0; i < info.chains.size(); ++i) since_draw_[i] += info.chains[i];
    }
    if (n_draws == 0) return;
    const auto cold = every(n_replicas_, x, chains_.dim());
    if (trace_) append_to_trace(n_draws, cold, energy, hamiltonian);
    if (energy_trace_) energy_trace_->append(every(n_replicas_, energy, 1));
    walk->n_draws += n_draws;
    if (!options_.keep_draws) return;
    const auto keep = [](std::vector<float>& all, const std::vector<float>& more) {
      all.insert(all.end(), more.begin(), more.end());
    };
    keep(walk->draws, cold);
    keep(walk->draw_energies, every(n_replicas_, energy, 1));
    keep(walk->draw_hamiltonians, every(n_replicas_, hamiltonian, 1));
  }

  bool has_statistics() const { return trace_ && trace_->takes_statistics(); }

  void append_to_trace(std::int64_t n_draws, const std::vector<float>& x,
                       const std::vector<float>& energy, const std::vector<float>& hamiltonian) {
    if (!has_statistics()) return trace_->append({.n_draws = n_draws, .x = x});
    std::vector<samplers::ChainInfo> cold;
    for (std::size_t i = 0; i < since_draw_.size(); i += static_cast<std::size_t>(n_replicas_)) {
      cold.push_back(since_draw_[i]);
    }
    since_draw_.clear();
    const std::vector<float> cold_energy = every(n_replicas_, energy, 1);
    trace_->append({.n_draws = n_draws,
                    .x = x,
                    .energy = cold_energy,
                    .hamiltonian = hamiltonian,
                    .counts = cold});
  }

  void finish(Walk& walk) {
    std::vector<float> rows(static_cast<std::size_t>(chains_.n_chains() * chains_.dim()));
    std::vector<float> energies(static_cast<std::size_t>(chains_.n_chains()));
    chains_.store_rows(rows);
    samplers::evaluate_chains(energy_, chains_, options_.n_threads);
    chains_.store_energy(energies);
    // The walk checks the states that it evaluates; the last ones are evaluated only here.
    for (std::size_t chain = 0; chain < energies.size(); ++chain) {
      if (std::isfinite(energies[chain])) continue;
      throw Error(ErrorCode::kDiverged,
                  "chain " + std::to_string(chain) +
                      " became non-finite (NaN or infinity): its energy at the end is " +
                      std::to_string(energies[chain]) + "; " + kernel_->divergence_hint());
    }
    walk.rows = every(n_replicas_, rows, chains_.dim());
    walk.energies = every(n_replicas_, energies, 1);
    count_swaps(walk);
    if (trace_) trace_->finish();
    if (energy_trace_) energy_trace_->finish();
  }

  /// Swap rates by pair; then the counts of the draws' chains alone.
  void count_swaps(Walk& walk) {
    if (n_replicas_ == 1) return;
    std::vector<samplers::ChainInfo> replicas(static_cast<std::size_t>(n_replicas_)), cold;
    for (std::size_t i = 0; i < walk.info.chains.size(); ++i) {
      replicas[i % replicas.size()] += walk.info.chains[i];
      if (i % replicas.size() == 0) cold.push_back(walk.info.chains[i]);
    }
    replicas.pop_back();
    for (const samplers::ChainInfo& pair : replicas) {
      walk.swap_rates.push_back(static_cast<double>(pair.n_swaps) /
                                static_cast<double>(pair.n_swaps_proposed));
    }
    walk.info.chains = std::move(cold);
  }

  void report(const char* phase, std::int64_t done, std::int64_t all, Clock::time_point start) {
    if (!options_.on_progress) return;
    const double seconds = seconds_since(start);
    options_.on_progress({.task = Task::kSample,
                          .phase = phase,
                          .fraction = static_cast<double>(done) / static_cast<double>(all),
                          .seconds = seconds,
                          .chain_steps_per_s = static_cast<double>(options_.n * done) / seconds});
  }

  const samplers::Energy& energy_;
  const WalkOptions& options_;
  samplers::SamplerSettings& settings_;
  std::int64_t n_replicas_;
  samplers::ChainStore chains_;
  std::int64_t done_;  ///< steps, those before this walk and burn-in included
  std::unique_ptr<DrawTrace> trace_;
  std::vector<samplers::ChainInfo> since_draw_;  ///< counts since the last draw of the trace
  std::optional<data::NpyWriter> energy_trace_;
  std::unique_ptr<const samplers::Kernel> kernel_;
};

}  // namespace

std::int64_t first_step_from_data(const samplers::SamplerSettings& settings) {
  if (settings.sampler != samplers::SamplerKind::kGradientFlow) return 0;
  return samplers::GradientFlowOptions{.step_size = settings.step_size,
                                       .flow_time = settings.flow_time}
      .flow_steps();
}

void WalkOptions::validate() const {
  base::require_at_least("n", n, 1);
  require_steps("steps", steps, 0);
  require_steps("burn-in", burn_in, adapt ? 1 : 0);
  base::require_at_least("thinning", thinning, 1);
  if (has_draws() && steps < thinning) {
    throw Error(ErrorCode::kUsage, "thinning = " + std::to_string(thinning) +
                                       ": must be at most the " + std::to_string(steps) +
                                       " steps, or there is no draw");
  }
  if (!target_acceptance) return;
  if (!adapt) throw Error(ErrorCode::kUsage, "target-acceptance: needs adapt");
  base::require_between("target-acceptance", *target_acceptance, 0.01, 0.999);
}

void require_adaptable(const samplers::SamplerSettings& settings) {
  if (samplers::target_acceptance(settings.sampler)) return;
  const bool is_inner_adaptable = settings.inner && samplers::target_acceptance(*settings.inner);
  throw Error(ErrorCode::kUsage,
              "adapt: " + samplers::sampler_name(settings.sampler) +
                  (is_inner_adaptable ? " is not adapted as a whole; adapt " +
                                            samplers::sampler_name(*settings.inner) +
                                            " by itself and use what it finds"
                                      : " has no accept step; adaptation takes mala, hmc or nuts"));
}

Walk walk_chains(const samplers::Energy& energy, const std::vector<float>& starts,
                 const WalkOptions& options, samplers::SamplerSettings& settings) {
  options.validate();
  if (options.adapt) require_adaptable(settings);
  return Walker(energy, starts, options, settings).run();
}

std::int64_t Walk::n_stuck() const {
  return std::ranges::count_if(info.chains, [](const samplers::ChainInfo& chain) {
    return chain.n_transitions > 0 && chain.n_accepted == 0 && chain.n_swaps == 0;
  });
}

samplers::Diagnosis diagnose_walk(const Walk& walk, const WalkOptions& options,
                                  samplers::SamplerKind sampler, const samplers::Energy& energy) {
  std::vector<double> acceptance;
  std::vector<std::int64_t> n_divergent;
  for (const samplers::ChainInfo& chain : walk.info.chains) {
    if (chain.n_transitions == 0) continue;
    acceptance.push_back(chain.acceptance());
    // As in Stan, a proposal that is not finite is one that diverged.
    n_divergent.push_back(chain.n_divergent + chain.n_non_finite);
  }
  const samplers::Parameters parameters = parameters_of(options, energy);
  const std::vector<float> values =
      parameters.of_state ? parameters.of_states(walk.draws, energy.dim()) : std::vector<float>();
  return samplers::diagnose(
      {.n_draws = walk.n_draws,
       .n_chains = options.n,
       .dim = parameters.size(),
       .x = parameters.of_state ? values : walk.draws,
       .names = parameters.names(),
       .energy = walk.draw_energies,
       .total_energy = has_momentum(sampler) ? std::span<const float>(walk.draw_hamiltonians)
                                             : std::span<const float>(),
       .acceptance = acceptance,
       .n_divergent = n_divergent,
       .seconds = walk.seconds},
      {.n_threads = options.n_threads});
}

}  // namespace ebm::evaluation
