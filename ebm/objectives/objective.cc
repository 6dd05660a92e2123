#include "ebm/objectives/objective.h"

#include <optional>

namespace ebm {

std::vector<training::Figure> Objective::figures(const ObjectiveStep& step) const {
  const auto of_step = [](bool is_known, double value) {
    return is_known ? std::optional(value) : std::nullopt;
  };
  // What only recorded steps evaluate.
  const bool has_data = !step.energies.empty() || step.energy_data != 0.0;
  std::vector<training::Figure> all{
      training::figure_if("energy_data", of_step(has_data, step.energy_data))};
  if (needs().negatives != NegativeSource::kNone) {
    const bool has_both = has_data && step.has_samples;
    all.push_back(training::figure_if("energy_samples", of_step(has_both, step.energy_samples)));
    all.push_back(training::figure_if("energy_gap",
                                      of_step(has_both, step.energy_data - step.energy_samples)));
  }
  all.push_back({"loss", step.loss});
  all.insert(all.end(), step.figures.begin(), step.figures.end());
  if (step.figures.empty()) {
    for (const char* name : own_columns()) all.push_back(training::figure_if(name, std::nullopt));
  }
  return all;
}

}  // namespace ebm
