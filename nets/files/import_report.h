#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "nets/files/import_weights.h"
#include "nets/files/model.h"

namespace ebm::nets {

/// What `ebm import` made.
struct ImportReport {
  std::string model;  ///< the file that was written
  const ImportedWeights& imported;
  const SamplerRecipe& recipe;
  /// To be compared with PyTorch's; of a network with conditions at the label none and σ = 1.
  float energy_of_zeros = 0.0f;
};

/// One document.
nlohmann::json import_json(const ImportReport& report);
/// Lines for a person, each ending with a newline.
std::string import_text(const ImportReport& report);

}  // namespace ebm::nets
