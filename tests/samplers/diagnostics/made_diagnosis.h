#pragma once

#include <cstddef>
#include <string>

#include "samplers/diagnostics/diagnosis.h"

namespace ebm::samplers {

/// A row whose figures need rounding to fit a table.
inline ScalarSummary made_row(const std::string& name, double rhat) {
  return {.name = name,
          .mean = -0.123456,
          .mcse_mean = 0.00123456,
          .sd = 1.0,
          .q5 = -12.3456,
          .q50 = 0.0,
          .q95 = 9.999,
          .ess_bulk = 1512.77,
          .ess_tail = 1.23456e9,
          .ess_bulk_per_s = 756.385,
          .rhat = rhat,
          .lag1 = 0.5};
}

/// Of 4 chains and 1000 draws; the R-hat of row i is 1 + i/1000.
inline Diagnosis made_diagnosis(std::size_t n_rows) {
  Diagnosis out{.n_draws = 1000, .n_chains = 4, .seconds = 2.0};
  for (std::size_t i = 0; i < n_rows; ++i) {
    out.rows.push_back(
        made_row("x[" + std::to_string(i) + "]", 1.0 + 0.001 * static_cast<double>(i)));
  }
  return out;
}

}  // namespace ebm::samplers
