#include "evaluation/report/terms_json.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/number_text.h"

namespace ebm::evaluation {

void add_terms(const std::vector<models::ModelTerm>& terms, nlohmann::json& document) {
  for (const models::ModelTerm& term : terms) {
    nlohmann::json entry{{"model", term.text},
                         {"weight", term.weight},
                         {"temperature", base::plain_double(static_cast<float>(term.temperature))}};
    if (term.share) entry["share"] = *term.share;
    document["terms"].push_back(std::move(entry));
  }
}

}  // namespace ebm::evaluation
