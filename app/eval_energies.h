#pragma once

#include <vector>

#include "app/eval/report.h"
#include "app/eval_images.h"
#include "samplers/energy.h"

namespace ebm::app {

/// E of every image, [n].
/// @throws Error(kDiverged) naming the first image whose energy is not finite.
std::vector<float> energies_of(const samplers::Energy& energy, const ImageRows& images,
                               int n_threads);

/// Images with their energies.
struct ScoredImages {
  const ImageRows& images;  ///< has to outlive it
  std::vector<float> energies;
};

/// For each other set: how well its energies tell it from test images, the higher being the sign of
/// other data, and how well compressed sizes (of 8-bit grey levels) by themselves do.
std::vector<EvaluatedOther> evaluate_others(const ScoredImages& test,
                                            const std::vector<ScoredImages>& others, int n_threads);

}  // namespace ebm::app
