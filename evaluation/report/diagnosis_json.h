#pragma once

#include <nlohmann/json_fwd.hpp>

#include "samplers/diagnostics/diagnosis.h"

namespace ebm::evaluation {

/// The numbers of diagnosis_table() as {"n_chains", "n_draws", "seconds", "rows":
/// [{"name", "mean", "mcse", "sd", "q5", "q50", "q95", "ess_bulk", "ess_tail", "ess_bulk_per_s",
/// "rhat", "lag1"}], "rows_left_out", "e_bfmi", "acceptance", "divergent", "warnings": [...]}. What
/// is unknown is absent; what is not finite becomes null when written. e_bfmi is the least of the
/// chains, acceptance their mean.
nlohmann::json diagnosis_json(const samplers::Diagnosis& diagnosis);

}  // namespace ebm::evaluation
