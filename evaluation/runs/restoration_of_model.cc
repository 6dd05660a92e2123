#include "evaluation/runs/restoration_of_model.h"

#include <utility>

#include "base/error.h"
#include "base/names/choice.h"
#include "base/require.h"
#include "data/item_shape.h"
#include "evaluation/restoration/denoising.h"
#include "evaluation/walk_warnings.h"

namespace ebm::evaluation {
namespace {

RestorationOptions options_of(const RestorationRequest& request, const models::EnergyModel& model) {
  return {.n = request.n,
          .noise_sd = request.noise_sd,
          .strength = request.strength,
          .walk = {.n = 1,
                   .burn_in = request.burn_in,
                   .steps = request.steps.value_or(model.n_steps),
                   .adapt = request.adapt,
                   .seed = static_cast<std::uint64_t>(request.seed),
                   .n_threads = request.n_threads}};
}

samplers::SamplerSettings settings_of(const RestorationRequest& request,
                                      const models::EnergyModel& model,
                                      const ObservationOperator& observed,
                                      const RestorationOptions& options) {
  samplers::SamplerSettings settings = model.settings;
  if (!request.sampler.sampler && can_denoise(model, observed, options.noise_sd)) {
    settings = denoising_settings(model, options.noise_sd, options.walk.steps);
  }
  apply_overrides(request.sampler, walked_dim(observed, options),
                  options.walk.burn_in + options.walk.steps, settings);
  if (options.walk.adapt) require_adaptable(settings);
  samplers::make_kernel(settings);  // throws for a wrong parameter before any work
  return settings;
}

/// The baselines that are wanted, or that chains start at.
Baselines baselines_of(const RestorationRequest& request, const models::EnergyModel& model,
                       const ObservationOperator& observed, const std::vector<float>& y,
                       const RestorationOptions& options, RestorationStart start) {
  const auto kind = baselines_to_make(start, request.has_baselines);
  if (!kind) return {};
  const data::Dataset training = request.read_training_images();
  data::require_shape(training.shape, training.name, model.shape);
  return make_baselines(observed, y, training,
                        {.noise_sd = options.noise_sd,
                         .n_nearest = start == RestorationStart::kNearest ? options.n : 1,
                         .kind = *kind,
                         .seed = options.walk.seed,
                         .n_threads = options.walk.n_threads});
}

}  // namespace

RestorationStart RestorationRequest::start() const {
  return base::value_of<RestorationStart>("init", kRestorationStarts, init);
}

void require_restorable(const models::EnergyModel& model, const std::string& name,
                        const RestorationRequest& request) {
  base::require_at_least("seed", request.seed, 0);
  if (model.is_image) return;
  throw Error(ErrorCode::kUsage,
              name + " is an energy of points; ebm restore takes a model of images");
}

RestoredImages restoration_of_model(models::EnergyModel& model, const std::string& name,
                                    const RestorationRequest& request) {
  require_restorable(model, name, request);
  const RestorationStart start = request.start();
  ObservationOperator observed = observation_operator(request.operator_text, model.shape);
  RestorationOptions options = options_of(request, model);
  options.validate(observed);
  samplers::SamplerSettings settings = settings_of(request, model, observed, options);
  const std::vector<float> y = request.read_observations(observed);
  options.require_memory(observed, static_cast<std::int64_t>(y.size()) / observed.a->output_dim());
  if (request.on_warning) {
    for (const std::string& line : restoration_warnings(observed, options, settings)) {
      request.on_warning(line);
    }
  }
  Baselines baselines = baselines_of(request, model, observed, y, options, start);
  const std::vector<float> starts = restoration_starts(observed, y, baselines,
                                                       {.kind = start,
                                                        .n = options.n,
                                                        .shape = model.shape,
                                                        .box = settings.box,
                                                        .noise_sd = settings.start_sd,
                                                        .seed = options.walk.seed,
                                                        .n_threads = options.walk.n_threads});
  use_precise_energies(model, starts, settings, request.coarse);
  options.walk.on_progress = request.on_progress;
  Restoration restored = restore(model, observed, y, starts, options, settings);
  if (request.on_warning) {
    for (const std::string& line : warnings_after(restored.walk, settings)) {
      request.on_warning(line);
    }
  }
  std::vector<Reconstruction> others = std::move(baselines.reconstructions);
  if (takes_training_images(start)) {
    others.push_back(mean_of_starts(observed, y, starts, options.n, options.noise_sd));
  }
  if (!restored.denoised.empty()) others.push_back({"denoised", restored.denoised});
  return {std::move(observed), std::move(options), std::move(settings), std::move(restored),
          std::move(others)};
}

}  // namespace ebm::evaluation
