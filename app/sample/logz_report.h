#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/sample/log_z_text.h"
#include "samplers/ais/annealed_importance.h"

namespace ebm::app {

/// Result and settings of `ebm logz`.
struct LogZReport {
  std::string target;  ///< MODEL, or the argument of --energy
  bool is_model;
  std::int64_t dim;
  samplers::AnnealedImportanceOptions options;
  std::vector<float> step_sizes;
  double log_z_base;
  evaluation::LogZEstimates estimates;
  std::string reverse_file;     ///< empty without a reverse run
  std::optional<double> exact;  ///< log Z at T = 1 on all of R^dim, if known in closed form
  double seconds;
};

/// One JSON document on stdout.
void print_log_z_json(const LogZReport& report);
/// A table for people on stdout.
void print_log_z_table(const LogZReport& report);

}  // namespace ebm::app
