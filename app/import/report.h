#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "app/import/plan.h"
#include "nets/files/import_weights.h"
#include "nets/files/model.h"

namespace ebm::app {

/// What was made, for a person and for --json.
struct ImportReport {
  const ImportCommand& command;
  const nets::ImportedWeights& imported;
  const nets::SamplerRecipe& recipe;
  float energy_of_zeros;
};

nlohmann::json import_json(const ImportReport& report);
std::string import_text(const ImportReport& report);

}  // namespace ebm::app
