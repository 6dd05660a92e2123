#include "ebm/objectives/recovery_likelihood.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/require.h"
#include "ebm/joined_rows.h"
#include "ebm/recovery_negatives.h"
#include "ebm/train_options.h"

namespace ebm {
namespace {

class RecoveryLikelihood : public Objective {
 public:
  explicit RecoveryLikelihood(const TrainOptions& options) : options_(options), levels_(options) {}
  Needs needs() const override {
    return {.negatives = NegativeSource::kRecovery,
            .normals = 1,
            .uniforms = 1,
            .rows = 1 + levels_.n_steps / 3,
            .noise_level = true};
  }
  nets::SamplerRecipe recipe(nets::SamplerRecipe langevin) const override {
    nets::SamplerRecipe recipe =
        level_recipe(langevin, {options_.noise_sd_min, options_.noise_sd_max}, options_.data_sd);
    recipe.sampler = samplers::SamplerKind::kRecovery;
    recipe.n_levels = options_.noise_levels;
    recipe.langevin.step_size = base::to_float("step_size", options_.step_size);
    recipe.langevin.noise_scale = samplers::noise_scale_of(recipe.langevin.step_size, 1.0f);
    return recipe;
  }
  ObjectiveStep step(const EvaluatedNet& net, const Batch& batch) const override {
    const NoisyBatch noisy(batch, net.architecture().input.size(), levels_.range);
    return recovery_likelihood(net, noisy.rows(), batch.negatives, options_.data_sd);
  }

 private:
  TrainOptions options_;
  RecoveryLevels levels_;
};

}  // namespace

ObjectiveStep recovery_likelihood(const EvaluatedNet& net, const NoisyRows& positives,
                                  std::span<const float> negatives, double data_sd) {
  const std::size_t n = positives.levels.size(), dim = positives.x.size() / n;
  const JoinedRows rows({positives.x, positives.context}, {negatives, positives.context});
  const nets::Rows all = rows.all();
  std::vector<float> inputs(all.x.begin(), all.x.end());
  std::vector<LevelForm> forms;
  for (const float level : positives.levels) forms.push_back(level_form(double{level}, data_sd));
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    inputs[i] *= static_cast<float>(forms[i / dim % n].c);
  }
  const double b_all = static_cast<double>(n);
  const auto coefficient = [&](std::int64_t row, float /*energy*/) {
    const auto at = static_cast<std::size_t>(row);
    const double scale = forms[at % n].scale;
    return static_cast<float>((at < n ? scale : -scale) / b_all);
  };
  WeightGradient result = net.weight_gradient({inputs, all.context}, coefficient);
  ObjectiveStep found{.energies = std::move(result.energies)};
  for (std::size_t row = 0; row < 2 * n; ++row) {
    double squares = 0.0;
    for (const float x : all.x.subspan(row * dim, dim)) squares += double{x} * double{x};
    const LevelForm& form = forms[row % n];
    const double energy = form.scale * double{found.energies[row]} + 0.5 * form.precision * squares;
    found.energies[row] = static_cast<float>(energy);
    (row < n ? found.energy_data : found.energy_samples) += energy / b_all;
  }
  found.loss = found.guarded_gap = found.energy_data - found.energy_samples;
  found.gradient = std::move(result.gradient);
  return found;
}

std::unique_ptr<const Objective> make_recovery_likelihood(const TrainOptions& options,
                                                          bool /*is_image*/) {
  return std::make_unique<RecoveryLikelihood>(options);
}

}  // namespace ebm
