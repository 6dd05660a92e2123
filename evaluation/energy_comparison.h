#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "evaluation/image_sets.h"
#include "samplers/energy.h"

namespace ebm::evaluation {

/// E of every image, [n].
/// @throws Error(kDiverged) naming the first image whose energy is not finite.
std::vector<float> energies_of(const samplers::Energy& energy, const ImageRows& images,
                               int n_threads);

/// E of every item of a data set, [n], without more than a few thousand of them as floats in
/// memory.
/// @param name  of the data, for the message
/// @throws Error(kShape) for items of another dim, Error(kDiverged) naming the first item whose
///         energy is not finite.
std::vector<float> energies_of(const samplers::Energy& energy, const data::Dataset& dataset,
                               const std::string& name, int n_threads);

/// Images with their energies.
struct ScoredImages {
  const ImageRows& images;  ///< has to outlive it
  std::vector<float> energies;
};

/// How well energies tell test images from out-of-distribution (OOD) images.
struct OodResult {
  std::string name;  ///< of the OOD images
  std::int64_t n = 0;
  double auroc = 0.0;             ///< of E, the OOD images being positive
  double aupr = 0.0;              ///< average precision of E
  double auroc_complexity = 0.0;  ///< of the compressed size alone, a baseline
};

/// Detects each set of OOD images by a higher energy than that of test images, and by a larger
/// compressed size of the 8-bit grey levels.
std::vector<OodResult> detect_ood(const ScoredImages& test, const std::vector<ScoredImages>& others,
                                  int n_threads);

}  // namespace ebm::evaluation
