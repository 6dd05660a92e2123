#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "models/open_model.h"

namespace ebm::evaluation {

/// Adds "terms" of an expression of models: [{"model", "weight", "temperature"}, ...], with a
/// "share" in a mixture. Nothing for a single model.
void add_terms(const std::vector<models::ModelTerm>& terms, nlohmann::json& document);

}  // namespace ebm::evaluation
