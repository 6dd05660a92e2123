#pragma once

#include <filesystem>
#include <vector>

#include "app/output_file.h"
#include "data/dataset.h"

namespace ebm::app {

/// Writes the energy of each of the first items of a data set: float32 [n] as .npy, or as .csv with
/// the columns item, label (if there are labels) and energy.
void write_scores(const std::filesystem::path& path, OutputKind kind,
                  const std::vector<float>& energies, const data::Dataset& dataset);

}  // namespace ebm::app
