#include "evaluation/runs/evaluation_of_model.h"

#include <algorithm>
#include <memory>

#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"
#include "base/system/memory_limit.h"
#include "data/read_moved_data.h"
#include "evaluation/density/level_density.h"
#include "evaluation/evaluate.h"
#include "evaluation/image_sets.h"
#include "evaluation/long_run.h"
#include "samplers/kernels/langevin.h"

namespace ebm::evaluation {
namespace {

void warn(const EvaluationRequest& request, const std::string& line) {
  if (request.on_warning) request.on_warning(line);
}

/// Temperatures of the path to log Z, 0 for none.
std::int64_t temperatures_of(const EvaluationRequest& request, const models::EnergyModel& model) {
  const std::int64_t n = request.temperatures.value_or(LogZBoundsOptions::kDefaultTemperatures);
  if (n == 0 || model.settings.temperature > 0.0f) return n;
  const std::string why = "the model is sampled without noise: at T = 0 there is no density";
  if (request.temperatures) {
    throw Error(ErrorCode::kUsage, "temperatures = " + std::to_string(n) + ": " + why);
  }
  warn(request, why + "; log Z is left out");
  return 0;
}

ModelEvaluationOptions plan_of(const EvaluationRequest& request, const std::string& name,
                               const models::EnergyModel& model) {
  if (!model.is_image) {
    throw Error(ErrorCode::kUsage, name +
                                       " is a model of points, which have no features; ebm eval "
                                       "takes a model of images");
  }
  const std::int64_t steps = request.steps.value_or(model.n_steps);
  const samplers::SamplerSettings& settings =
      model.level_walk ? model.level_walk->settings : model.settings;
  const LongRunPlan longer = plan_long_run(
      settings.sampler, steps, {.steps = request.long_run, .has_long_fd = request.takes_long_fd});
  if (longer.warning) warn(request, *longer.warning);
  if (request.densities > 0) require_density(model, DensityMethod::kFlow);
  const std::int64_t n_temperatures = temperatures_of(request, model);
  return {.steps = steps,
          .long_run = longer.steps,
          .takes_long_fd = request.takes_long_fd,
          .n_temperatures = n_temperatures,
          .n_densities = request.densities,
          .takes_film = longer.film_steps > 0 && request.takes_film && request.takes_film()};
}

EvaluatedModel evaluated_model(const EvaluationRequest& request, const std::string& name,
                               const models::EnergyModel& model) {
  const samplers::SamplerSettings& settings = model.settings;
  return {.name = name,
          .file = model.origin,
          .steps = request.steps.value_or(model.n_steps),
          .step_size = base::plain_double(settings.step_size),
          .noise_scale = base::plain_double(settings.noise_scale.value_or(
              samplers::noise_scale_of(settings.step_size, settings.temperature))),
          .temperature = base::plain_double(settings.temperature),
          .precision = model.precision,
          .terms = model.terms};
}

EvaluationOptions options_of(const EvaluationRequest& request, const std::string& data) {
  return {.limited_by = request.n ? "" : data,
          .seed = static_cast<std::uint64_t>(request.seed),
          .n_threads = request.n_threads,
          .on_progress = request.on_progress};
}

std::shared_ptr<const FeatureExtractor> features_of(const EvaluationRequest& request,
                                                    const data::ItemShape& shape) {
  return open_features(request.features, {shape.channels, shape.height, shape.width},
                       request.open_script, request.share);
}

}  // namespace

void EvaluationRequest::validate() const {
  base::require_at_least("seed", seed, 0);
  if (steps) base::require_between("steps", static_cast<double>(*steps), 0, 1e9);
  if (long_run) base::require_between("long-run", static_cast<double>(*long_run), 0, 1e9);
  base::require_between("densities", static_cast<double>(densities), 0, 1e9);
  const std::int64_t n_temperatures = temperatures.value_or(0);
  if (n_temperatures != 0 && (n_temperatures < 2 || n_temperatures > 100'000'000)) {
    throw Error(ErrorCode::kUsage, "temperatures = " + std::to_string(n_temperatures) +
                                       ": must be 0 or from 2 to 100000000");
  }
}

std::string data_of(const std::string& own, const std::string& origin, const std::string& given) {
  if (!given.empty()) return given;
  if (!own.empty()) return own;
  throw Error(ErrorCode::kUsage, "data is missing: " + origin +
                                     " does not say what it was trained on; give --data SPEC");
}

EvalReport evaluation_of_model(const models::EnergyModel& model, const std::string& name,
                               const EvaluationRequest& request) {
  request.validate();
  const std::string data = data_of(model.data, model.origin, request.data);
  const ModelEvaluationOptions plan = plan_of(request, name, model);
  const EvaluationOptions options = options_of(request, data);
  if (request.n) {
    // Training and test images, two sets of samples, and chains with gradients.
    base::require_memory({.option = "n",
                          .value = *request.n,
                          .what = "images of " + std::to_string(model.shape.size()) + " values",
                          .each = 28.0 * static_cast<double>(model.shape.size())});
  }
  const EvaluationImages images = data::read_moved_data(request.data.empty(), [&] {
    return read_evaluation_images(
        data, model.shape, {.n = request.n, .seed = options.seed, .on_read = request.on_read});
  });
  const std::vector<ImageRows> ood =
      read_ood_sets(images, model.shape, data, request.ood, options.seed);
  return {.model = evaluated_model(request, name, model),
          .evaluation =
              evaluate_model(model, images, ood, *features_of(request, model.shape), options, plan),
          .seed = options.seed};
}

EvalReport evaluation_of_samples(const data::Dataset& samples, const std::string& name,
                                 const EvaluationRequest& request) {
  request.validate();
  EvaluationOptions options = options_of(request, request.data);
  const EvaluationImages images =
      read_evaluation_images(request.data, samples.shape,
                             {.n = request.n,
                              .seed = options.seed,
                              .default_n = std::min(EvaluationImageOptions{}.default_n, samples.n),
                              .shape_owner = ShapeOwner::kSamples,
                              .on_read = request.on_read});
  const std::int64_t n = images.reference.n;
  if (!request.n && samples.n == n) options.limited_by = name;
  return {.model = {},
          .evaluation = evaluate_samples(random_images(samples, n, options.seed, name), images,
                                         *features_of(request, samples.shape), options),
          .seed = options.seed};
}

}  // namespace ebm::evaluation
