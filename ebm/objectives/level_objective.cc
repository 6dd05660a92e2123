#include "ebm/objectives/level_objective.h"

#include "base/error.h"
#include "ebm/train_options.h"
#include "nets/architecture/smoothness.h"

namespace ebm {

LevelObjective::LevelObjective(const TrainOptions& options, const LevelRange& levels)
    : setting_("objective = " + std::string(objective_entry(options.objective).name)),
      levels_(levels),
      data_sd_(options.data_sd) {}

Needs LevelObjective::needs() const {
  const bool has_many = levels_.has_many();
  return {.negatives = NegativeSource::kNone,
          .normals = 1,
          .uniforms = has_many ? 1 : 0,
          .noise_level = has_many};
}

void LevelObjective::require_fitting(const nets::Architecture& net) const {
  nets::require_smooth(net, setting_);
  require_levels();
}

nets::SamplerRecipe LevelObjective::recipe(nets::SamplerRecipe langevin) const {
  require_levels();
  return levels_.has_many() ? level_recipe(langevin, levels_, data_sd_) : langevin;
}

ObjectiveStep LevelObjective::step(const EvaluatedNet& net, const Batch& batch) const {
  const NoisyBatch noisy(batch, net.architecture().input.size(), levels_);
  return step_of(net, noisy.rows(), data_sd_);
}

void LevelObjective::require_levels() const {
  const std::string missing = missing_levels();
  if (!missing.empty()) throw Error(ErrorCode::kUsage, setting_ + ": " + missing);
}

}  // namespace ebm
