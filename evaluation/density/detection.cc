#include "evaluation/density/detection.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "base/error.h"
#include "base/number_text.h"
#include "evaluation/density/flow_density.h"
#include "metrics/auroc.h"
#include "samplers/run_chains.h"

namespace ebm::evaluation {
namespace {

void require_finite(std::span<const float> values, const char* what, const std::string& name) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i])) continue;
    throw Error(ErrorCode::kDiverged, std::string("the ") + what + " of item " + std::to_string(i) +
                                          " of " + name + " is " + base::number_text(values[i]));
  }
}

/// Of training images, test images and the other sets, in this order.
using Scores = std::vector<std::vector<float>>;

std::vector<const ImageRows*> all_of(const DetectionSets& sets) {
  std::vector<const ImageRows*> all{&sets.training, &sets.test};
  for (const ImageRows& other : sets.others) all.push_back(&other);
  return all;
}

Detection detection_of(ImageScore score, std::optional<float> level, const Scores& scores,
                       const DetectionSets& sets) {
  Detection found{.score = score, .level = level, .median = median_of(scores[0])};
  const std::vector<float> test = distances_from_median(scores[1], found.median);
  for (std::size_t i = 2; i < scores.size(); ++i) {
    found.others.push_back(
        {.name = sets.others[i - 2].name,
         .auroc = metrics::auroc(scores[i], scores[1]),
         .auroc_typicality = metrics::auroc(distances_from_median(scores[i], found.median), test)});
  }
  return found;
}

void add_energies(const samplers::Energy& energy, std::optional<float> level,
                  const DetectionSets& sets, int n_threads, std::vector<Detection>& found) {
  Scores energies, norms;
  std::vector<float> context;
  if (level) context.push_back(*level);
  for (const ImageRows* set : all_of(sets)) {
    EnergiesAndNorms both = energies_and_norms(energy, *set, n_threads, context);
    energies.push_back(std::move(both.energies));
    norms.push_back(std::move(both.norms));
  }
  found.push_back(detection_of(ImageScore::kEnergy, level, energies, sets));
  found.push_back(detection_of(ImageScore::kGradientNorm, level, norms, sets));
}

/// −ln p(x) − log Z at the highest level.
std::vector<float> flow_scores(const samplers::Energy& energy, const samplers::NoiseLevels& levels,
                               const ImageRows& images, const DetectionOptions& options) {
  const std::int64_t n = std::min(options.n_flow, images.n);
  const auto rows = std::span(images.rows).first(static_cast<std::size_t>(n * energy.dim()));
  FlowDensities flow = flow_densities(
      energy, rows, {.levels = levels, .seed = options.seed, .n_threads = options.n_threads});
  const ImageRows ends{images.name, n, std::move(flow.ends)};
  std::vector<float> scores =
      energies_and_norms(energy, ends, options.n_threads, std::vector{levels.highest}).energies;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    scores[i] = static_cast<float>(double{scores[i]} - flow.log_ratio[i]);
  }
  require_finite(scores, "density", images.name);
  return scores;
}

}  // namespace

EnergiesAndNorms energies_and_norms(const samplers::Energy& energy, const ImageRows& images,
                                    int n_threads, std::span<const float> context) {
  const auto dim = static_cast<std::size_t>(energy.dim());
  const auto n = static_cast<std::size_t>(images.n);
  samplers::ChainStore chains(images.n, energy.dim(), std::ssize(context));
  chains.load_rows(images.rows);
  if (!context.empty()) {
    std::vector<float> contexts;
    for (std::size_t i = 0; i < n; ++i) {
      contexts.insert(contexts.end(), context.begin(), context.end());
    }
    chains.load_context(contexts);
  }
  samplers::evaluate_chains(energy, chains, n_threads);
  EnergiesAndNorms found{std::vector<float>(n), std::vector<float>(n)};
  chains.store_energy(found.energies);
  require_finite(found.energies, "energy", images.name);
  std::vector<float> gradients(n * dim);
  chains.store_energy_grad(gradients);
  for (std::size_t i = 0; i < n; ++i) {
    double squares = 0.0;
    for (std::size_t k = 0; k < dim; ++k) squares += std::pow(double{gradients[i * dim + k]}, 2);
    found.norms[i] = static_cast<float>(std::sqrt(squares));
  }
  require_finite(found.norms, "gradient norm", images.name);
  return found;
}

double median_of(std::span<const float> values) {
  if (values.empty()) throw Error(ErrorCode::kShape, "a median of no values");
  std::vector<float> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const std::size_t n = sorted.size();
  return 0.5 * (double{sorted[(n - 1) / 2]} + double{sorted[n / 2]});
}

std::vector<float> distances_from_median(std::span<const float> scores, double median) {
  std::vector<float> distances;
  for (const float score : scores) {
    distances.push_back(static_cast<float>(std::abs(double{score} - median)));
  }
  return distances;
}

std::vector<Detection> detect_by_scores(const models::EnergyModel& model, const DetectionSets& sets,
                                        const DetectionOptions& options) {
  std::vector<Detection> found;
  if (sets.others.empty()) return found;
  const models::LevelWalk* walk = models::own_levels(model);
  if (walk == nullptr) {
    add_energies(*model.energy, std::nullopt, sets, options.n_threads, found);
    return found;
  }
  const samplers::NoiseLevels& levels = walk->settings.levels;
  std::vector<float> some = samplers::geometric_levels(levels, options.n_levels);
  std::reverse(some.begin(), some.end());
  for (const float level : some) {
    add_energies(*walk->energy, level, sets, options.n_threads, found);
  }
  if (options.n_flow == 0) return found;
  const auto precise = walk->in_float32 ? walk->in_float32() : walk->energy;
  Scores scores;
  for (const ImageRows* set : all_of(sets)) {
    scores.push_back(flow_scores(*precise, levels, *set, options));
  }
  found.push_back(detection_of(ImageScore::kFlowDensity, levels.lowest, scores, sets));
  return found;
}

}  // namespace ebm::evaluation
