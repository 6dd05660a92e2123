#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "samplers/diagnostics/diagnosis.h"

namespace ebm::app {

/// Which rows of a diagnosis are shown: the first ones, and of the others those with the largest
/// R-hat. All, if there are no more than both together.
struct ShownRows {
  std::size_t n_first = 10;
  std::size_t n_worst = 5;
};

/// The diagnosis as a text table in the manner of cmdstan's stansummary: chains x draws, a row for
/// each scalar with numbers to three significant digits in aligned columns, how many rows are left
/// out, E-BFMI, acceptance and divergent steps as far as known, and a line for each warning. Every
/// line ends with a newline.
std::string diagnostics_table(const samplers::Diagnosis& diagnosis, const ShownRows& shown = {});

/// The same as {"n_chains", "n_draws", "seconds", "rows": [{"name", "mean", "mcse", "sd", "q5",
/// "q50", "q95", "ess_bulk", "ess_tail", "ess_bulk_per_s", "rhat", "lag1"}], "rows_left_out",
/// "e_bfmi", "acceptance", "divergent", "warnings": [...]}. What is unknown is absent; what is not
/// finite becomes null when written. e_bfmi is the least of the chains, acceptance their mean.
nlohmann::json diagnostics_json(const samplers::Diagnosis& diagnosis, const ShownRows& shown = {});

}  // namespace ebm::app
