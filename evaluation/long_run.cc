#include "evaluation/long_run.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/error.h"

namespace ebm::evaluation {
namespace {

/// Steps of long chains unless another number is asked for.
constexpr std::int64_t kDefaultSteps = 10000;

/// Whether steps after those of a sample change nothing.
bool ends_with_levels(samplers::SamplerKind sampler) {
  return sampler == samplers::SamplerKind::kAncestral ||
         sampler == samplers::SamplerKind::kProbabilityFlow ||
         sampler == samplers::SamplerKind::kRecovery;
}

}  // namespace

void LongFd::add(std::int64_t step, double fd, const std::vector<float>& energies) {
  if (rows_.empty()) first_ = energies;
  const double n = static_cast<double>(energies.size());
  double sum = 0.0, drift = 0.0, squares = 0.0;
  for (std::size_t i = 0; i < energies.size(); ++i) {
    const double change = double{energies[i]} - double{first_[i]};
    sum += double{energies[i]};
    drift += change;
    squares += change * change;
  }
  drift /= n;
  const double variance = n > 1.0 ? std::max(0.0, squares - n * drift * drift) / (n - 1.0) : 0.0;
  rows_.push_back({.times = step / steps_,
                   .steps = step,
                   .fd = fd,
                   .energy = sum / n,
                   .drift = drift,
                   .drift_se = std::sqrt(variance / n)});
}

LongRunPlan plan_long_run(samplers::SamplerKind sampler, std::int64_t own,
                          const LongRunRequest& request) {
  const char* asked = request.has_long_fd ? "long" : "long-run";
  if (ends_with_levels(sampler)) {
    const std::string why = "the sampler " + samplers::sampler_name(sampler) +
                            " ends at its lowest level of noise: its chains have no more steps";
    if (request.has_long_fd || request.steps.value_or(0) > 0) {
      throw Error(ErrorCode::kUsage, std::string(asked) + ": " + why);
    }
    if (request.steps) return {};
    return {.film_steps = own, .warning = why + "; the long run is left out"};
  }
  if (!request.has_long_fd) {
    const std::int64_t steps = request.steps.value_or(std::max(kDefaultSteps, own));
    if (steps > 0) long_run_stops(own, steps);  // throws if it is too short
    return {.steps = steps, .film_steps = steps};
  }
  if (own == 0) {
    throw Error(ErrorCode::kUsage, "long: samples take 0 steps, of which there is no multiple");
  }
  const std::int64_t last = *LongFd(own).stops().rbegin();
  const std::int64_t steps = std::max(request.steps.value_or(kDefaultSteps), last);
  return {.steps = steps, .film_steps = steps};
}

std::set<std::int64_t> long_run_stops(std::int64_t own, std::int64_t last) {
  if (own < 0 || last < own) {
    throw Error(ErrorCode::kUsage, "long-run = " + std::to_string(last) +
                                       ": must be 0 or at least the " + std::to_string(own) +
                                       " steps that samples take");
  }
  std::set<std::int64_t> stops{own, last};
  for (std::int64_t decade = 1; decade < last; decade *= 10) {
    for (const std::int64_t step : {decade, 2 * decade, 5 * decade}) {
      if (step > own && step < last) stops.insert(step);
    }
  }
  return stops;
}

void walk_to_stops(const samplers::Energy& energy, std::vector<float> rows,
                   const std::set<std::int64_t>& stops, WalkOptions options,
                   samplers::SamplerSettings& settings, const VisitStop& visit) {
  for (const std::int64_t stop : stops) {
    options.steps = stop - options.first_step;
    Walk walk = walk_chains(energy, rows, options, settings);
    visit(stop, walk);
    rows = std::move(walk.rows);
    options.first_step = stop;
  }
}

}  // namespace ebm::evaluation
