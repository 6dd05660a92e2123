#include "app/eval/torch_walks.h"

#include <algorithm>
#include <cstdio>
#include <numeric>
#include <set>
#include <utility>

#include "evaluation/chain_starts.h"
#include "samplers/saturation.h"

namespace ebm::app {
namespace {

std::int64_t n_rows(const std::vector<float>& rows, const Target& target) {
  return static_cast<std::int64_t>(rows.size()) / target.shape.size();
}

std::vector<float> starts_of(const Target& target, const char* init, std::int64_t n,
                             std::uint64_t seed) {
  return evaluation::chain_starts({.init = init, .data = {}, .n = n, .seed = seed}, target.shape,
                                  target.settings.box, target.checkpoint);
}

evaluation::WalkOptions walk_plan(const EvalWalkPlan& plan, std::int64_t n) {
  return {.n = n,
          .steps = plan.steps,
          .seed = plan.seed,
          .n_threads = plan.n_threads,
          .on_progress = plan.on_progress};
}

/// The chains from noise: samples after their own steps, a long run afterwards.
void walk_from_noise(const Target& target, std::int64_t n,
                     const evaluation::FeatureComparison& judge, const EvalWalkPlan& plan,
                     EvalWalks& out) {
  std::set<std::int64_t> measured;
  if (plan.long_run > 0) {
    measured = evaluation::long_run_stops(plan.steps, plan.long_run);
    out.long_run.emplace();
  }
  std::set<std::int64_t> pictured;
  if (plan.takes_film) {
    pictured = FilmStrip::stops_until(plan.long_run);
    out.film.emplace(target.shape, n);
  }
  std::set<std::int64_t> stops{plan.steps};
  stops.insert(measured.begin(), measured.end());
  stops.insert(pictured.begin(), pictured.end());
  samplers::SamplerSettings settings = target.settings;
  const auto visit = [&](std::int64_t step, const evaluation::Walk& walk) {
    const evaluation::ImageRows images{"noise", n, walk.rows};
    if (step == plan.steps) {
      out.samples.push_back(judge.compare("noise", images));
      out.noise_energies = walk.energies;
    }
    if (step == *stops.rbegin()) {
      out.oldest = {"chains from noise after " + std::to_string(step) + " steps", walk.rows};
    }
    if (pictured.contains(step)) out.film->add(step, walk.rows);
    if (!measured.contains(step)) return;
    const double sum = std::accumulate(walk.energies.begin(), walk.energies.end(), 0.0);
    out.long_run->steps.push_back(step);
    out.long_run->fd.push_back(judge.frechet_distance(images));
    out.long_run->energy.push_back(sum / static_cast<double>(n));
    out.long_run->saturation.push_back(samplers::saturation(walk.rows, settings.box));
  };
  evaluation::walk_to_stops(*target.energy, starts_of(target, "noise", n, plan.seed), stops,
                            walk_plan(plan, n), settings, visit);
}

/// Chains that start elsewhere.
void walk_from(const std::string& key, const std::vector<float>& starts, const Target& target,
               const evaluation::FeatureComparison& judge, const EvalWalkPlan& plan,
               EvalWalks& out) {
  const std::int64_t n = n_rows(starts, target);
  samplers::SamplerSettings settings = target.settings;
  const evaluation::Walk walk =
      evaluation::walk_chains(*target.energy, starts, walk_plan(plan, n), settings);
  out.samples.push_back(judge.compare(key, {key, n, walk.rows}));
  if (key == "buffer" && plan.long_run == 0) {
    const std::string more = std::to_string(plan.steps);
    out.oldest = {"chains of the replay buffer after " + more + " more steps", walk.rows};
  }
}

void walk_all(const Target& target, const evaluation::EvaluationImages& images,
              const evaluation::FeatureComparison& judge, const EvalWalkPlan& plan,
              EvalWalks& out) {
  const std::int64_t n = images.reference.n, least_n = judge.d() + 1;
  walk_from_noise(target, n, judge, plan, out);
  walk_from("data", images.starts.rows, target, judge, plan, out);
  // A chain is taken once: copies of few would look like a collapse of the model.
  const std::int64_t in_buffer = std::min(n, evaluation::replay_size(target.checkpoint));
  if (in_buffer >= least_n) {
    walk_from("buffer", starts_of(target, "replay", in_buffer, plan.seed), target, judge, plan,
              out);
  } else if (in_buffer > 0) {
    std::fprintf(stderr,
                 "ebm: the replay buffer holds %lld chains, fewer than the %lld that are needed; "
                 "it is left out\n",
                 static_cast<long long>(in_buffer), static_cast<long long>(least_n));
  }
}

}  // namespace

EvalWalks walk_and_judge(const Target& target, const evaluation::EvaluationImages& images,
                         const evaluation::FeatureComparison& judge, const EvalWalkPlan& plan) {
  EvalWalks out;
  walk_all(target, images, judge, plan, out);
  return out;
}

}  // namespace ebm::app
