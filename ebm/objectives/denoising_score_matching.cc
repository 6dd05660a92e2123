#include "ebm/objectives/denoising_score_matching.h"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/require.h"
#include "ebm/train_options.h"
#include "nets/architecture/smoothness.h"

namespace ebm {
namespace {

/// E = scale·F(c·x) + ½·precision·‖x‖² of a network F.
struct EnergyForm {
  double c = 1.0, scale = 1.0, precision = 0.0;
};

EnergyForm energy_form(double sigma, double data_sd) {
  if (data_sd == 0.0) return {};
  const double variance = sigma * sigma + data_sd * data_sd;
  return {.c = 1.0 / std::sqrt(variance), .scale = data_sd / sigma, .precision = 1.0 / variance};
}

class DenoisingScoreMatching : public Objective {
 public:
  explicit DenoisingScoreMatching(const TrainOptions& options)
      : setting_("objective = " + std::string(objective_entry(options.objective).name)),
        sd_(options.noise_sd),
        low_(options.noise_sd_min),
        high_(options.noise_sd_max),
        data_sd_(options.data_sd) {}
  Needs needs() const override {
    return {.negatives = NegativeSource::kNone,
            .normals = 1,
            .uniforms = has_levels() ? 1 : 0,
            .noise_level = has_levels()};
  }
  void require_fitting(const nets::Architecture& net) const override {
    nets::require_smooth(net, setting_);
    if (has_levels() || sd_ > 0.0) return;
    throw Error(ErrorCode::kUsage, setting_ + ": needs noise_sd, or noise_sd_min and noise_sd_max");
  }
  nets::SamplerRecipe recipe(nets::SamplerRecipe langevin) const override {
    if (!has_levels()) return langevin;
    nets::SamplerRecipe recipe = langevin;
    recipe.sampler = samplers::SamplerKind::kAncestral;
    recipe.levels = {.highest = base::to_float("noise_sd_max", high_),
                     .lowest = base::to_float("noise_sd_min", low_)};
    recipe.start_sd = static_cast<float>(std::sqrt(high_ * high_ + data_sd_ * data_sd_));
    // Of annealed-langevin, in units of σ², at T = 1.
    recipe.langevin.step_size =
        samplers::default_step_size(samplers::SamplerKind::kAnnealedLangevin);
    recipe.langevin.noise_scale = samplers::noise_scale_of(recipe.langevin.step_size, 1.0f);
    recipe.langevin.clamp_energy_grad.reset();
    return recipe;
  }
  ObjectiveStep step(const EvaluatedNet& net, const Batch& batch) const override {
    const auto dim = static_cast<std::size_t>(net.architecture().input.size());
    const std::size_t n = batch.positives.size() / dim;
    std::vector<float> levels(n, static_cast<float>(sd_)), noisy(batch.positives), context;
    for (std::size_t b = 0; b < n; ++b) {
      if (has_levels()) {
        levels[b] = static_cast<float>(low_ * std::pow(high_ / low_, double{batch.uniforms[b]}));
      }
      for (std::size_t at = b * dim; at < (b + 1) * dim; ++at) {
        noisy[at] += levels[b] * batch.normals[at];
      }
      if (!batch.positive_context.empty()) context.push_back(batch.positive_context[b]);
      if (has_levels()) context.push_back(levels[b]);
    }
    return denoising_score_matching(net, {noisy, batch.normals, levels, context}, data_sd_);
  }

 private:
  bool has_levels() const { return high_ > 0.0; }

  std::string setting_;
  double sd_, low_, high_, data_sd_;
};

}  // namespace

ObjectiveStep denoising_score_matching(const EvaluatedNet& net, const NoisyRows& rows,
                                       double data_sd) {
  const std::size_t n = rows.levels.size(), dim = rows.normals.size() / n;
  std::vector<float> inputs(rows.x.begin(), rows.x.end());
  std::vector<EnergyForm> forms;
  for (std::size_t b = 0; b < n; ++b) {
    forms.push_back(energy_form(double{rows.levels[b]}, data_sd));
    for (std::size_t at = b * dim; at < (b + 1) * dim; ++at) {
      inputs[at] *= static_cast<float>(forms[b].c);
    }
  }
  std::vector<double> losses(n);
  const auto direction = [&](std::int64_t row, std::span<const float> grad, std::span<float> v) {
    const auto b = static_cast<std::size_t>(row);
    const double sigma = double{rows.levels[b]}, slope = forms[b].scale * forms[b].c;
    for (std::size_t i = 0; i < dim; ++i) {
      const std::size_t at = b * dim + i;
      const double energy_grad = slope * double{grad[i]} + forms[b].precision * double{rows.x[at]};
      const double residual = sigma * energy_grad - double{rows.normals[at]};
      losses[b] += 0.5 * residual * residual;
      v[i] = static_cast<float>(sigma * slope * residual / static_cast<double>(n));
    }
  };
  WeightGradient result = net.mixed_gradient({inputs, rows.context}, direction);
  ObjectiveStep found;
  for (std::size_t b = 0; b < n; ++b) {
    double squares = 0.0;
    for (const float x : rows.x.subspan(b * dim, dim)) squares += double{x} * double{x};
    const double energy =
        forms[b].scale * double{result.energies[b]} + 0.5 * forms[b].precision * squares;
    result.energies[b] = static_cast<float>(energy);
    found.energy_data += energy / static_cast<double>(n);
    found.loss += losses[b] / static_cast<double>(n);
  }
  found.gradient = std::move(result.gradient);
  found.energies = std::move(result.energies);
  return found;
}

std::unique_ptr<const Objective> make_denoising_score_matching(const TrainOptions& options,
                                                               bool /*is_image*/) {
  return std::make_unique<DenoisingScoreMatching>(options);
}

}  // namespace ebm
