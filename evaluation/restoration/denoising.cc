#include "evaluation/restoration/denoising.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"
#include "models/condition.h"
#include "samplers/run_chains.h"

namespace ebm::evaluation {

bool can_denoise(const models::EnergyModel& model, const ObservationOperator& observed,
                 double noise_sd) {
  // A sum of energies at a level is not the energy of their product's images with that noise.
  const bool is_sum = !model.terms.empty();
  if (!model.level_walk || is_sum || observed.text != "noise") return false;
  const samplers::NoiseLevels& levels = model.level_walk->settings.levels;
  return noise_sd > double{levels.lowest} && noise_sd <= double{levels.highest};
}

samplers::SamplerSettings denoising_settings(const models::EnergyModel& model, double noise_sd,
                                             std::int64_t n_steps) {
  samplers::SamplerSettings settings = model.level_walk->settings;
  settings.sampler = samplers::SamplerKind::kAncestral;
  settings.levels.highest = base::to_float("noise-sd", noise_sd);
  settings.schedules.n_steps = std::max<std::int64_t>(1, n_steps);
  return settings;
}

std::vector<float> denoised_mean(const models::EnergyModel& model, const std::vector<float>& y,
                                 double noise_sd, int n_threads) {
  const samplers::Energy& energy = *model.level_walk->energy;
  const std::int64_t n = std::ssize(y) / energy.dim();
  const float sigma = base::to_float("noise-sd", noise_sd);
  samplers::ChainStore images(n, energy.dim(), energy.context_dim());
  images.load_rows(y);
  images.load_context(std::vector<float>(static_cast<std::size_t>(n), sigma));
  samplers::evaluate_chains(energy, images, n_threads);
  std::vector<float> mean(y.size());
  images.store_energy_grad(mean);
  const auto& box = model.settings.box;
  for (std::size_t i = 0; i < y.size(); ++i) {
    mean[i] = y[i] - sigma * sigma * mean[i];
    if (box) mean[i] = std::clamp(mean[i], box->low, box->high);
  }
  return mean;
}

Restoration denoise(const models::EnergyModel& model, const ObservationOperator& observed,
                    const std::vector<float>& y, const RestorationOptions& options,
                    samplers::SamplerSettings& settings) {
  if (!can_denoise(model, observed, options.noise_sd)) {
    std::string levels = "has none";
    if (model.level_walk) {
      const samplers::NoiseLevels& of_model = model.level_walk->settings.levels;
      levels = "has those from " + base::number_text(double{of_model.lowest}) + " to " +
               base::number_text(double{of_model.highest});
    }
    throw Error(ErrorCode::kUsage,
                "sampler = " + samplers::sampler_name(settings.sampler) +
                    ": restores images with noise alone (operator noise), of a level that the "
                    "model by itself goes through; it " +
                    levels);
  }
  const std::int64_t dim = model.energy->dim();
  Restoration out;
  out.n_images = std::ssize(y) / dim;
  out.n = options.n;
  WalkOptions walk = options.walk;
  walk.n = out.n_images * options.n;
  std::vector<float> starts;
  for (auto row = y.begin(); row != y.end(); row += dim) {
    for (std::int64_t i = 0; i < options.n; ++i) starts.insert(starts.end(), row, row + dim);
  }
  out.walk = walk_chains(*model.level_walk->energy, starts, walk, settings);
  out.samples = std::move(out.walk.rows);
  out.denoised = denoised_mean(model, y, options.noise_sd, options.walk.n_threads);
  return out;
}

}  // namespace ebm::evaluation
