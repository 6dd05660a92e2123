#pragma once

#include <vector>

#include "app/eval_images.h"
#include "app/eval_report.h"
#include "data/dataset.h"
#include "samplers/energy.h"

namespace ebm::app {

/// What is scored, and by what.
struct EnergyEvaluation {
  const samplers::Energy& energy;
  const ImageRows& test;
  int n_threads;
};

/// For each other set: how well its energies tell it from test images, the higher being the sign of
/// other data, and how well compressed sizes (of 8-bit grey levels) by themselves do.
/// @throws Error(kDiverged) naming the first image whose energy is not finite.
std::vector<EvaluatedOther> evaluate_others(const EnergyEvaluation& evaluation,
                                            const std::vector<ImageRows>& others);

}  // namespace ebm::app
