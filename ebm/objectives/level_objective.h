#pragma once

#include <string>

#include "ebm/noise_levels.h"
#include "ebm/objectives/objective.h"

namespace ebm {

struct TrainOptions;

/// Base of objectives that fit slopes of an energy to data with noise: of one level, for a network
/// that reads none, or of E(x, σ) at levels drawn anew for each row.
class LevelObjective : public Objective {
 public:
  LevelObjective(const TrainOptions& options, const LevelRange& levels);
  Needs needs() const override;
  void require_fitting(const nets::Architecture& net) const override;
  nets::SamplerRecipe recipe(nets::SamplerRecipe langevin) const override;
  ObjectiveStep step(const EvaluatedNet& net, const Batch& batch) const override;

 protected:
  const LevelRange& levels() const { return levels_; }

 private:
  /// What the levels lack, as "needs noise_sd"; empty if nothing.
  virtual std::string missing_levels() const = 0;
  virtual ObjectiveStep step_of(const EvaluatedNet& net, const NoisyRows& rows,
                                double data_sd) const = 0;
  void require_levels() const;

  std::string setting_;
  LevelRange levels_;
  double data_sd_;
};

}  // namespace ebm
