#include "evaluation/model_samples.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "evaluation/chain_starts.h"
#include "models/condition.h"
#include "samplers/saturation.h"

namespace ebm::evaluation {
namespace {

std::vector<float> starts_of(const models::EnergyModel& model, StartKind kind, std::int64_t n,
                             std::uint64_t seed) {
  return chain_starts({.kind = kind, .n = n, .seed = seed, .noise_sd = model.settings.start_sd},
                      model.shape, model.settings.box, model.checkpoint);
}

WalkOptions walk_options(const ModelSampleOptions& options, std::int64_t n) {
  return {.n = n,
          .steps = options.steps,
          .seed = options.seed,
          .n_threads = options.n_threads,
          .on_progress = options.on_progress};
}

/// The chains from noise: samples after options.steps, a long run afterwards.
void run_from_noise(const models::EnergyModel& model, std::int64_t n,
                    const FeatureComparison& comparison, const ModelSampleOptions& options,
                    ModelSamples& out) {
  std::set<std::int64_t> measured;
  if (options.long_run > 0) {
    measured = long_run_stops(options.steps, options.long_run);
    out.long_run.emplace();
  }
  std::set<std::int64_t> multiples;
  if (options.takes_long_fd) {
    multiples = out.long_fd.emplace(options.steps).stops();
    measured.insert(multiples.begin(), multiples.end());
  }
  std::set<std::int64_t> pictured;
  if (options.takes_film) {
    pictured = FilmStrip::stops_until(std::max(options.steps, options.long_run));
    out.film.emplace(model.shape, n);
  }
  std::set<std::int64_t> stops{options.steps};
  stops.insert(measured.begin(), measured.end());
  stops.insert(pictured.begin(), pictured.end());
  samplers::SamplerSettings settings = model.settings;
  const auto visit = [&](std::int64_t step, const Walk& walk) {
    const ImageRows images{"noise", n, walk.rows};
    if (step == options.steps) {
      out.sets.push_back(comparison.compare("noise", images));
      out.noise_energies = walk.energies;
    }
    if (step == *stops.rbegin()) {
      out.oldest = {"chains from noise after " + std::to_string(step) + " steps", walk.rows};
    }
    if (pictured.contains(step)) out.film->add(step, walk.rows);
    if (!measured.contains(step)) return;
    const double sum = std::accumulate(walk.energies.begin(), walk.energies.end(), 0.0);
    const double fd = comparison.frechet_distance(images);
    if (multiples.contains(step)) out.long_fd->add(step, fd, walk.energies);
    out.long_run->steps.push_back(step);
    out.long_run->fd.push_back(fd);
    out.long_run->energy.push_back(sum / static_cast<double>(n));
    out.long_run->saturation.push_back(samplers::saturation(walk.rows, settings.box));
  };
  walk_to_stops(*model.energy, starts_of(model, StartKind::kNoise, n, options.seed), stops,
                walk_options(options, n), settings, visit);
}

/// Chains that start elsewhere. @return their states at the end
std::vector<float> run_from(const std::string& key, const std::vector<float>& starts,
                            const models::EnergyModel& model, const FeatureComparison& comparison,
                            const ModelSampleOptions& options, ModelSamples& out) {
  const std::int64_t n = static_cast<std::int64_t>(starts.size()) / model.shape.size();
  samplers::SamplerSettings settings = model.settings;
  WalkOptions plan = walk_options(options, n);
  plan.first_step = first_step_from_data(settings);
  Walk walk = walk_chains(*model.energy, starts, plan, settings);
  out.sets.push_back(comparison.compare(key, {key, n, walk.rows}));
  return std::move(walk.rows);
}

}  // namespace

ModelSamples compare_model_samples(const models::EnergyModel& at_one_level,
                                   const EvaluationImages& images,
                                   const FeatureComparison& comparison,
                                   const ModelSampleOptions& options) {
  ModelSamples out;
  models::EnergyModel model = models::as_sampled(at_one_level);
  model.settings.schedules.n_steps = std::max<std::int64_t>(1, options.steps);
  const std::int64_t n = images.reference.n, least_n = comparison.d() + 1;
  run_from_noise(model, n, comparison, options, out);
  if (samplers::has_levels(model.settings.sampler)) {
    out.warnings.push_back(
        "samples started from data are left out: a walk through levels of noise "
        "starts from noise");
  } else {
    run_from("data", images.starts.rows, model, comparison, options, out);
  }
  // A chain is taken once: copies of few would look like a collapse of the model.
  const std::int64_t in_buffer = std::min(n, replay_size(model.checkpoint));
  if (in_buffer >= least_n) {
    std::vector<float> rows =
        run_from("buffer", starts_of(model, StartKind::kReplay, in_buffer, options.seed), model,
                 comparison, options, out);
    if (options.long_run == 0) {
      const std::string more = std::to_string(options.steps);
      out.oldest = {"chains of the replay buffer after " + more + " more steps", std::move(rows)};
    }
  } else if (in_buffer > 0) {
    out.warnings.push_back("the replay buffer holds " + std::to_string(in_buffer) +
                           " chains, fewer than the " + std::to_string(least_n) +
                           " that are needed; it is left out");
  }
  return out;
}

}  // namespace ebm::evaluation
