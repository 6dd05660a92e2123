#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "evaluation/report/log_z_text.h"
#include "nets/architecture/precision.h"
#include "samplers/ais/annealed_importance.h"
#include "samplers/ais/diffusion_annealing.h"

namespace ebm::evaluation {

/// Result and settings of `ebm logz`.
struct LogZReport {
  std::string target;  ///< MODEL, or the argument of --energy
  bool is_model = false;
  std::int64_t dim = 0;
  /// By beta from a base, or through the levels of noise.
  std::variant<samplers::AnnealedImportanceOptions, samplers::DiffusionAnnealingOptions> path = {};
  std::vector<float> step_sizes = {};
  double log_z_base = 0.0;
  LogZEstimates estimates = {};
  std::string reverse_file = {};     ///< empty without a reverse run
  std::optional<double> exact = {};  ///< log Z at T = 1 on all of R^dim, if known in closed form
  double seconds = 0.0;
  std::optional<nets::Precision> precision = {};  ///< of a compiled network
};

/// What `ebm logz --json` prints.
nlohmann::json log_z_report_json(const LogZReport& report);
/// The same as lines, each ending with a newline.
std::string log_z_report_text(const LogZReport& report);

}  // namespace ebm::evaluation
