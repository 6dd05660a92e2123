#include "evaluation/report/terms_json.h"

#include <nlohmann/json.hpp>

namespace ebm::evaluation {

void add_terms(const std::vector<models::ModelTerm>& terms, nlohmann::json& document) {
  for (const models::ModelTerm& term : terms) {
    document["terms"].push_back(
        {{"model", term.text}, {"weight", term.weight}, {"temperature", term.temperature}});
  }
}

}  // namespace ebm::evaluation
