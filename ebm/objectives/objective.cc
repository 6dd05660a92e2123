#include "ebm/objectives/objective.h"

namespace ebm {

std::vector<training::Figure> Objective::figures(const ObjectiveStep& step) const {
  std::vector<training::Figure> all{{"energy_data", step.energy_data}};
  if (needs().negatives != NegativeSource::kNone) {
    all.push_back({"energy_samples", step.energy_samples});
    all.push_back({"energy_gap", step.energy_data - step.energy_samples});
  }
  all.push_back({"loss", step.loss});
  all.insert(all.end(), step.figures.begin(), step.figures.end());
  if (step.figures.empty()) {
    for (const char* name : own_columns()) all.push_back(training::figure_if(name, std::nullopt));
  }
  return all;
}

}  // namespace ebm
