#include "evaluation/report/diagnosis_json.h"

#include <nlohmann/json.hpp>

#include "evaluation/report/diagnosis_table.h"

namespace ebm::evaluation {

nlohmann::json diagnosis_json(const samplers::Diagnosis& diagnosis) {
  const RowSelection selection = select_rows(diagnosis);
  nlohmann::json rows = nlohmann::json::array();
  for (const std::size_t i : selection.rows) {
    const samplers::ScalarSummary& row = diagnosis.rows[i];
    rows.push_back({{"name", row.name},
                    {"mean", row.mean},
                    {"mcse", row.mcse_mean},
                    {"sd", row.sd},
                    {"q5", row.q5},
                    {"q50", row.q50},
                    {"q95", row.q95},
                    {"ess_bulk", row.ess_bulk},
                    {"ess_tail", row.ess_tail},
                    {"rhat", row.rhat},
                    {"lag1", row.lag1}});
    if (row.ess_bulk_per_s) rows.back()["ess_bulk_per_s"] = *row.ess_bulk_per_s;
  }
  nlohmann::json document{{"n_chains", diagnosis.n_chains},
                          {"n_draws", diagnosis.n_draws},
                          {"rows", rows},
                          {"rows_left_out", selection.n_left_out},
                          {"warnings", diagnosis.warnings}};
  if (diagnosis.seconds) document["seconds"] = *diagnosis.seconds;
  if (const auto least = diagnosis.least_e_bfmi()) document["e_bfmi"] = *least;
  if (const auto mean = diagnosis.mean_acceptance()) document["acceptance"] = *mean;
  if (const auto n = diagnosis.total_divergent()) document["divergent"] = *n;
  return document;
}

}  // namespace ebm::evaluation
