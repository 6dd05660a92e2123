#include "ebm/objectives/objective.h"

namespace ebm {

std::vector<training::Figure> Objective::figures(const ObjectiveStep& step) const {
  return {{"energy_data", step.energy_data},
          {"energy_samples", step.energy_samples},
          {"energy_gap", step.energy_data - step.energy_samples},
          {"loss", step.loss}};
}

}  // namespace ebm
