#include "evaluation/evaluate.h"

#include <algorithm>
#include <span>
#include <utility>

#include "base/random.h"
#include "evaluation/model_samples.h"
#include "metrics/gaussian_draws.h"

namespace ebm::evaluation {
namespace {

Evaluation begin_evaluation(const EvaluationImages& images, const FeatureExtractor& features) {
  return {.data = images.train_name,
          .test = images.test_name,
          .features = features.description(),
          .is_classifier = features.n_classes() > 0,
          .n = images.reference.n,
          .samples = {},
          .anchors = {},
          .ood = {},
          .detections = {},
          .energies = {},
          .log_z = {},
          .density = {},
          .long_run = {},
          .long_fd = {},
          .film = {},
          .warnings = images.warnings};
}

FeatureComparison comparison_of(const FeatureExtractor& features, const EvaluationImages& images,
                                const EvaluationOptions& options) {
  return {features, images.reference, images.test,
          FeatureComparison::Options{.limited_by = options.limited_by,
                                     .seed = options.seed,
                                     .n_threads = options.n_threads,
                                     .on_progress = options.on_progress}};
}

/// Two sets may be of one folder: what is said already is not said again.
void add_lines(const std::vector<std::string>& lines, std::vector<std::string>& to) {
  for (const std::string& line : lines) {
    if (std::find(to.begin(), to.end(), line) == to.end()) to.push_back(line);
  }
}

/// Test images, draws of a Gaussian fitted to pixels, and noise.
std::vector<EvaluatedSet> anchors_of(const FeatureComparison& comparison,
                                     const EvaluationImages& images, std::int64_t dim,
                                     const EvaluationOptions& options) {
  const std::int64_t n = images.reference.n;
  ImageRows gaussian{"Gaussian of the pixels", n, {}};
  gaussian.rows =
      metrics::gaussian_draws({images.fitted.rows, images.fitted.n, dim, images.fitted.name},
                              {.n = n,
                               .key = {.seed = options.seed, .domain = base::Domain::kAnchorDraw},
                               .n_threads = options.n_threads});
  for (float& x : gaussian.rows) x = std::clamp(x, -1.0f, 1.0f);
  ImageRows uniform = uniform_images(n, dim, options.seed);
  uniform.name = "uniform noise";
  return {comparison.compare_test("test"), comparison.compare("gaussian", gaussian),
          comparison.compare("uniform_noise", uniform)};
}

/// OOD detection, and histograms of all energies.
void compare_energies(const samplers::Energy& energy, const EvaluationImages& images,
                      const std::vector<ImageRows>& ood, const std::vector<float>& of_samples,
                      int n_threads, Evaluation& out) {
  const ScoredImages test{images.test, energies_of(energy, images.test, n_threads)};
  std::vector<EnergySet> sets{{"training data", energies_of(energy, images.reference, n_threads)},
                              {"test", test.energies},
                              {"samples from noise", of_samples}};
  const std::size_t n_core = sets.size();
  std::vector<ScoredImages> scored;
  for (const ImageRows& other : ood) {
    scored.push_back({other, energies_of(energy, other, n_threads)});
    sets.push_back({other.name, scored.back().energies});
  }
  out.ood = detect_ood(test, scored, n_threads);
  out.energies = energy_histograms(sets, n_core);
}

/// Of dequantised test images where there are grey levels, else of test images.
DensityComparison densities_of(const models::EnergyModel& model, const EvaluationImages& images,
                               std::int64_t most, const EvaluationOptions& options) {
  const bool is_dequantised = !images.dequantized_test.rows.empty();
  const std::span<const float> rows(is_dequantised ? images.dequantized_test.rows
                                                   : images.test.rows);
  const auto n_values = static_cast<std::size_t>(most * model.energy->dim());
  return compare_densities(
      model, rows.first(std::min(n_values, rows.size())), is_dequantised,
      {.seed = options.seed, .n_threads = options.n_threads, .on_progress = options.on_progress});
}

}  // namespace

Evaluation evaluate_samples(const ImageRows& samples, const EvaluationImages& images,
                            const FeatureExtractor& features, const EvaluationOptions& options) {
  const FeatureComparison comparison = comparison_of(features, images, options);
  Evaluation out = begin_evaluation(images, features);
  add_lines(samples.warnings, out.warnings);
  out.samples = {comparison.compare("samples", samples)};
  out.anchors = anchors_of(comparison, images, features.dim(), options);
  return out;
}

Evaluation evaluate_model(const models::EnergyModel& model, const EvaluationImages& images,
                          const std::vector<ImageRows>& ood, const FeatureExtractor& features,
                          const EvaluationOptions& options,
                          const ModelEvaluationOptions& model_options) {
  const FeatureComparison comparison = comparison_of(features, images, options);
  ModelSamples samples = compare_model_samples(model, images, comparison,
                                               {.steps = model_options.steps,
                                                .long_run = model_options.long_run,
                                                .takes_long_fd = model_options.takes_long_fd,
                                                .takes_film = model_options.takes_film,
                                                .seed = options.seed,
                                                .n_threads = options.n_threads,
                                                .on_progress = options.on_progress});
  Evaluation out = begin_evaluation(images, features);
  out.samples = std::move(samples.sets);
  out.long_run = std::move(samples.long_run);
  out.long_fd = std::move(samples.long_fd);
  out.film = std::move(samples.film);
  for (const ImageRows& set : ood) add_lines(set.warnings, out.warnings);
  add_lines(samples.warnings, out.warnings);
  out.anchors = anchors_of(comparison, images, features.dim(), options);
  compare_energies(*model.energy, images, ood, samples.noise_energies, options.n_threads, out);
  out.detections = detect_by_scores(
      model, {images.reference, images.test, ood},
      {.n_flow = model_options.n_densities, .seed = options.seed, .n_threads = options.n_threads});
  if (model_options.n_temperatures > 0) {
    out.log_z = bound_log_z(model.in_float32 ? model.in_float32() : model.energy,
                            images.dequantized_test.rows, samples.oldest,
                            {.temperature = model.settings.temperature,
                             .n_temperatures = model_options.n_temperatures,
                             .box = model.settings.box,
                             .seed = options.seed,
                             .n_threads = options.n_threads,
                             .on_progress = options.on_progress});
    add_lines(out.log_z->estimates.warnings(), out.warnings);
  }
  if (model_options.n_densities > 0) {
    out.density = densities_of(model, images, model_options.n_densities, options);
  }
  return out;
}

}  // namespace ebm::evaluation
