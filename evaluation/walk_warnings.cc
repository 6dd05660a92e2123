#include "evaluation/walk_warnings.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/number_text.h"

namespace ebm::evaluation {
namespace {

using samplers::SamplerKind;
using samplers::SamplerSettings;

/// How long a step follows the gradient, in units in which one of Langevin's is its step size;
/// nothing for trajectories of unknown length and steps that change.
std::optional<double> time_of_step(const SamplerSettings& settings) {
  double step = settings.step_size;
  if (settings.sampler == SamplerKind::kAnnealed) {
    const samplers::Schedule& schedule = settings.schedules.step_size;
    if (schedule.shape != samplers::Schedule::Shape::kConstant) return std::nullopt;
    step = schedule.start;
  }
  switch (settings.inner.value_or(settings.sampler)) {
    case SamplerKind::kLangevin:
    case SamplerKind::kMala:
    case SamplerKind::kGradientDescent:
    case SamplerKind::kGradientFlow:
      return step;
    case SamplerKind::kHmc:
      return 0.5 * std::pow(step * static_cast<double>(settings.n_leapfrog), 2);
    case SamplerKind::kUnderdamped:
      return step / settings.friction;
    case SamplerKind::kNesterov:
      return step / (1.0 - settings.momentum);
    case SamplerKind::kNuts:
    case SamplerKind::kParallelTempering:
    case SamplerKind::kAnnealed:
    case SamplerKind::kAnnealedLangevin:
    case SamplerKind::kProbabilityFlow:
    case SamplerKind::kAncestral:
    case SamplerKind::kRecovery:
      break;
  }
  return std::nullopt;
}

/// Fewer are all rejected now and then where nothing is wrong.
constexpr std::int64_t kMinProposals = 20;

std::string remedy(const SamplerSettings& settings) {
  return samplers::target_acceptance(settings.sampler)
             ? "take a smaller --step-size, or --adapt with --burn-in"
             : "take a smaller --step-size";
}

/// The proposals of a few chains; nothing of a sampler without an accept step.
std::optional<samplers::ChainInfo> try_proposals(const models::EnergyModel& model,
                                                 std::span<const float> starts,
                                                 const WalkOptions& options,
                                                 const SamplerSettings& settings) {
  if (!samplers::target_acceptance(settings.sampler)) return std::nullopt;
  const std::int64_t dim = model.energy->dim();
  const std::int64_t context_dim = model.energy->context_dim();
  samplers::ChainStore chains(std::min<std::int64_t>(options.n, samplers::kLanes), dim,
                              context_dim);
  chains.load_rows(starts.first(static_cast<std::size_t>(chains.n_chains() * dim)));
  if (context_dim > 0) {
    chains.load_context(std::span(options.context)
                            .first(static_cast<std::size_t>(chains.n_chains() * context_dim)));
  }
  const std::int64_t n_steps = settings.sampler == SamplerKind::kNuts ? 2 : 10;
  const auto kernel = samplers::make_kernel(settings);
  return samplers::run_chains(*model.energy, *kernel, chains,
                              {.n_steps = n_steps,
                               .key = {options.seed, base::Domain::kSampleNoise},
                               .n_threads = options.n_threads})
      .total();
}

}  // namespace

std::vector<std::string> warnings_before(const models::EnergyModel& model,
                                         std::span<const float> starts, const WalkOptions& options,
                                         const samplers::SamplerSettings& settings) {
  std::vector<std::string> lines;
  const std::string& name = samplers::sampler_name(settings.sampler);
  if (!model.terms.empty() && samplers::has_levels(settings.sampler) &&
      settings.sampler != SamplerKind::kAnnealedLangevin) {
    lines.push_back("samples of several models by " + name +
                    " are biased: the sum of their energies at a level of noise is not the energy "
                    "of their product with that noise; --sampler annealed-langevin with many "
                    "--steps draws from the sum");
  }
  if (!model.is_image || options.adapt) return lines;
  const auto time = time_of_step(settings), own_time = time_of_step(model.settings);
  const double n_steps = static_cast<double>(options.burn_in + options.steps);
  constexpr double kMinShare = 0.01;
  if (time && own_time) {
    const double needed = *own_time * static_cast<double>(model.n_steps);
    if (n_steps * *time < kMinShare * needed && n_steps > 0) {
      lines.push_back(std::to_string(options.burn_in + options.steps) + " steps of " + name +
                      " with step size " + base::number_text(double{settings.step_size}) + " go " +
                      base::number_text(100.0 * n_steps * *time / needed) +
                      " % as far as the model's recipe (" + std::to_string(model.n_steps) +
                      " steps of " + samplers::sampler_name(model.settings.sampler) +
                      " with step size " + base::number_text(double{model.settings.step_size}) +
                      "): samples will look like their starts");
    }
  }
  const auto trial = try_proposals(model, starts, options, settings);
  if (trial && trial->n_transitions > 0 && trial->n_accepted == 0) {
    lines.push_back(name + " with step size " + base::number_text(double{settings.step_size}) +
                    " accepts none of " + std::to_string(trial->n_transitions) +
                    " proposals at the starts: chains will not move; " + remedy(settings));
  }
  return lines;
}

std::vector<std::string> warnings_after(const Walk& walk,
                                        const samplers::SamplerSettings& settings) {
  const std::int64_t n_stuck = walk.n_stuck();
  if (n_stuck == 0 || walk.info.chains.front().n_transitions < kMinProposals) return {};
  return {std::to_string(n_stuck) + " of " + std::to_string(walk.info.chains.size()) +
          " chains accepted none of their " +
          std::to_string(walk.info.chains.front().n_transitions) +
          " proposals: they stayed where they started, and every mean is off; " + remedy(settings)};
}

}  // namespace ebm::evaluation
