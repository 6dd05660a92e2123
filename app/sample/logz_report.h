#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/sample/log_z_text.h"
#include "samplers/ais/annealed_importance.h"

namespace ebm::app {

/// What ebm logz found, with what it takes to read it.
struct LogZReport {
  std::string target;  ///< MODEL or words of --energy
  bool is_model;
  std::int64_t dim;
  samplers::AnnealedImportanceOptions options;
  std::string schedule;
  std::vector<float> step_sizes;
  double log_z_base;
  evaluation::LogZEstimates estimates;
  std::string reverse_file;     ///< empty without a reverse run
  std::optional<double> exact;  ///< at T = 1 on all of R^dim, where the energy knows it
  double seconds;
};

/// One JSON document on stdout.
void print_log_z_json(const LogZReport& report);
/// A table for people on stdout.
void print_log_z_table(const LogZReport& report);

}  // namespace ebm::app
