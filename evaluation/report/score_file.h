#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "data/dataset.h"

namespace ebm::evaluation {

/// Writes the energy of each of the first items of a data set: float32 [n] in a file .npy, or
/// CSV with the columns item, label (if there are labels) and energy.
/// @throws Error(kIo)
void write_scores(const std::filesystem::path& path, const std::vector<float>& energies,
                  const data::Dataset& dataset);

/// The same of energies under each class: float32 [n, n_classes], or columns energy_0, energy_1,
/// ... in place of energy.
/// @param energies  [n, n_classes]
void write_class_scores(const std::filesystem::path& path, const std::vector<float>& energies,
                        std::int64_t n_classes, const data::Dataset& dataset);

}  // namespace ebm::evaluation
